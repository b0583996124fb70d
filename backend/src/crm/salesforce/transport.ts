import { fetch } from 'undici';
import { readAnswerText } from '../answer-text.ts';

export type TransportRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of a call that may take longer than the others. */
  readonly timeoutMs?: number;
};

export type TransportAnswer = {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The Date header: what Salesforce's clock showed. */
  readonly date: string | null;
  readonly lastModified: string | null;
  /** `Sforce-Limit-Info`: how much of the day's allowance is used. */
  readonly limitInfo: string | null;
  readonly text: string;
};

/** Sends one request and raises only when there is no answer: a refused connection, a cut or endless one, or a time-out. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

/** Over undici's fetch. A redirection is answered as it is: a token goes to the org it was issued for and nowhere else. */
export function createFetchTransport(limits: { readonly timeoutMs: number }): Transport {
  return async ({ method, url, headers, body, timeoutMs = limits.timeoutMs }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method, headers, signal, redirect: 'manual', ...(body ? { body } : {}) });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      date: response.headers.get('date'),
      lastModified: response.headers.get('last-modified'),
      limitInfo: response.headers.get('sforce-limit-info'),
      text: await readAnswerText(response),
    };
  };
}
