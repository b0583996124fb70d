import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../backend/src/db/database.ts';
import { listEntries } from '../../backend/src/ingest/entry-reports-store.ts';
import { findReferral, listReferrals } from '../../backend/src/referrals/referral-reports-store.ts';
import { listRewards } from '../../backend/src/rewards/reward-reports-store.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let seed: Seed;

beforeAll(async () => {
  server = await startTestServer();
  await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
});
afterAll(() => server.close());

/** The plans of every statement that `work` sends, with sequential scans priced out: one that is left has no index. */
async function plansOf(work: (database: Database) => Promise<unknown>): Promise<string> {
  const asked: { sql: string; bindings: readonly unknown[] }[] = [];
  const listen = (query: { sql: string; bindings: readonly unknown[] }): void => void asked.push(query);
  server.database.system.on('query', listen);
  await work(server.database);
  server.database.system.off('query', listen);
  const selects = asked.filter(({ sql }) => /^\s*select/i.test(sql) && !sql.includes('set_config'));
  return server.database.inWorkspace('ws_mine', async (tx) => {
    await tx.raw('set local enable_seqscan = off');
    let plans = '';
    for (const { sql, bindings } of selects) {
      // Knex numbers its placeholders before it tells us.
      const text = sql.replace(/\$\d+/g, '?');
      const answer = await tx.raw<{ rows: { 'QUERY PLAN': string }[] }>(`explain ${text}`, bindings as string[]);
      plans += `${answer.rows.map((row) => row['QUERY PLAN']).join('\n')}\n\n`;
    }
    return plans;
  });
}

const page = { limit: 25, after: ['2026-11-20T10:00:00.000000Z', 'ref_x'] };
const sequence = { limit: 25, after: ['10'] };

test.each<[string, string, (database: Database) => Promise<unknown>]>([
  ['referrals', 'referrals_newest', (database) => listReferrals(database, 'ws_mine', { page, filter: {} })],
  [
    'referrals of an advocate',
    'referrals_',
    (database) => listReferrals(database, 'ws_mine', { page, filter: { advocateId: 'adv_1' } }),
  ],
  ['one referral', 'referral_events_of_referral', (database) => findReferral(database, 'ws_mine', seed.referralId)],
  ['rewards', 'rewards_newest', (database) => listRewards(database, 'ws_mine', { page, filter: {} })],
  [
    'rewards in a state',
    'rewards_in_state',
    (database) => listRewards(database, 'ws_mine', { page, filter: { state: 'pending' } }),
  ],
  [
    'rewards of a referral',
    'rewards_',
    (database) => listRewards(database, 'ws_mine', { page, filter: { referralId: 'ref_1' } }),
  ],
  ['entries', 'entries_newest', (database) => listEntries(database, 'ws_mine', { page: sequence, filter: {} })],
])('the list of %s is read through an index', async (_name, index, work) => {
  const plans = await plansOf(work);
  expect(plans).toContain(index);
  expect(plans).not.toContain('Seq Scan');
});
