import type { RequestHandler } from 'express';
import type { OpenApiDocument } from '../openapi/document.ts';

/** `GET /openapi.json`: made once, since contracts do not change while we run. */
export function openApi(document: OpenApiDocument): RequestHandler {
  const text = JSON.stringify(document);
  return (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.type('json').send(text);
  };
}
