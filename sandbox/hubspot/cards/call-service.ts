import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { MOST_BYTES } from './card-request.ts';
import { isLoopback } from './permitted-urls.ts';

// A connection kept open may be closed by the service just as it is used again, which would count as a failed attempt.
const agent = new Agent({ keepAlive: false });

export interface ServiceCall {
  method: string;
  url: URL;
  body: string;
  headers: Record<string, string>;
  timeoutMs: number;
}

export interface ServiceAnswer {
  status: number;
  contentType: string;
  text: string;
}

export type Outcome = ServiceAnswer | 'timeout' | 'unreachable' | 'too large';

/** One attempt; redirects come back as what they are. Only loopback is ever called. */
export function callService({ method, url, body, headers, timeoutMs }: ServiceCall): Promise<Outcome> {
  if (url.protocol !== 'http:' || !isLoopback(url.hostname)) return Promise.resolve('unreachable');
  return new Promise((resolve) => {
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      void read(response).then(settle, () => settle('unreachable'));
    });
    const timer = setTimeout(() => settle('timeout'), timeoutMs);
    function settle(outcome: Outcome): void {
      clearTimeout(timer);
      resolve(outcome);
      if (typeof outcome === 'string') outgoing.destroy();
    }
    outgoing.on('error', () => settle('unreachable'));
    outgoing.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return 'too large';
    chunks.push(chunk);
  }
  const contentType = response.headers['content-type'] ?? '';
  return { status: response.statusCode ?? 0, contentType, text: Buffer.concat(chunks).toString('utf8') };
}
