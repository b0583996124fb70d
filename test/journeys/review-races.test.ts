import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerEntry } from '../../backend/src/ingest/answer-entry.ts';
import { settleEffects } from '../../backend/src/sync/settle-effects.ts';
import { CUSTOMER_RULES } from './capture.ts';
import { DEAL_PROGRAM, launch, referFriend, type Launched } from './program.ts';
import { openStage, tenantOf, type ApiAnswer, type Stage, type Tenant } from './stage.ts';

const PORTAL = 3301;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let friend = 0;
let referralId: string;
let entryId: string;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, { ...DEAL_PROGRAM, ...CUSTOMER_RULES });
});
afterAll(() => stage.close());

/** A friend who was a customer before, and the question about them. */
beforeEach(async () => {
  const email = `friend.${(friend += 1)}@example.org`;
  stage.hubspot.control.portal(PORTAL).createContact({ email, lifecyclestage: 'customer' });
  stage.clock.advance(86_400_000);
  referralId = await referFriend(tenant, launched, { email });
  await stage.settle();
  const { items } = (await tenant.api('GET', `/entries?referralId=${referralId}&reviewOpen=true`)).body;
  expect(items).toHaveLength(1);
  entryId = items[0].id;
});

const answer = (said: string, by: Tenant = tenant): Promise<ApiAnswer> => by.api('POST', `/entries/${entryId}/${said}`);
const referral = async (): Promise<any> => (await tenant.api('GET', `/referrals/${referralId}`)).body;

async function ledger(): Promise<unknown> {
  const [counted] = await stage.rows(
    `select (select count(*)::int from rewards where referral_id = $1) as rewards,
            (select count(*)::int from reward_events e join rewards w on w.id = e.reward_id where w.referral_id = $1
                and e.cause = 'earned') as earned,
            (select count(*)::int from referral_events where referral_id = $1 and to_status = 'approved') as approvals,
            (select count(*)::int from audit_log where subject = $2) as audited,
            (select count(*)::int from review_answers where referral_id = $1) as answers`,
    [referralId, entryId],
  );
  return counted;
}

test('twenty who approve at once have approved once, and there is one reward (E1, RR-30)', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => answer('approve')));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await ledger()).toEqual({ rewards: 1, earned: 1, approvals: 1, audited: 1, answers: 1 });
  const { edits } = (await tenant.api('GET', `/entries/${entryId}`)).body;
  expect(edits).toMatchObject([{ answer: 'approve', actor: expect.stringMatching(/^api_key:/) }]);
});

test('of two people who say different things at once, the first is right and the other is told', async () => {
  const colleague = await tenantOf(stage, PORTAL);
  const answers = await Promise.all([answer('approve'), answer('reject', colleague)]);
  const statuses = answers.map(({ status }) => status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body.error).toMatchObject({
    code: 'entry_already_answered',
    answer: statuses[0] === 200 ? 'approve' : 'reject',
    remedy: expect.stringMatching(/decide/),
  });
  expect((await referral()).rewards).toHaveLength(statuses[0] === 200 ? 1 : 0);
});

test('the same answer again changes nothing, and the other one is refused for good', async () => {
  const first = await answer('reject');
  const before = await ledger();
  expect((await answer('reject')).body).toEqual(first.body);
  expect((await answer('approve')).body.error.code).toBe('entry_already_answered');
  expect((await tenant.api('POST', `/entries/${entryId}/retry`)).body.error.code).toBe('entry_not_retryable');
  expect(await ledger()).toEqual(before);
  expect((await referral()).status).toBe('pending');
});

test('an answer that cannot be settled leaves nothing of itself, and is given again (E1)', async () => {
  const { database } = stage.service;
  const deps = { database, clock: stage.clock, publicUrl: stage.publicUrl, wake: () => undefined };
  const caller = { workspaceId: tenant.workspaceId, actor: 'api_key:key_test' };
  const input = { entryId, answer: 'approve', note: null } as const;
  const broken = { ...deps, settle: () => Promise.reject(new Error('the connection went away')) };
  await expect(answerEntry(broken, caller, input)).rejects.toThrow('went away');
  expect(await ledger()).toEqual({ rewards: 0, earned: 0, approvals: 0, audited: 0, answers: 0 });
  expect((await tenant.api('GET', `/entries/${entryId}`)).body).toMatchObject({ state: 'review', edits: [] });
  await answerEntry({ ...deps, settle: settleEffects }, caller, input);
  expect(await ledger()).toEqual({ rewards: 1, earned: 1, approvals: 1, audited: 1, answers: 1 });
});

test('twenty who settle a referral at once have settled it once', async () => {
  const decide = (): Promise<ApiAnswer> =>
    tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'approved', note: 'Spoke to them' });
  const answers = await Promise.all(Array.from({ length: 20 }, decide));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await ledger()).toMatchObject({ rewards: 1, earned: 1, approvals: 1 });
  const { items } = (await tenant.api('GET', `/entries?referralId=${referralId}&reasonCode=approved_by_person`)).body;
  expect(items).toHaveLength(1);
  // What was asked is settled by it.
  expect((await tenant.api('GET', `/entries/${entryId}`)).body).toMatchObject({ reasonCode: 'review_overtaken' });
  expect((await answer('approve')).body.error.code).toBe('entry_not_answerable');
});

test('twenty who mend and retry a failed entry at once have recorded one referral, and it pays once (E1, RR-30)', async () => {
  const email = `mended.${friend}@example.org`;
  const refused = await tenant.api('POST', `/programs/${launched.programId}/referrals`, { code: 'bcdfghjkmnp', email });
  const path = `/entries/${refused.body.error.entryId}/retry`;
  const retry = (): Promise<ApiAnswer> => tenant.api('POST', path, { edits: { code: launched.code } });
  const answers = await Promise.all(Array.from({ length: 20 }, retry));
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  await stage.settle();
  const [contact] = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', email);
  stage.clock.advance(60_000);
  stage.hubspot.control.portal(PORTAL).setProperties('contacts', contact!.id, { lifecyclestage: 'customer' });
  await stage.settle();
  const paid = await stage.rows(
    `select w.state from referrals r join people p on p.id = r.person_id join rewards w on w.referral_id = r.id
      where p.email = $1`,
    [email],
  );
  expect(paid).toEqual([{ state: 'approved' }]);
});
