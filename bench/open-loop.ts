import { Agent, request } from 'node:http';

export type Sending = {
  readonly publicUrl: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly expect: number;
  readonly path: (index: number) => string;
  /** Made when the request leaves: what is signed carries the time. */
  readonly headers?: (path: string) => Readonly<Record<string, string>>;
};

/**
 * GET requests at a steady rate. Open loop: a request leaves when its time has come, so that a slow answer delays none and
 * hides nothing. Any other answer than the expected one ends the benchmark.
 * @returns how long each took, ms, shortest first.
 */
export async function sendSteadily(sending: Sending): Promise<number[]> {
  const { perSecond } = sending;
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const total = perSecond * sending.seconds;
  const pending: Promise<number>[] = [];
  const startedAt = performance.now();
  while (pending.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
    for (let index = pending.length; index < due; index += 1) {
      // From when it should have left: a late generator is not a fast service.
      pending.push(send(sending, agent, { index, dueAt: startedAt + (index * 1000) / perSecond }));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const times = await Promise.all(pending);
  agent.destroy();
  return times.sort((a, b) => a - b);
}

function send(sending: Sending, agent: Agent, at: { readonly index: number; readonly dueAt: number }): Promise<number> {
  const { hostname, port } = new URL(sending.publicUrl);
  const path = sending.path(at.index);
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, path, headers: sending.headers?.(path) ?? {} }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === sending.expect
          ? resolve(performance.now() - at.dueAt)
          : reject(new Error(`${path}: ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
