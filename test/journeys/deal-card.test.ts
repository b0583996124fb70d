import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DealCardView } from '../../shared/card-view.ts';
import { cardClient, type CardClient } from '../cards/card-client.ts';
import { DEAL_PROGRAM, launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 632;
const [wonRule] = DEAL_PROGRAM.rules;
const [tenth] = DEAL_PROGRAM.rewardRules;
const PROGRAM = {
  ...DEAL_PROGRAM,
  rules: [{ ...wonRule, values: ['qualifiedtobuy'], status: 'qualified' }, ...DEAL_PROGRAM.rules],
  rewardRules: [
    { ...tenth, percent: '12.5' },
    { ...tenth, onStatus: 'qualified', approval: 'automatic', percent: '0.75' },
    { ...tenth, kind: 'fixed', percent: undefined, saleValue: undefined, amount: '25.00', currency: 'EUR' },
  ],
};

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let rep: CardClient;
let friends = 0;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, PROGRAM);
  rep = cardClient(stage, tenant);
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

async function friend(): Promise<string> {
  friends += 1;
  const email = `friend-${String(friends)}@example.com`;
  const contactId = portal().createContact({ email });
  await referFriend(tenant, launched, { email });
  await stage.settle();
  return contactId;
}

async function card(dealId: string): Promise<DealCardView> {
  const { status, body } = await rep.get(`/hubspot/deals/${dealId}/card`);
  expect(status).toBe(200);
  return body;
}

type Money = { readonly milestone: string; readonly amount: string; readonly currency: string };

/** What the card promises or shows, whatever its state, with what it was earned for. */
async function shown(dealId: string): Promise<Money[]> {
  const { referrals } = await card(dealId);
  return sorted(
    referrals.flatMap(({ rewards }) =>
      rewards.flatMap(({ milestone, amount }) => (amount === null ? [] : [{ milestone, ...amount }])),
    ),
  );
}

async function ledger(dealId: string): Promise<Money[]> {
  const [referral] = (await card(dealId)).referrals;
  const { body } = await tenant.api('GET', `/rewards?referralId=${referral?.referral.id ?? ''}`);
  return sorted(body.items.map(({ milestone, amount, currency }: Money) => ({ milestone, amount, currency })));
}

function sorted(all: readonly Money[]): Money[] {
  return all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const states = async (dealId: string): Promise<string[]> =>
  (await card(dealId)).referrals.flatMap(({ rewards }) => rewards.map(({ state }) => state)).sort();

test.each([
  ['stage by stage', { amount: '4801.37' }, ['qualifiedtobuy', 'contractsent', 'closedwon']],
  ['in one jump', { amount: '99.99' }, ['closedwon']],
  ['in a currency without cents', { amount: '70433', deal_currency_code: 'JPY' }, ['qualifiedtobuy', 'closedwon']],
])('what the card promises is to the cent what a deal earns %s (RL-19, RL-06, E19)', async (_way, values, stages) => {
  const contactId = await friend();
  const dealId = portal().createDeal({ dealname: 'Deal', dealstage: 'appointmentscheduled', ...values }, [contactId]);
  await stage.settle();
  const promised = await shown(dealId);
  expect(promised).toHaveLength(3);
  expect(await states(dealId)).toEqual(['expected', 'expected', 'expected']);
  for (const stageId of stages) {
    portal().moveDeal(dealId, stageId);
    await stage.settle();
    expect(await shown(dealId)).toEqual(promised);
  }
  expect(await ledger(dealId)).toEqual(promised);
  expect(await states(dealId)).toEqual(['approved', 'pending', 'pending']);
});

test('a deal without an amount promises no share of it until it has one (RL-19, E4)', async () => {
  const dealId = portal().createDeal({ dealname: 'Empty', dealstage: 'appointmentscheduled' }, [await friend()]);
  await stage.settle();
  expect(await shown(dealId)).toEqual([{ milestone: 'approved', amount: '25.00', currency: 'EUR' }]);
  portal().setProperties('deals', dealId, { amount: '1000' });
  await stage.settle();
  expect(await shown(dealId)).toEqual([
    { milestone: 'approved', amount: '125.00', currency: 'EUR' },
    { milestone: 'approved', amount: '25.00', currency: 'EUR' },
    { milestone: 'qualified', amount: '7.50', currency: 'EUR' },
  ]);
});

test('a deal several referred people share promises nothing, and earns nothing (E3, RL-19)', async () => {
  const people = [await friend(), await friend()];
  const values = { dealname: 'Shared', dealstage: 'appointmentscheduled', amount: '500' };
  const dealId = portal().createDeal(values, people);
  await stage.settle();
  expect([(await card(dealId)).needsReview, await shown(dealId)]).toEqual([true, []]);
  portal().moveDeal(dealId, 'closedwon');
  await stage.settle();
  expect([(await card(dealId)).needsReview, await shown(dealId), await ledger(dealId)]).toEqual([true, [], []]);
});

test('the card names the way that is left, and looks at the deal without asking HubSpot (RL-02, G1)', async () => {
  const values = { dealname: 'On its way', dealstage: 'qualifiedtobuy', amount: '500' };
  const dealId = portal().createDeal(values, [await friend()]);
  await stage.settle();
  const before = stage.hubspot.control.log.calls({ portalId: PORTAL }).length;
  const [one] = (await card(dealId)).referrals;
  expect(one?.progress).toMatchObject({
    currentIndex: 1,
    text: '4 stages to go until Closed Won',
    goals: [
      { status: 'qualified', reached: true },
      { status: 'approved', stage: 'Closed Won', reached: false },
    ],
  });
  expect(stage.hubspot.control.log.calls({ portalId: PORTAL })).toHaveLength(before);
});
