import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: 101, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
  tenant = await stage.install(101);
  launched = await launch(stage, tenant);
});

afterAll(() => stage.close());

test('a won deal of a referred friend approves the referral, grants one reward and writes the numbers back (RF-31, RF-42, RF-10)', async () => {
  const portal = stage.hubspot.control.portal(101);
  const { metricsAt } = (await tenant.api('GET', `/advocates/${launched.advocateId}`)).body;
  const enrolledAt = `${String(metricsAt).slice(0, 19)}.000Z`;
  expect(ownProperties(stage, 101, launched.advocateContactId)).toEqual({
    passalong_referral_link: launched.link,
    passalong_referral_code: launched.code,
    passalong_referred_count: '0',
    passalong_qualified_count: '0',
    passalong_approved_count: '0',
    passalong_reward_status: 'none',
    passalong_reward_total: '0',
    passalong_counted_at: enrolledAt,
  });

  const referralId = await referFriend(tenant, launched, {
    email: 'finn.friend@example.org',
    firstName: 'Finn',
    lastName: 'Friend',
  });
  await stage.settle();
  const friendId = portal.find('contacts', 'email', 'finn.friend@example.org')[0]!.id;
  expect(ownProperties(stage, 101, friendId)).toMatchObject({
    passalong_referral_id: referralId,
    passalong_referral_status: 'pending',
    passalong_referred_by_name: 'Ada Advocate',
    passalong_referred_by_code: launched.code,
    passalong_program: 'Customer referrals',
  });

  const dealId = portal.createDeal(
    { dealname: 'Friend GmbH', pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '1999.90' },
    [friendId],
  );
  await stage.settle();
  expect(ownProperties(stage, 101, friendId)['passalong_status_reason']).toBe('Waiting for a deal to reach Closed Won');
  portal.moveDeal(dealId, 'closedwon');
  await stage.settle();

  expect(ownProperties(stage, 101, friendId)).toMatchObject({
    passalong_referral_status: 'approved',
    passalong_status_reason: 'Deal reached Closed Won on 2 Nov 2026',
  });
  expect(ownProperties(stage, 101, launched.advocateContactId)).toMatchObject({
    passalong_referred_count: '1',
    passalong_qualified_count: '1',
    passalong_approved_count: '1',
    passalong_reward_status: 'pending',
    passalong_reward_total: '0',
  });
  const rewards = await stage.rows('select milestone, state, amount_minor::text, currency from rewards');
  expect(rewards).toEqual([{ milestone: 'approved', state: 'pending', amount_minor: '19999', currency: 'EUR' }]);

  const [reward] = (await tenant.api('GET', '/rewards')).body.items;
  await tenant.api('POST', `/rewards/${reward.id}/approve`);
  await stage.settle();
  expect(ownProperties(stage, 101, launched.advocateContactId)).toMatchObject({
    passalong_reward_status: 'approved',
    passalong_reward_total: '199.99',
  });
});
