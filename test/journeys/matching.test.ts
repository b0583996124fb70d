import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 5_101;
const MINUTE_MS = 60_000;
const USER = { userId: 77, userEmail: 'robin.rep@example.com' };

/** Customers approve and pay at once; contacts and deals may name the advocate, contacts the shop's own id of a referral. */
const MATCHING_PROGRAM = {
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  capture: { enabled: false },
  rules: [{ object: 'contact', field: 'lifecyclestage', operator: 'any_of', values: ['customer'], status: 'approved' }],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'automatic',
      kind: 'fixed',
      amount: '25.00',
      currency: 'EUR',
    },
  ],
  matching: {
    target: [{ object: 'contact', field: 'shop_id', holds: 'external_id' }],
    member: [
      { object: 'contact', field: 'referred_by_code', holds: 'advocate_code' },
      { object: 'contact', field: 'referred_by_link', holds: 'advocate_link' },
      { object: 'deal', field: 'deal_referrer', holds: 'advocate_external_id' },
    ],
    names: { enabled: true, threshold: 0.9, margin: 0.1 },
  },
};

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  for (const name of ['shop_id', 'referred_by_code', 'referred_by_link']) addProperty('contacts', name);
  addProperty('deals', 'deal_referrer');
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, MATCHING_PROGRAM);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

function addProperty(objectType: string, name: string): void {
  const groupName = objectType === 'contacts' ? 'contactinformation' : 'dealinformation';
  portal().createProperty(objectType, { name, label: name, groupName, type: 'string', fieldType: 'text' });
}

/** HubSpot pushes none of these fields: the poll finds what reps write there. */
async function polled(): Promise<void> {
  await stage.pass(3 * MINUTE_MS);
}

async function entries(query: string): Promise<any[]> {
  return (await tenant.api('GET', `/entries?${query}`)).body.items;
}

async function entry(id: string): Promise<any> {
  return (await tenant.api('GET', `/entries/${id}`)).body;
}

async function referrals(): Promise<any[]> {
  return (await tenant.api('GET', '/referrals')).body.items;
}

const rewards = () => stage.rows('select state, amount_minor::text as minor, currency from rewards');

async function contactCard(contactId: string): Promise<any> {
  const url = `${stage.publicUrl}/hubspot/contacts/${contactId}/card`;
  const answer = await portal().cardFetch({ ...USER, url });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body);
}

test('an unknown code that a rep wrote is listed, corrected, retried and rewarded once, and the card says so (RR-29, RR-30, RR-36)', async () => {
  const contactId = portal().createContact({ email: 'nora@example.org', firstname: 'Nora', lastname: 'New' });
  portal().setProperties('contacts', contactId, { referred_by_code: '23456789bcd' });
  await polled();

  const [asked, ...others] = await entries('state=review');
  expect(others).toEqual([]);
  expect(asked).toMatchObject({
    reasonCode: 'referral_code_unknown',
    programId: launched.programId,
    referralId: null,
    objectType: 'contact',
    recordId: contactId,
  });
  const detail = await entry(asked.id);
  expect(detail.input).toMatchObject({ code: '23456789bcd', email: 'nora@example.org', firstName: 'Nora' });
  expect(detail.trace.match).toMatchObject({ route: 'none', field: 'referred_by_code', value: '23456789bcd' });

  const wrong = await tenant.api('POST', `/entries/${asked.id}/retry`, { edits: { code: 'zzzzzzzzzzz' } });
  expect(wrong).toMatchObject({ status: 200, body: { state: 'review' } });
  expect((await entries('state=review')).map(({ id }) => id)).toEqual([asked.id]);
  expect((await entry(asked.id)).reason).toBe('No advocate of this program has that code');
  expect(await referrals()).toEqual([]);

  const right = await tenant.api('POST', `/entries/${asked.id}/retry`, { edits: { code: launched.code } });
  expect(right).toMatchObject({ status: 200, body: { state: 'processed' } });
  await stage.settle();
  expect(await referrals()).toMatchObject([
    { status: 'pending', source: 'crm', friend: { email: 'nora@example.org' } },
  ]);
  stage.clock.advance(MINUTE_MS);

  portal().setProperties('contacts', contactId, { lifecyclestage: 'customer' });
  await stage.settle();
  await polled();
  expect(await rewards()).toEqual([{ state: 'approved', minor: '2500', currency: 'EUR' }]);
  const again = await tenant.api('POST', `/entries/${asked.id}/retry`, { edits: { code: launched.code } });
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'entry_not_retryable' } } });
  expect((await entry(asked.id)).edits.map((edit: any) => edit.edits.code)).toEqual(['zzzzzzzzzzz', launched.code]);

  const card = await contactCard(contactId);
  expect(card.referredBy).toMatchObject([{ status: 'approved' }]);
  expect(JSON.stringify(card.referredBy)).toContain('Ada Advocate');
  const advocate = await contactCard(launched.advocateContactId);
  expect(advocate.advocacies[0]).toMatchObject({ referred: 1, approved: 1 });
  expect(advocate.rewards.items).toHaveLength(1);
});

test('a code that a rep writes on a contact adds the referral under that advocate, once, and the trace says why (RR-36)', async () => {
  const contactId = portal().createContact({ email: 'mia@example.org', firstname: 'Mia' });
  portal().setProperties('contacts', contactId, { referred_by_link: `${launched.link}?utm_source=mail` });
  await polled();
  const [referral] = await referrals();
  expect(referral).toMatchObject({
    source: 'crm',
    advocate: { code: launched.code },
    friend: { email: 'mia@example.org' },
  });
  const added = (await entries(`referralId=${referral.id}`)).find(
    ({ reasonCode }) => reasonCode === 'referral_recorded',
  );
  expect((await entry(added.id)).trace.match).toMatchObject({
    route: 'member',
    object: 'contact',
    field: 'referred_by_link',
    value: `${launched.link}?utm_source=mail`,
  });
  expect(ownProperties(stage, PORTAL, contactId)).toMatchObject({ passalong_referral_id: referral.id });

  portal().setProperties('contacts', contactId, { firstname: 'Maria', referred_by_code: launched.code.toUpperCase() });
  await polled();
  portal().setProperties('contacts', contactId, { lifecyclestage: 'customer' });
  await stage.settle();
  expect(await referrals()).toHaveLength(1);
  expect(await rewards()).toHaveLength(1);
  expect(await entries('state=review')).toEqual([]);
});

test('nobody is referred by themselves or by a second advocate, and a contact without an address by its record alone (RR-36, E15)', async () => {
  const bob = await tenant.api('POST', `/programs/${launched.programId}/advocates`, {
    email: 'bob@example.com',
    externalId: 'P-77',
  });
  await stage.settle();
  stage.clock.advance(MINUTE_MS);
  portal().setProperties('contacts', launched.advocateContactId, { referred_by_code: launched.code });
  await polled();
  const silent = portal().createContact({ lastname: 'Silent' });
  portal().setProperties('contacts', silent, { referred_by_code: launched.code });
  await polled();
  const [referral, ...more] = await referrals();
  expect(more).toEqual([]);
  expect(referral).toMatchObject({ advocate: { code: launched.code }, friend: { lastName: 'Silent', email: null } });
  portal().setProperties('contacts', silent, { referred_by_code: bob.body.code });
  await polled();
  expect(await referrals()).toMatchObject([{ advocate: { code: launched.code } }]);
  const ignored = (await entries('state=ignored')).filter(({ trigger }) => trigger.kind === 'match');
  expect(ignored.map(({ reasonCode }) => reasonCode).sort()).toEqual(['already_referred', 'self_referral']);
  portal().setProperties('contacts', silent, { lastname: 'Still' });
  await polled();
  expect((await entries('state=ignored')).filter(({ trigger }) => trigger.kind === 'match')).toHaveLength(2);
});

test('a contact with the shop’s id of a referral is the friend, whatever its address (RR-35, RR-37, RR-39)', async () => {
  const answer = await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: launched.code,
    email: 'otto@example.org',
    externalId: 'order-9',
  });
  expect(answer.status).toBe(201);
  await stage.settle();
  expect((await tenant.api('GET', `/referrals/${answer.body.referralId}`)).body.externalId).toBe('order-9');
  const taken = await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: launched.code,
    email: 'somebody@example.org',
    externalId: 'order-9',
  });
  expect(taken).toMatchObject({ status: 409, body: { error: { code: 'external_id_taken' } } });
  const contactId = portal().createContact({ email: 'otto.private@example.net' });
  portal().setProperties('contacts', contactId, { shop_id: 'order-9' });
  await polled();
  expect(ownProperties(stage, PORTAL, contactId)).toMatchObject({ passalong_referral_id: answer.body.referralId });
  const [linked] = await stage.rows(
    "select trace -> 'match' as match from entries where trace -> 'match' ->> 'route' = 'target'",
  );
  expect(linked).toMatchObject({ match: { field: 'shop_id', value: 'order-9' } });
  portal().setProperties('contacts', contactId, { lifecyclestage: 'customer' });
  await stage.settle();
  expect(await rewards()).toHaveLength(1);
});

test('a deal that names the advocate by the shop’s id adds the one contact on it, and no contact of several (RR-36, RR-60)', async () => {
  const bob = await tenant.api('POST', `/programs/${launched.programId}/advocates`, {
    email: 'bob@example.com',
    externalId: 'P-77',
  });
  expect((await tenant.api('GET', `/advocates/${bob.body.advocateId}`)).body.externalId).toBe('P-77');
  await stage.settle();
  const alone = portal().createContact({ email: 'alone@example.org' });
  const pair = ['one@example.org', 'two@example.org'].map((email) => portal().createContact({ email }));
  const deal = { dealname: 'A deal', pipeline: 'default', dealstage: 'qualifiedtobuy', deal_referrer: 'P-77' };
  portal().createDeal(deal, [alone]);
  portal().createDeal(deal, pair);
  await polled();
  expect(await referrals()).toMatchObject([
    { advocate: { advocateId: bob.body.advocateId }, friend: { email: 'alone@example.org' }, source: 'crm' },
  ]);
});

test('a name alone is only ever a question: rejected it is not asked again, approved the contact is the friend (E16)', async () => {
  await referFriend(tenant, launched, { email: 'k.hofmann@example.org', firstName: 'Katharina', lastName: 'Hofmann' });
  await stage.settle();
  const wrong = portal().createContact({ firstname: 'Katharina', lastname: 'Hofmann', lifecyclestage: 'customer' });
  await polled();
  const [first] = await entries('state=review');
  expect(first).toMatchObject({ reasonCode: 'match_by_name', recordId: wrong });
  expect((await entry(first.id)).trace.match.candidates).toMatchObject([{ score: 1 }]);
  expect(await rewards()).toEqual([]);
  expect((await tenant.api('POST', `/entries/${first.id}/reject`, {})).status).toBeLessThan(300);
  portal().setProperties('contacts', wrong, { phone: '+49 30 1234567' });
  await polled();
  expect(await entries('state=review')).toEqual([]);

  const right = portal().createContact({ firstname: 'Hofmann', lastname: 'Katharina' });
  await polled();
  const [second] = await entries('state=review');
  expect(second).toMatchObject({ reasonCode: 'match_by_name', recordId: right });
  expect((await tenant.api('POST', `/entries/${second.id}/approve`, {})).status).toBeLessThan(300);
  await stage.settle();
  portal().setProperties('contacts', right, { lifecyclestage: 'customer' });
  await stage.settle();
  expect(await rewards()).toHaveLength(1);
});

test('a shared mailbox that a second contact has, too, is asked about and never guessed, nor is its alias (E15)', async () => {
  await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: launched.code,
    email: 'info@firma.example',
    externalId: 'order-7',
  });
  const own = portal().createContact({ email: 'fred@firma.example' });
  portal().setProperties('contacts', own, { shop_id: 'order-7' });
  await polled();
  expect(ownProperties(stage, PORTAL, own)['passalong_referral_status']).toBe('pending');
  const colleague = portal().createContact({ email: 'info@firma.example', lifecyclestage: 'customer' });
  await polled();
  expect(await entries('state=review')).toMatchObject([{ reasonCode: 'match_shared_mailbox', recordId: colleague }]);
  expect(ownProperties(stage, PORTAL, colleague)).toEqual({});
  const alias = portal().createContact({ email: 'info+sales@firma.example' });
  portal().setProperties('contacts', alias, { lifecyclestage: 'customer' });
  await stage.settle();
  await polled();
  expect(ownProperties(stage, PORTAL, alias)).toEqual({});
  expect(await rewards()).toEqual([]);
});
