import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 5_301;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const JOHN = { email: 'john@example.org', firstName: 'John', lastName: 'Smithson' };
const ERASED = 'Everything about this person was erased';
const NAMES = { names: { enabled: true, threshold: 0.85, margin: 0.1 } };

let stage: Stage;
let tenant: Tenant;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  for (const name of ['shop_id', 'friend_phone']) {
    const groupName = 'contactinformation';
    portal().createProperty('contacts', { name, label: name, groupName, type: 'string', fieldType: 'text' });
  }
  tenant = await stage.install(PORTAL);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

function launchWith(matching: object, decisions: object = {}): Promise<Launched> {
  return launch(stage, tenant, {
    name: 'Customer referrals',
    landingUrl: 'https://example.com/welcome',
    capture: { enabled: false },
    rules: [{ object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'approved' }],
    rewardRules: [],
    decisions,
    matching: {
      target: [{ object: 'contact', field: 'shop_id', holds: 'external_id' }],
      additional: [{ object: 'contact', field: 'friend_phone', holds: 'friend_phone' }],
      ...matching,
    },
  });
}

function write(contactId: string, values: Record<string, string>): Promise<void> {
  stage.clock.advance(MINUTE_MS);
  portal().setProperties('contacts', contactId, values);
  return stage.pass(3 * MINUTE_MS);
}

async function ask(email: string, values: Record<string, string>): Promise<{ contactId: string; asked: any }> {
  const contactId = portal().createContact({ email });
  await write(contactId, values);
  const [asked] = await questions();
  expect(asked).toMatchObject({ recordId: contactId });
  return { contactId, asked };
}

async function questions(): Promise<any[]> {
  const { items } = (await tenant.api('GET', '/entries?state=review')).body;
  return items.filter(({ trigger }: any) => trigger.kind === 'match');
}

const answer = (entryId: string, said: 'approve' | 'reject') => tenant.api('POST', `/entries/${entryId}/${said}`, {});
const referralIdOf = (contactId: string) => ownProperties(stage, PORTAL, contactId)['passalong_referral_id'];
const personOf = async (contactId: string) =>
  (
    await stage.rows<{ person_id: string | null }>('select person_id from crm_records where record_id = $1', [
      contactId,
    ])
  )[0]?.person_id ?? null;

async function giveUpWaiting(): Promise<void> {
  stage.clock.advance(2 * DAY_MS);
  await stage.service.timeOutReviews();
  await stage.settle();
}

test('a likeness of names waits for a person for ever: no time-out says yes to it (E16, E27)', async () => {
  const launched = await launchWith(NAMES, { reviewTimeout: { policy: 'approve', afterDays: 1 } });
  await referFriend(tenant, launched, JOHN);
  await stage.settle();
  const { contactId, asked } = await ask('somebody@example.net', { firstname: 'John', lastname: 'Smithson' });
  expect((await tenant.api('GET', `/entries/${asked.id}`)).body.review.dueAt).toBe(null);
  // Also one that was given a date by an earlier version.
  await stage.rows(`update entries set review_due_at = created_at where id = $1`, [asked.id]);
  await giveUpWaiting();
  expect(await questions()).toMatchObject([{ id: asked.id, reasonCode: 'match_by_name' }]);
  await write(contactId, { lifecyclestage: 'customer' });
  expect(await personOf(contactId)).toBe(null);
  expect(referralIdOf(contactId)).toBe(undefined);
});

test('nobody answers about an address: the program may say yes (E27, RR-40)', async () => {
  const launched = await launchWith({ fuzzyMatches: 'review' }, { reviewTimeout: { policy: 'approve', afterDays: 1 } });
  const referralId = await referFriend(tenant, launched, JOHN);
  await stage.settle();
  const { contactId } = await ask(JOHN.email, { firstname: 'John' });
  await giveUpWaiting();
  expect(referralIdOf(contactId)).toBe(referralId);
});

test('nobody answers about a likeness: the program may say no (E16, E27)', async () => {
  const launched = await launchWith(NAMES, { reviewTimeout: { policy: 'deny', afterDays: 1 } });
  await referFriend(tenant, launched, JOHN);
  await stage.settle();
  const { asked } = await ask('else@example.net', { firstname: 'John', lastname: 'Smithson' });
  await giveUpWaiting();
  expect((await tenant.api('GET', `/entries/${asked.id}`)).body).toMatchObject({
    state: 'ignored',
    reasonCode: 'review_timed_out',
  });
});

test('nothing on a record brings back a friend who was erased, nor does a person by mistake (E32)', async () => {
  const launched = await launchWith({});
  const request = { code: launched.code, email: 'otto@example.org', externalId: 'order-9' };
  const { referralId } = (await tenant.api('POST', `/programs/${launched.programId}/referrals`, request)).body;
  await stage.settle();
  const first = portal().createContact({ email: 'otto@example.org' });
  await write(first, { firstname: 'Otto' });
  await stage.rows(`update referrals set details = '{"seen": "Otto"}', answers = '{"repNote": "Otto"}'`);
  const [{ person_id: friend } = { person_id: '' }] = await stage.rows<{ person_id: string }>(
    'select person_id from referrals',
  );
  expect(await personOf(first)).toBe(friend);
  portal().privacyDelete(first);
  await stage.settle();
  expect(await stage.rows('select external_id, details, answers from referrals')).toEqual([
    { external_id: null, details: {}, answers: {} },
  ]);
  const { contactId, asked } = await ask('nina@example.org', { shop_id: 'order-9', passalong_referral_id: referralId });
  expect([asked.reasonCode, await personOf(contactId)]).toEqual(['referral_unknown', null]);
  const retried = await tenant.api('POST', `/entries/${asked.id}/retry`, { edits: { referralId } });
  expect(retried.body).toMatchObject({ state: 'review' });
  expect((await tenant.api('GET', `/entries/${asked.id}`)).body.reason).toBe(ERASED);
  expect(await personOf(contactId)).toBe(null);
});

test('an erased advocate is known by no id either (E32)', async () => {
  const launched = await launchWith({});
  await stage.rows(`update advocates set external_id = 'P-1'`);
  portal().privacyDelete(portal().find('contacts', 'email', 'ada.advocate@example.com')[0]?.id ?? '');
  await stage.settle();
  expect(await stage.rows('select external_id, closed_at is not null as closed from advocates')).toEqual([
    { external_id: null, closed: true },
  ]);
  expect(launched.code).not.toBe('');
});

test('a yes about somebody who was erased meanwhile, or a contact that is another’s by now, links nobody (E32, E34)', async () => {
  const launched = await launchWith(NAMES);
  await referFriend(tenant, launched, JOHN);
  await referFriend(tenant, launched, { email: 'mary@example.org', firstName: 'Mary', lastName: 'Lambert' });
  await stage.settle();
  const one = await ask('one@example.net', { firstname: 'John', lastname: 'Smithson' });
  await stage.rows('update people set erased_at = now() where email = $1', [JOHN.email]);
  expect((await answer(one.asked.id, 'approve')).body.error).toMatchObject({
    code: 'entry_not_answerable',
    message: expect.stringContaining(ERASED),
  });
  expect(await personOf(one.contactId)).toBe(null);
  await answer(one.asked.id, 'reject');
  const two = await ask('two@example.net', { firstname: 'Mary', lastname: 'Lambert' });
  await stage.rows(
    `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
     select $1, 'contact', $2, workspace_id, person_id, now() from advocates limit 1`,
    [tenant.connectionId, two.contactId],
  );
  const advocate = await personOf(two.contactId);
  expect((await answer(two.asked.id, 'approve')).body.error).toMatchObject({
    code: 'entry_not_answerable',
    message: expect.stringContaining('This contact stands for somebody else by now'),
  });
  expect(await personOf(two.contactId)).toBe(advocate);
});

test('a request that is refused writes nothing onto the friend of another advocate (E11)', async () => {
  const launched = await launchWith({});
  const path = `/programs/${launched.programId}`;
  const bea = (await tenant.api('POST', `${path}/advocates`, { email: 'bea@example.org' })).body;
  const kim = { email: 'kim@example.org', firstName: 'Mallory', lastName: 'Evil', phone: '+49 170 9999999' };
  expect((await tenant.api('POST', `${path}/referrals`, { code: bea.code, email: kim.email })).status).toBe(201);
  const refused = await tenant.api('POST', `${path}/referrals`, { code: launched.code, ...kim });
  expect([refused.status, refused.body.error.code]).toEqual([409, 'already_referred']);
  const known = () => stage.rows('select first_name, last_name, phone from people where email = $1', [kim.email]);
  expect(await known()).toEqual([{ first_name: null, last_name: null, phone: null }]);
  const own = { code: bea.code, email: kim.email, firstName: 'Kim', phone: '+49 170 1111111' };
  expect((await tenant.api('POST', `${path}/referrals`, own)).status).toBe(200);
  expect(await known()).toEqual([{ first_name: 'Kim', last_name: null, phone: '+49 170 1111111' }]);
});

test('a no about a likeness is for good, however the name is written; an id on the record asks again (E16, RR-39)', async () => {
  const launched = await launchWith({ ...NAMES, directMatches: 'review', fuzzyMatches: 'review' });
  const request = { code: launched.code, ...JOHN, externalId: 'order-1' };
  await tenant.api('POST', `/programs/${launched.programId}/referrals`, request);
  await stage.settle();
  const { contactId, asked } = await ask('other@example.net', { firstname: 'John', lastname: 'Smithson' });
  const [{ id: friend } = { id: '' }] = await stage.rows<{ id: string }>('select id from people where email = $1', [
    JOHN.email,
  ]);
  expect((await tenant.api('GET', `/entries/${asked.id}`)).body.review.key).toBe(`match:${friend}`);
  await answer(asked.id, 'reject');
  await write(contactId, { firstname: 'Jon' });
  expect(await questions()).toEqual([]);
  await write(contactId, { shop_id: 'order-1' });
  const [byId] = await questions();
  expect(byId).toMatchObject({ reasonCode: 'match_by_id', recordId: contactId });
  await answer(byId.id, 'reject');
  await write(contactId, { shop_id: '', email: JOHN.email });
  await write(contactId, { shop_id: 'order-1' });
  expect(await questions()).toEqual([]);
});

test('a no about several people is about those: others are asked about (E16)', async () => {
  const launched = await launchWith(NAMES);
  for (const [firstName, lastName] of [
    ['Maria', 'Lopez'],
    ['Peter', 'Jansen'],
  ] as const) {
    for (const n of [1, 2])
      await referFriend(tenant, launched, { email: `${firstName}.${String(n)}@example.org`, firstName, lastName });
  }
  await stage.settle();
  const { contactId, asked } = await ask('zoe@example.net', { firstname: 'Maria', lastname: 'Lopez' });
  expect(asked.reasonCode).toBe('match_several_names');
  await answer(asked.id, 'reject');
  await write(contactId, { firstname: 'Mariah' });
  expect(await questions()).toEqual([]);
  await write(contactId, { firstname: 'Peter', lastname: 'Jansen' });
  expect(await questions()).toMatchObject([{ reasonCode: 'match_several_names', recordId: contactId }]);
});

test('a number that fits without its area code is asked about, one with it is taken at its word (RR-26, E16)', async () => {
  const launched = await launchWith({});
  const referralId = await referFriend(tenant, launched, { ...JOHN, phone: '+49 89 12345678' });
  await stage.settle();
  const { contactId, asked } = await ask('maybe@example.net', { friend_phone: '12345678' });
  expect(asked.reasonCode).toBe('match_by_phone');
  expect(await personOf(contactId)).toBe(null);
  await write(contactId, { friend_phone: '089 12345678' });
  expect([referralIdOf(contactId), await questions()]).toEqual([referralId, []]);
});

test('who is erased goes out of what others’ records said and out of earlier corrections (E32)', async () => {
  const launched = await launchWith({
    target: [{ object: 'contact', field: 'shop_id', holds: 'friend_email' }],
    fuzzyMatches: 'review',
  });
  await referFriend(tenant, launched, { email: 'gone@example.org', phone: '+49 170 5550001' });
  await stage.settle();
  const friend = portal().createContact({ email: 'gone@example.org' });
  await write(friend, { firstname: 'Gone' });
  await answer((await questions())[0].id, 'approve');
  await stage.settle();
  const { asked: byField } = await ask('other@example.net', { shop_id: 'gone@example.org' });
  await answer(byField.id, 'reject');
  const { asked: byPhone } = await ask('third@example.net', { friend_phone: '+491705550001' });
  const failed = await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: 'zzzzzzzzzzz',
    email: 'first@example.org',
  });
  const failedId = failed.body.error.entryId ?? failed.body.error.details?.entryId;
  for (const email of ['gone@example.org', 'first@example.org'])
    await tenant.api('POST', `/entries/${failedId}/retry`, { edits: { email } });
  portal().privacyDelete(friend);
  await stage.settle();
  const left = await stage.rows<{ id: string; input: unknown }>(
    `select id, input from entries where lower(entries::text) like '%gone@example.org%' or entries::text like '%5550001%'`,
  );
  expect(left).toEqual([]);
  expect((await tenant.api('GET', `/entries/${failedId}`)).body.input).toMatchObject({ email: 'first@example.org' });
  expect((await tenant.api('GET', `/entries/${byPhone.id}`)).body.trace).toBe(null);
});

test('who is erased goes out of everything a riddle said, also beyond what it asks about first (E32)', async () => {
  const launched = await launchWith({ target: [{ object: 'contact', field: 'shop_id', holds: 'friend_email' }] });
  const said = { friend_phone: '+49 30 7654321', shop_id: 'late@example.org' };
  const { asked } = await ask('riddle@example.net', said);
  expect((await tenant.api('GET', `/entries/${asked.id}`)).body.trace.match).toMatchObject({
    value: said.friend_phone,
    claims: [{ value: said.friend_phone }, { value: said.shop_id }],
  });
  await ask('number@example.net', { friend_phone: '+49 30 7654322' });
  await referFriend(tenant, launched, { email: said.shop_id, phone: '030 7654322' });
  await stage.settle();
  const friend = portal().createContact({ email: said.shop_id });
  await write(friend, { firstname: 'Late' });
  expect(referralIdOf(friend)).toMatch(/^ref_/);
  portal().privacyDelete(friend);
  await stage.settle();
  expect(
    await stage.rows(
      `select id from entries where lower(entries::text) like '%late@example.org%' or entries::text like '%7654322%'`,
    ),
  ).toEqual([]);
});
