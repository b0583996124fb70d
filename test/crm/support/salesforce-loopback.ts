import { createSalesforceAdapter, type SalesforceAdapterInput } from '../../../backend/src/crm/salesforce/adapter.ts';
import type { CallKind, CrmAccount, CrmPort } from '../../../backend/src/crm/port.ts';
import {
  startLoopbackServer,
  type LoopbackServer,
  type PlannedAnswer,
  type ReceivedRequest,
} from './loopback-server.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { memoryBudget } from './memory-budget.ts';

export const ORG: CrmAccount = {
  workspaceId: 'ws_1',
  connectionId: 'con_1',
  crm: 'salesforce',
  externalAccountId: '00D000000000001EAA',
};

export type SalesforceLoopback = {
  readonly server: LoopbackServer;
  readonly clock: ManualClock;
  readonly crm: CrmPort;
  /** Another adapter on the same server, budget and clock. */
  adapter(input: Partial<SalesforceAdapterInput>): CrmPort;
  /** The kinds of the calls made, as the budget saw them. */
  readonly taken: readonly CallKind[];
  /** Tokens the adapter was told are refused. */
  readonly discarded: readonly string[];
  /** The queries asked, without their address. */
  queries(): readonly string[];
  /** Method and path of every call, without what was asked for. */
  calls(): readonly string[];
  close(): Promise<void>;
};

/** The real adapter, with tokens t1, t2, … and without limits, before a server that answers what a test plans. */
export async function startSalesforceLoopback(): Promise<SalesforceLoopback> {
  const server = await startLoopbackServer();
  const clock = manualClock();
  const budget = memoryBudget(clock);
  const discarded: string[] = [];
  const tokens = {
    accessToken: () => Promise.resolve(`t${String(discarded.length + 1)}`),
    discard: (_account: CrmAccount, token: string) => {
      discarded.push(token);
      return Promise.resolve();
    },
    instanceUrl: () => Promise.resolve(server.url),
  };
  const adapter = (input: Partial<SalesforceAdapterInput>) =>
    createSalesforceAdapter({ tokens, budget, clock, ...input });
  return {
    server,
    clock,
    crm: adapter({}),
    adapter,
    taken: budget.taken,
    discarded,
    queries: () => server.requests.map(soqlOf).filter((soql) => soql !== ''),
    calls: () => server.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*$/, '')}`),
    close: () => server.close(),
  };
}

/** The query a request asks, or nothing. */
export function soqlOf({ path }: ReceivedRequest): string {
  return new URL(path, 'http://127.0.0.1').searchParams.get('q') ?? '';
}

/** The answer to a query that is complete. */
export const rows = (...records: object[]): PlannedAnswer => ({
  status: 200,
  body: { totalSize: records.length, done: true, records },
});

/** An error as Salesforce states it. */
export const refusal = (status: number, errorCode: string, message = errorCode): PlannedAnswer => ({
  status,
  body: [{ message, errorCode }],
});

type PlannedField = { readonly name: string; readonly type?: string; readonly more?: object };

/** The description of an object that has these fields. */
export const description = (
  name: string,
  fields: readonly (string | PlannedField)[],
  headers: Readonly<Record<string, string>> = {},
): PlannedAnswer => ({
  status: 200,
  headers,
  body: {
    name,
    recordTypeInfos: [],
    fields: fields.map((field) => {
      const { name: fieldName, type = 'string', more = {} } = typeof field === 'string' ? { name: field } : field;
      const writable = { createable: true, updateable: true, encrypted: false };
      return { name: fieldName, label: fieldName, type, picklistValues: [], ...writable, ...more };
    }),
  },
});
