import type { RequestHandler } from 'express';
import type { Database } from '../../db/database.ts';
import { withinMs } from '../../within-ms.ts';

export type ReadyInput = {
  readonly database: Database;
  /** Resolves when the queue works; rejects otherwise. */
  readonly checkQueue: () => Promise<unknown>;
};

const PATIENCE_MS = 2_000;

/** Whether requests can be served: a load balancer stops sending them while this is 503. */
export function ready(input: ReadyInput): RequestHandler {
  const check = async (work: () => Promise<unknown>): Promise<'ok' | 'failing'> => {
    try {
      await withinMs(PATIENCE_MS, work());
      return 'ok';
    } catch {
      return 'failing';
    }
  };
  return async (_request, response) => {
    const [database, queue] = await Promise.all([check(() => ping(input.database)), check(() => input.checkQueue())]);
    const isReady = database === 'ok' && queue === 'ok';
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not_ready', checks: { database, queue } });
  };
}

async function ping(database: Database): Promise<void> {
  await database.system.raw('select 1');
}
