import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEAL_PROGRAM, ownProperties } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const MINUTE = 60_000;

let stage: Stage;
let tenant: Tenant;
let programId: string;
let portalId = 800;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

beforeEach(async () => {
  portalId += 1;
  stage.hubspot.control.createPortal({ portalId, contacts: 450 });
  tenant = await stage.install(portalId);
  const { body } = await tenant.api('POST', '/programs', DEAL_PROGRAM);
  programId = body.id;
  await tenant.api('POST', `/programs/${programId}/publish`);
  await stage.settle();
});

const portal = () => stage.hubspot.control.portal(portalId);
const ref = () => ({ workspaceId: tenant.workspaceId, connectionId: tenant.connectionId });

async function start(source: object): Promise<string> {
  const { status, body } = await tenant.api('POST', `/programs/${programId}/enrolments`, source);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

async function progressOf(id: string) {
  return (await tenant.api('GET', `/enrolments/${id}`)).body;
}

/** HubSpot takes its time over one kind of call, so that something can happen meanwhile. */
async function whileHubSpotIsSlow(
  path: string,
  { walked, meanwhile }: { readonly walked: boolean; readonly meanwhile: () => Promise<void> },
): Promise<void> {
  const { faults } = stage.hubspot.control;
  const fault = faults.add({ kind: 'slow', portalId, path, delayMs: 700 });
  const working = stage.service.process(ref());
  // Claimed: its call is on its way or will be in a moment, and nothing of it is recorded before that has been slow.
  const claimed = () =>
    stage.rows('select 1 from enrolments where claimed_until is not null and walked = $1', [walked]);
  await expect.poll(async () => (await claimed()).length, { timeout: 5_000, interval: 5 }).toBe(1);
  await meanwhile();
  await working;
  faults.remove(fault);
}

/** A worker that was thought dead: its claim is given to another. */
async function loseClaims(): Promise<void> {
  await stage.rows('update enrolments set claimed_until = null');
}

test.each([
  ['all contacts', 'contacts/search', { source: 'all', walked: false }],
  ['a list, its members', '/memberships', { source: 'list', walked: false }],
  ['a list, its contacts', 'contacts/batch/read', { source: 'list', walked: true }],
])('two workers on the same page of %s count it once, and nobody gets two links (E22)', async (_name, path, given) => {
  const { source, walked } = given;
  const listId = portal().createList({ name: 'Everybody', recordIds: portal().ids('contacts') });
  const id = await start(source === 'list' ? { source, listId } : { source });
  await whileHubSpotIsSlow(path, {
    walked,
    meanwhile: async () => {
      await loseClaims();
      await stage.service.process(ref());
    },
  });
  await stage.settle(MINUTE);
  const { progress, state } = await progressOf(id);
  expect({ state, ...progress }).toMatchObject({ state: 'done', seen: 450, enrolled: 450, already: 0, skipped: 0 });
});

test('paused in the middle of a page: the page is not recorded, and resuming takes it up again (E22)', async () => {
  const id = await start({ source: 'all' });
  await whileHubSpotIsSlow('contacts/search', {
    walked: false,
    meanwhile: async () => {
      expect((await tenant.api('POST', `/enrolments/${id}/pause`)).body.state).toBe('paused');
    },
  });
  await stage.settle(MINUTE);
  expect(await progressOf(id)).toMatchObject({ state: 'paused', progress: { seen: 0, enrolled: 0 } });
  await tenant.api('POST', `/enrolments/${id}/resume`);
  await stage.settle(MINUTE);
  expect(await progressOf(id)).toMatchObject({ state: 'done', progress: { seen: 450, enrolled: 450, already: 0 } });
});

test('a contact that HubSpot’s index did not hold yet during the walk is met by the next look (RF-17)', async () => {
  stage.hubspot.control.settings.set({ searchIndexLagMs: 20_000 });
  const late = portal().createContact({ email: 'just-now@example.com' });
  stage.clock.advance(1_000);
  const id = await start({ source: 'all', ongoing: true });
  await stage.settle(5_000);
  expect(ownProperties(stage, portalId, late)['passalong_referral_link']).toBeUndefined();
  stage.hubspot.control.settings.set({ searchIndexLagMs: 0 });
  await stage.pass(15 * MINUTE + 5_000);
  expect(ownProperties(stage, portalId, late)['passalong_referral_link']).toMatch(/\/r\//);
  // Whoever the look back met again was counted by the first walk.
  const { progress } = await progressOf(id);
  expect(progress.seen).toBe(progress.enrolled + progress.already + progress.skipped);
  expect(progress).toMatchObject({ already: 0, skipped: 0 });
});

test('an enrolment that is over does not go on beside a newer live one of the same source: 409, not a fault (RF-17)', async () => {
  const listId = portal().createList({ name: 'Few', recordIds: portal().ids('contacts').slice(0, 3) });
  const first = await start({ source: 'list', listId });
  await stage.settle(MINUTE);
  const second = await start({ source: 'list', listId, ongoing: true });
  const refused = await tenant.api('PUT', `/enrolments/${first}`, { ongoing: true });
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'enrolment_state_refused' } } });
  await stage.settle(MINUTE);
  expect(await progressOf(second)).toMatchObject({ state: 'watching' });
});

test('switching enrolment off in the program stops an ongoing one, with the reason, and it can be resumed (RF-17)', async () => {
  const [joiner = '', ...members] = portal().ids('contacts').slice(0, 4);
  const listId = portal().createList({ name: 'Few', recordIds: members });
  const id = await start({ source: 'list', listId, ongoing: true });
  await stage.settle(MINUTE);
  const publish = async (enabled: boolean): Promise<void> => {
    await tenant.api('PUT', `/programs/${programId}`, { ...DEAL_PROGRAM, enrolment: { enabled } });
    expect((await tenant.api('POST', `/programs/${programId}/publish`)).status).toBe(200);
  };
  await publish(false);
  portal().addToList(listId, [joiner]);
  await stage.pass(15 * MINUTE + 5_000);
  expect(ownProperties(stage, portalId, joiner)['passalong_referral_link']).toBeUndefined();
  expect(await progressOf(id)).toMatchObject({ state: 'paused', error: { code: 'enrolment_off' } });
  await publish(true);
  expect((await tenant.api('POST', `/enrolments/${id}/resume`)).body.state).toBe('watching');
  await stage.settle(MINUTE);
  expect(ownProperties(stage, portalId, joiner)['passalong_referral_link']).toMatch(/\/r\//);
});
