import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** `null` lets the request hang; `'cut'` breaks the connection. */
export type PlannedAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'cut'
  | null;

export type LoopbackServer = {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Decides the answer to every request from now on. */
  answer(handler: (request: ReceivedRequest, index: number) => PlannedAnswer): void;
  close(): Promise<void>;
};

/** A real HTTP server on loopback that answers what a test plans and remembers what it was asked. */
export async function startLoopbackServer(): Promise<LoopbackServer> {
  const requests: ReceivedRequest[] = [];
  let plan: (request: ReceivedRequest, index: number) => PlannedAnswer = () => ({ status: 200, body: {} });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, text: Buffer.concat(chunks).toString() };
      requests.push(request);
      const answer = plan(request, requests.length - 1);
      if (answer === null) return;
      if (answer === 'cut') return void incoming.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      const { body } = answer;
      response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    answer: (handler) => {
      plan = handler;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
