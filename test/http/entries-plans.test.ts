import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEntries } from '../../backend/src/ingest/entry-reports-store.ts';
import { listConnections } from '../../backend/src/workspaces/connection-reports-store.ts';
import { readPlans, sumOf } from './entry-plans.ts';
import { createWorkspace, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let owner: pg.Client;

/** Enough that a wrong index would cost more than a right one, whatever is known of the table. */
const ENTRIES = 120_000;

/** Two workspaces, two accounts, rare kinds among many: nothing analyses the table by itself. */
const SEED = `
  insert into connections (id, workspace_id, crm, external_account_id, status, connected_at, created_at)
  select 'con_' || n || w, 'ws_' || w, 'hubspot', n || w, 'connected', now(), now()
    from unnest(array['mine', 'other']) w, generate_series(1, 2) n;
  alter table entries set (autovacuum_enabled = false);
  insert into entries (id, workspace_id, state, reason_code, reason, trigger, program_id, referral_id, connection_id,
                       object_type, record_id, created_at, updated_at, notify)
  select 'ent_' || n, 'ws_' || w, case when n % 3000 = 0 then 'review' when n % 2000 = 1 then 'failed' else 'ignored' end,
         case when n = 7 then 'deal_refused' else 'rule_not_met' end, 'r', '{}',
         case when n between 10 and 40 then 'prg_rare' else 'prg_usual' end, 'ref_' || n % 5000,
         'con_' || case when n < 30 then 2 else 1 end || w, 'deal', (n % 3000)::text,
         timestamptz '2026-01-01' + n * interval '4 minutes', now(), n % 1000 = 3
    from generate_series(1, ${ENTRIES}) n cross join lateral (
      select case when n % 10 = 0 then 'other' else 'mine' end as w) w`;

beforeAll(async () => {
  server = await startTestServer();
  await createWorkspace(server.database, 'ws_mine');
  await createWorkspace(server.database, 'ws_other');
  owner = new pg.Client({ connectionString: server.testDatabase.ownerUrl });
  await owner.connect();
  await owner.query(SEED);
});
afterAll(async () => {
  await owner.end();
  await server.close();
});

const OLD_WEEK = { from: '2026-01-05T00:00:00.000Z', to: '2026-01-12T00:00:00.000Z' };

/** Each filter with the index that answers it. */
const FILTERS: readonly [string, Parameters<typeof listEntries>[2]['filter'], RegExp][] = [
  ['nothing', {}, /entries_newest/],
  ['a rare state', { state: 'failed' }, /entries_in_state/],
  ['a usual state', { state: 'ignored' }, /entries_in_state|entries_newest/],
  ['a rare reason', { reasonCode: 'deal_refused' }, /entries_with_reason/],
  ['a program', { programId: 'prg_rare' }, /entries_of_program/],
  ['a referral', { referralId: 'ref_77' }, /entries_of_referral/],
  ['an account', { connectionId: 'con_2mine' }, /entries_of_connection/],
  ['a record', { objectType: 'deal', recordId: '71' }, /entries_of_record/],
  ['a record of an account', { objectType: 'deal', recordId: '71', connectionId: 'con_1mine' }, /entries_of_record/],
  ['an old week', OLD_WEEK, /entries_by_time|entries_newest/],
  ['before an old day', { to: OLD_WEEK.to }, /entries_by_time|entries_newest/],
  ['whom somebody is told of', { notify: true }, /entries_to_notify/],
  ['what waits for a person', { reviewOpen: true }, /entries_in_state/],
  ['a rare state in a program', { state: 'failed', programId: 'prg_usual' }, /entries_in_state/],
];

for (const statistics of ['without statistics', 'with statistics']) {
  test.each(FILTERS)(`entries by %s are found by an index, ${statistics}`, async (_name, filter, index) => {
    if (statistics === 'with statistics') await owner.query('analyze entries');
    for (const after of [null, ['999999']]) {
      const plans = await readPlans(server, (database) =>
        listEntries(database, 'ws_mine', { page: { limit: 25, after }, filter }),
      );
      expect(plans).toMatch(index);
      expect(plans).not.toContain('Seq Scan on entries');
      // A page, what is passed over between its rows, and nothing that grows with the table.
      expect(sumOf(plans, 'Rows Removed by Filter')).toBeLessThan(1_000);
    }
  });
}

test('when something of an account was last decided is found by an index (RR-45)', async () => {
  const plans = await readPlans(server, (database) => listConnections(database, 'ws_mine', { limit: 25, after: null }));
  expect(plans).toContain('entries_of_connection');
  expect(sumOf(plans, 'Rows Removed by Filter')).toBeLessThan(10);
});
