import type { RequestHandler } from 'express';
import { openApiDocument } from '../openapi.ts';

/** `GET /openapi.json`: made once, since contracts do not change while we run. */
export function openApi(publicUrl: string): RequestHandler {
  const text = JSON.stringify(openApiDocument(publicUrl));
  return (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.type('json').send(text);
  };
}
