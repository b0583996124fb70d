import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World, type WorldOfOne } from './contact-world.ts';

const MANY = 10_000;
/** Of Ada; the others are as many people's. */
const ADAS = 1_000;

let world: World;
let ours: WorldOfOne;

beforeAll(async () => {
  world = await openWorld();
  ours = await world.workspace('plans');
  await ours.person('ada', { first: 'Ada' });
  await ours.contact('501', 'ada');
  const adaId = await ours.advocate('ada', 'main');
  await fill(adaId);
  await ours.recount(adaId);
  await world.gatherStatistics();
});
afterAll(() => world.close());

/** Ada referred a thousand, each with a reward; nine others referred the same. */
async function fill(adaId: string): Promise<void> {
  const { workspaceId, connectionId } = ours;
  const names = { workspaceId, connectionId, programId: ours.programId('main'), adaId, personId: ours.personId('ada') };
  const many = `from generate_series(1, ${String(MANY)}) n`;
  const at = `timestamptz '2026-11-20T10:00:00Z' - n * interval '1 hour'`;
  await ours.run(async (tx) => {
    for (const sql of [
      `insert into people (id, workspace_id, first_name, created_at) select 'per_' || n, :workspaceId, 'F' || n, now() ${many}`,
      `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
       select :connectionId, 'contact', (90000 + n)::text, :workspaceId, 'per_' || n, now() ${many}`,
      `insert into advocates (id, workspace_id, program_id, person_id, code, created_at)
       select 'adv_' || n, :workspaceId, :programId, 'per_' || n, 'code' || n, now() ${many}`,
      `insert into referrals (id, workspace_id, program_id, advocate_id, person_id, status, status_reason, status_at, source, referred_at, created_at)
       select 'ref_' || n, :workspaceId, :programId, case when n <= ${String(ADAS)} then :adaId else 'adv_' || n / ${String(ADAS)} end, 'per_' || n, 'approved', 'x', ${at}, 'link', ${at}, ${at} ${many}`,
      `insert into rewards (id, workspace_id, program_id, program_version, referral_id, reward_rule_id, recipient_person_id,
                            milestone, state, amount_minor, currency, basis, created_at, state_at)
       select 'rwd_' || n, :workspaceId, :programId, 1, 'ref_' || n, 'rwr_ten', :personId, 'approved', 'pending', 100, 'USD',
              '{"kind":"fixed"}', ${at}, ${at} ${many} where n <= ${String(ADAS)}`,
    ])
      await tx.raw(sql, names);
  });
}

type Node = {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
};
type Read = { readonly statements: number; readonly indexes: ReadonlySet<string>; readonly rows: readonly string[] };

/** What every statement that `work` sends went through, and the places where it read more than a few pages of rows. */
async function readBy(work: () => Promise<unknown>): Promise<Read> {
  const asked: { sql: string; bindings: readonly unknown[] }[] = [];
  const listen = (query: { sql: string; bindings: readonly unknown[] }): void => void asked.push(query);
  world.database.system.on('query', listen);
  await work();
  world.database.system.off('query', listen);
  const read = asked.filter(({ sql }) => /^\s*(select|with)/i.test(sql) && !sql.includes('set_config'));
  const nodes = await ours.run(async (tx) => {
    const plans: Node[] = [];
    for (const { sql, bindings } of read) {
      // Knex numbers its placeholders before it tells us.
      const text = `explain (analyze, format json) ${sql.replace(/\$\d+/g, '?')}`;
      const answer = await tx.raw<{ rows: { 'QUERY PLAN': { Plan: Node }[] }[] }>(text, bindings as string[]);
      plans.push(...answer.rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan))));
    }
    return plans;
  });
  return {
    statements: read.length,
    indexes: new Set(nodes.flatMap((node) => node['Index Name'] ?? [])),
    rows: nodes
      .filter((node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] > 50)
      .map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`.trim()),
  };
}

function flatten(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

const LIST_INDEXES = [
  'crm_records_pkey',
  'advocates_of_person',
  'referrals_newest_of_advocate',
  'referrals_pkey',
  'crm_records_of_person',
];

test('a card takes five round trips, and only the trend of a thousand referrals reads more than a page (RF-09, RL-06)', async () => {
  await ours.card('501');
  const { statements, indexes, rows } = await readBy(() => ours.card('501'));
  expect(statements).toBe(5);
  expect([...indexes]).toEqual(
    expect.arrayContaining([...LIST_INDEXES, 'rewards_of_recipient', 'referrals_of_person']),
  );
  // However it is read: the trend's rows come out of its index, and no other statement has that many.
  const beyond = rows.filter((row) => !/^(Result|Bitmap Heap Scan|.* referrals_newest_of_advocate)$/.test(row));
  expect(beyond).toEqual([]);
});

test('a page from the middle begins in the index where the last one ended (RF-10)', async () => {
  const after = ['2026-10-10T10:00:00.000000Z', 'ref_x'];
  expect((await ours.page('501', after)).page.items).toHaveLength(10);
  const { indexes, rows } = await readBy(() => ours.page('501', after));
  expect([...indexes]).toEqual(expect.arrayContaining(LIST_INDEXES));
  expect(rows).toEqual([]);
});
