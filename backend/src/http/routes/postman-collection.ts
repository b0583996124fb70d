import type { RequestHandler } from 'express';
import type { OpenApiDocument } from '../openapi/document.ts';
import { postmanCollection } from '../reference/postman-collection.ts';

/** `GET /postman.json`: with the address of this deployment as `baseUrl`. */
export function postman(document: OpenApiDocument): RequestHandler {
  const text = JSON.stringify(postmanCollection(document));
  return (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.type('json').send(text);
  };
}
