import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** The card's way through HubSpot's proxy: what it appends, signs, repeats and wraps is the local HubSpot's. */
const PORTAL = 3_001;
const USER = { userId: 77, userEmail: 'robin.rep@example.com' };

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

async function fetchCard(path: string, body?: object, user = USER): Promise<{ status: number; body: any }> {
  const url = `${stage.publicUrl}/hubspot/${path}`;
  const sent = body === undefined ? {} : { method: 'POST', body };
  const answer = await portal().cardFetch({ ...user, url, ...sent });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

test('a deal that is won is seen on the cards of the contact, the deal and the company (RL-02, RL-06, G10)', async () => {
  const referralId = await referFriend(tenant, launched, { email: 'won.friend@example.com' });
  await stage.settle();
  const [contact] = portal().find('contacts', 'email', 'won.friend@example.com');
  const contactId = contact?.id ?? '';
  const companyId = portal().createCompany({ name: 'Advocates Ltd' });
  portal().associate(['contacts', launched.advocateContactId], ['companies', companyId]);
  const dealId = portal().createDeal(
    { dealname: 'Big one', pipeline: 'default', dealstage: 'presentationscheduled', amount: '4800' },
    [contactId],
  );
  await stage.settle();
  const before = await fetchCard(`deals/${dealId}/card`);
  expect(before.body.referrals[0].rewards).toEqual([
    expect.objectContaining({ state: 'expected', amount: { amount: '480.00', currency: 'USD' } }),
  ]);
  expect((await fetchCard(`contacts/${launched.advocateContactId}/card`)).body.advocacies[0].approved).toBe(0);

  portal().moveDeal(dealId, 'closedwon');
  await stage.settle();

  const card = await fetchCard(`contacts/${launched.advocateContactId}/card`);
  expect(card.body.advocacies[0]).toMatchObject({ referred: 1, approved: 1, rewardStatus: 'pending' });
  expect(card.body.referrals.items[0]).toMatchObject({ id: referralId, status: 'approved' });
  expect(card.body.rewards.items[0]).toMatchObject({ state: 'pending', amount: { amount: '480.00', currency: 'USD' } });
  const won = await fetchCard(`deals/${dealId}/card`);
  expect(won.body.referrals[0]).toMatchObject({
    referral: { id: referralId, status: 'approved' },
    rewards: [{ state: 'pending', amount: { amount: '480.00', currency: 'USD' } }],
  });
  expect((await fetchCard(`contacts/${contactId}/card`)).body.referredBy[0]).toMatchObject({ status: 'approved' });
  expect((await fetchCard(`companies/${companyId}/card`)).body).toMatchObject({
    advocates: 1,
    referred: 1,
    approved: 1,
  });
});

const referralsOf = (email: string): Promise<unknown[]> =>
  stage.rows('select 1 from referrals r join people p on p.id = r.person_id where p.email = $1', [email]);

test('HubSpot’s retry of an action whose answer was lost makes no second referral, and the card hears of one', async () => {
  const email = 'retried@example.com';
  const fault = stage.hubspot.control.faults.add({ kind: 'cardAnswerLost', times: 1 });
  const answer = await fetchCard(`contacts/${launched.advocateContactId}/referrals`, {
    requestKey: 'lost-answer-0001',
    programId: launched.programId,
    email,
  });
  stage.hubspot.control.faults.remove(fault);
  expect([answer.status, answer.body.result]).toEqual([201, 'added']);
  expect(stage.hubspot.control.log.cardCalls().at(-1)?.attempts).toEqual([502, 201]);
  expect(await referralsOf(email)).toHaveLength(1);
  const audit = await stage.rows(`select 1 from audit_log where action = 'card.referral_added' and subject = $1`, [
    answer.body.referralId,
  ]);
  expect(audit).toHaveLength(1);
});

test('a rep who tries again with the same form after every answer was lost still makes one referral', async () => {
  const email = 'twice.lost@example.com';
  const form = { requestKey: 'lost-answer-0002', programId: launched.programId, email };
  const path = `contacts/${launched.advocateContactId}/referrals`;
  const fault = stage.hubspot.control.faults.add({ kind: 'cardAnswerLost' });
  expect((await fetchCard(path, form)).status).toBe(502);
  stage.hubspot.control.faults.remove(fault);
  const again = await fetchCard(path, form);
  expect([again.status, again.body.result]).toEqual([201, 'added']);
  expect(await referralsOf(email)).toHaveLength(1);
});

test('a user who writes another account into the address is refused, although HubSpot signs it (E33)', async () => {
  stage.hubspot.control.createPortal({ portalId: PORTAL + 1 });
  await stage.install(PORTAL + 1);
  const path = `contacts/${launched.advocateContactId}/card?portalId=${PORTAL}&userId=1&userEmail=a@b.c&appId=4711`;
  const url = `${stage.publicUrl}/hubspot/${path}`;
  const answer = await stage.hubspot.control.portal(PORTAL + 1).cardFetch({ ...USER, url });
  const { responseBody } = JSON.parse(answer.body) as { responseBody: { error: object } };
  expect(answer.status).toBe(403);
  expect(responseBody.error).toMatchObject({ code: 'card_account_refused' });
  expect(Object.keys(responseBody)).toEqual(['error']);
});
