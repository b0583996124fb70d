import type { FetchAnswer, FetchRequest } from '../wire.ts';

type Send = (url: string, request: FetchRequest & { signal: AbortSignal }) => Promise<FetchAnswer>;

const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_TIMEOUT_MS = 120_000;
const MAX_BYTES = 1_000_000;
const MAX_AT_ONCE = 20;

/**
 * What HubSpot's proxy does around a request of a card: refuses headers other than Authorization, holds it to a time and
 * to a megabyte each way, allows 20 at a time, and sends once more when the connection fails or the answer is a 5xx.
 */
export function createHubSpotProxy(send: Send): (url: string, request: FetchRequest) => Promise<FetchAnswer> {
  let open = 0;
  return async (url, request) => {
    const refusal = refusalOf(request);
    if (refusal) return refusal;
    if (open >= MAX_AT_ONCE) return refused(429, 'RATE_LIMITS', 'More than 20 requests of this app are open.');
    open += 1;
    try {
      return await sendTwice(send, url, request);
    } finally {
      open -= 1;
    }
  };
}

async function sendTwice(send: Send, url: string, request: FetchRequest): Promise<FetchAnswer> {
  const signal = AbortSignal.timeout(Math.min(request.timeout ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS));
  const first = await sendOnce(send, url, { ...request, signal });
  const again = first === null || first.status >= 500;
  const answer = again && !signal.aborted ? await sendOnce(send, url, { ...request, signal }) : first;
  if (answer === null) {
    return signal.aborted
      ? refused(504, 'GATEWAY_TIMEOUT', `No answer from ${new URL(url).origin} in time.`)
      : refused(502, 'BAD_GATEWAY', `${new URL(url).origin} cannot be reached.`);
  }
  if (sizeOf(answer.body) > MAX_BYTES) return refused(502, 'BAD_GATEWAY', 'The answer is larger than a megabyte.');
  return answer;
}

/** Null: no answer at all. */
async function sendOnce(
  send: Send,
  url: string,
  request: FetchRequest & { signal: AbortSignal },
): Promise<FetchAnswer | null> {
  const late = new Promise<null>((resolve) => {
    request.signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const sent = send(url, request).catch((error: unknown) => {
    console.warn(`[card] no connection for ${request.method} ${url}: ${String(error)}`);
    return null;
  });
  return Promise.race([sent, late]);
}

function refusalOf({ headers, body }: FetchRequest): FetchAnswer | null {
  const others = Object.keys(headers).filter((name) => name.toLowerCase() !== 'authorization');
  if (others.length > 0) {
    return refused(400, 'VALIDATION_ERROR', `Only the header Authorization may be sent, not ${others.join(', ')}.`);
  }
  if (body !== undefined && sizeOf(JSON.stringify(body)) > MAX_BYTES) {
    return refused(400, 'VALIDATION_ERROR', 'The request is larger than a megabyte.');
  }
  return null;
}

function refused(status: number, category: string, message: string): FetchAnswer {
  return { status, body: JSON.stringify({ status: 'error', category, message }) };
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
