import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readDealCard } from '../../backend/src/cards/deal-card-store.ts';
import { dealCardView } from '../../shared/contracts/hubspot-card-views.ts';
import type { DealCardView } from '../../shared/card-view.ts';
import type { DealStageRule, PropertyRule, RewardRule } from '../../shared/program-definition.ts';
import type { RewardState } from '../../shared/referral-status.ts';
import { openRowsDatabase, type RowsDatabase, type WorkspaceRows } from './workspace-rows.ts';

const DEAL = '9001';
const stage = (id: string, label: string, order: number) => ({ id, label, order, won: false, lost: false });
const SCHEMA = {
  pipelines: [
    {
      id: 'default',
      label: 'Sales pipeline',
      stages: [
        stage('closedwon', 'Closed won', 3),
        stage('new', 'New', 0),
        stage('demo', 'Demo', 1),
        stage('offer', 'Offer', 2),
      ],
    },
    { id: 'renewals', label: 'Renewals', stages: [stage('r_won', 'Renewed', 0)] },
  ],
  contactFields: [
    {
      name: 'lifecyclestage',
      label: 'Lifecycle stage',
      type: 'choice',
      options: [{ value: 'customer', label: 'Customer' }],
    },
  ],
};

const DEMO: DealStageRule = {
  id: 'rul_demo',
  status: 'qualified',
  enabled: true,
  priority: 100,
  object: 'deal',
  field: 'dealstage',
  operator: 'any_of',
  pipelineId: 'default',
  values: ['demo'],
};
const WON: DealStageRule = { ...DEMO, id: 'rul_won', status: 'approved', values: ['closedwon'] };
const CUSTOMER: PropertyRule = {
  id: 'rul_customer',
  status: 'approved',
  enabled: true,
  priority: 100,
  object: 'contact',
  field: 'lifecyclestage',
  operator: 'any_of',
  values: ['customer'],
};
const TENTH: RewardRule = {
  id: 'rwr_tenth',
  recipient: 'advocate',
  onStatus: 'approved',
  approval: 'manual',
  kind: 'percent',
  percent: '10',
  saleValue: { object: 'deal', field: 'amount' },
};
const FIVE: RewardRule = {
  id: 'rwr_five',
  recipient: 'advocate',
  onStatus: 'qualified',
  approval: 'automatic',
  kind: 'fixed',
  amount: '5.00',
  currency: 'EUR',
};
const TENTH_BASIS = { kind: 'percent', percent: '10', field: 'amount', record: { objectType: 'deal', recordId: DEAL } };

let database: RowsDatabase;
let rows: WorkspaceRows;
let portals = 3_000;

beforeAll(async () => {
  database = await openRowsDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  portals += 1;
  rows = await database.workspace(String(portals), SCHEMA);
});

async function card(recordId = DEAL, of = rows): Promise<DealCardView> {
  const view = await of.read((tx) => readDealCard(tx, of.input(recordId)));
  return dealCardView.parse(view);
}

type Given = {
  readonly rules?: readonly (DealStageRule | PropertyRule)[];
  readonly rewardRules?: readonly RewardRule[];
  readonly values?: Readonly<Record<string, string | null>>;
  readonly status?: 'pending' | 'qualified' | 'approved' | 'denied';
  readonly heldFor?: 'review';
};

const NEW = { pipeline: 'default', dealstage: 'new', amount: '4800', deal_currency_code: 'EUR' };

/** Ada referred Dana, who is on the deal. */
async function referred({ rules = [DEMO, WON], rewardRules = [FIVE, TENTH], values = NEW, ...row }: Given = {}) {
  const programId = await rows.program({ name: 'Customer referrals', rules, rewardRules });
  const ada = await rows.person('501', 'Ada Advocate');
  const dana = await rows.person('502', 'Dana Friend');
  const advocateId = await rows.advocate(programId, ada);
  const referralId = await rows.referral({ programId, advocateId, personId: dana, ...row });
  await rows.deal(DEAL, ['502'], values);
  return { programId, advocateId, referralId };
}

const only = (view: DealCardView) => {
  expect(view.referrals).toHaveLength(1);
  return view.referrals[0] as DealCardView['referrals'][number];
};

test('a deal says who brought it, how far it is, and what it will pay (RL-02, RL-19, G1)', async () => {
  const { programId, referralId } = await referred();
  const person = (name: string, id: string) => ({
    name,
    email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@example.com`,
    recordUrl: `https://app.hubspot.com/contacts/${String(portals)}/record/0-1/${id}`,
  });
  expect(await card()).toEqual({
    kind: 'deal',
    asOf: '2026-11-20T10:15:00.000Z',
    account: { status: 'connected', behind: false },
    programs: [{ id: programId, name: 'Customer referrals' }],
    referrals: [
      {
        referral: {
          id: referralId,
          programName: 'Customer referrals',
          friend: person('Dana Friend', '502'),
          advocate: person('Ada Advocate', '501'),
          status: 'pending',
          reason: 'Waiting',
          referredAt: '2026-11-18T09:00:00.000Z',
          statusAt: '2026-11-18T09:00:00.000Z',
          source: 'link',
          reviewAskedAt: null,
        },
        progress: {
          pipeline: 'Sales pipeline',
          stages: ['New', 'Demo', 'Offer', 'Closed won'],
          currentIndex: 0,
          goals: [
            { status: 'qualified', stage: 'Demo', stageIndex: 1, reached: false },
            { status: 'approved', stage: 'Closed won', stageIndex: 3, reached: false },
          ],
          text: '1 stage to go until Demo',
        },
        rewards: [
          {
            state: 'expected',
            milestone: 'qualified',
            amount: { amount: '5.00', currency: 'EUR' },
            text: 'Fixed amount, to Ada Advocate, when qualified',
          },
          {
            state: 'expected',
            milestone: 'approved',
            amount: { amount: '480.00', currency: 'EUR' },
            text: '10 % of the deal amount, to Ada Advocate, when approved',
          },
        ],
      },
    ],
    needsReview: false,
  });
});

test('a deal nobody was referred on, one that is gone and one we never saw show nobody (RL-02)', async () => {
  await referred();
  await rows.deal('9002', ['777'], NEW);
  await rows.deal('9003', ['502'], NEW);
  await rows.read((tx) => tx('crm_records').where({ record_id: '9003' }).update({ deleted_at: new Date() }));
  await rows.deal('9004', ['502'], NEW);
  await rows.read((tx) => tx('crm_records').where({ record_id: '9004' }).update({ merged_into: DEAL }));
  for (const id of ['9002', '9003', '9004', '9999']) {
    expect(await card(id)).toMatchObject({ referrals: [], needsReview: false });
  }
});

test('the same deal id of another workspace is another deal (RL-02)', async () => {
  await referred();
  const others = await database.workspace('9999999');
  expect((await card(DEAL, others)).referrals).toEqual([]);
});

test('a friend who was referred in two programs has a line for each, by its own rules (RL-02, RL-06)', async () => {
  await referred();
  const partner = await rows.program({
    name: 'Partners',
    rules: [{ ...WON, pipelineId: 'renewals', values: ['r_won'] }],
    rewardRules: [{ ...FIVE, onStatus: 'approved' }],
  });
  const advocateId = await rows.advocate(partner, await rows.person(null, 'Bo Broker'));
  const dana = await rows.read((tx) => tx('crm_records').where({ record_id: '502' }).first('person_id'));
  await rows.referral({
    programId: partner,
    advocateId,
    personId: (dana as { person_id: string }).person_id,
    at: new Date('2026-11-19T09:00:00.000Z'),
  });
  const { referrals, needsReview } = await card();
  expect(needsReview).toBe(false);
  expect(
    referrals.map(({ referral, progress, rewards }) => [
      referral.programName,
      referral.advocate.recordUrl === null,
      progress?.goals.map(({ stage, stageIndex }) => [stage, stageIndex]),
      progress?.text,
      rewards.map(({ text }) => text),
    ]),
  ).toEqual([
    [
      'Partners',
      true,
      [['Renewed', null]],
      'Counts once it reaches Renewed in the pipeline Renewals',
      ['Fixed amount, to Bo Broker, when approved'],
    ],
    [
      'Customer referrals',
      false,
      [
        ['Demo', 1],
        ['Closed won', 3],
      ],
      '1 stage to go until Demo',
      ['Fixed amount, to Ada Advocate, when qualified', '10 % of the deal amount, to Ada Advocate, when approved'],
    ],
  ]);
});

test('on a deal several referred people share nothing is promised until somebody decides (E3, RL-19)', async () => {
  const { programId, advocateId } = await referred();
  const finn = await rows.person('503', 'Finn Friend');
  await rows.referral({ programId, advocateId, personId: finn });
  await rows.deal('9005', ['502', '503'], NEW);
  const view = await card('9005');
  expect(view.needsReview).toBe(true);
  expect(view.referrals.map(({ progress, rewards }) => [progress?.text, rewards])).toEqual([
    ['Several referred people are on this deal: somebody has to decide', []],
    ['Several referred people are on this deal: somebody has to decide', []],
  ]);
});

test('a denied person beside a referred one needs nobody’s decision (E3, RL-19)', async () => {
  const { programId, advocateId } = await referred();
  const finn = await rows.person('503', 'Finn Friend');
  await rows.referral({ programId, advocateId, personId: finn, status: 'denied' });
  await rows.deal('9006', ['502', '503'], NEW);
  const view = await card('9006');
  expect(view.needsReview).toBe(false);
  const byFriend = new Map(view.referrals.map((one) => [one.referral.friend.name, one]));
  expect(byFriend.get('Dana Friend')?.rewards).toHaveLength(2);
  expect(byFriend.get('Finn Friend')).toMatchObject({
    progress: { text: 'This referral was denied, so the deal counts for nothing' },
    rewards: [],
  });
});

test('while somebody has to say whether the friend counts, nothing is promised (RL-19)', async () => {
  await referred({ heldFor: 'review' });
  expect(only(await card()).rewards).toEqual([]);
});

test.each([
  ['no amount', { amount: null }, 'the amount is not known yet'],
  ['an amount of nothing', { amount: '0' }, 'the amount is not known yet'],
  ['an amount that is none', { amount: 'a lot' }, 'the value on the deal cannot be read as one amount'],
])('of a deal with %s the card says why no sum can be named (RL-19, E4)', async (_name, values, why) => {
  await referred({ values: { ...NEW, ...values } });
  expect(only(await card()).rewards[1]).toEqual({
    state: 'expected',
    milestone: 'approved',
    amount: null,
    text: `10 % of the deal amount, to Ada Advocate, when approved; ${why}`,
  });
});

test('a milestone that is reached and waits for its amount is still to come (RL-19, E4)', async () => {
  await referred({ status: 'approved', values: { ...NEW, dealstage: 'closedwon', amount: '' } });
  expect(only(await card()).rewards[1]).toMatchObject({
    state: 'expected',
    amount: null,
    text: '10 % of the deal amount, to Ada Advocate, now that the referral is approved; the amount is not known yet',
  });
});

test.each<RewardState>(['pending', 'approved', 'issued', 'voided', 'clawback_proposed'])(
  'a reward that is %s is shown as the ledger has it, and not promised again (RL-19, RL-06)',
  async (state) => {
    const values = { ...NEW, dealstage: 'closedwon', amount: '9999' };
    const { referralId } = await referred({ status: 'approved', rewardRules: [TENTH], values });
    await rows.reward({ referralId, ruleId: 'rwr_tenth', state, amountMinor: 48_000, basis: TENTH_BASIS });
    const { progress, rewards } = only(await card());
    expect(rewards).toEqual([
      {
        state,
        milestone: 'approved',
        amount: { amount: '480.00', currency: 'EUR' },
        text: '10 % of the deal amount, to Ada Advocate, earned when approved',
      },
    ]);
    expect(progress?.text).toBe('Approved: Closed won is reached');
    expect(progress?.goals.every(({ reached }) => reached)).toBe(true);
  },
);

test('the amount is named in the currency it will be paid in (RL-19, E19)', async () => {
  await referred({ values: { ...NEW, deal_currency_code: 'JPY', amount: '100', amount_in_home_currency: '0.62' } });
  expect(only(await card()).rewards[1]?.amount).toEqual({ amount: '0.06', currency: 'EUR' });
});

type Where = readonly [values: Readonly<Record<string, string | null>>, index: number | null, text: string];

test.each<[string, Where]>([
  ['two stages before its goal', [{ dealstage: 'demo' }, 1, '2 stages to go until Closed won']],
  ['one stage before its goal', [{ dealstage: 'offer' }, 2, '1 stage to go until Closed won']],
  ['in a stage the account no longer names', [{ dealstage: 'gone' }, null, 'Counts once it reaches Closed won']],
])('a qualified deal %s says so (RL-19, G1)', async (_name, [values, currentIndex, text]) => {
  await referred({ status: 'qualified', values: { ...NEW, ...values } });
  expect(only(await card()).progress).toMatchObject({ currentIndex, text });
});

test('a goal by a stage the account does not name goes by its id; a pipeline too (RL-19)', async () => {
  const rules = [{ ...WON, values: ['ghost'] }];
  await referred({ rules, values: { ...NEW, pipeline: 'p_old', dealstage: 'x' } });
  expect(only(await card()).progress).toEqual({
    pipeline: 'p_old',
    stages: [],
    currentIndex: null,
    goals: [{ status: 'approved', stage: 'ghost', stageIndex: null, reached: false }],
    text: 'Counts once it reaches ghost in the pipeline Sales pipeline',
  });
});

test('a stage the deal was in once counts, though it has moved on (RL-19)', async () => {
  await referred({ values: { ...NEW, dealstage: 'offer', hs_v2_date_entered_demo: '2026-11-17T09:00:00.000Z' } });
  expect(only(await card()).progress?.goals.map(({ stage, reached }) => [stage, reached])).toEqual([
    ['Demo', true],
    ['Closed won', false],
  ]);
});

test('a rule on the contact is named, not drawn; a rule that is off is neither (RL-19, G1)', async () => {
  await referred({ rules: [{ ...WON, enabled: false }, CUSTOMER] });
  expect(only(await card()).progress).toMatchObject({
    goals: [],
    text: 'Approved when Lifecycle stage becomes Customer',
  });
});

test('a deal of which only the contacts were read has no progress yet (RL-19)', async () => {
  await referred({ values: { amount: '4800' } });
  expect(only(await card()).progress).toBeNull();
});
