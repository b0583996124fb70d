import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { moveReferrals, referralsToMove } from '../../backend/src/re-evaluation/moving-referrals-store.ts';
import { claimReEvaluation, recordStep } from '../../backend/src/re-evaluation/re-evaluations-store.ts';
import { launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 7401;
const SEEDED_EMAIL = 'finn@example.org';

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let referralId: string;
let contactId: string;
let version = 1;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  portal().createProperty('contacts', {
    name: 'plan',
    label: 'Plan',
    groupName: 'contactinformation',
    type: 'string',
    fieldType: 'text',
  });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, programFor('v1'));
  referralId = await referFriend(tenant, launched, { email: SEEDED_EMAIL });
  await stage.settle();
  contactId = portal().find('contacts', 'email', SEEDED_EMAIL)[0]!.id;
});
afterAll(() => stage.close());
afterEach(async () => {
  await stage.rows('delete from dirty_records');
  await stage.rows(`update re_evaluations set state = 'cancelled', due_at = null where state <> 'done'`);
});

const portal = () => stage.hubspot.control.portal(PORTAL);
const programFor = (...values: string[]) => ({
  name: 'Disturbed',
  rules: [{ id: 'rul_plan', object: 'contact', field: 'plan', values, status: 'approved' }],
  rewardRules: [],
});

/** Another version of the program, in which one more plan counts. */
async function publishNext(): Promise<void> {
  version += 1;
  const saved = await tenant.api('PUT', `/programs/${launched.programId}`, programFor(`v${String(version)}`));
  expect([saved.status, saved.body.error]).toEqual([200, undefined]);
  await tenant.api('POST', `/programs/${launched.programId}/publish`);
}
async function start(): Promise<string> {
  const { body } = await tenant.api('POST', `/programs/${launched.programId}/re-evaluations`, {});
  return body.id;
}
const report = async (id: string) => (await tenant.api('GET', `/re-evaluations/${id}`)).body;
async function pinnedTo(): Promise<number | undefined> {
  const [row] = await stage.rows<{ v: number }>('select rules_version as v from referrals where id = $1', [referralId]);
  return row?.v;
}

/** The contact is to be read after a while, as when its reading failed. */
async function readAgain(afterMs: number): Promise<void> {
  const now = new Date(stage.clock.now());
  await stage.rows(
    `insert into dirty_records (connection_id, workspace_id, object_type, record_id, last_kind, last_occurred_at, due_at, attempts)
     values ($1, $2, 'contact', $3, 'linked', $4, $5, 1)`,
    [tenant.connectionId, tenant.workspaceId, contactId, now, new Date(now.getTime() + afterMs)],
  );
}

test('a record whose reading failed is read before anything is said (E29)', async () => {
  await publishNext();
  await stage.settle();
  await readAgain(600_000);
  const id = await start();
  await stage.settle();
  expect(await report(id)).toMatchObject({ state: 'previewing', previewedAt: null, counts: { total: 0 } });
  await stage.settle(900_000);
  expect(await report(id)).toMatchObject({ state: 'previewed', counts: { total: 1, unread: 0, unchanged: 1 } });
});

test('whoever has a record that nobody can read stays with the old rules, and is counted (E29)', async () => {
  const before = await pinnedTo();
  await publishNext();
  await stage.settle();
  await readAgain(600_000);
  await stage.rows('update dirty_records set dead_at = due_at where record_id = $1', [contactId]);
  const id = await start();
  await stage.settle();
  expect(await report(id)).toMatchObject({ state: 'previewed', counts: { total: 1, unread: 1, unchanged: 0 } });
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  await stage.settle();
  expect(await report(id)).toMatchObject({ state: 'done', applied: { total: 1, unread: 1, unchanged: 0 } });
  expect(await pinnedTo()).toBe(before);

  await stage.rows('delete from dirty_records where record_id = $1', [contactId]);
  const again = await start();
  await stage.settle();
  await tenant.api('POST', `/re-evaluations/${again}/apply`);
  await stage.settle();
  expect((await report(again)).applied).toMatchObject({ total: 1, unread: 0 });
  expect(await pinnedTo()).toBe(version);
});

test('what changed since the preview is decided as it is when it is applied, and said so (E29)', async () => {
  await publishNext();
  await stage.settle();
  const id = await start();
  await stage.settle();
  const seen = await report(id);
  expect(seen).toMatchObject({ state: 'previewed', counts: { total: 1, unchanged: 1, approve: 0 } });
  stage.clock.advance(60_000);
  portal().setProperties('contacts', contactId, { plan: `v${String(version)}` });
  await readAgain(0);
  await stage.settle();
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  await stage.settle();
  const done = await report(id);
  expect(Date.parse(seen.previewedAt)).toBeLessThanOrEqual(Date.parse(done.finishedAt) - 60_000);
  expect(done).toMatchObject({
    previewedAt: seen.previewedAt,
    counts: { unchanged: 1, toReview: 0 },
    applied: { unchanged: 0, toReview: 1 },
  });
});

test.each(['previewing', 'applying'] as const)(
  'another version published while it is %s ends it, and nobody is moved (E29)',
  async (state) => {
    const before = await pinnedTo();
    await publishNext();
    await stage.settle();
    const id = await start();
    if (state === 'applying') {
      await stage.settle();
      await tenant.api('POST', `/re-evaluations/${id}/apply`);
    }
    expect((await report(id)).state).toBe(state);
    await publishNext();
    await stage.settle();
    expect(await report(id)).toMatchObject({ state: 'cancelled', error: { code: 're_evaluation_outdated' } });
    expect(await pinnedTo()).toBe(before);
  },
);

test('a step that another worker has taken already is not recorded a second time (E29, E1)', async () => {
  await publishNext();
  await stage.settle();
  await start();
  const now = new Date(stage.clock.now());
  const { connectionId, workspaceId } = tenant;
  const recorded = await stage.service.database.inWorkspace(workspaceId, async (tx) => {
    const claimed = await claimReEvaluation(tx, { connectionId, now, claimedUntil: now });
    const next = { now, afterId: referralId, dueAt: now };
    return claimed && [await recordStep(tx, claimed, next), await recordStep(tx, claimed, next)];
  });
  expect(recorded).toEqual([true, false]);
});

test('what it assumes stands beside what people said, and never in its place (E28, E29)', async () => {
  const now = new Date(stage.clock.now());
  const { workspaceId } = tenant;
  const [said, assumed] = ['already_there:rul_plan:said', 'already_there:rul_plan:assumed'];
  await stage.rows(
    `insert into review_answers (workspace_id, referral_id, review_key, answer, actor, entry_id, answered_at)
     values ($1, $2, $3, 'does_not_count', 'usr_1', 'ent_1', $4)`,
    [workspaceId, referralId, said, now],
  );
  await stage.service.database.inWorkspace(workspaceId, async (tx) => {
    const [referral] = await referralsToMove(tx, {
      workspaceId,
      programId: launched.programId,
      version,
      afterId: null,
    });
    const move = { referral: referral!, rulesSince: now, decision: null, ledger: [], isAsked: false };
    const moves = [{ ...move, counting: [said, assumed] }];
    await moveReferrals(tx, { workspaceId, version, now, reEvaluationId: 'rev_1', moves });
  });
  const kept = await stage.rows(
    `select review_key, answer, actor from review_answers where review_key = any($1) order by review_key desc`,
    [[said, assumed]],
  );
  expect(kept).toEqual([
    { review_key: said, answer: 'does_not_count', actor: 'usr_1' },
    { review_key: assumed, answer: 'counts', actor: 're_evaluation' },
  ]);
});
