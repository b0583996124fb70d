import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** A sale as it goes in companies: months later, several people on the deal, the amount filled in when somebody has time. */
const PORTAL = 4_101;
const USER = { userId: 77, userEmail: 'robin.rep@example.com' };
const DAY_MS = 86_400_000;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, currency: 'EUR', timeZone: 'Europe/Berlin' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, {
    ...DEAL_PROGRAM,
    decisions: {
      severalContacts: 'first_attribution',
      fieldUpdates: [{ object: 'deal', field: 'amount', to: 'saleValue' }],
    },
  });
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

async function refer(code: string, email: string, firstName: string): Promise<string> {
  const path = `/programs/${launched.programId}/referrals`;
  const answer = await tenant.api('POST', path, { code, email, firstName });
  expect(answer.status).toBe(201);
  await stage.settle();
  return answer.body.referralId;
}

async function join(
  email: string,
  firstName: string,
): Promise<{ code: string; advocateId: string; contactId: string }> {
  const contactId = portal().createContact({ email, firstname: firstName });
  const answer = await tenant.api('POST', `/programs/${launched.programId}/advocates`, { email, firstName });
  await stage.settle();
  return { ...answer.body, contactId };
}

function contactOf(email: string): string {
  return portal().find('contacts', 'email', email)[0]?.id ?? '';
}

async function card(contactId: string): Promise<any> {
  const url = `${stage.publicUrl}/hubspot/contacts/${contactId}/card`;
  return JSON.parse((await portal().cardFetch({ ...USER, url })).body);
}

async function rewardsOf(referralId: string) {
  return stage.rows('select state, amount_minor::text as amount, currency from rewards where referral_id = $1', [
    referralId,
  ]);
}

test('a deal won three months later with a colleague on it pays the right advocate once the amount is there (E3, E4, G12)', async () => {
  const bea = await join('bea.advocate@example.com', 'Bea');
  const referralId = await refer(bea.code, 'finn.buyer@customer.example', 'Finn');
  const finn = contactOf('finn.buyer@customer.example');
  // The colleague comes first in every list: whoever credits the first contact credits nobody.
  const colleague = portal().createContact({ email: 'carl.boss@customer.example', firstname: 'Carl' });
  stage.clock.advance(60 * DAY_MS);
  const dealId = portal().createDeal({ dealname: 'Customer GmbH', pipeline: 'default', dealstage: 'qualifiedtobuy' }, [
    colleague,
    finn,
  ]);
  await stage.settle();
  expect(ownProperties(stage, PORTAL, finn)['passalong_status_reason']).toBe('Waiting for a deal to reach Closed Won');

  stage.clock.advance(31 * DAY_MS);
  portal().moveDeal(dealId, 'closedwon');
  await stage.settle();
  expect(ownProperties(stage, PORTAL, finn)).toMatchObject({
    passalong_referral_status: 'approved',
    passalong_status_reason: 'Deal reached Closed Won on 1 Feb 2027, the only one referred of its 2 contacts',
  });
  expect(await rewardsOf(referralId)).toEqual([]);
  const [waiting] = (await tenant.api('GET', `/entries?referralId=${referralId}`)).body.items;
  expect(waiting).toMatchObject({ state: 'processed', reasonCode: 'sale_value_missing' });

  stage.clock.advance(DAY_MS);
  portal().setProperties('deals', dealId, { amount: '12345.67' });
  await stage.settle();
  expect(await rewardsOf(referralId)).toEqual([{ state: 'pending', amount: '123457', currency: 'EUR' }]);
  expect((await tenant.api('GET', `/referrals/${referralId}`)).body.details).toEqual({ saleValue: '12345.67' });
  const beaCard = await card(bea.contactId);
  expect(beaCard.advocacies[0]).toMatchObject({ referred: 1, approved: 1, rewardStatus: 'pending' });
  expect(beaCard.rewards.items[0]).toMatchObject({ state: 'pending', amount: { amount: '1234.57', currency: 'EUR' } });
  expect(beaCard.referrals.items[0].reason).toContain('the only one referred of its 2 contacts');
  expect((await card(launched.advocateContactId)).advocacies[0]).toMatchObject({ referred: 0, approved: 0 });
});

test('of two people referred onto one deal the one referred first is credited, and the other is told why not (E3, G12, D2)', async () => {
  const cleo = await join('cleo.advocate@example.com', 'Cleo');
  const dan = await join('dan.advocate@example.com', 'Dan');
  const firstId = await refer(dan.code, 'gus@buyer.example', 'Gus');
  stage.clock.advance(5 * DAY_MS);
  const secondId = await refer(cleo.code, 'hal@buyer.example', 'Hal');
  const [gus, hal] = [contactOf('gus@buyer.example'), contactOf('hal@buyer.example')];
  const dealId = portal().createDeal(
    { dealname: 'Buyer Inc', pipeline: 'default', dealstage: 'closedwon', amount: '1000' },
    [hal, gus],
  );
  await stage.settle();
  expect(await rewardsOf(firstId)).toEqual([{ state: 'pending', amount: '10000', currency: 'EUR' }]);
  expect(await rewardsOf(secondId)).toEqual([]);
  expect(ownProperties(stage, PORTAL, gus)['passalong_status_reason']).toMatch(/, referred first of those on it$/);
  expect(ownProperties(stage, PORTAL, hal)).toMatchObject({
    passalong_referral_status: 'pending',
    passalong_status_reason: expect.stringMatching(/, but somebody else on it was referred first$/),
  });
  // The amount is corrected before anybody approved it: the reward follows, and it is still one.
  portal().setProperties('deals', dealId, { amount: '2000' });
  await stage.settle();
  expect(await rewardsOf(firstId)).toEqual([{ state: 'pending', amount: '20000', currency: 'EUR' }]);
});
