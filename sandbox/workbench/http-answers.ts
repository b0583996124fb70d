import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Html } from './page/html.ts';

/** The page loads its own script and style and talks to its own origin; nothing else, and nobody frames it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export interface Answer {
  status: number;
  type: string;
  body: string;
  location?: string;
}

export const jsonAnswer = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

export const pageAnswer = (markup: Html): Answer => ({
  status: 200,
  type: 'text/html; charset=utf-8',
  body: markup.text,
});

export function sendAnswer(response: ServerResponse, { status, type, body, location }: Answer): void {
  response.writeHead(status, {
    ...HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(location !== undefined && { location }),
  });
  response.end(body);
}

const MOST_BYTES = 16_384;

/** A small JSON object of texts; null for anything else. */
export async function readGiven(request: IncomingMessage): Promise<Record<string, string> | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const texts = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return Object.fromEntries(texts);
  } catch {
    return null;
  }
}

/**
 * Whether a page of ours sent this. The workbench has no login, so another site open in the same browser must not be
 * able to press its buttons: neither across origins nor by a name that was made to point here.
 */
export function isOwnPage(request: IncomingMessage, ownHost: string): boolean {
  const { origin, 'content-type': type = '' } = request.headers;
  if (!type.startsWith('application/json')) return false;
  if (origin === undefined) return request.headers['sec-fetch-site'] === undefined;
  if (!URL.canParse(origin)) return false;
  return [ownHost, 'localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname);
}
