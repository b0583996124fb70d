import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReview } from '../../backend/src/cards/review-requests-store.ts';
import { CUSTOMER_RULES, openSite, type Site } from './capture.ts';
import { openStage, type ApiAnswer, type Stage } from './stage.ts';

const DAY_MS = 86_400_000;

let stage: Stage;
/** People the CRM knows wait for a person. */
let site: Site;
let nextFriend = 0;

beforeAll(async () => {
  stage = await openStage();
  const capture = { duplicates: { policy: 'review' } } as const;
  site = await openSite(stage, 3401, capture, {
    ...CUSTOMER_RULES,
    decisions: { alreadyMet: 'qualify', reviewTimeout: { policy: 'deny', afterDays: 2 } },
  });
});
afterAll(() => stage.close());

const answer = (entryId: string, said: 'approve' | 'reject', body?: object): Promise<ApiAnswer> =>
  site.tenant.api('POST', `/entries/${entryId}/${said}`, body);

/** A customer whom the sales team knew, referred since, with the entry that asks about them. */
async function known(): Promise<{ referralId: string; entryId: string; email: string }> {
  const email = `known.${(nextFriend += 1)}@example.org`;
  site.portal.createContact({ email, lifecyclestage: 'customer' });
  stage.clock.advance(DAY_MS);
  const referralId = await site.refer(email);
  await stage.settle();
  const [entry] = await site.entries(referralId);
  expect(entry).toMatchObject({ state: 'review', reasonCode: 'existing_contact', approvable: true, retryable: true });
  return { referralId, entryId: entry.id, email };
}

test('a friend the CRM knew goes on once approved, is decided and paid once (RR-13, C7)', async () => {
  const { referralId, entryId } = await known();
  const { body } = await answer(entryId, 'approve', { note: 'Not seen for years' });
  expect(body).toMatchObject({
    state: 'processed',
    reasonCode: 'review_approved',
    review: {
      key: 'existing_contact',
      question: 'The friend was in the CRM before they were referred. Does the referral count all the same?',
      answers: [{ answer: 'approve', note: 'Not seen for years' }],
    },
  });
  await stage.settle();
  expect(await site.referral(referralId)).toMatchObject({ status: 'approved', rewards: [{ amount: '10.00' }] });
  expect((await answer(entryId, 'approve')).status).toBe(200);
  expect((await answer(entryId, 'reject')).body.error.code).toBe('entry_already_answered');
});

test('rejected, the referral is denied by that person, who can take it back (C7, E28)', async () => {
  const { referralId, entryId, email } = await known();
  await answer(entryId, 'reject', { note: 'A customer for years' });
  const denied = await site.referral(referralId);
  expect(denied).toMatchObject({ status: 'denied', rewards: [] });
  expect(denied.history.at(-1)).toMatchObject({
    to: 'denied',
    cause: 'denied_by_person',
    actor: expect.stringMatching(/^api_key:/),
    entryId,
  });
  await stage.settle();
  expect(site.contact(email).properties['passalong_referral_status']).toBe('denied');
  const reopened = await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'pending' });
  expect(reopened.body).toMatchObject({ status: 'approved', rewards: [{ amount: '10.00' }] });
});

test('nobody answers: the referral is denied by the program’s setting, and says so (E27)', async () => {
  const { referralId, entryId } = await known();
  stage.clock.advance(2 * DAY_MS);
  await stage.service.timeOutReviews();
  expect((await site.tenant.api('GET', `/entries/${entryId}`)).body).toMatchObject({
    state: 'ignored',
    reasonCode: 'review_timed_out',
  });
  const { status, history } = await site.referral(referralId);
  expect(status).toBe('denied');
  expect(history.map(({ cause }: { cause: string }) => cause)).toEqual([
    'referred',
    'review_timed_out',
    'existing_contact',
  ]);
});

test('several open deals are looked for again by a yes, and left alone by a no (C9)', async () => {
  const deal = { pipelineId: 'default', stageId: 'appointmentscheduled', policy: 'attach' } as const;
  const attaching = await openSite(stage, 3402, { deal });
  const { portal, tenant } = attaching;
  const contactId = portal.createContact({ email: 'several@example.org' });
  const deals = ['One', 'Two'].map((dealname) =>
    portal.createDeal({ dealname, pipeline: 'default', dealstage: 'qualifiedtobuy' }, [contactId]),
  );
  stage.clock.advance(DAY_MS);
  const referralId = await attaching.refer('several@example.org');
  await stage.settle();
  const [first] = await attaching.entries(referralId);
  expect(first).toMatchObject({ reasonCode: 'several_open_deals', approvable: true });
  expect((await tenant.api('POST', `/entries/${first.id}/approve`)).body.reasonCode).toBe('review_approved');
  await stage.settle();
  const [second] = await attaching.entries(referralId);
  expect([second.state, second.reasonCode, second.id === first.id]).toEqual(['review', 'several_open_deals', false]);
  const rejected = await tenant.api('POST', `/entries/${second.id}/reject`);
  expect(rejected.body).toMatchObject({ state: 'ignored', reasonCode: 'review_rejected' });
  await stage.settle();
  expect((await attaching.referral(referralId)).status).toBe('pending');
  const ids = deals.map((id) => portal.get('deals', id)?.properties['passalong_referral_id'] ?? null);
  expect(ids).toEqual([null, null]);
});

test('an event that fits two referrals takes no yes, belongs to nobody by a no, and is over once they are erased (RR-31)', async () => {
  const email = `both.${(nextFriend += 1)}@example.org`;
  const other = await site.program({ ...CUSTOMER_RULES, name: 'Another program' });
  await site.refer(email);
  await site.refer(email, { programId: other.programId, code: other.code });
  const send = async (id: string): Promise<string> => {
    const event = { id, type: 'order_placed', occurredAt: new Date(stage.clock.now()).toISOString() };
    const { body } = await site.tenant.api('POST', '/events', { ...event, referral: { email } });
    expect(body.state).toBe('review');
    return body.entryId as string;
  };
  const [kept, dropped] = [await send('evt_1'), await send('evt_2')];
  expect((await site.tenant.api('GET', `/entries/${kept}`)).body).toMatchObject({ approvable: false, retryable: true });
  const still = await answer(kept, 'approve');
  expect([still.status, still.body.error.code]).toEqual([409, 'entry_not_answerable']);
  expect((await site.tenant.api('GET', `/entries/${kept}`)).body).toMatchObject({ state: 'review', edits: [] });
  expect((await answer(dropped, 'reject')).body).toMatchObject({ state: 'ignored', referralId: null });
  await stage.settle();
  site.portal.privacyDelete(site.contact(email).id);
  await stage.settle();
  const erased = (await site.tenant.api('GET', `/entries/${kept}`)).body;
  expect(erased).toMatchObject({ state: 'ignored', reasonCode: 'erased', input: null, retryable: false });
});

async function askForReview(referralId: string): Promise<string> {
  const { workspaceId, connectionId } = site.tenant;
  const { programId } = site.launched;
  const about = {
    workspaceId,
    connectionId,
    referralId,
    programId,
    note: 'Won last week',
    now: new Date(stage.clock.now()),
  };
  const { entryId } = await stage.service.database.inWorkspace(workspaceId, (tx) =>
    openReview(tx, { ...about, actor: 'hubspot_user:1', userEmail: 'rep@example.com' }),
  );
  return entryId;
}

test('a rep’s request for a review is closed with what was said about it', async () => {
  const referralId = await site.refer(`asked.${(nextFriend += 1)}@example.org`);
  await stage.settle();
  const first = await askForReview(referralId);
  expect((await answer(first, 'reject', { note: 'Nothing to mend' })).body).toMatchObject({
    state: 'ignored',
    review: { answers: [{ answer: 'reject', note: 'Nothing to mend' }] },
  });
  const second = await askForReview(referralId);
  const before = stage.hubspot.control.log.calls({ portalId: 3401 }).length;
  expect((await answer(second, 'approve')).body).toMatchObject({ state: 'processed' });
  await stage.settle();
  expect(stage.hubspot.control.log.calls({ portalId: 3401 }).length).toBeGreaterThan(before);
});

test.each(['friend', 'advocate'] as const)(
  'what was said about a %s goes with them when they are erased (E32)',
  async (side) => {
    const { referralId, email } = await known().then(async (one) => {
      await answer(one.entryId, 'approve', { note: `The ${side}illness` });
      return one;
    });
    await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'denied', note: `The ${side}illness` });
    const saying = (): Promise<{ note: string }[]> =>
      stage.rows(`select edits::text as note from entries where edits::text like $1`, [`%${side}illness%`]);
    expect(await saying()).toHaveLength(2);
    site.portal.privacyDelete(side === 'friend' ? site.contact(email).id : site.launched.advocateContactId);
    await stage.settle();
    expect(await saying()).toEqual([]);
  },
);
