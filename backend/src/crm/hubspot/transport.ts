import { Client } from '@hubspot/api-client';

export type TransportRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly accessToken: string;
};

export type TransportAnswer = {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The Date header: what HubSpot's clock showed. */
  readonly date: string | null;
  readonly text: string;
};

/** Sends one request and raises only when there is no answer: a refused connection, a cut one, or a time-out. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

export class TransportTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`No complete answer within ${String(timeoutMs)} ms.`);
    this.name = 'TransportTimeout';
  }
}

/**
 * HubSpot's own client, used for its `apiRequest` alone. A `Client` per call: it costs 0.1 µs, it keeps no connection
 * (global fetch does), and its limiter and retries, which are global to the process, stay off.
 *
 * `apiRequest` takes no signal, so the time-out only stops waiting. A late answer is read to its end and dropped;
 * a socket that never answers is closed by the global fetch dispatcher.
 */
export function createApiClientTransport(input: { readonly apiUrl: string; readonly timeoutMs: number }): Transport {
  const basePath = input.apiUrl.replace(/\/+$/, '');
  return (request) => {
    const client = new Client({ accessToken: request.accessToken, basePath, numberOfApiCallRetries: 0 });
    const { method, path, body } = request;
    return withDeadline(client.apiRequest({ method, path, body }).then(readAnswer), input.timeoutMs);
  };
}

async function readAnswer(response: Response): Promise<TransportAnswer> {
  const { status, headers } = response;
  return { status, retryAfter: headers.get('retry-after'), date: headers.get('date'), text: await response.text() };
}

async function withDeadline<T>(pending: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransportTimeout(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([pending, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
