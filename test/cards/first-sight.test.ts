import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFirstSights } from '../../backend/src/cards/first-sights.ts';
import { onRecord, type FirstSightDeps } from '../../backend/src/cards/first-sight.ts';
import { seenRecord } from '../../backend/src/cards/seen-records-store.ts';
import type { CrmAccount, CrmPort, CrmRecord } from '../../backend/src/crm/port.ts';
import { movableClock, type MovableClock } from '../http/test-server.ts';
import { openRowsDatabase, type RowsDatabase, type WorkspaceRows } from './workspace-rows.ts';

let database: RowsDatabase;
let rows: WorkspaceRows;
let account: CrmAccount;
let clock: MovableClock;
let deps: FirstSightDeps;
/** What the CRM was asked for, and what followed. */
let asked: string[];
let hinted: unknown[];
let woken: unknown[];
/** Id asked for -> id answered. */
let inAccount: Map<string, string>;

beforeAll(async () => {
  database = await openRowsDatabase();
  rows = await database.workspace('4000');
  const { workspaceId, connectionId } = rows;
  account = { workspaceId, connectionId, crm: 'hubspot', externalAccountId: '4000' };
});
afterAll(() => database.close());

beforeEach(() => {
  [asked, hinted, woken, inAccount, clock] = [[], [], [], new Map(), movableClock()];
  const readRecords: CrmPort['readRecords'] = (_account, { ids }) => {
    asked.push(...ids);
    const found = ids.flatMap((id): [string, CrmRecord][] => {
      const today = inAccount.get(id);
      return today === undefined ? [] : [[id, { id: today } as CrmRecord]];
    });
    return Promise.resolve(new Map(found));
  };
  deps = {
    database: database.database,
    clock,
    port: { readRecords } as CrmPort,
    patienceMs: 1_000,
    firstSights: createFirstSights(clock),
    hint: (_tx, { objectType, recordId }) => Promise.resolve(void hinted.push([objectType, recordId])),
    wake: (...args) => void woken.push(args),
    adoptCompanyContacts: () => Promise.resolve(),
  };
});

const look = (recordId: string, of: CrmAccount = account): Promise<string> =>
  onRecord(deps, { account: of, objectType: 'contact', recordId }, (_tx, id) => Promise.resolve(id));
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'shown',
    (error: { code: string }) => error.code,
  );

test('a record met for the first time is hinted to the loop, which is woken, and is known from then on', async () => {
  inAccount.set('100', '100');
  expect([await look('100'), await look('100')]).toEqual(['100', '100']);
  expect(asked).toEqual(['100']);
  expect(hinted).toEqual([['contact', '100']]);
  expect(woken).toEqual([[rows.workspaceId, [rows.connectionId]]]);
});

test('a record that was merged before anybody saw it is shown as the one that is left', async () => {
  inAccount.set('110', '111');
  expect(await look('110')).toBe('111');
  expect(hinted).toEqual([['contact', '111']]);
});

test('a CRM that never answers ends in a refusal, not in a card that hangs', async () => {
  const silent = { readRecords: () => new Promise<never>(() => {}) } as unknown as CrmPort;
  const late = onRecord(
    { ...deps, port: silent, patienceMs: 20 },
    { account, objectType: 'contact', recordId: '120' },
    () => Promise.resolve('shown'),
  );
  await expect(late).rejects.toMatchObject({ code: 'crm_unavailable' });
});

test('an id that the account does not have is asked for once a minute', async () => {
  for (const _ of [1, 2, 3]) expect(await codeOf(look('130'))).toBe('card_record_refused');
  expect(asked).toEqual(['130']);
  inAccount.set('130', '130');
  clock.moveMs(60_001);
  expect(await look('130')).toBe('130');
});

test('a miss is of one account and one kind of record only', async () => {
  expect(await codeOf(look('140'))).toBe('card_record_refused');
  inAccount.set('140', '140');
  const deal = onRecord(deps, { account, objectType: 'deal', recordId: '140' }, (_tx, id) => Promise.resolve(id));
  expect(await deal).toBe('140');
  const other = await database.workspace('4001');
  const { workspaceId, connectionId } = other;
  expect(await look('140', { ...account, workspaceId, connectionId })).toBe('140');
});

test('invented ids cost an account a few calls, others none, and an honest look works soon after (E33)', async () => {
  const codes = await Promise.all(Array.from({ length: 200 }, (_, n) => codeOf(look(String(1_000 + n)))));
  expect(asked).toHaveLength(20);
  expect(codes.filter((code) => code === 'crm_rate_limited')).toHaveLength(180);
  await expect(look('2000')).rejects.toMatchObject({ retryAtMs: clock.now() + 10_000 });
  const other = await database.workspace('4002');
  inAccount.set('2000', '2000');
  const { workspaceId, connectionId } = other;
  expect(await look('2000', { ...account, workspaceId, connectionId })).toBe('2000');
  clock.moveMs(10_001);
  expect(await look('2000')).toBe('2000');
});

test('the misses that are remembered are bounded: the oldest is forgotten', () => {
  const sights = createFirstSights(clock);
  const record = (n: number) => ({ account, objectType: 'contact', recordId: String(n) }) as const;
  for (let n = 0; n <= 5_000; n += 1) sights.missed(record(n));
  expect([0, 1, 5_000].map((n) => sights.isMissing(record(n)))).toEqual([false, true, true]);
});

test('a chain of merges is followed in its own account only', async () => {
  const second = 'con_second_of_4000';
  await rows.read(async (tx) => {
    const { workspaceId: workspace_id, connectionId } = rows;
    const at = new Date(clock.now());
    await tx('connections').insert({
      id: second,
      workspace_id,
      crm: 'hubspot',
      external_account_id: '4003',
      status: 'connected',
      crm_schema: {},
      connected_at: at,
      created_at: at,
    });
    const common = { object_type: 'contact', workspace_id, first_seen_at: at };
    await tx('crm_records').insert([
      { ...common, connection_id: connectionId, record_id: '150', merged_into: '151' },
      { ...common, connection_id: second, record_id: '151', merged_into: null },
    ]);
    const seen = (recordId: string, id: string): Promise<string | null> =>
      seenRecord(tx, { connectionId: id, objectType: 'contact', recordId });
    expect([await seen('150', connectionId), await seen('151', second)]).toEqual([null, '151']);
  });
});
