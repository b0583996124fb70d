import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { APP_ID, CLIENT_SECRET, openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 501;
const MINUTE_MS = 60_000;
const TOKEN_LIFE_MS = 30 * MINUTE_MS;
const TOKEN_PATH = '/oauth/2026-09/token';

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  stage.hubspot.control.log.clear();
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const calls = () => stage.hubspot.control.log.calls();
const refreshes = () => calls().filter(({ path }) => path === TOKEN_PATH);
const refused = () => calls().filter(({ status }) => status === 401);

async function connection(): Promise<{ status: string; statusReason: string | null }> {
  const { status, statusReason } = (await tenant.api('GET', '/connections')).body.items[0];
  return { status, statusReason };
}

/** A referred friend with an open deal. */
async function friendWithDeal(name: string): Promise<{ friendId: string; dealId: string }> {
  await referFriend(tenant, launched, { email: `${name}@example.org`, firstName: name });
  await stage.settle();
  const friendId = portal().find('contacts', 'email', `${name}@example.org`)[0]!.id;
  const deal = { dealname: name, pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '500' };
  const dealId = portal().createDeal(deal, [friendId]);
  await stage.settle();
  return { friendId, dealId };
}

async function expectApproved(friendId: string): Promise<void> {
  await stage.settle();
  expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('approved');
}

const rewardCounts = () =>
  stage.rows(
    'select amount_minor::text as minor, count(*)::int, count(distinct referral_id)::int as friends from rewards group by 1',
  );

test('tokens are exchanged once in each four fifths of their life, ahead of expiry, and no call is ever refused', async () => {
  const lives = 4;
  for (let minute = 0; minute < (lives * TOKEN_LIFE_MS) / MINUTE_MS; minute += 5) await stage.pass(5 * MINUTE_MS);
  expect(refused()).toEqual([]);
  expect(refreshes().map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const times = refreshes().map(({ at }) => at);
  for (const [index, at] of times.entries()) {
    const before = times[index - 1];
    if (before !== undefined) expect(at - before).toBeLessThan(TOKEN_LIFE_MS);
  }
}, 60_000);

test('an access token that dies early costs one refused call and one refresh, and the work goes on', async () => {
  const { friendId, dealId } = await friendWithDeal('early');
  stage.hubspot.control.log.clear();
  portal().revokeAccessTokens(APP_ID);
  portal().moveDeal(dealId, 'closedwon');
  await expectApproved(friendId);
  expect(refused()).toHaveLength(1);
  expect(refreshes()).toHaveLength(1);
  expect(await connection()).toEqual({ status: 'connected', statusReason: null });
});

test('a revoked grant is noticed once, work queues without a call, and connecting again pays everybody exactly once (E24)', async () => {
  const before = await friendWithDeal('before');
  const meanwhile = await friendWithDeal('meanwhile');
  portal().moveDeal(before.dealId, 'closedwon');
  await expectApproved(before.friendId);
  portal().revokeRefreshTokens(APP_ID);
  portal().revokeAccessTokens(APP_ID);
  portal().moveDeal(meanwhile.dealId, 'closedwon');
  await stage.pass(MINUTE_MS);
  expect(await connection()).toEqual({
    status: 'needs_reauthorization',
    statusReason: expect.stringContaining('refresh token'),
  });
  expect(await stage.rows("select action, subject from audit_log where action = 'connection.broken'")).toEqual([
    { action: 'connection.broken', subject: tenant.connectionId },
  ]);

  stage.hubspot.control.log.clear();
  await referFriend(tenant, launched, { email: 'later@example.org' });
  portal().setProperties('deals', meanwhile.dealId, { amount: '700' });
  await stage.pass(60 * MINUTE_MS);
  expect(calls()).toEqual([]);
  const deliveries = stage.hubspot.control.log.deliveries();
  expect(deliveries.length).toBeGreaterThan(0);
  expect(deliveries.every(({ status }) => status === 200)).toBe(true);
  const [queued] = await stage.rows<{ hints: number; people: number }>(
    'select (select count(*) from dirty_records)::int as hints, (select count(*) from outbox where due_at is not null)::int as people',
  );
  expect(queued?.hints).toBeGreaterThan(0);
  expect(queued?.people).toBe(1);

  expect(await stage.install(PORTAL)).toMatchObject({
    workspaceId: tenant.workspaceId,
    connectionId: tenant.connectionId,
  });
  await expectApproved(meanwhile.friendId);
  const [later] = portal().find('contacts', 'email', 'later@example.org');
  expect(ownProperties(stage, PORTAL, later!.id)['passalong_referral_status']).toBe('pending');
  expect(ownProperties(stage, PORTAL, launched.advocateContactId)).toMatchObject({
    passalong_referred_count: '3',
    passalong_approved_count: '2',
  });
  expect(await stage.rows('select amount_minor::text as minor from rewards order by amount_minor')).toEqual([
    { minor: '5000' },
    { minor: '7000' },
  ]);
  expect(await connection()).toEqual({ status: 'connected', statusReason: null });
}, 60_000);

test('an app that an admin removed at HubSpot is found out at the next poll, and resumes when it is installed again (E24, E25)', async () => {
  const { friendId, dealId } = await friendWithDeal('apart');
  portal().uninstall(APP_ID);
  await stage.pass(10 * MINUTE_MS);
  expect((await connection()).status).toBe('needs_reauthorization');
  portal().moveDeal(dealId, 'closedwon');
  stage.hubspot.control.log.clear();
  await stage.pass(60 * MINUTE_MS);
  expect(calls()).toEqual([]);
  expect(stage.hubspot.control.log.deliveries()).toEqual([]);
  expect((await stage.install(PORTAL)).workspaceId).toBe(tenant.workspaceId);
  await stage.pass(10 * MINUTE_MS);
  await expectApproved(friendId);
  expect(await rewardCounts()).toEqual([{ minor: '5000', count: 1, friends: 1 }]);
}, 60_000);

test('a client secret of ours that HubSpot does not know is not taken for a revocation', async () => {
  const { friendId, dealId } = await friendWithDeal('secret');
  portal().moveDeal(dealId, 'closedwon');
  await stage.hubspot.control.deliveries.deliverNow();
  stage.hubspot.control.log.clear();
  stage.hubspot.control.setClientSecrets(APP_ID, ['another-secret']);
  portal().revokeAccessTokens(APP_ID);
  await stage.pass(20 * MINUTE_MS);
  expect(await connection()).toEqual({ status: 'connected', statusReason: null });
  expect(refreshes().length).toBeGreaterThan(0);
  expect(refreshes().length).toBeLessThanOrEqual(30);
  stage.hubspot.control.setClientSecrets(APP_ID, [CLIENT_SECRET]);
  await stage.pass(2 * MINUTE_MS);
  await expectApproved(friendId);
  expect(await rewardCounts()).toEqual([{ minor: '5000', count: 1, friends: 1 }]);
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
}, 60_000);
