import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSubjects } from '../../backend/src/qualification/subjects-store.ts';
import { dealValues } from '../../backend/src/sync/deal-values-store.ts';
import { referralRecordValues } from '../../backend/src/sync/referral-values-store.ts';
import { recordWrites } from '../../backend/src/sync/write-back-store.ts';
import type { TenantTransaction } from '../../backend/src/db/database.ts';
import { NOW, openWorld, type World, type WorldOfOne } from '../cards/contact-world.ts';
import { planNodes, rowsOf } from '../cards/plan-nodes.ts';

const FRIENDS = 2_000;
const BATCH = 200;
/** A batch may be compared with itself, or everything be gone through once, but not everything for each of the batch. */
const MOST_ROWS = BATCH * BATCH;

let world: World;
let ours: WorldOfOne;

beforeAll(async () => {
  world = await openWorld();
  ours = (await world.withAda('young')).ours;
  await fill({ from: 1, to: 1 });
  // What the planner knows from here on: tables of one row.
  await world.gatherStatistics();
  await fill({ from: 2, to: FRIENDS });
});
afterAll(() => world.close());

/** Friends of Ada's, each with a contact, a deal that has been read, and two records we write to. */
async function fill({ from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  const { workspaceId, connectionId } = ours;
  const names = { workspaceId, connectionId, programId: ours.programId('main'), advocateId: 'adv_ws_young_ada_main' };
  const many = `from generate_series(${String(from)}, ${String(to)}) n`;
  await ours.run(async (tx) => {
    for (const sql of [
      `insert into people (id, workspace_id, first_name, created_at) select 'per_' || n, :workspaceId, 'F' || n, now() ${many}`,
      `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
       select :connectionId, 'contact', (90000 + n)::text, :workspaceId, 'per_' || n, now() ${many}`,
      `insert into crm_records (connection_id, object_type, record_id, workspace_id, first_seen_at)
       select :connectionId, 'deal', (70000 + n)::text, :workspaceId, now() ${many}`,
      `insert into record_links (connection_id, workspace_id, deal_id, contact_id)
       select :connectionId, :workspaceId, (70000 + n)::text, (90000 + n)::text ${many}`,
      `insert into snapshots (workspace_id, connection_id, object_type, record_id, modified_at, read_at, "values", contact_ids)
       select :workspaceId, :connectionId, 'contact', (90000 + n)::text, now(), now(), '{}', '{}' ${many}`,
      `insert into snapshots (workspace_id, connection_id, object_type, record_id, modified_at, read_at, "values", contact_ids)
       select :workspaceId, :connectionId, 'deal', (70000 + n)::text, now(), now(), '{}', array[(90000 + n)::text] ${many}`,
      `insert into referrals (id, workspace_id, program_id, advocate_id, person_id, status, status_reason, status_at, source, referred_at, created_at)
       select 'ref_' || n, :workspaceId, :programId, :advocateId, 'per_' || n, 'pending', 'x', now(), 'link', now(), now() ${many}`,
      `insert into write_backs (connection_id, object_type, record_id, workspace_id, desired)
       select :connectionId, t, (90000 + n)::text, :workspaceId, '{}' ${many} cross join unnest(array['contact', 'referral']) t`,
    ])
      await tx.raw(sql, names);
  });
}

const batch = Array.from({ length: BATCH }, (_, index) => index * 10 + 1);
const personIds = batch.map((n) => `per_${String(n)}`);

const works: Record<string, (tx: TenantTransaction) => Promise<unknown>> = {
  'what the rules look at': (tx) =>
    loadSubjects(tx, {
      frames: personIds.map((personId) => ({
        personId,
        programId: ours.programId('main'),
        referredAt: NOW,
        since: NOW,
        primaryRole: null,
      })),
      withCompanies: true,
    }),
  'what deals say': (tx) => dealValues(tx, { connectionId: ours.connectionId, personIds }),
  'what records of referrals say': (tx) =>
    referralRecordValues(tx, {
      workspaceId: ours.workspaceId,
      connectionId: ours.connectionId,
      personIds,
      linkedPersonIds: personIds,
      programs: [],
      workspaceCurrency: 'EUR',
    }),
  'what became of writes': (tx) =>
    recordWrites(tx, {
      connectionId: ours.connectionId,
      now: NOW,
      results: batch.map((n) => ({
        objectType: 'referral' as const,
        recordId: String(90_000 + n),
        desiredVersion: 1,
        written: {},
        modifiedAt: NOW,
        retryAt: null,
        dead: false,
        error: null,
      })),
    }),
};

describe('a batch on tables that grew since anybody counted them is not each with each', () => {
  test.for(Object.entries(works))('%s', async ([, work]) => {
    const inWorkspace = <T>(each: (tx: TenantTransaction) => Promise<T>): Promise<T> => ours.run(each);
    const nodes = await planNodes(world.database, { work: () => ours.run(work), inWorkspace });
    expect(nodes.some((node) => rowsOf(node) >= BATCH)).toBe(true);
    expect(nodes.filter((node) => rowsOf(node) > MOST_ROWS)).toEqual([]);
  });
});
