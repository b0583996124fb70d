import { createHubSpotAdapter } from '../../../backend/src/crm/hubspot/adapter.ts';
import type { CallKind, CrmAccount, CrmPort } from '../../../backend/src/crm/port.ts';
import { startLoopbackServer, type LoopbackServer, type PlannedAnswer } from './loopback-server.ts';
import { manualClock } from './manual-clock.ts';
import { memoryBudget } from './memory-budget.ts';

export const ACCOUNT: CrmAccount = {
  workspaceId: 'ws_1',
  connectionId: 'con_1',
  crm: 'hubspot',
  externalAccountId: '33',
};

const TIMES = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.000Z', archived: false };

export type LoopbackAdapter = {
  readonly server: LoopbackServer;
  readonly crm: CrmPort;
  /** The kinds of the calls made, as the budget saw them. */
  readonly taken: readonly CallKind[];
  /** Method and path of every call, in order. */
  calls(): readonly string[];
  /** The body of the n-th call, from the end when negative. */
  body(index: number): any;
};

/** The real adapter, with a token and without limits, before a server that answers what a test plans. */
export async function startLoopbackAdapter(): Promise<LoopbackAdapter> {
  const server = await startLoopbackServer();
  const clock = manualClock();
  const budget = memoryBudget(clock);
  const tokens = { accessToken: () => Promise.resolve('t'), discard: () => Promise.resolve() };
  return {
    server,
    crm: createHubSpotAdapter({ apiUrl: server.url, tokens, budget, clock }),
    taken: budget.taken,
    calls: () => server.requests.map(({ method, path }) => `${method} ${path}`),
    body: (index) => JSON.parse(server.requests.at(index)!.text),
  };
}

/** A record as HubSpot answers it. */
export const record = (id: string, properties: object = {}, more: object = {}) => ({
  ...TIMES,
  id,
  properties,
  ...more,
});

/** A batch or search answer. */
export const results = (...records: unknown[]): PlannedAnswer => ({
  status: 200,
  body: { status: 'COMPLETE', results: records },
});
