import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 701;
const MINUTE_MS = 60_000;
/** More than one search can page through (10,000). */
const MANY = 10_050;

/** Approves by a property that only this portal has, and that HubSpot therefore does not push. */
const TIER_PROGRAM = {
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  // Nothing has to be asked about a friend, so that the reads counted below are the poll's.
  integrity: { selfReferral: 'allow', ownDeal: 'allow' },
  rules: [
    { object: 'contact', field: 'tier', operator: 'any_of', values: ['gold'], status: 'approved', enabled: true },
  ],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'manual',
      kind: 'fixed',
      amount: '25.00',
      currency: 'EUR',
    },
  ],
};

let stage: Stage;
let tenant: Tenant;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  const option = (value: string) => ({ label: value, value, displayOrder: 1, hidden: false });
  portal().createProperty('contacts', {
    name: 'tier',
    label: 'Tier',
    type: 'enumeration',
    fieldType: 'select',
    groupName: 'contactinformation',
    options: [option('silver'), option('gold')],
  });
  tenant = await stage.install(PORTAL);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const calls = () => stage.hubspot.control.log.calls();
const statusOf = (contactId: string) => ownProperties(stage, PORTAL, contactId)['passalong_referral_status'];
const rewards = () => stage.rows('select amount_minor::text as minor, count(*)::int from rewards group by 1');

function contactOf(email: string): string {
  return portal().find('contacts', 'email', email)[0]!.id;
}

test('a rule on a property HubSpot does not push is met within two minutes of the change, by the poll alone', async () => {
  const launched = await launch(stage, tenant, TIER_PROGRAM);
  await referFriend(tenant, launched, { email: 'finn@example.org' });
  await stage.pass(10 * MINUTE_MS);
  const friendId = contactOf('finn@example.org');
  stage.hubspot.control.log.clear();
  portal().setProperties('contacts', friendId, { tier: 'gold' });
  expect(stage.hubspot.control.deliveries.pending()).toEqual([]);
  await stage.pass(2 * MINUTE_MS);
  expect(statusOf(friendId)).toBe('approved');
  expect(await rewards()).toEqual([{ minor: '2500', count: 1 }]);
});

test('a deal that is won while every webhook is held back is found all the same, and paid once when they come (SG-09)', async () => {
  const launched = await launch(stage, tenant, DEAL_PROGRAM);
  await referFriend(tenant, launched, { email: 'finn@example.org' });
  await stage.settle();
  const friendId = contactOf('finn@example.org');
  const { deliveries } = stage.hubspot.control;
  deliveries.hold();
  const deal = { dealname: 'held', pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '100' };
  const dealId = portal().createDeal(deal, [friendId]);
  await stage.pass(MINUTE_MS);
  portal().moveDeal(dealId, 'closedwon');
  await stage.pass(11 * MINUTE_MS);
  expect(deliveries.pending().length).toBeGreaterThan(0);
  expect(statusOf(friendId)).toBe('approved');
  expect(await rewards()).toEqual([{ minor: '1000', count: 1 }]);
  deliveries.release();
  await stage.pass(MINUTE_MS);
  expect(await rewards()).toEqual([{ minor: '1000', count: 1 }]);
});

test('when more than 10,000 contacts change in one and the same millisecond, the poll looks at every one of them', async () => {
  const launched = await launch(stage, tenant, TIER_PROGRAM);
  const { control } = stage.hubspot;
  control.deliveries.hold();
  const ids: string[] = [];
  for (let index = 1; index < MANY; index += 1) ids.push(portal().createContact({ lastname: `Many ${index}` }));
  const friendId = portal().createContact({ email: 'last@example.org' });
  ids.push(friendId);
  expect(Math.max(...ids.map(Number))).toBe(Number(friendId));
  await referFriend(tenant, launched, { email: 'last@example.org' });
  await stage.pass(15 * MINUTE_MS);
  expect(statusOf(friendId)).toBe('pending');
  control.log.clear();

  for (const id of ids) portal().setProperties('contacts', id, { tier: id === friendId ? 'gold' : 'silver' });
  const times = new Set(ids.map((id) => portal().get('contacts', id)?.properties['lastmodifieddate']));
  expect(times.size).toBe(1);
  await stage.pass(5 * MINUTE_MS);
  expect(statusOf(friendId)).toBe('approved');
  expect(await rewards()).toEqual([{ minor: '2500', count: 1 }]);
  const read = control.log.calls({ path: '/contacts/batch/read', status: 200 });
  // The friend and the advocate were written to, and are read once more each.
  expect(read.reduce((sum, call) => sum + (call.inputs ?? 0), 0)).toBeLessThanOrEqual(MANY + 2);
  expect(read.reduce((sum, call) => sum + (call.inputs ?? 0), 0)).toBeGreaterThanOrEqual(MANY);
  expect(control.log.calls({ status: 429 })).toEqual([]);
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
}, 120_000);

test.each([
  { program: DEAL_PROGRAM, everyMs: 5 * MINUTE_MS, where: 'every rule is pushed' },
  { program: TIER_PROGRAM, everyMs: MINUTE_MS, where: 'a rule is not pushed' },
])(
  'where $where, a portal at rest costs two searches per round and nothing else; our own writes start nothing (E9)',
  async ({ program, everyMs }) => {
    const launched = await launch(stage, tenant, program);
    for (let friend = 0; friend < 20; friend += 1)
      await referFriend(tenant, launched, { email: `f${friend}@example.org` });
    await stage.settle();
    // Our own writes are changes like others: each is looked at once.
    stage.hubspot.control.log.clear();
    await stage.pass(10 * MINUTE_MS);
    const echo = calls().filter(({ path }) => !path.endsWith('/search'));
    expect(echo.filter(({ path }) => path.endsWith('/batch/update') || path.endsWith('/batch/create'))).toEqual([]);
    expect(echo.reduce((sum, { inputs }) => sum + (inputs ?? 0), 0)).toBeLessThanOrEqual(20 + 1);

    stage.hubspot.control.log.clear();
    await stage.pass(30 * MINUTE_MS);
    const other = calls().filter(({ path }) => !path.endsWith('/search') && path !== '/oauth/2026-09/token');
    expect(other).toEqual([]);
    const rounds = (30 * MINUTE_MS) / everyMs;
    const searches = calls().filter(({ path }) => path.endsWith('/search'));
    expect(searches.length).toBeGreaterThanOrEqual(2 * (rounds - 2));
    expect(searches.length).toBeLessThanOrEqual(2 * (rounds + 1));
  },
);

test('the poll reads no contact again because of our own write, but a friend’s always: a change may hide behind it (E9, SG-09)', async () => {
  const launched = await launch(stage, tenant, TIER_PROGRAM);
  await referFriend(tenant, launched, { email: 'finn@example.org' });
  await stage.pass(10 * MINUTE_MS);
  const friendId = contactOf('finn@example.org');
  const { body: asAdvocate } = await tenant.api('POST', `/programs/${launched.programId}/advocates`, {
    email: 'finn@example.org',
  });
  await stage.settle();
  // HubSpot does not push this property, and a moment later our own write of new numbers is the contact's last change.
  portal().setProperties('contacts', friendId, { tier: 'gold' });
  stage.clock.advance(1_000);
  await referFriend(tenant, { ...launched, code: asAdvocate.code }, { email: 'greta@example.org' });
  await stage.settle();
  expect(ownProperties(stage, PORTAL, friendId)['passalong_referred_count']).toBe('1');
  await stage.pass(2 * MINUTE_MS);
  expect(statusOf(friendId)).toBe('approved');

  // An advocate who is nobody's friend: our write, and nothing is read after it.
  await stage.pass(10 * MINUTE_MS);
  stage.hubspot.control.log.clear();
  await referFriend(tenant, launched, { email: 'henry@example.org' });
  await stage.pass(5 * MINUTE_MS);
  const reads = calls().filter(({ path }) => path.endsWith('contacts/batch/read'));
  // Henry's own contact: looked for by e-mail, then as it was created.
  expect(reads.map(({ inputs }) => inputs).reduce((sum, inputs) => (sum ?? 0) + (inputs ?? 0), 0)).toBeLessThanOrEqual(
    3,
  );
  expect(ownProperties(stage, PORTAL, launched.advocateContactId)['passalong_referred_count']).toBe('2');
});
