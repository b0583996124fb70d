import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

/** What the service would answer, set by the test; what it was asked, kept for it. */
export type FakeService = {
  readonly url: string;
  readonly asked: { method: string; path: string; authorization: string; body: Json | null }[];
  /** by `METHOD path`, without the query */
  readonly answers: Map<string, { status: number; body: unknown }>;
  close(): Promise<void>;
};

const EMPTY = { status: 200, body: { items: [], nextCursor: null } };

/** A service on loopback that answers lists with nothing until told otherwise. */
export async function startFakeService(): Promise<FakeService> {
  const asked: FakeService['asked'] = [];
  const answers: FakeService['answers'] = new Map();
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const path = (request.url ?? '').split('?')[0] ?? '';
      const method = request.method ?? '';
      const authorization = request.headers.authorization ?? '';
      asked.push({ method, path, authorization, body: text === '' ? null : (JSON.parse(text) as Json) });
      const { status, body } = answers.get(`${method} ${path}`) ?? EMPTY;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await listen(server);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: urlOf(server), asked, answers, close };
}

export function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
