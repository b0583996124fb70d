import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 7301;
/** Three pages of it. */
const MANY = 1_200;

let stage: Stage;
let tenant: Tenant;
let programId: string;

const RULE = { id: 'rul_plan', object: 'contact', field: 'plan', values: ['pro'], status: 'approved' };
const REWARD = { id: 'rwr_a', onStatus: 'approved', kind: 'fixed', amount: '5.00', currency: 'EUR' };
const definition = (...values: string[]) => ({
  name: 'Many friends',
  rules: [{ ...RULE, values }],
  rewardRules: [REWARD],
  decisions: { alreadyMet: 'qualify' },
});

beforeAll(async () => {
  stage = await openStage();
  const { control } = stage.hubspot;
  control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  control.portal(PORTAL).createProperty('contacts', {
    name: 'plan',
    label: 'Plan',
    groupName: 'contactinformation',
    type: 'string',
    fieldType: 'text',
  });
  tenant = await stage.install(PORTAL);
  await stage.settle();
  programId = (await tenant.api('POST', '/programs', definition('enterprise'))).body.id;
  await tenant.api('POST', `/programs/${programId}/publish`);
  const ada = { email: 'ada@example.com', firstName: 'Ada', lastName: 'Advocate' };
  const { advocateId } = (await tenant.api('POST', `/programs/${programId}/advocates`, ada)).body;
  await stage.settle();
  await insertFriends(advocateId);
});
afterAll(() => stage.close());

/** Friends as they stand after years, every third of them with the plan that is to count. */
async function insertFriends(advocateId: string): Promise<void> {
  const at = new Date(stage.clock.now());
  const { workspaceId, connectionId } = tenant;
  const numbers = `generate_series(1, ${String(MANY)}) n`;
  await stage.rows(`insert into people (id, workspace_id, created_at) select 'per_' || n, $1, $2 from ${numbers}`, [
    workspaceId,
    at,
  ]);
  await stage.rows(
    `insert into referrals (id, workspace_id, program_id, advocate_id, person_id, status, status_reason, status_at, source,
                            referred_at, created_at, rules_version, rules_since)
     select 'ref_' || lpad(n::text, 6, '0'), $1, $2, $3, 'per_' || n, 'pending', '', $4, 'api', $4, $4, 1, $4 from ${numbers}`,
    [workspaceId, programId, advocateId, at],
  );
  await stage.rows(
    `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
     select $1, 'contact', '9' || lpad(n::text, 6, '0'), $2, 'per_' || n, $3 from ${numbers}`,
    [connectionId, workspaceId, at],
  );
  await stage.rows(
    `insert into snapshots (workspace_id, connection_id, object_type, record_id, modified_at, read_at, "values", record_created_at)
     select $1, $2, 'contact', '9' || lpad(n::text, 6, '0'), $3, $3,
            jsonb_build_object('plan', case when n % 3 = 0 then 'pro' else 'basic' end), $3 from ${numbers}`,
    [workspaceId, connectionId, at],
  );
}

const ref = () => ({ workspaceId: tenant.workspaceId, connectionId: tenant.connectionId });
const approved = () =>
  stage.rows<{ status: string; count: number }>(
    `select status, count(*)::int as count from referrals where program_id = $1 group by status order by status`,
    [programId],
  );

test('pages are looked at and moved once each, by two workers at once and after one was killed (E29, E1)', async () => {
  await tenant.api('PUT', `/programs/${programId}`, definition('pro'));
  await tenant.api('POST', `/programs/${programId}/publish`);
  await stage.settle();
  const { id } = (await tenant.api('POST', `/programs/${programId}/re-evaluations`, {})).body;
  const report = async () => (await tenant.api('GET', `/re-evaluations/${id}`)).body;

  // Somebody took it up and was killed: nobody touches it before the claim has ended, and then it goes on.
  const claimedUntil = new Date(stage.clock.now() + 60_000);
  await stage.rows('update re_evaluations set claimed_until = $1 where id = $2', [claimedUntil, id]);
  await stage.service.process(ref());
  expect((await report()).counts.total).toBe(0);
  stage.clock.advance(60_001);
  await Promise.all([stage.service.process(ref()), stage.service.process(ref())]);
  await stage.settle();
  const seen = await report();
  expect(seen).toMatchObject({
    state: 'previewed',
    counts: {
      total: MANY,
      unchanged: 800,
      approve: 400,
      newRewards: 400,
      money: [{ currency: 'EUR', added: '2000.00', takenBack: '0.00' }],
    },
  });
  expect(seen.sample).toHaveLength(100);
  expect(await approved()).toEqual([{ status: 'pending', count: MANY }]);

  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  await Promise.all([stage.service.process(ref()), stage.service.process(ref())]);
  await stage.settle();
  const done = await report();
  expect([done.state, done.applied]).toEqual(['done', seen.counts]);
  expect(await approved()).toEqual([
    { status: 'approved', count: 400 },
    { status: 'pending', count: 800 },
  ]);
  const [rewards] = await stage.rows<{ count: number; sum: string }>(
    `select count(*)::int as count, sum(amount_minor)::text as sum from rewards where program_id = $1`,
    [programId],
  );
  expect(rewards).toEqual({ count: 400, sum: '200000' });
  const [entries] = await stage.rows<{ most: number; count: number }>(
    `select max(c)::int as most, sum(c)::int as count from (
       select count(*) as c from entries where trigger ->> 'kind' = 're_evaluation' group by referral_id) e`,
  );
  expect(entries).toEqual({ most: 1, count: MANY });
});

test('one that goes on from its second page leaves the first alone, and a cancelled one moves nobody (E29)', async () => {
  await tenant.api('PUT', `/programs/${programId}`, definition('pro', 'basic'));
  await tenant.api('POST', `/programs/${programId}/publish`);
  await stage.settle();
  const { id } = (await tenant.api('POST', `/programs/${programId}/re-evaluations`, {})).body;
  await stage.settle();
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  // As if it had come to its second page.
  await stage.rows(`update re_evaluations set after_id = 'ref_001000' where id = $1`, [id]);
  await stage.service.process(ref());
  await stage.settle();
  expect((await tenant.api('GET', `/re-evaluations/${id}`)).body.state).toBe('done');
  const versions = await stage.rows<{ rules_version: number; count: number }>(
    `select rules_version, count(*)::int as count from referrals where program_id = $1 group by 1 order by 1`,
    [programId],
  );
  expect(versions).toEqual([
    { rules_version: 2, count: 1_000 },
    { rules_version: 3, count: 200 },
  ]);
  const again = (await tenant.api('POST', `/programs/${programId}/re-evaluations`, {})).body.id;
  await tenant.api('POST', `/re-evaluations/${again}/cancel`);
  await stage.settle();
  expect(
    await stage.rows(`select count(*)::int as count from referrals where program_id = $1 and rules_version = 2`, [
      programId,
    ]),
  ).toEqual([{ count: 1_000 }]);
});
