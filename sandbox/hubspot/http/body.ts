import type { IncomingMessage } from 'node:http';

import { HubSpotError, malformed } from '../errors.ts';

const MAX_BODY_BYTES = 10_000_000;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES)
      throw new HubSpotError({ status: 413, category: 'VALIDATION_ERROR', message: 'The request body is too large' });
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
  throw new HubSpotError({
    status: 415,
    category: 'VALIDATION_ERROR',
    message: `Unsupported media type '${contentType ?? ''}'`,
  });
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw malformed('the body is not JSON');
  }
}
