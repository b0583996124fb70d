import { Agent, request } from 'node:http';
import type { BenchStage } from './stage.ts';

export type RedirectResult = { readonly p50Ms: number; readonly p99Ms: number; readonly floorP99Ms: number };

const PER_SECOND = 500;
const SECONDS = 20;
const CODES = 1_000;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

/** `GET /r/:code` as browsers send it, 500 a second whatever the answers take; the floor is `GET /health` the same way. */
export async function measureRedirect(stage: BenchStage): Promise<RedirectResult> {
  const answer = await stage.database.inWorkspace(stage.workspaceId, (tx) =>
    tx<{ code: string }>('advocates').select('code').limit(CODES),
  );
  const codes = answer.map(({ code }) => code);
  await send(stage, { seconds: 2, expect: 302, path: (index) => `/r/${codes[index % codes.length]}` });
  const floor = await send(stage, { seconds: SECONDS, expect: 200, path: () => '/health' });
  const ours = await send(stage, {
    seconds: SECONDS,
    expect: 302,
    path: (index) => `/r/${codes[index % codes.length]}`,
  });
  return { p50Ms: quantile(ours, 0.5), p99Ms: quantile(ours, 0.99), floorP99Ms: quantile(floor, 0.99) };
}

type Sending = { readonly seconds: number; readonly expect: number; readonly path: (index: number) => string };

/** Open loop: a request leaves when its time has come, so that a slow answer delays none and hides nothing. */
async function send(stage: BenchStage, sending: Sending): Promise<number[]> {
  const { hostname, port } = new URL(stage.publicUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const total = PER_SECOND * sending.seconds;
  const pending: Promise<number>[] = [];
  const startedAt = performance.now();
  while (pending.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * PER_SECOND) / 1000) + 1);
    for (let index = pending.length; index < due; index += 1) {
      // From when it should have left: a late generator is not a fast service.
      const dueAt = startedAt + (index * 1000) / PER_SECOND;
      pending.push(one({ agent, hostname, port, path: sending.path(index), expect: sending.expect, dueAt }));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const times = await Promise.all(pending);
  agent.destroy();
  return times.sort((a, b) => a - b);
}

function one(input: {
  readonly agent: Agent;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly expect: number;
  readonly dueAt: number;
}): Promise<number> {
  const { agent, hostname, port, path, expect, dueAt } = input;
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, path, headers: { 'user-agent': BROWSER } }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === expect
          ? resolve(performance.now() - dueAt)
          : reject(new Error(`${path}: ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
