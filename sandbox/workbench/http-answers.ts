import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Html } from './page/html.ts';

/** The page loads its own script and style and talks to its own origin; nothing else, and nobody frames it. */
const policy = (images: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ${images}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

const HEADERS = {
  'content-security-policy': policy('img-src data:'),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export interface Answer {
  status: number;
  type: string;
  body: string;
  location?: string;
  /** instead of the policy for pages without cards */
  policy?: string;
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

/** Cards run in workers of ours, and show pictures and frames from where their app may. */
export function cardPageAnswer(markup: Html, app: { imageOrigins: string[]; iframeOrigins: string[] } | null): Answer {
  const images = ["img-src 'self' data:", ...(app?.imageOrigins ?? [])].join(' ');
  const frames = ['frame-src', ...(app?.iframeOrigins.length ? app.iframeOrigins : ["'none'"])].join(' ');
  return { ...pageAnswer(markup), policy: policy(`worker-src 'self'; ${frames}; ${images}`) };
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  const { status, type, body, location } = answer;
  response.writeHead(status, {
    ...HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(location !== undefined && { location }),
    ...(answer.policy !== undefined && { 'content-security-policy': answer.policy }),
  });
  response.end(body);
}

const MOST_BYTES = 16_384;

/** A small JSON object of texts; null for anything else. */
export async function readGiven(request: IncomingMessage): Promise<Record<string, string> | null> {
  const value = await readJson(request, MOST_BYTES);
  if (!value) return null;
  const texts = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(texts);
}

/** A JSON object; null for anything else and for what is too long. */
export async function readJson(request: IncomingMessage, mostBytes: number): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return null;
    chunks.push(chunk);
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
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
