import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTwoCrms, ORG_APP, type Tied, type TwoCrms } from './two-crms.ts';

const INSTALL = '/salesforce/oauth/install';
const TOKEN_PATH = '/services/oauth2/token';
const USER_INFO_PATH = '/services/oauth2/userinfo';
const DAY_MS = 86_400_000;

let crms: TwoCrms;
let orgId: string;

beforeAll(async () => {
  crms = await openTwoCrms();
});

afterAll(() => crms.close());

beforeEach(async () => {
  // What earlier tests connected asks for nothing any more.
  await crms.rows("update connections set status = 'disconnected', sealed_tokens = null");
  crms.salesforce.control.faults.clear();
  ({ orgId, adminId: otherUserId } = await crms.salesforce.control.createOrg());
});

const org = () => crms.salesforce.control.org(orgId);
const grants = () => org().grants(ORG_APP);
const tied = async () => (await crms.tied('salesforce', orgId))!;
const leave = ({ workspaceId, connectionId }: Tied) => crms.api(workspaceId, 'DELETE', `/connections/${connectionId}`);

/** Another user of the org signs in and agrees. */
async function installAs(userId: string) {
  const begun = await crms.begin(INSTALL);
  const consent = new URL(begun.location);
  consent.searchParams.set('userId', userId);
  return crms.follow(await crms.decide(consent.href, orgId), begun.cookie);
}

/** Somebody of the org who did not connect it. */
let otherUserId: string;

describe('an org connected again', () => {
  test('has one grant however often, and none after leaving (RR-09, E26)', async () => {
    for (let time = 0; time < 3; time += 1) expect((await crms.install(INSTALL, orgId)).status).toBe(200);
    expect(grants()).toBe(1);
    await leave(await tied());
    expect(grants()).toBe(0);
  });

  test('by another user of it stays with the one who connected it, who remains its only admin (RR-03)', async () => {
    await crms.install(INSTALL, orgId);
    const before = await tied();
    const held = await crms.rows('select sealed_tokens from connections where id = $1', [before.connectionId]);
    const refused = await installAs(otherUserId);
    expect(refused.status).toBe(409);
    for (const words of ['connected_by_another_user', 'stays as it is', 'the user who connected'])
      expect(refused.text).toContain(words);
    expect(await crms.rows('select sealed_tokens from connections where id = $1', [before.connectionId])).toEqual(held);
    const admins = await crms.rows('select crm_user_id from roles where connection_id = $1', [before.connectionId]);
    expect(admins).toHaveLength(1);
    expect(grants()).toBe(1);
    await leave(before);
    expect((await installAs(otherUserId)).status).toBe(200);
    expect(await tied()).toEqual({ ...before, status: 'connected' });
    expect((await crms.install(INSTALL, orgId)).status).toBe(409);
  });

  test('by another user goes on where the grant of the first one is dead (E24)', async () => {
    await crms.install(INSTALL, orgId);
    const before = await tied();
    org().revokeGrant(ORG_APP);
    crms.clock.advance(DAY_MS);
    await crms.sweep();
    expect(await tied()).toMatchObject({ status: 'needs_reauthorization' });
    expect((await installAs(otherUserId)).status).toBe(200);
    expect(await tied()).toEqual({ ...before, status: 'connected' });
  });
});

describe('an installation that came to nothing', () => {
  test('leaves no grant behind when the org does not confirm it, and the one in use goes on', async () => {
    await crms.install(INSTALL, orgId);
    crms.salesforce.control.faults.add({ kind: 'serverError', status: 503, path: USER_INFO_PATH });
    for (let time = 0; time < 6; time += 1) expect((await crms.install(INSTALL, orgId)).status).toBe(503);
    crms.salesforce.control.faults.clear();
    expect(grants()).toBe(1);
    crms.clock.advance(9 * DAY_MS);
    await crms.sweep();
    expect(await tied()).toMatchObject({ status: 'connected' });
  });

  test('uses its state up, whatever code comes with it the next time', async () => {
    const begun = await crms.begin(INSTALL);
    const [first, second] = [await crms.decide(begun.location, orgId), await crms.decide(begun.location, orgId)];
    expect((await crms.follow(first, begun.cookie)).status).toBe(200);
    const again = await crms.follow(second, begun.cookie);
    expect([again.status, again.text.includes('install_state_invalid')]).toEqual([400, true]);
  });

  test('in one tab leaves the one in another tab of the same browser alone', async () => {
    const [one, two] = [await crms.begin(INSTALL), await crms.begin(INSTALL)];
    expect(one.cookie.split('=')[0]).not.toBe(two.cookie.split('=')[0]);
    const jar = `${one.cookie}; ${two.cookie}`;
    const denied = await crms.follow(await crms.decide(two.location, orgId, 'deny'), jar);
    expect([denied.status, denied.cookie]).toEqual([400, '']);
    expect((await crms.follow(await crms.decide(one.location, orgId), jar)).status).toBe(200);
  });
});

describe('leaving', () => {
  test('while a token is renewed ends what comes of it too (E26)', async () => {
    await crms.install(INSTALL, orgId);
    const before = await tied();
    crms.clock.advance(9 * DAY_MS);
    crms.salesforce.control.log.clear();
    crms.salesforce.control.faults.add({ kind: 'slow', delayMs: 400, path: TOKEN_PATH, times: 1 });
    const working = crms.service.process(before);
    await vi.waitFor(async () => {
      const [row] = await crms.rows('select refresh_holder from connections where id = $1', [before.connectionId]);
      expect(row?.['refresh_holder']).not.toBeNull();
    });
    expect((await leave(before)).status).toBe(200);
    await working;
    expect(await tied()).toMatchObject({ status: 'disconnected' });
    expect(grants()).toBe(0);
  });

  test('a connection that broke ends a grant that lives all the same (E26)', async () => {
    await crms.install(INSTALL, orgId);
    const before = await tied();
    await crms.rows("update connections set status = 'needs_reauthorization' where id = $1", [before.connectionId]);
    await leave(before);
    expect(grants()).toBe(0);
  });
});
