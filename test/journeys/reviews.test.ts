import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideNow } from '../../backend/src/ingest/decide-now.ts';
import { triggerOf } from '../../backend/src/ingest/settle-referral.ts';
import { settleEffects } from '../../backend/src/sync/settle-effects.ts';
import { DECISION_DEFAULTS, type DecisionSettings } from '../../shared/decision-settings.ts';
import { CUSTOMER_RULES } from './capture.ts';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type ApiAnswer, type Stage, type Tenant } from './stage.ts';

let stage: Stage;
let nextPortal = 3100;

type Site = { readonly tenant: Tenant; readonly launched: Launched };
type Portal = ReturnType<Stage['hubspot']['control']['portal']>;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A portal of its own with one program, whose decisions are settled as asked. */
async function openSite(decisions: Partial<DecisionSettings> = {}, program: object = CUSTOMER_RULES): Promise<Site> {
  const portalId = (nextPortal += 1);
  stage.hubspot.control.createPortal({ portalId, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
  const tenant = await stage.install(portalId);
  const settings = { decisions: { ...DECISION_DEFAULTS, ...decisions } };
  const launched = await launch(stage, tenant, { ...DEAL_PROGRAM, ...program, ...settings });
  return { tenant, launched };
}

const portalOf = ({ tenant }: Site): Portal => stage.hubspot.control.portal(tenant.portalId);

/** The one entry of the workspace that waits for a person, with its details. */
async function openQuestion({ tenant }: Site, filter = ''): Promise<any> {
  const { items } = (await tenant.api('GET', `/entries?reviewOpen=true${filter}`)).body;
  expect(items).toHaveLength(1);
  return (await tenant.api('GET', `/entries/${items[0].id}`)).body;
}

function answer({ tenant }: Site, entryId: string, said: 'approve' | 'reject', body?: object): Promise<ApiAnswer> {
  return tenant.api('POST', `/entries/${entryId}/${said}`, body);
}

async function referral({ tenant }: Site, referralId: string): Promise<any> {
  return (await tenant.api('GET', `/referrals/${referralId}`)).body;
}

/** Later than the referral: what the CRM says of the same moment counts as there before. */
async function change(site: Site, contactId: string, lifecyclestage: string): Promise<void> {
  stage.clock.advance(60_000);
  portalOf(site).setProperties('contacts', contactId, { lifecyclestage });
  await stage.settle();
}

/** A friend who was a customer before anybody referred them. */
async function referCustomer(site: Site, email: string): Promise<{ referralId: string; contactId: string }> {
  const contactId = portalOf(site).createContact({ email, lifecyclestage: 'customer' });
  stage.clock.advance(86_400_000);
  const referralId = await referFriend(site.tenant, site.launched, { email });
  await stage.settle();
  return { referralId, contactId };
}

test('a friend who was a customer before waits for a person; approved, there is one reward and the CRM says so (E12, RR-41)', async () => {
  const site = await openSite();
  const { referralId, contactId } = await referCustomer(site, 'before@example.org');
  expect(await referral(site, referralId)).toMatchObject({ status: 'pending', rewards: [] });
  const question = await openQuestion(site);
  expect(question).toMatchObject({
    reasonCode: 'already_there',
    approvable: true,
    retryable: false,
    review: { open: true, answers: [], question: expect.stringMatching(/before the referral/) },
    values: expect.arrayContaining([
      expect.objectContaining({ recordId: contactId, values: expect.objectContaining({ lifecyclestage: 'customer' }) }),
    ]),
  });
  const approved = await answer(site, question.id, 'approve', { note: 'A new contract, really' });
  expect(approved.body).toMatchObject({ state: 'processed', reasonCode: 'review_approved', approvable: false });
  expect(await referral(site, referralId)).toMatchObject({
    status: 'approved',
    rewards: [{ amount: '10.00', currency: 'EUR' }],
  });
  await stage.settle();
  expect(ownProperties(stage, site.tenant.portalId, contactId)['passalong_referral_status']).toBe('approved');
  expect(ownProperties(stage, site.tenant.portalId, site.launched.advocateContactId)['passalong_approved_count']).toBe(
    '1',
  );
});

test('rejected, the same is never asked again, whatever the CRM repeats (E12, E28)', async () => {
  const site = await openSite();
  const { referralId, contactId } = await referCustomer(site, 'never@example.org');
  const question = await openQuestion(site);
  expect((await answer(site, question.id, 'reject')).body).toMatchObject({
    state: 'ignored',
    reasonCode: 'review_rejected',
  });
  const audited = await stage.rows('select actor, action, detail from audit_log where subject = $1', [question.id]);
  expect(audited).toEqual([
    {
      actor: expect.stringMatching(/^api_key:/),
      action: 'entry.rejected',
      detail: { answer: 'reject', referralId, reviewKey: question.review.key },
    },
  ]);
  portalOf(site).setProperties('contacts', contactId, { firstname: 'Nev' });
  await stage.settle();
  await change(site, contactId, 'customer');
  expect(await referral(site, referralId)).toMatchObject({ status: 'pending', rewards: [] });
  expect((await site.tenant.api('GET', '/entries?reviewOpen=true')).body.items).toEqual([]);
});

test('two friends on one deal are asked about one by one, and only the approved one is paid for (E3, RR-41)', async () => {
  const site = await openSite({ severalContacts: 'review' }, DEAL_PROGRAM);
  const first = await referFriend(site.tenant, site.launched, { email: 'one@example.org' });
  const second = await referFriend(site.tenant, site.launched, { email: 'two@example.org' });
  await stage.settle();
  const contacts = ['one@example.org', 'two@example.org'].map(
    (email) => portalOf(site).find('contacts', 'email', email)[0]!.id,
  );
  portalOf(site).createDeal(
    { dealname: 'Shared', pipeline: 'default', dealstage: 'closedwon', amount: '500' },
    contacts,
  );
  await stage.settle();
  const ofFirst = await openQuestion(site, `&referralId=${first}`);
  const ofSecond = await openQuestion(site, `&referralId=${second}`);
  expect([ofFirst.reasonCode, ofSecond.reasonCode]).toEqual(['several_referred_contacts', 'several_referred_contacts']);
  expect((await answer(site, ofFirst.id, 'reject')).status).toBe(200);
  expect((await answer(site, ofSecond.id, 'approve')).status).toBe(200);
  expect((await referral(site, first)).rewards).toEqual([]);
  expect(await referral(site, second)).toMatchObject({ status: 'approved', rewards: [{ amount: '50.00' }] });
});

test.each([
  [{ reviewDenied: true, overrideDenied: true }, 'review', 'denied'],
  [{ reviewDenied: true, overrideDenied: false }, 'review', 'denied'],
  [{ reviewDenied: false, overrideDenied: true }, 'processed', 'approved'],
  [{ reviewDenied: false, overrideDenied: false }, 'ignored', 'denied'],
] as const)('a denied referral meets a rule where %o: its entry is %s (E7, RR-42)', async (settings, state, status) => {
  const site = await openSite(settings);
  const referralId = await referFriend(site.tenant, site.launched, { email: 'denied@example.org' });
  await stage.settle();
  const denied = await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'denied', note: 'A test' });
  expect(denied.body).toMatchObject({ status: 'denied', rewards: [] });
  const contact = portalOf(site).find('contacts', 'email', 'denied@example.org')[0]!;
  await change(site, contact.id, 'customer');
  const after = await referral(site, referralId);
  expect([after.lastEntry.state, after.status]).toEqual([state, status]);
  if (state !== 'review') return;
  const question = await openQuestion(site);
  await answer(site, question.id, 'approve');
  expect(await referral(site, referralId)).toMatchObject({ status: 'approved', rewards: [{ amount: '10.00' }] });
});

test('what a person denied stays denied and is not asked about again, and reopened it is the rules’ again (E28)', async () => {
  const site = await openSite();
  const referralId = await referFriend(site.tenant, site.launched, { email: 'settled@example.org' });
  await stage.settle();
  const contact = portalOf(site).find('contacts', 'email', 'settled@example.org')[0]!;
  await change(site, contact.id, 'customer');
  expect(await referral(site, referralId)).toMatchObject({ status: 'approved', rewards: [{ state: 'approved' }] });
  const decide = (body: object): Promise<ApiAnswer> => site.tenant.api('POST', `/referrals/${referralId}/decide`, body);
  expect((await decide({ status: 'denied', note: 'Their own cousin' })).body).toMatchObject({
    status: 'denied',
    rewards: [{ state: 'voided' }],
  });
  await change(site, contact.id, 'evangelist');
  await change(site, contact.id, 'customer');
  expect((await referral(site, referralId)).status).toBe('denied');
  expect((await site.tenant.api('GET', '/entries?reviewOpen=true')).body.items).toEqual([]);
  const reopened = await decide({ status: 'pending', note: null });
  expect(reopened.body).toMatchObject({ status: 'approved', rewards: [{ state: 'approved', amount: '10.00' }] });
  const causes = reopened.body.history.map(({ cause }: { cause: string }) => cause);
  expect(causes).toEqual(['referred', 'rule_met', 'denied_by_person', 'reopened_by_person', 'rule_met']);
});

test('a second deal that was won before the denial is not asked about when the first one is lost, a third one is (E7, E28)', async () => {
  const site = await openSite({}, DEAL_PROGRAM);
  const referralId = await referFriend(site.tenant, site.launched, { email: 'twice@example.org' });
  await stage.settle();
  const friend = portalOf(site).find('contacts', 'email', 'twice@example.org')[0]!;
  const win = async (dealname: string): Promise<string> => {
    stage.clock.advance(60_000);
    const won = { dealname, pipeline: 'default', dealstage: 'closedwon', amount: '100' };
    const dealId = portalOf(site).createDeal(won, [friend.id]);
    await stage.settle();
    return dealId;
  };
  const first = await win('First');
  await win('Second');
  stage.clock.advance(60_000);
  const denied = await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'denied' });
  expect(denied.body).toMatchObject({ status: 'denied' });
  stage.clock.advance(60_000);
  portalOf(site).moveDeal(first, 'closedlost');
  await stage.settle();
  const { lastEntry, status } = await referral(site, referralId);
  expect([status, lastEntry.state, lastEntry.reasonCode]).toEqual(['denied', 'ignored', 'denied_stays']);
  await win('Third');
  expect(await openQuestion(site)).toMatchObject({ referralId, reasonCode: 'denied_meets_rule' });
});

test('a question whose reason goes away is closed, takes no answer, and comes back with it (E28, RR-41)', async () => {
  const site = await openSite();
  const { referralId, contactId } = await referCustomer(site, 'gone@example.org');
  const question = await openQuestion(site);
  await change(site, contactId, 'lead');
  expect((await site.tenant.api('GET', '/entries?reviewOpen=true')).body.items).toEqual([]);
  expect((await site.tenant.api('GET', `/entries/${question.id}`)).body).toMatchObject({
    state: 'processed',
    reasonCode: 'review_overtaken',
    approvable: false,
  });
  expect((await answer(site, question.id, 'approve')).status).toBe(409);
  expect(await referral(site, referralId)).toMatchObject({ status: 'pending', rewards: [] });
  await change(site, contactId, 'customer');
  expect((await openQuestion(site)).review.key).toBe(question.review.key);
});

test('who denies a referral again takes back the yes that let it out of its denial (E7, E28)', async () => {
  const site = await openSite();
  const referralId = await referFriend(site.tenant, site.launched, { email: 'again@example.org' });
  await stage.settle();
  const contact = portalOf(site).find('contacts', 'email', 'again@example.org')[0]!;
  const deny = (): Promise<ApiAnswer> =>
    site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'denied' });
  await deny();
  await change(site, contact.id, 'customer');
  await answer(site, (await openQuestion(site)).id, 'approve');
  expect((await referral(site, referralId)).status).toBe('approved');
  await change(site, contact.id, 'lead');
  expect((await referral(site, referralId)).status).toBe('pending');
  await deny();
  await change(site, contact.id, 'customer');
  expect(await referral(site, referralId)).toMatchObject({
    status: 'denied',
    rewards: [{ state: 'voided' }],
    lastEntry: { reasonCode: 'rejected_by_person' },
  });
});

test('what a person approved is not taken back when the rule is not met (E28, E8)', async () => {
  const site = await openSite();
  const referralId = await referFriend(site.tenant, site.launched, { email: 'kept@example.org' });
  await stage.settle();
  const approved = await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'approved' });
  expect(approved.body).toMatchObject({ status: 'approved', rewards: [{ amount: '10.00' }] });
  const contact = portalOf(site).find('contacts', 'email', 'kept@example.org')[0]!;
  await change(site, contact.id, 'lead');
  expect(await referral(site, referralId)).toMatchObject({ status: 'approved', rewards: [{ state: 'approved' }] });
});

const DAY_MS = 86_400_000;

test.each([
  ['approve', 'approved', 'processed', 1],
  ['deny', 'pending', 'ignored', 0],
] as const)(
  'a review nobody answers is settled after its days by the setting: %s (E27)',
  async (policy, status, state, rewards) => {
    const site = await openSite({ reviewTimeout: { policy, afterDays: 3 } });
    const { referralId } = await referCustomer(site, 'late@example.org');
    const question = await openQuestion(site);
    expect(question.reviewDueAt).toBe(new Date(Date.parse(question.createdAt) + 3 * DAY_MS).toISOString());
    stage.clock.advance(3 * DAY_MS - 2_000);
    await stage.service.timeOutReviews();
    expect((await openQuestion(site)).id).toBe(question.id);
    stage.clock.advance(2_000);
    await stage.service.timeOutReviews();
    expect((await site.tenant.api('GET', `/entries/${question.id}`)).body).toMatchObject({
      state,
      reasonCode: 'review_timed_out',
      reviewDueAt: null,
      review: { open: false, answers: [{ actor: 'system', note: null }] },
    });
    const settled = await referral(site, referralId);
    expect([settled.status, settled.rewards.length]).toEqual([status, rewards]);
    expect(settled.history).toContainEqual(expect.objectContaining({ cause: 'review_timed_out', actor: 'system' }));
  },
);

test('a review that is to stay is never touched by the time (E27)', async () => {
  const site = await openSite();
  await referCustomer(site, 'stay@example.org');
  const before = await openQuestion(site);
  expect(before.reviewDueAt).toBeNull();
  stage.clock.advance(400 * DAY_MS);
  expect(await stage.service.timeOutReviews()).toBe(0);
  expect(await openQuestion(site)).toEqual(before);
});

test('a new review is marked where somebody is to be told of it, and never when it is a replay (RR-43, E30)', async () => {
  const site = await openSite({ notifyReview: true });
  const { referralId } = await referCustomer(site, 'told@example.org');
  const question = await openQuestion(site, '&notify=true');
  expect(question).toMatchObject({ referralId, notify: true, replay: false });
  await stage.rows(`update entries set state = 'ignored' where id = $1`, [question.id]);
  const [friend] = await stage.rows<{ person_id: string }>('select person_id from referrals where id = $1', [
    referralId,
  ]);
  const { workspaceId } = site.tenant;
  const now = new Date(stage.clock.now());
  await stage.service.database.aloneInWorkspace(workspaceId, (tx) =>
    decideNow(tx, {
      deps: { publicUrl: stage.publicUrl, settle: settleEffects },
      workspaceId,
      now,
      personIds: [friend!.person_id],
      trigger: triggerOf('replay', { now, actor: 'system' }),
      replay: true,
    }),
  );
  expect(await openQuestion(site)).toMatchObject({ reasonCode: 'already_there', notify: false, replay: true });
  const { items } = (await site.tenant.api('GET', '/entries?notify=true')).body;
  expect(items.map(({ id }: { id: string }) => id)).toEqual([question.id]);
});
