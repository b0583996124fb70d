import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { APP_ID, openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 601;
const HOUR_MS = 3_600_000;
const LEAVING = '/appinstalls/2026-09/external-install';

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let paidFriend: Friend;
let wonFriend: Friend;

type Friend = { readonly friendId: string; readonly dealId: string };

/** One friend paid for, one whose deal was won just now, one who signed up just now, and a reward approved just now. */
beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  paidFriend = await friendWithDeal('paid');
  wonFriend = await friendWithDeal('won');
  portal().moveDeal(paidFriend.dealId, 'closedwon');
  await stage.settle();
  portal().moveDeal(wonFriend.dealId, 'closedwon');
  await stage.hubspot.control.deliveries.deliverNow();
  await referFriend(tenant, launched, { email: 'new@example.org' });
  const [reward] = (await tenant.api('GET', '/rewards')).body.items;
  await tenant.api('POST', `/rewards/${reward.id}/approve`);
  stage.hubspot.control.log.clear();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

const portal = () => stage.hubspot.control.portal(PORTAL);
const calls = () => stage.hubspot.control.log.calls();

async function friendWithDeal(name: string): Promise<Friend> {
  await referFriend(tenant, launched, { email: `${name}@example.org`, firstName: name });
  await stage.settle();
  const friendId = portal().find('contacts', 'email', `${name}@example.org`)[0]!.id;
  const deal = { dealname: name, pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '500' };
  const dealId = portal().createDeal(deal, [friendId]);
  await stage.settle();
  return { friendId, dealId };
}

const leave = () => tenant.api('DELETE', `/connections/${tenant.connectionId}`);

async function queued(): Promise<Record<string, number> | undefined> {
  const [row] = await stage.rows<Record<string, number>>(
    `select (select count(*) from dirty_records)::int as hints, (select count(*) from write_backs where due_at is not null)::int as writes,
            (select count(*) from outbox where due_at is not null)::int as people, (select count(*) from poll_cursors)::int as polls`,
  );
  return row;
}

/** What people would miss: our side's business rows, and our properties on HubSpot's side. */
async function everythingKept(): Promise<unknown> {
  return {
    referrals: await stage.rows('select id, status, status_reason from referrals order by id'),
    rewards: await stage.rows('select id, state, amount_minor::text from rewards order by id'),
    entries: await stage.rows('select id, state, reason_code from entries order by id'),
    links: await stage.rows('select record_id, person_id from crm_records order by 1, 2'),
    hubspot: portal()
      .ids('contacts')
      .map((id) => ownProperties(stage, PORTAL, id)),
  };
}

test('leaving stops both directions in the middle of work: HubSpot is told, and then never called again (RF-46, E26)', async () => {
  const before = await queued();
  for (const kind of ['hints', 'writes', 'people', 'polls']) expect(before?.[kind], kind).toBeGreaterThan(0);
  const answer = await leave();
  expect(answer).toMatchObject({ status: 200, body: { id: tenant.connectionId, status: 'disconnected' } });
  expect(calls().map(({ method, path, status }) => ({ method, path, status }))).toEqual([
    { method: 'DELETE', path: LEAVING, status: 204 },
  ]);
  expect(portal().installedApps()).toEqual([]);
  expect(await queued()).toEqual({ hints: 0, writes: 0, people: 0, polls: 0 });
  expect(await stage.rows('select sealed_tokens, provision_due_at from connections')).toEqual([
    { sealed_tokens: null, provision_due_at: null },
  ]);
  portal().setProperties('deals', wonFriend.dealId, { amount: '900' });
  await stage.pass(HOUR_MS);
  await stage.service.process(tenant);
  expect(calls()).toHaveLength(1);
  expect(await stage.rows("select action from audit_log where action = 'connection.disconnected'")).toHaveLength(1);
});

test('a job that is reading when the account leaves ends there: nothing is written, nothing queued, nothing called (E26)', async () => {
  const before = await everythingKept();
  const realFetch = globalThis.fetch;
  let left = false;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await realFetch(input, init);
    if (!left && new Request(input).url.endsWith('/batch/read')) {
      left = true;
      await leave();
    }
    return answer;
  });
  await stage.service.process(tenant);
  expect(left).toBe(true);
  const told = calls().findIndex(({ path }) => path === LEAVING);
  expect(calls().slice(told + 1)).toEqual([]);
  expect(await queued()).toEqual({ hints: 0, writes: 0, people: 0, polls: 0 });
  expect(await everythingKept()).toMatchObject({ hubspot: (before as { hubspot: unknown }).hubspot });
  expect((await tenant.api('GET', '/connections')).body.items[0].status).toBe('disconnected');
});

test('leaving again says the same and does nothing', async () => {
  await leave();
  stage.hubspot.control.log.clear();
  expect(await leave()).toMatchObject({ status: 200, body: { status: 'disconnected' } });
  expect(calls()).toEqual([]);
  expect(await stage.rows("select action from audit_log where action = 'connection.disconnected'")).toHaveLength(1);
});

test('everything synced before stays, here and in HubSpot (RF-47)', async () => {
  const before = await everythingKept();
  await leave();
  await stage.pass(HOUR_MS);
  expect(await everythingKept()).toEqual(before);
  expect((await tenant.api('GET', '/referrals')).body.items).toHaveLength(3);
  expect((await tenant.api('GET', '/rewards')).body.items).toHaveLength(1);
});

test('a delivery that was under way when the account left is answered and not stored', async () => {
  const { control } = stage.hubspot;
  control.deliveries.hold();
  portal().moveDeal(wonFriend.dealId, 'closedlost');
  expect(control.deliveries.pending().length).toBeGreaterThan(0);
  await leave();
  const inbox = await stage.rows('select source_key from inbox');
  control.deliveries.release();
  await control.deliveries.deliverNow();
  const deliveries = control.log.deliveries();
  expect(deliveries.length).toBeGreaterThan(0);
  expect(deliveries.every(({ status }) => status === 200)).toBe(true);
  expect(await stage.rows('select source_key from inbox')).toHaveLength(inbox.length);
  expect(await queued()).toMatchObject({ hints: 0, writes: 0, people: 0 });
});

test('leaving works while HubSpot is down, and the tokens are gone all the same', async () => {
  stage.hubspot.control.faults.add({ kind: 'down' });
  expect(await leave()).toMatchObject({ status: 200, body: { status: 'disconnected' } });
  expect(await stage.rows('select sealed_tokens from connections')).toEqual([{ sealed_tokens: null }]);
  stage.hubspot.control.faults.clear();
  stage.hubspot.control.log.clear();
  await stage.pass(HOUR_MS);
  expect(calls()).toEqual([]);
});

test('connecting again goes on in the same workspace, and the numbers in HubSpot become right, with what happened meanwhile (RF-47, E25)', async () => {
  await leave();
  await stage.pass(HOUR_MS);
  // Apart: a new deal of a friend is won, one of our values is typed over, and somebody signs up.
  const deal = { dealname: 'apart', pipeline: 'default', dealstage: 'closedwon', amount: '300' };
  portal().setProperties('contacts', launched.advocateContactId, { passalong_approved_count: '99' });
  await referFriend(tenant, launched, { email: 'apart@example.org' });
  const apartId = portal().createContact({ email: 'apart@example.org' });
  portal().createDeal(deal, [apartId]);

  const again = await stage.install(PORTAL);
  expect(again).toMatchObject({ workspaceId: tenant.workspaceId, connectionId: tenant.connectionId });
  await stage.settle();
  await stage.pass(HOUR_MS / 4);
  expect(portal().installedApps()).toEqual([APP_ID]);
  for (const friendId of [paidFriend.friendId, wonFriend.friendId, apartId]) {
    expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('approved');
  }
  const [newcomer] = portal().find('contacts', 'email', 'new@example.org');
  expect(ownProperties(stage, PORTAL, newcomer!.id)['passalong_referral_status']).toBe('pending');
  expect(ownProperties(stage, PORTAL, launched.advocateContactId)).toMatchObject({
    passalong_referred_count: '4',
    passalong_approved_count: '3',
    passalong_reward_total: '50',
  });
  expect(
    await stage.rows('select state, amount_minor::text as minor from rewards order by amount_minor, state'),
  ).toEqual([
    { state: 'pending', minor: '3000' },
    { state: 'approved', minor: '5000' },
    { state: 'pending', minor: '5000' },
  ]);
});
