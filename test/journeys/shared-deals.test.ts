import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** E3: one deal pays one advocate, whatever becomes known or changes about the people on it, and in whatever order. */
const PORTAL = 4_103;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  const decisions = { severalContacts: 'first_attribution' };
  launched = await launch(stage, tenant, { ...DEAL_PROGRAM, decisions });
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

type Friend = { readonly referralId: string; readonly contactId: string };

async function friend(email: string): Promise<Friend> {
  const referralId = await referFriend(tenant, launched, { email });
  await stage.settle();
  stage.clock.advance(60_000);
  return { referralId, contactId: portal().find('contacts', 'email', email)[0]?.id ?? '' };
}

async function win(contactIds: readonly string[]): Promise<string> {
  const dealId = portal().createDeal(
    { dealname: 'Shared', pipeline: 'default', dealstage: 'closedwon', amount: '1000' },
    [...contactIds],
  );
  await stage.settle();
  return dealId;
}

async function paid(): Promise<string[]> {
  const rows = await stage.rows<{ referral_id: string }>(
    `select referral_id from rewards where state <> 'voided' order by created_at`,
  );
  return rows.map((row) => row.referral_id);
}

async function decide(referralId: string, status: string): Promise<void> {
  expect((await tenant.api('POST', `/referrals/${referralId}/decide`, { status })).status).toBe(200);
  await stage.settle();
}

test('a denied referral that comes back takes the deal from the one referred later, in one commit (E3, E7, G12)', async () => {
  const [first, second] = [await friend('x@shared.example'), await friend('y@shared.example')];
  await decide(first.referralId, 'denied');
  await win([first.contactId, second.contactId]);
  expect(await paid()).toEqual([second.referralId]);
  const open = (await tenant.api('GET', `/entries?referralId=${first.referralId}&state=review`)).body.items;
  expect(open).toMatchObject([{ reasonCode: 'denied_meets_rule' }]);

  expect((await tenant.api('POST', `/entries/${open[0].id}/approve`)).status).toBe(200);
  expect(await paid()).toEqual([first.referralId]);
  await stage.settle();
  expect(ownProperties(stage, PORTAL, second.contactId)).toMatchObject({
    passalong_referral_status: 'pending',
    passalong_status_reason: expect.stringMatching(/, but somebody else on it was referred first$/),
  });
  await stage.rows(`update rewards set state = 'voided', void_cause = 'merged'`);
});

test('a won deal that is moved to the right contact pays that one and not both (E3, E4)', async () => {
  const [wrong, right] = [await friend('wrong@moved.example'), await friend('right@moved.example')];
  const dealId = await win([wrong.contactId]);
  expect(await paid()).toEqual([wrong.referralId]);
  portal().dissociate(['deals', dealId], ['contacts', wrong.contactId]);
  portal().associate(['deals', dealId], ['contacts', right.contactId]);
  await stage.settle();
  expect(await paid()).toEqual([right.referralId]);
  expect(ownProperties(stage, PORTAL, wrong.contactId)).toMatchObject({ passalong_referral_status: 'pending' });
});

test('a deal that is deleted after it counted is asked about and takes nothing back by itself (E5, E8)', async () => {
  const one = await friend('one@deleted.example');
  const dealId = await win([one.contactId]);
  portal().delete('deals', dealId);
  await stage.settle();
  expect(await paid()).toContain(one.referralId);
  const open = (await tenant.api('GET', `/entries?referralId=${one.referralId}&state=review`)).body.items;
  expect(open).toMatchObject([{ reasonCode: 'record_gone' }]);
});

test('what a person gave is where a lost deal takes a referral back to, and not below it (E28)', async () => {
  const one = await friend('kept@floor.example');
  await decide(one.referralId, 'qualified');
  const dealId = await win([one.contactId]);
  expect(ownProperties(stage, PORTAL, one.contactId)).toMatchObject({ passalong_referral_status: 'approved' });
  portal().moveDeal(dealId, 'closedlost');
  await stage.settle();
  expect(ownProperties(stage, PORTAL, one.contactId)).toMatchObject({ passalong_referral_status: 'qualified' });
  expect((await tenant.api('GET', `/referrals/${one.referralId}`)).body).toMatchObject({ decidedBy: 'person' });
});
