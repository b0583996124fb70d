import type { RequestHandler } from 'express';
import type { OpenApiDocument } from '../openapi/document.ts';
import { referencePage } from '../reference/page.ts';

/** `GET /reference`: made once, since contracts do not change while we run. */
export function reference(document: OpenApiDocument): RequestHandler {
  const page = referencePage(document);
  return (_request, response) => {
    response.type('html').send(page);
  };
}
