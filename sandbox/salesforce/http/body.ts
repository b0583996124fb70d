import type { IncomingMessage } from 'node:http';

import { badRequest, SalesforceError } from '../errors.ts';

const MAX_BODY_BYTES = 52_000_000;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES)
      throw new SalesforceError({
        status: 413,
        errorCode: 'REQUEST_TOO_LARGE',
        message: 'The request body is too large',
      });
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** JSON or form fields, by content type; anything else with a body is 415. */
export function parseBody(raw: Buffer, contentType: string | undefined): unknown {
  if (raw.length === 0) return undefined;
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return parseJson(raw);
  if (type === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(raw.toString('utf8')));
  throw new SalesforceError({
    status: 415,
    errorCode: 'UNSUPPORTED_MEDIA_TYPE',
    message: `Content type ${contentType ?? ''} not supported`,
  });
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (error) {
    throw badRequest('JSON_PARSER_ERROR', error instanceof Error ? error.message : String(error));
  }
}

/** The body as an object; anything else is no request of the data API. */
export function objectBody(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
  return body as Record<string, unknown>;
}
