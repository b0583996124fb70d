import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 601;
const CUSTOMER_RULE = {
  object: 'contact',
  field: 'lifecyclestage',
  operator: 'any_of',
  values: ['customer'],
  status: 'approved',
  enabled: true,
};
const FIXED = { recipient: 'advocate', onStatus: 'approved', approval: 'manual', kind: 'fixed', amount: '10.00' };
const PROGRAM = {
  ...DEAL_PROGRAM,
  rules: [CUSTOMER_RULE, ...DEAL_PROGRAM.rules],
  rewardRules: [{ ...FIXED, currency: 'EUR' }],
  decisions: { alreadyMet: 'qualify' },
};

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, PROGRAM);
});

afterAll(() => stage.close());

async function statusOf(referralId: string): Promise<string> {
  return (await tenant.api('GET', `/referrals/${referralId}`)).body.status;
}

async function enrol(email: string): Promise<void> {
  await tenant.api('POST', `/programs/${launched.programId}/advocates`, { email });
  await stage.settle();
}

test('somebody known as an advocate, and a customer already, is decided when they are referred (RF-23, RL-03)', async () => {
  stage.hubspot.control.portal(PORTAL).createContact({ email: 'bob@example.org', lifecyclestage: 'customer' });
  await enrol('bob@example.org');
  const referralId = await referFriend(tenant, launched, { email: 'bob@example.org' });
  await stage.settle();
  expect(await statusOf(referralId)).toBe('approved');
});

test('somebody whose won deal was seen before is decided when they are referred (RF-31)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const contactId = portal.createContact({ email: 'dora@example.org' });
  await enrol('dora@example.org');
  portal.createDeal({ dealname: 'Seen', pipeline: 'default', dealstage: 'closedwon' }, [contactId]);
  await stage.settle();
  const referralId = await referFriend(tenant, launched, { email: 'dora@example.org' });
  await stage.settle();
  expect(await statusOf(referralId)).toBe('approved');
});

test('a friend of one program is decided in a second one without another change in the CRM (RF-05)', async () => {
  const second = await tenant.api('POST', '/programs', { ...PROGRAM, name: 'Second', rules: [CUSTOMER_RULE] });
  await tenant.api('POST', `/programs/${second.body.id}/publish`);
  const { body } = await tenant.api('POST', `/programs/${second.body.id}/advocates`, {
    email: 'ada.advocate@example.com',
  });
  const referral = await tenant.api('POST', `/programs/${second.body.id}/referrals`, {
    code: body.code,
    email: 'bob@example.org',
  });
  await stage.settle();
  expect(await statusOf(referral.body.referralId)).toBe('approved');
});

test('a friend merged into their own advocate is paid nothing, now or later (E5, E18)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const referralId = await referFriend(tenant, launched, { email: 'ada.private@example.org' });
  await stage.settle();
  const [twin] = portal.find('contacts', 'email', 'ada.private@example.org');
  portal.setProperties('contacts', twin?.id ?? '', { lifecyclestage: 'customer' });
  await stage.settle();
  const before = await stage.rows('select state from rewards where referral_id = $1', [referralId]);
  expect(before).toEqual([{ state: 'pending' }]);
  const merged = portal.merge('contacts', launched.advocateContactId, twin?.id ?? '');
  await stage.settle();
  portal.setProperties('contacts', merged, { lifecyclestage: 'lead' });
  await stage.settle();
  portal.setProperties('contacts', merged, { lifecyclestage: 'customer' });
  await stage.settle();
  expect(await statusOf(referralId)).toBe('denied');
  expect(await stage.rows('select state from rewards where referral_id = $1', [referralId])).toEqual([
    { state: 'voided' },
  ]);
  expect(ownProperties(stage, PORTAL, merged)['passalong_status_reason']).toBe('Friend and advocate are one person');
});

test('a fixed amount in another currency than the account’s is refused, because no total could show it (E19)', async () => {
  const refused = await tenant.api('POST', '/programs', { ...PROGRAM, rewardRules: [{ ...FIXED, currency: 'USD' }] });
  expect(refused.status).toBe(422);
  expect(refused.body.error.fields).toEqual([expect.objectContaining({ path: 'rewardRules.0.currency' })]);
});

test('approving a reward twice is one approval', async () => {
  const [reward] = (await tenant.api('GET', '/rewards?state=pending')).body.items;
  const answers = await Promise.all([1, 2, 3].map(() => tenant.api('POST', `/rewards/${reward.id}/approve`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const events = await stage.rows(`select to_state from reward_events where reward_id = $1 and to_state = 'approved'`, [
    reward.id,
  ]);
  expect(events).toHaveLength(1);
});
