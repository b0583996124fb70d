import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReview } from '../../backend/src/cards/review-requests-store.ts';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type ApiAnswer, type Stage, type Tenant } from './stage.ts';

const PORTAL = 5_301;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let stage: Stage;
let tenant: Tenant;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  for (const name of ['shop_id', 'referred_by_code', 'named_by']) {
    const groupName = 'contactinformation';
    portal().createProperty('contacts', { name, label: name, groupName, type: 'string', fieldType: 'text' });
  }
  tenant = await stage.install(PORTAL);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

function programWith(decisions: object, more: object = {}) {
  return {
    name: 'Customer referrals',
    landingUrl: 'https://example.com/welcome',
    capture: { enabled: false },
    rules: [{ object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'approved' }],
    rewardRules: [],
    decisions,
    matching: {
      target: [{ object: 'contact', field: 'shop_id', holds: 'external_id' }],
      member: [
        { object: 'contact', field: 'referred_by_code', holds: 'advocate_code' },
        { object: 'contact', field: 'named_by', holds: 'advocate_code' },
      ],
      names: { enabled: true, threshold: 0.9, margin: 0.1 },
      directMatches: 'review',
    },
    ...more,
  };
}

const launchWith = (decisions: object = {}, more: object = {}): Promise<Launched> =>
  launch(stage, tenant, programWith(decisions, more));

/** A contact that says this, read as of a minute later. */
async function contactSaying(values: Record<string, string>): Promise<string> {
  const { email = 'somebody@example.net', ...said } = values;
  const contactId = portal().createContact({ email });
  stage.clock.advance(MINUTE_MS);
  portal().setProperties('contacts', contactId, said);
  await stage.pass(3 * MINUTE_MS);
  return contactId;
}

/** The one entry that asks about this contact. */
async function askedAbout(contactId: string): Promise<any> {
  const { items } = (await tenant.api('GET', `/entries?reviewOpen=true&objectType=contact&recordId=${contactId}`)).body;
  expect(items).toHaveLength(1);
  return items[0];
}

const entry = async (id: string): Promise<any> => (await tenant.api('GET', `/entries/${id}`)).body;
const post = (id: string, verb: string, body: object = {}): Promise<ApiAnswer> =>
  tenant.api('POST', `/entries/${id}/${verb}`, body);
const retry = (id: string, edits: object = {}): Promise<ApiAnswer> => post(id, 'retry', { edits });
const referralIdOf = (contactId: string) => ownProperties(stage, PORTAL, contactId)['passalong_referral_id'];
const auditOf = (id: string) => stage.rows('select action, detail from audit_log where subject = $1 order by id', [id]);

test.each([
  ['the names of two friends', { firstname: 'Maria', lastname: 'Lopez' }, 'match_several_names', /several friends/],
  ['two advocates', {}, 'advocate_ambiguous', /several advocates/],
])('a contact that says %s takes no yes; a slip leaves it open, and a no is taken (RR-30, RR-41)', async (...given) => {
  const [, said, reasonCode, question] = given;
  const launched = await launchWith();
  for (const local of ['one', 'two']) {
    await referFriend(tenant, launched, { email: `${local}@example.org`, firstName: 'Maria', lastName: 'Lopez' });
  }
  const bob = await tenant.api('POST', `/programs/${launched.programId}/advocates`, { email: 'bob@example.com' });
  await stage.settle();
  const named = { referred_by_code: launched.code, named_by: bob.body.code as string };
  const contactId = await contactSaying(reasonCode === 'advocate_ambiguous' ? named : said);
  const asked = await askedAbout(contactId);
  expect(asked).toMatchObject({ reasonCode, approvable: false, retryable: true });
  expect((await entry(asked.id)).review.question).toMatch(question);
  expect((await post(asked.id, 'approve')).body.error).toMatchObject({
    code: 'entry_not_answerable',
    remedy: expect.stringMatching(/retry/),
  });
  for (const edits of [
    { referralId: 'ref_typo' },
    { code: 'zzzzzzzzzzz' },
    { code: launched.code, email: 'no mail' },
  ]) {
    expect((await retry(asked.id, edits)).body.state).toBe('review');
  }
  const still = await entry(asked.id);
  expect(still).toMatchObject({ state: 'review', reasonCode, retryable: true, review: { open: true }, attempts: 4 });
  expect(still.reason).toBe('The email address is not valid');
  expect(still.input.email).toBe('somebody@example.net');
  expect((await post(asked.id, 'reject')).body).toMatchObject({ state: 'ignored', reasonCode: 'review_rejected' });
  expect((await auditOf(asked.id)).map(({ action }) => action)).toEqual([
    ...['entry.retried', 'entry.retried', 'entry.retried'],
    'entry.rejected',
  ]);
});

test('an address that makes the advocate their own friend leaves the question open (RR-30)', async () => {
  const launched = await launchWith();
  const asked = await askedAbout(await contactSaying({ referred_by_code: 'zzzzzzzzzzz' }));
  const slip = await retry(asked.id, { code: launched.code, email: 'ada.advocate@example.com' });
  expect(slip.body.state).toBe('review');
  expect((await entry(asked.id)).reason).toBe('Advocates cannot refer themselves');
  expect((await retry(asked.id, { code: launched.code })).body.state).toBe('processed');
});

test('a yes that cannot be done is refused with the reason, and the question can still be refused', async () => {
  await launchWith();
  const asked = await askedAbout(await contactSaying({ referred_by_code: 'zzzzzzzzzzz' }));
  const { error } = (await post(asked.id, 'approve')).body;
  expect(error).toMatchObject({ code: 'entry_not_answerable', message: expect.stringMatching(/has that code/) });
  expect(await entry(asked.id)).toMatchObject({ state: 'review', edits: [] });
  expect((await post(asked.id, 'reject')).body.state).toBe('ignored');
});

test('what a record says and nobody could make use of is put aside by a no', async () => {
  await launchWith();
  const asked = await askedAbout(await contactSaying({ referred_by_code: 'zzzzzzzzzzz' }));
  await stage.rows(`update entries set state = 'failed' where id = $1`, [asked.id]);
  expect((await post(asked.id, 'approve')).body.error.code).toBe('entry_not_answerable');
  expect((await post(asked.id, 'reject')).body).toMatchObject({ state: 'ignored', reasonCode: 'review_rejected' });
});

test('running a held match again is the yes to it, with its answer and its line in the audit log (RR-30)', async () => {
  const launched = await launchWith();
  const request = { code: launched.code, email: 'otto@example.org', externalId: 'order-9' };
  const { referralId } = (await tenant.api('POST', `/programs/${launched.programId}/referrals`, request)).body;
  await stage.settle();
  const contactId = await contactSaying({ shop_id: 'order-9' });
  const asked = await askedAbout(contactId);
  expect((await retry(asked.id)).body.state).toBe('processed');
  await stage.settle();
  expect(referralIdOf(contactId)).toBe(referralId);
  expect((await entry(asked.id)).edits).toMatchObject([{ answer: 'approve', state: 'processed' }]);
  expect(await auditOf(asked.id)).toMatchObject([{ action: 'entry.approved' }]);
});

test('a match that time said yes to does not claim that a person did (E27)', async () => {
  const launched = await launchWith({ reviewTimeout: { policy: 'approve', afterDays: 2 } });
  const request = { code: launched.code, email: 'otto@example.org', externalId: 'order-9' };
  await tenant.api('POST', `/programs/${launched.programId}/referrals`, request);
  await stage.settle();
  const contactId = await contactSaying({ shop_id: 'order-9' });
  const asked = await askedAbout(contactId);
  stage.clock.advance(2 * DAY_MS);
  expect(await stage.service.timeOutReviews()).toBe(1);
  const late = await entry(asked.id);
  expect(late).toMatchObject({ state: 'processed', reasonCode: 'review_timed_out', reason: asked.reason });
  await stage.settle();
  expect(referralIdOf(contactId)).toMatch(/^ref_/);
});

test('what is asked about somebody who is erased is asked no longer', async () => {
  const before = { alreadyMet: 'review' };
  const launched = await launchWith(before, { capture: { enabled: true } });
  const contactId = portal().createContact({ email: 'known@example.org', lifecyclestage: 'customer' });
  stage.clock.advance(DAY_MS);
  const referralId = await referFriend(tenant, launched, { email: 'known@example.org' });
  await stage.settle();
  const riddle = await contactSaying({ email: 'stranger@example.net', referred_by_code: 'zzzzzzzzzzz' });
  const open = async (): Promise<string[]> =>
    (await tenant.api('GET', '/entries?reviewOpen=true')).body.items.map(({ id }: { id: string }) => id);
  const [aboutRecord, aboutFriend, ...more] = await open();
  expect(more).toEqual([]);
  for (const id of [contactId, riddle]) portal().privacyDelete(id);
  await stage.settle();
  await stage.pass(MINUTE_MS);
  expect(await open()).toEqual([]);
  expect(await entry(aboutFriend!)).toMatchObject({ state: 'ignored', reasonCode: 'erased', referralId });
  expect(await entry(aboutRecord!)).toMatchObject({ state: 'ignored', reasonCode: 'erased', recordId: riddle });
  expect((await post(aboutFriend!, 'approve')).body.error.code).toBe('entry_not_answerable');
});

/** A rep asks about the referral in the card. */
function askForReview(launched: Launched, referralId: string): Promise<{ readonly entryId: string }> {
  const { workspaceId, connectionId } = tenant;
  const by = { actor: 'hubspot_user:1', userEmail: 'rep@example.com', note: null, now: new Date(stage.clock.now()) };
  const about = { workspaceId, connectionId, referralId, programId: launched.programId };
  return stage.service.database.inWorkspace(workspaceId, (tx) => openReview(tx, { ...about, ...by }));
}

test('a rep’s request is told and settled by the settings of the version that decides the referral (RR-43, E27)', async () => {
  const decisions = { notifyReview: true, reviewTimeout: { policy: 'deny', afterDays: 3 } };
  const launched = await launchWith(decisions);
  const referralId = await referFriend(tenant, launched, { email: 'finn@example.org' });
  await stage.settle();
  await tenant.api('PUT', `/programs/${launched.programId}`, programWith({}));
  await tenant.api('POST', `/programs/${launched.programId}/publish`);
  const { entryId } = await askForReview(launched, referralId);
  const dueAt = new Date(stage.clock.now() + 3 * DAY_MS).toISOString();
  expect(await entry(entryId)).toMatchObject({ notify: true, reviewDueAt: dueAt });
  stage.clock.advance(3 * DAY_MS);
  expect(await stage.service.timeOutReviews()).toBe(1);
  expect(await entry(entryId)).toMatchObject({ state: 'ignored', reasonCode: 'review_timed_out' });
});

test.each([
  ['deny', 'deny', 'ignored'],
  ['deny', 'stay', 'review'],
  ['approve', 'approve', 'review'],
])('an event that fits referrals of two programs, of which time says %s and %s, is then %s (E27)', async (...given) => {
  const [first, second, state] = given;
  const one = await launchWith({ reviewTimeout: { policy: first, afterDays: 2 } });
  const decisions = { notifyReview: true, reviewTimeout: { policy: second, afterDays: 4 } };
  const saved = await tenant.api('POST', '/programs', programWith(decisions, { name: 'Another', matching: {} }));
  await tenant.api('POST', `/programs/${saved.body.id}/publish`);
  const bob = await tenant.api('POST', `/programs/${saved.body.id}/advocates`, { email: 'bob@example.com' });
  for (const [programId, code] of [
    [one.programId, one.code],
    [saved.body.id, bob.body.code],
  ]) {
    await tenant.api('POST', `/programs/${programId}/referrals`, { code, email: 'both@example.org' });
  }
  const event = { id: 'evt_1', type: 'order_placed', occurredAt: new Date(stage.clock.now()).toISOString() };
  const { body } = await tenant.api('POST', '/events', { ...event, referral: { email: 'both@example.org' } });
  const asked = await entry(body.entryId);
  expect(asked).toMatchObject({ state: 'review', notify: true, approvable: false });
  stage.clock.advance(3 * DAY_MS);
  await stage.service.timeOutReviews();
  expect((await entry(body.entryId)).state).toBe('review');
  stage.clock.advance(DAY_MS);
  await stage.service.timeOutReviews();
  expect((await entry(body.entryId)).state).toBe(state);
});
