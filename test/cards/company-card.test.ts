import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listCompanyReferrals, readCompanyCard } from '../../backend/src/cards/company-card-store.ts';
import { adoptCompanyContacts } from '../../backend/src/cards/company-contacts-store.ts';
import { companyCardView, companyReferralPage } from '../../shared/contracts/hubspot-card-views.ts';
import type { CompanyCardView } from '../../shared/card-view.ts';
import type { RewardRule } from '../../shared/program-definition.ts';
import { openRowsDatabase, type RowsDatabase, type WorkspaceRows } from './workspace-rows.ts';

const ALDER = '7001';
const BIRCH = '7002';
const FIXED: RewardRule = {
  id: 'rwr_five',
  recipient: 'advocate',
  onStatus: 'approved',
  approval: 'manual',
  kind: 'fixed',
  amount: '5.00',
  currency: 'EUR',
};

let database: RowsDatabase;
let rows: WorkspaceRows;
let portals = 4_000;

beforeAll(async () => {
  database = await openRowsDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  portals += 1;
  rows = await database.workspace(String(portals));
});

async function card(companyId = ALDER, of = rows): Promise<CompanyCardView> {
  return companyCardView.parse(await of.read((tx) => readCompanyCard(tx, of.input(companyId))));
}

const minute = (count: number): Date => new Date(Date.parse('2026-11-18T09:00:00.000Z') + count * 60_000);

/** Ada and Bo of Alder refer; Dana of Alder was referred by Ada, Finn of Birch by Bo, Gil of Alder by Cy of Birch. */
async function twoCompanies() {
  const first = await rows.program({ name: 'Customer referrals', rewardRules: [FIXED] });
  const second = await rows.program({ name: 'Partners' });
  const ada = await rows.person('501', 'Ada Advocate', ALDER);
  const bo = await rows.person('502', 'Bo Broker', ALDER);
  const cy = await rows.person('503', 'Cy Client', BIRCH);
  const dana = await rows.person('504', 'Dana Friend', ALDER);
  const finn = await rows.person('505', 'Finn Friend', BIRCH);
  const gil = await rows.person('506', 'Gil Friend', ALDER);
  const byAda = await rows.advocate(first, ada);
  const byAdaToo = await rows.advocate(second, ada);
  const byBo = await rows.advocate(first, bo);
  const byCy = await rows.advocate(second, cy);
  const made = await rows.referral({
    programId: first,
    advocateId: byAda,
    personId: dana,
    status: 'approved',
    at: minute(1),
  });
  const other = await rows.referral({
    programId: first,
    advocateId: byBo,
    personId: finn,
    status: 'qualified',
    at: minute(2),
  });
  const received = await rows.referral({ programId: second, advocateId: byCy, personId: gil, at: minute(3) });
  await rows.reward({
    referralId: made,
    ruleId: 'rwr_five',
    state: 'approved',
    amountMinor: 500,
    basis: { kind: 'fixed' },
  });
  await rows.recount([byAda, byAdaToo, byBo, byCy]);
  return { first, second, ada, bo, dana, byAda, byBo, byCy, made, other, received };
}

test('a company adds up what its people brought and who of them was brought (RL-02, RL-06)', async () => {
  const { first, second, made, other, received } = await twoCompanies();
  const view = await card();
  expect({ ...view, referrals: null }).toEqual({
    kind: 'company',
    asOf: '2026-11-20T10:15:00.000Z',
    account: { status: 'connected', behind: false },
    programs: [
      { id: first, name: 'Customer referrals' },
      { id: second, name: 'Partners' },
    ].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    advocates: 2,
    referred: 2,
    qualified: 2,
    approved: 1,
    received: 2,
    rewardTotals: [{ amount: '5.00', currency: 'EUR' }],
    referrals: null,
  });
  expect(view.referrals.items.map(({ id, direction }) => [id, direction])).toEqual([
    [received, 'received'],
    [other, 'made'],
    [made, 'made'],
  ]);
  expect([view.referrals.total, view.referrals.nextCursor]).toEqual([3, null]);
  expect(view.referrals.items[0]).toMatchObject({
    friend: { name: 'Gil Friend' },
    advocate: { name: 'Cy Client' },
    programName: 'Partners',
    referredAt: '2026-11-18T09:03:00.000Z',
  });
});

test('of the other company only its own people count (RL-02)', async () => {
  const { other, received } = await twoCompanies();
  const view = await card(BIRCH);
  expect(view).toMatchObject({ advocates: 1, referred: 1, qualified: 0, approved: 0, received: 1, rewardTotals: [] });
  expect(view.referrals.items.map(({ id, direction }) => [id, direction])).toEqual([
    [received, 'made'],
    [other, 'received'],
  ]);
});

test('a company without anybody we know shows nothing, and so does one of another workspace (RL-02)', async () => {
  await twoCompanies();
  const others = await database.workspace('8888888');
  for (const view of [await card('7999'), await card(ALDER, others)]) {
    expect(view).toMatchObject({ advocates: 0, referred: 0, received: 0 });
    expect(view.referrals).toEqual({ items: [], total: 0, nextCursor: null });
  }
});

test('people who were erased, whose contact is gone or merged, and links that were closed are left out (RL-02)', async () => {
  const { ada, bo, byBo } = await twoCompanies();
  await rows.read((tx) => tx('people').where({ id: ada }).update({ erased_at: new Date() }));
  expect(await card()).toMatchObject({ advocates: 1, referred: 1, received: 2, rewardTotals: [] });
  await rows.read((tx) => tx('advocates').where({ id: byBo }).update({ closed_at: new Date() }));
  expect(await card()).toMatchObject({ advocates: 0, referred: 0, received: 2 });
  await rows.read((tx) => tx('advocates').where({ id: byBo }).update({ closed_at: null }));
  expect(await card()).toMatchObject({ advocates: 1 });
  await rows.read((tx) => tx('crm_records').where({ person_id: bo }).update({ merged_into: '504' }));
  await rows.read((tx) => tx('crm_records').where({ record_id: '506' }).update({ deleted_at: new Date() }));
  const view = await card();
  expect(view).toMatchObject({ advocates: 0, received: 1 });
  expect(view.referrals.total).toBe(1);
});

test('two contacts of one person are one person (RL-02)', async () => {
  const { ada } = await twoCompanies();
  await rows.read((tx) => tx('crm_records').where({ record_id: '504' }).update({ person_id: ada }));
  expect(await card()).toMatchObject({ advocates: 2, referred: 2 });
});

async function pageAfter(after: readonly string[] | null) {
  const answer = await rows.read((tx) => listCompanyReferrals(tx, { ...rows.input(ALDER), after }));
  companyReferralPage.parse({ items: answer.page.items, total: answer.total, nextCursor: null });
  return answer;
}

test('page by page every referral comes once, whatever shares a moment (RL-02, RL-06)', async () => {
  const { first, byAda, byBo, byCy, second } = await twoCompanies();
  for (let friend = 0; friend < 34; friend += 1) {
    // Some of the company's own people, some others; five of a kind share one moment.
    const companyId = friend % 3 === 0 ? ALDER : BIRCH;
    const personId = await rows.person(String(600 + friend), `F${String(friend)} Friend`, companyId);
    const at = minute(10 + Math.floor(friend / 5));
    const isCy = friend % 4 === 3;
    const advocateId = isCy ? byCy : friend % 2 === 0 ? byAda : byBo;
    await rows.referral({ programId: isCy ? second : first, advocateId, personId, at });
  }
  await rows.recount([byAda, byBo, byCy]);
  const wanted = await rows.read(async (tx) => {
    const answer = await tx.raw<{ rows: { id: string }[] }>(
      `select r.id from referrals r
        where r.advocate_id in (?, ?)
           or r.person_id in (select person_id from crm_records where company_id = ? and object_type = 'contact')
        order by r.referred_at desc, r.id desc`,
      [byAda, byBo, ALDER],
    );
    return answer.rows.map(({ id }) => id);
  });
  const seen: string[] = [];
  let after: readonly string[] | null = null;
  do {
    const { page, total } = await pageAfter(after);
    expect(total).toBe(wanted.length);
    expect(page.items.length).toBeLessThanOrEqual(10);
    seen.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  expect(wanted.length).toBeGreaterThan(25);
  expect(seen).toEqual(wanted);
});

test('at its first sight a company takes in those of its contacts whose company we do not hold (RL-02)', async () => {
  const ada = await rows.person('501', 'Ada Advocate');
  await rows.person('502', 'Bo Broker', BIRCH);
  const advocateId = await rows.advocate(await rows.program({ name: 'Customer referrals' }), ada);
  await rows.recount([advocateId]);
  const { workspaceId, connectionId } = rows;
  const adopted = { workspaceId, connectionId, companyId: ALDER, contactIds: ['501', '502', '999'] };
  await rows.read((tx) => adoptCompanyContacts(tx, adopted));
  expect(await card()).toMatchObject({ advocates: 1 });
  expect(await rows.read((tx) => tx('crm_records').orderBy('record_id').select('record_id', 'company_id'))).toEqual([
    { record_id: '501', company_id: ALDER },
    { record_id: '502', company_id: BIRCH },
  ]);
});
