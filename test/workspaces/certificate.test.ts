import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTwoCrms, ORG_APP, type Tied, type TwoCrms } from './two-crms.ts';

const TOKEN_PATH = '/services/oauth2/token';
const DAY_MS = 86_400_000;
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let crms: TwoCrms;
let orgId: string;
let tied: Tied;
let integrationUserId: string;

beforeAll(async () => {
  crms = await openTwoCrms({ key: { privateKey: pair.privateKey, certificate: pair.publicKey } });
});

afterAll(() => crms.close());

beforeEach(async () => {
  // What earlier tests connected asks for nothing any more.
  await crms.rows("update connections set status = 'disconnected', sealed_tokens = null");
  ({ orgId, integrationUserId } = await crms.salesforce.control.createOrg());
  await crms.install('/salesforce/oauth/install', orgId);
  tied = (await crms.tied('salesforce', orgId))!;
});

const org = () => crms.salesforce.control.org(orgId);
const username = () => String(org().get(integrationUserId)?.['Username']);
const switchOver = (body: object, workspaceId = tied.workspaceId) =>
  crms.api(workspaceId, 'POST', '/connections/salesforce-jwt', body);
const grantTypes = () => crms.salesforce.control.log.calls({ path: TOKEN_PATH }).map(({ grantType }) => grantType);

describe('speaking for a user by certificate', () => {
  test('keeps no refresh token, ends the one there was, and gets new access tokens by itself (RR-09)', async () => {
    org().preauthorize(integrationUserId);
    const answer = await switchOver({ username: username() });
    expect(answer).toMatchObject({
      status: 200,
      body: { id: tied.connectionId, status: 'connected', scopes: ['api'] },
    });
    expect(org().grants(ORG_APP)).toBe(0);
    expect(await crms.rows('select token_due_at from connections where id = $1', [tied.connectionId])).toEqual([
      { token_due_at: null },
    ]);
    org().revokeAccessTokens();
    crms.salesforce.control.log.clear();
    crms.clock.advance(9 * DAY_MS);
    await crms.sweep();
    expect(grantTypes()).toEqual(['urn:ietf:params:oauth:grant-type:jwt-bearer']);
    expect(await crms.tied('salesforce', orgId)).toMatchObject({ status: 'connected' });
    const audit = await crms.rows("select detail from audit_log where action = 'connection.certificate_used'");
    expect(audit).toEqual([{ detail: { username: username() } }]);
  });

  test('needs the administrator’s leave, and says so', async () => {
    const refused = await switchOver({ username: username() });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'certificate_user_refused' } } });
    expect(refused.body.error.remedy).toContain('approved the user');
    expect(org().grants(ORG_APP)).toBe(1);
  });

  test('opens no org that was not connected to this very workspace in a browser (RR-03)', async () => {
    const other = await crms.salesforce.control.createOrg();
    const otherOrg = crms.salesforce.control.org(other.orgId);
    otherOrg.preauthorize(other.integrationUserId);
    const stolen = await switchOver({ username: String(otherOrg.get(other.integrationUserId)?.['Username']) });
    expect(stolen).toMatchObject({ status: 409, body: { error: { code: 'certificate_user_refused' } } });
    // Nobody learns whom our certificate speaks for elsewhere: who is not known reads the same.
    const unknown = await switchOver({ username: 'nobody@nowhere.example' });
    const { message, remedy } = stolen.body.error;
    expect(unknown.body.error).toMatchObject({ code: 'certificate_user_refused', message, remedy });
    // Nor does who was let go there, though Salesforce has words of its own for them.
    otherOrg.setUserActive(other.integrationUserId, false);
    const inactive = await switchOver({ username: String(otherOrg.get(other.integrationUserId)?.['Username']) });
    expect(inactive.body.error).toMatchObject({ code: 'certificate_user_refused', message, remedy });
    expect(remedy).toContain('active');
    expect(await crms.tied('salesforce', other.orgId)).toBeNull();
    crms.hubspot.control.createPortal({ portalId: Number(orgId.length + 600), seed: 'empty', currency: 'EUR' });
    await crms.install('/hubspot/oauth/install', String(orgId.length + 600));
    const portal = (await crms.tied('hubspot', String(orgId.length + 600)))!;
    crms.salesforce.control.log.clear();
    const without = await switchOver({ username: username() }, portal.workspaceId);
    expect(without).toMatchObject({ status: 409, body: { error: { code: 'crm_not_connected' } } });
    expect(grantTypes()).toEqual([]);
  });

  test('signs in only where Salesforce’s people do', async () => {
    const refused = await switchOver({ username: username(), loginUrl: 'https://login.evil.example' });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'login_host_refused' } } });
  });

  test('signs in where the org was connected, unless another host is named', async () => {
    const sandbox = await crms.salesforce.control.createOrg({ isSandbox: true });
    await crms.install('/salesforce/oauth/install?login_url=sandbox', sandbox.orgId);
    const there = (await crms.tied('salesforce', sandbox.orgId))!;
    const sandboxOrg = crms.salesforce.control.org(sandbox.orgId);
    sandboxOrg.preauthorize(sandbox.integrationUserId);
    const user = String(sandboxOrg.get(sandbox.integrationUserId)?.['Username']);
    const elsewhere = await switchOver({ username: user, loginUrl: 'production' }, there.workspaceId);
    expect(elsewhere).toMatchObject({ status: 409, body: { error: { code: 'certificate_user_refused' } } });
    expect(await switchOver({ username: user }, there.workspaceId)).toMatchObject({ status: 200 });
  });

  test('of a user who was deactivated in a sandbox is asked for there again once they are back (E24)', async () => {
    const sandbox = await crms.salesforce.control.createOrg({ isSandbox: true });
    await crms.install('/salesforce/oauth/install?login_url=sandbox', sandbox.orgId);
    const there = (await crms.tied('salesforce', sandbox.orgId))!;
    const sandboxOrg = crms.salesforce.control.org(sandbox.orgId);
    sandboxOrg.preauthorize(sandbox.integrationUserId);
    const user = String(sandboxOrg.get(sandbox.integrationUserId)?.['Username']);
    await switchOver({ username: user }, there.workspaceId);
    sandboxOrg.setUserActive(sandbox.integrationUserId, false);
    sandboxOrg.revokeAccessTokens();
    crms.clock.advance(DAY_MS);
    await crms.sweep();
    const broken = await crms.api(there.workspaceId, 'GET', '/connections');
    expect(broken.body.items).toMatchObject([{ status: 'needs_reauthorization' }]);
    expect(broken.body.items[0].statusReason).toContain('activate them and connect again');
    sandboxOrg.setUserActive(sandbox.integrationUserId, true);
    const again = await switchOver({ username: user }, there.workspaceId);
    expect(again).toMatchObject({ status: 200, body: { status: 'connected', statusReason: null } });
  });

  test('does not bring back a connection that is ended while Salesforce answers (E26)', async () => {
    org().preauthorize(integrationUserId);
    crms.salesforce.control.faults.add({ kind: 'slow', delayMs: 300, path: TOKEN_PATH, times: 1 });
    crms.salesforce.control.log.clear();
    const switching = switchOver({ username: username() });
    await vi.waitFor(() => expect(crms.salesforce.control.faults.list().at(-1)?.times).toBe(0));
    const left = await crms.api(tied.workspaceId, 'DELETE', `/connections/${tied.connectionId}`);
    expect(left.status).toBe(200);
    const late = await switching;
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'connection_changed' } } });
    const [row] = await crms.rows('select status, sealed_tokens from connections where id = $1', [tied.connectionId]);
    expect(row).toEqual({ status: 'disconnected', sealed_tokens: null });
  });

  test('goes back to a refresh token when somebody connects in a browser again', async () => {
    org().preauthorize(integrationUserId);
    await switchOver({ username: username() });
    await crms.install('/salesforce/oauth/install', orgId);
    expect(org().grants(ORG_APP)).toBe(1);
    crms.clock.advance(9 * DAY_MS);
    crms.salesforce.control.log.clear();
    await crms.sweep();
    expect(grantTypes()).toContain('refresh_token');
  });

  test('of a user who was deactivated breaks the connection once, and asks Salesforce no more (E24)', async () => {
    org().preauthorize(integrationUserId);
    await switchOver({ username: username() });
    org().setUserActive(integrationUserId, false);
    org().revokeAccessTokens();
    crms.salesforce.control.log.clear();
    for (let day = 0; day < 3; day += 1) {
      crms.clock.advance(4 * DAY_MS);
      await crms.sweep();
    }
    expect(grantTypes()).toHaveLength(1);
    expect(await crms.tied('salesforce', orgId)).toMatchObject({ status: 'needs_reauthorization' });
  });
});

test('an org in which nothing happens has its token renewed every week, so that it never dies of disuse', async () => {
  crms.salesforce.control.log.clear();
  // Nothing but the token is due.
  await crms.rows('delete from poll_cursors where connection_id = $1', [tied.connectionId]);
  await crms.sweep();
  await crms.rows('update connections set provision_due_at = null where id = $1', [tied.connectionId]);
  for (let day = 0; day < 40; day += 1) {
    crms.clock.advance(DAY_MS);
    await crms.sweep();
    await crms.rows('update connections set provision_due_at = null where id = $1', [tied.connectionId]);
  }
  const renewals = crms.salesforce.control.log.calls({ path: TOKEN_PATH });
  expect(renewals.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(await crms.tied('salesforce', orgId)).toMatchObject({ status: 'connected' });
  const [{ token_due_at: dueAt } = {}] = await crms.rows('select token_due_at from connections where id = $1', [
    tied.connectionId,
  ]);
  expect(dueAt).toEqual(new Date(crms.clock.now() + 2 * DAY_MS));
});
