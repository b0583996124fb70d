import { afterAll, beforeAll, expect, test } from 'vitest';
import { listCompanyReferrals, readCompanyCard } from '../../backend/src/cards/company-card-store.ts';
import { readDealCard } from '../../backend/src/cards/deal-card-store.ts';
import { planNodes, rowsOf, tablesWalked, type PlanNode } from './plan-nodes.ts';
import { openRowsDatabase, type RowsDatabase, type WorkspaceRows } from './workspace-rows.ts';

const COMPANY = 'big';
const PEOPLE = 500;
/** Of the company's people; each made twenty referrals, the first of them ten thousand. */
const ADVOCATES = 100;
const FIRST_MADE = 10_000;
const MADE = 30_000;
const PAGE_AND_ONE = 11;

let database: RowsDatabase;
let rows: WorkspaceRows;

beforeAll(async () => {
  database = await openRowsDatabase();
  rows = await database.workspace('5000');
  await fill(await rows.program({ name: 'Customer referrals' }));
  await database.gatherStatistics();
});
afterAll(() => database.close());

async function fill(programId: string): Promise<void> {
  const { workspaceId, connectionId } = rows;
  const friend = String(PEOPLE);
  const upTo = (count: number): string => `from generate_series(1, ${String(count)}) n`;
  const at = `timestamptz '2026-11-18T09:00:00Z' - n * interval '1 minute'`;
  const others = String(ADVOCATES + 900);
  await rows.read(async (tx) => {
    for (const sql of [
      `insert into people (id, workspace_id, first_name, created_at)
       select 'per_' || n, :workspaceId, 'P' || n, now() ${upTo(MADE + PEOPLE)}`,
      `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at, company_id)
       select :connectionId, 'contact', n::text, :workspaceId, 'per_' || n, now(),
              case when n <= ${friend} then '${COMPANY}' else 'c' || n % 900 end ${upTo(MADE + PEOPLE)}`,
      `insert into advocates (id, workspace_id, program_id, person_id, code, created_at)
       select 'adv_' || n, :workspaceId, :programId, 'per_' || case when n <= ${String(ADVOCATES)} then n else n + ${friend} end,
              'code' || n, now() ${upTo(ADVOCATES + 900)}`,
      `insert into referrals (id, workspace_id, program_id, advocate_id, person_id, status, status_reason, status_at, source, referred_at, created_at)
       select 'ref_' || n, :workspaceId, :programId,
              'adv_' || case when n <= ${String(FIRST_MADE)} then 1 else 1 + n % ${others} end,
              'per_' || n + ${friend}, 'pending', 'x', now(), 'link', ${at}, ${at} ${upTo(MADE)}`,
      `insert into crm_records (connection_id, object_type, record_id, workspace_id, first_seen_at)
       select :connectionId, 'deal', 'd' || n, :workspaceId, now() ${upTo(MADE)}`,
      `insert into record_links (connection_id, deal_id, contact_id, workspace_id)
       select :connectionId, 'd' || n, (n + ${friend})::text, :workspaceId ${upTo(MADE)}`,
      `insert into snapshots (workspace_id, connection_id, object_type, record_id, modified_at, read_at, "values", contact_ids)
       select :workspaceId, :connectionId, 'deal', 'd' || n, now(), now(), '{"dealstage":"new","pipeline":"default"}',
              array[(n + ${friend})::text] ${upTo(MADE)}`,
    ])
      await tx.raw(sql, { workspaceId, connectionId, programId });
  });
  await rows.recount(Array.from({ length: ADVOCATES + 900 }, (_, index) => `adv_${String(index + 1)}`));
}

function plan(work: () => Promise<unknown>): Promise<readonly PlanNode[]> {
  return planNodes(database.database, { work, inWorkspace: rows.read });
}

const indexesOf = (nodes: readonly PlanNode[]): readonly string[] => nodes.flatMap((node) => node['Index Name'] ?? []);
const mostRows = (nodes: readonly PlanNode[]): number => Math.max(...nodes.map(rowsOf));

test('the card of a company with five hundred people reads a page of each advocate, never what they brought (RL-02, RL-06)', async () => {
  const nodes = await plan(() => rows.read((tx) => readCompanyCard(tx, rows.input(COMPANY))));
  expect(tablesWalked(nodes)).toEqual([]);
  expect(indexesOf(nodes)).toEqual(
    expect.arrayContaining(['crm_records_of_company', 'advocates_of_person', 'referrals_of_person']),
  );
  expect(mostRows(nodes)).toBeLessThanOrEqual(ADVOCATES * PAGE_AND_ONE + PEOPLE);
  const view = await rows.read((tx) => readCompanyCard(tx, rows.input(COMPANY)));
  expect(view.advocates).toBe(ADVOCATES);
  expect(view.referred).toBeGreaterThan(FIRST_MADE);
});

test('a page from the middle of a company’s referrals reads no more than the first (RL-02)', async () => {
  const input = { ...rows.input(COMPANY), after: ['2026-11-14T09:00:00.000000Z', 'ref_x'] };
  const nodes = await plan(() => rows.read((tx) => listCompanyReferrals(tx, input)));
  expect(tablesWalked(nodes)).toEqual([]);
  expect(mostRows(nodes)).toBeLessThanOrEqual(ADVOCATES * PAGE_AND_ONE + PEOPLE);
  expect((await rows.read((tx) => listCompanyReferrals(tx, input))).page.items).toHaveLength(10);
});

test('the card of one deal among thirty thousand reads the rows of that deal (RL-02)', async () => {
  const nodes = await plan(() => rows.read((tx) => readDealCard(tx, rows.input('d12345'))));
  expect(tablesWalked(nodes)).toEqual([]);
  expect(indexesOf(nodes)).toEqual(
    expect.arrayContaining(['record_links_pkey', 'crm_records_pkey', 'referrals_of_person', 'snapshots_latest']),
  );
  expect(mostRows(nodes)).toBeLessThanOrEqual(20);
});
