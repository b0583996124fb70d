import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { FaultInput } from '../../sandbox/hubspot/faults/faults.ts';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { recordWrites, type Sent } from './sent-values.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 401;
const MINUTE_MS = 60_000;
/** Every random fault is drawn from it. */
const SEED = 20_261_102;
const KNOWN_BEFORE = 12;
const SIGNED_UP_WHILE_DOWN = 10;
const SIGNED_UP_IN_THE_STORM = 14;
const FRIENDS = KNOWN_BEFORE + SIGNED_UP_WHILE_DOWN + SIGNED_UP_IN_THE_STORM;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let sent: Sent[];
let from: { downMs: number; stormMs: number; quietMs: number };
let callsWhileDown: number;
let inboxWhileDown: { before: number; after: number };

/** One record in one write call, and whether its answer came back. */

beforeAll(async () => {
  sent = recordWrites();
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  for (let friend = 0; friend < KNOWN_BEFORE; friend += 1) await signUp(friend);
  await stage.settle();
  for (let friend = 0; friend < KNOWN_BEFORE; friend += 1) openDeal(friend);
  await stage.pass(2 * MINUTE_MS);
  stage.hubspot.control.faults.seed(SEED);
  const downMs = stage.clock.now();
  await tenMinutesDown();
  const stormMs = stage.clock.now();
  await storm();
  const quietMs = stage.clock.now();
  from = { downMs, stormMs, quietMs };
  await stage.pass(20 * MINUTE_MS);
}, 120_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

const emailOf = (friend: number): string => `friend-${String(friend)}@example.org`;

function signUp(friend: number): Promise<string> {
  return referFriend(tenant, launched, { email: emailOf(friend), firstName: 'Finn', lastName: `Friend ${friend}` });
}

function contactOf(friend: number): string {
  const found = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', emailOf(friend));
  expect(found, emailOf(friend)).toHaveLength(1);
  return found[0]!.id;
}

function openDeal(friend: number): string {
  const deal = { dealname: `Deal ${friend}`, pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '1000' };
  return stage.hubspot.control.portal(PORTAL).createDeal(deal, [contactOf(friend)]);
}

function win(friend: number): void {
  const portal = stage.hubspot.control.portal(PORTAL);
  const [deal] = portal.find('deals', 'dealname', `Deal ${friend}`);
  portal.moveDeal(deal?.id ?? openDeal(friend), 'closedwon');
}

/** The portal answers nothing, tokens included, while its webhooks still come and people still sign up. */
async function tenMinutesDown(): Promise<void> {
  const { control } = stage.hubspot;
  control.log.clear();
  const down = control.faults.add({ kind: 'down' });
  const before = await inboxSize();
  const startMs = stage.clock.now();
  for (let minute = 0; minute < 10; minute += 1) {
    win(minute);
    await signUp(KNOWN_BEFORE + minute);
    await stage.pass(startMs + (minute + 1) * MINUTE_MS - stage.clock.now());
  }
  inboxWhileDown = { before, after: await inboxSize() };
  callsWhileDown = control.log.calls().length;
  control.faults.remove(down);
}

const STORM: readonly FaultInput[] = [
  { kind: 'rateLimited', retryAfterSeconds: 17, rate: 0.2 },
  { kind: 'serverError', status: 429, rate: 0.2 },
  { kind: 'serverError', when: 'before', rate: 0.15 },
  { kind: 'serverError', when: 'after', rate: 0.2 },
];

/** Ten minutes in which about half of all calls fail, one way or another. */
async function storm(): Promise<void> {
  for (const fault of STORM) stage.hubspot.control.faults.add(fault);
  for (let minute = 0; minute < SIGNED_UP_IN_THE_STORM; minute += 1) {
    await signUp(KNOWN_BEFORE + SIGNED_UP_WHILE_DOWN + minute);
    if (minute + 10 < KNOWN_BEFORE) win(minute + 10);
    await stage.pass(MINUTE_MS);
  }
  await stage.pass(4 * MINUTE_MS);
  for (let friend = KNOWN_BEFORE; friend < FRIENDS; friend += 1) {
    if (stage.hubspot.control.portal(PORTAL).find('contacts', 'email', emailOf(friend)).length > 0) win(friend);
  }
  await stage.pass(4 * MINUTE_MS);
  stage.hubspot.control.faults.clear();
  await stage.pass(2 * MINUTE_MS);
  for (let friend = KNOWN_BEFORE; friend < FRIENDS; friend += 1) win(friend);
}

async function inboxSize(): Promise<number> {
  const [row] = await stage.rows<{ count: number }>('select count(*)::int as count from inbox');
  return row?.count ?? 0;
}

test('a dead HubSpot costs a handful of calls in ten minutes, while webhooks and sign-ups are taken as ever (SG-15)', () => {
  expect(callsWhileDown).toBeGreaterThan(5);
  expect(callsWhileDown).toBeLessThanOrEqual(20);
  expect(inboxWhileDown.after - inboxWhileDown.before).toBeGreaterThanOrEqual(10);
  const deliveries = stage.hubspot.control.log.deliveries();
  expect(deliveries.length).toBeGreaterThan(0);
  expect(deliveries.filter(({ status }) => status !== 200)).toEqual([]);
});

/** The token endpoint is nobody's account: a wait it names is for refreshes, one the API names is for everything. */
const isOAuth = (path: string): boolean => path.startsWith('/oauth/');

test('nobody calls before a Retry-After has passed, of whatever kind the call', () => {
  const calls = stage.hubspot.control.log.calls({ sinceMs: from.downMs });
  const told = calls.flatMap((call, index) => (call.retryAfterSeconds === undefined ? [] : [{ call, index }]));
  expect(told.length).toBeGreaterThan(5);
  expect(told.some(({ call }) => call.path.endsWith('/search'))).toBe(true);
  expect(told.some(({ call }) => call.path.includes('/batch/'))).toBe(true);
  for (const { call, index } of told) {
    const next = calls.slice(index + 1).find(({ path }) => !isOAuth(call.path) || isOAuth(path));
    if (!next) continue;
    const words = `${next.method} ${next.path} after ${call.method} ${call.path}`;
    expect(next.at - call.at, words).toBeGreaterThanOrEqual((call.retryAfterSeconds ?? 0) * 1_000);
  }
});

test('the storm was one: every kind of failure struck, reads and writes alike', () => {
  const calls = stage.hubspot.control.log.calls({ sinceMs: from.stormMs });
  const failed = calls.filter(({ status }) => status === 429 || status === 500);
  expect(failed.filter(({ status, retryAfterSeconds }) => status === 429 && !retryAfterSeconds).length).toBeGreaterThan(
    2,
  );
  expect(failed.filter(({ status }) => status === 500).length).toBeGreaterThan(5);
  expect(failed.some(({ path }) => path.endsWith('/batch/read'))).toBe(true);
  expect(sent.some(({ confirmed }) => !confirmed)).toBe(true);
});

test('after the storm every friend is a contact once, approved, paid for once, and the numbers are exact (RF-10, RF-31)', async () => {
  for (let friend = 0; friend < FRIENDS; friend += 1) {
    expect(ownProperties(stage, PORTAL, contactOf(friend)), emailOf(friend)).toMatchObject({
      passalong_referral_status: 'approved',
      passalong_referred_by_name: 'Ada Advocate',
    });
  }
  expect(ownProperties(stage, PORTAL, launched.advocateContactId)).toMatchObject({
    passalong_referred_count: String(FRIENDS),
    passalong_qualified_count: String(FRIENDS),
    passalong_approved_count: String(FRIENDS),
    passalong_reward_status: 'pending',
  });
  expect(
    await stage.rows(
      'select state, amount_minor::text as minor, count(*)::int, count(distinct referral_id)::int as friends from rewards group by 1, 2',
    ),
  ).toEqual([{ state: 'pending', minor: '10000', count: FRIENDS, friends: FRIENDS }]);
});

test('nothing was given up, nothing waits, and the connection was never called broken', async () => {
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
  expect((await tenant.api('GET', '/connections')).body.items).toMatchObject([
    { status: 'connected', statusReason: null },
  ]);
  const waiting = `select (select count(*) from dirty_records)::int as hints,
    (select count(*) from write_backs where due_at is not null)::int as writes,
    (select count(*) from outbox where due_at is not null)::int as people`;
  expect(await stage.rows(waiting)).toEqual([{ hints: 0, writes: 0, people: 0 }]);
  expect(await stage.rows("select status_reason from connections where status <> 'connected'")).toEqual([]);
});

test('a value is sent again only where the answer to the last time was lost (E9, E34)', () => {
  const last = new Map<string, { value: string; confirmed: boolean }>();
  const idOf = (key: string): string =>
    stage.hubspot.control.portal(PORTAL).find('contacts', 'email', key)[0]?.id ?? key;
  const repeated: string[] = [];
  for (const { key, properties, confirmed } of sent) {
    for (const [name, value] of Object.entries(properties).filter(([property]) => property.startsWith('passalong_'))) {
      const place = `${idOf(key)} ${name}`;
      const before = last.get(place);
      if (before?.confirmed && before.value === value) repeated.push(`${place} = ${value}`);
      last.set(place, { value, confirmed });
    }
  }
  expect(last.size).toBeGreaterThan(FRIENDS * 5);
  expect(repeated).toEqual([]);
});
