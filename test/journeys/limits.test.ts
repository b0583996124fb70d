import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 701;
const CHANGES = 60;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
});

afterAll(() => stage.close());
afterEach(() => vi.restoreAllMocks());

async function friendWithDeal(email: string): Promise<{ friendId: string; dealId: string }> {
  await referFriend(tenant, launched, { email });
  await stage.settle();
  const portal = stage.hubspot.control.portal(PORTAL);
  const friendId = portal.find('contacts', 'email', email)[0]?.id ?? '';
  const values = { dealname: email, pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '100' };
  return { friendId, dealId: portal.createDeal(values, [friendId]) };
}

test('changes one by one as fast as they can be made never run into HubSpot’s limit, and all are decided (RF-01)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const { friendId, dealId } = await friendWithDeal('busy@example.org');
  stage.hubspot.control.log.clear();
  for (let change = 1; change <= CHANGES; change += 1) {
    portal.setProperties('deals', dealId, { amount: String(100 + change) });
    portal.setProperties('contacts', friendId, { email: `busy-${change}@example.org` });
    await stage.hubspot.control.deliveries.deliverNow();
    stage.clock.advance(101);
    await stage.service.process(tenant);
  }
  portal.moveDeal(dealId, 'closedwon');
  await stage.settle(60_000);
  const calls = stage.hubspot.control.log.calls({ portalId: PORTAL }).filter(({ path }) => !path.endsWith('/search'));
  // Part batches wait for company the longer, the more of the window is spent: 121 changes cost fewer calls.
  expect(calls.length).toBeGreaterThan(30);
  expect(calls.filter(({ status }) => status === 429)).toEqual([]);
  for (const [index, call] of calls.entries()) {
    const inWindow = calls.slice(index).filter(({ at }) => at < call.at + 10_000);
    expect(inWindow.length).toBeLessThanOrEqual(109);
  }
  expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('approved');
}, 60_000);

test('the 110th call within ten seconds is not made: the window is HubSpot’s, less one', async () => {
  stage.clock.advance(10_001);
  stage.hubspot.control.log.clear();
  let unchecked = 0;
  for (let save = 0; save < 120; save += 1) {
    const saved = await tenant.api('POST', '/programs', { ...DEAL_PROGRAM, name: `Window ${save}` });
    expect(saved.status).toBe(201);
    if (saved.body.warnings.length > 0) unchecked += 1;
  }
  const calls = stage.hubspot.control.log.calls({ portalId: PORTAL });
  expect(calls).toHaveLength(109);
  expect(calls.filter(({ status }) => status === 429)).toEqual([]);
  expect(unchecked).toBeGreaterThan(0);
  stage.clock.advance(10_001);
}, 60_000);

test('a change that comes while its record is being read is not lost (E2)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const { friendId, dealId } = await friendWithDeal('between@example.org');
  const realFetch = globalThis.fetch;
  let moved = false;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await realFetch(input, init);
    const address = input instanceof Request ? input.url : String(input);
    if (moved || !address.endsWith('/deals/batch/read')) return answer;
    moved = true;
    // The answer on its way says "qualified to buy"; HubSpot has gone on, and its message is here before the decision.
    portal.moveDeal(dealId, 'closedwon');
    await stage.hubspot.control.deliveries.deliverNow();
    return answer;
  });
  await stage.settle();
  expect(moved).toBe(true);
  expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('approved');
});

test('a wait HubSpot asked for outlasts a new installation', async () => {
  const { friendId } = await friendWithDeal('again@example.org');
  await stage.settle();
  stage.hubspot.control.faults.add({ kind: 'rateLimited', retryAfterSeconds: 40, path: '/batch/', times: 1 });
  stage.hubspot.control.portal(PORTAL).setProperties('contacts', friendId, { email: 'again-2@example.org' });
  await stage.settle(1_000);
  const [refused] = stage.hubspot.control.log.calls({ portalId: PORTAL, status: 429 });
  expect(refused).toBeDefined();
  await stage.install(PORTAL);
  await stage.settle(120_000);
  const calls = stage.hubspot.control.log.calls({ portalId: PORTAL }).filter(({ path }) => !path.startsWith('/oauth/'));
  const after = calls.filter(({ at, status }) => status !== 429 && at >= (refused?.at ?? 0));
  expect(after.length).toBeGreaterThan(0);
  expect(Math.min(...after.map(({ at }) => at)) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(40_000);
});

test('out of calls while a program’s own properties are made: they are made before anything is written to them (RF-05, RF-12)', async () => {
  const made = await tenant.api('POST', '/programs', {
    ...DEAL_PROGRAM,
    name: 'Partners',
    enrolment: { ownFields: true },
  });
  stage.hubspot.control.faults.add({ kind: 'rateLimited', retryAfterSeconds: 2, path: '/groups', times: 1 });
  stage.hubspot.control.log.clear();
  expect((await tenant.api('POST', `/programs/${made.body.id}/publish`)).status).toBe(200);
  expect((await tenant.api('POST', `/programs/${made.body.id}/enrolments`, { source: 'all' })).status).toBe(201);
  await stage.settle(120_000);
  const calls = stage.hubspot.control.log.calls({ portalId: PORTAL });
  const statusesOf = (end: string) => calls.filter(({ path }) => path.endsWith(end)).map(({ status }) => status);
  expect(statusesOf('contacts/groups')[0]).toBe(429);
  expect(new Set(statusesOf('contacts/batch/update'))).toEqual(new Set([200]));
  const portal = stage.hubspot.control.portal(PORTAL);
  const links = portal
    .ids('contacts')
    .map((id) => portal.get('contacts', id)?.properties['passalong_partners_referral_link']);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !link)).toEqual([]);
});
