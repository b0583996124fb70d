import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTwoCrms, ORG_APP, type TwoCrms } from './two-crms.ts';

const INSTALL = '/salesforce/oauth/install';

let crms: TwoCrms;
let orgId: string;
let sandboxId: string;

beforeAll(async () => {
  crms = await openTwoCrms();
  orgId = (await crms.salesforce.control.createOrg({ currency: 'EUR', timeZone: 'Europe/Lisbon' })).orgId;
  sandboxId = (await crms.salesforce.control.createOrg({ isSandbox: true })).orgId;
});

afterAll(() => crms.close());

const connections = () => crms.rows('select external_account_id as org, status from connections order by created_at');

describe('connecting a Salesforce org', () => {
  test('asks for no more than it needs, with state and a PKCE challenge, and keeps neither in the clear (RR-07)', async () => {
    const begun = await crms.begin(INSTALL);
    const consent = new URL(begun.location);
    expect(`${consent.origin}${consent.pathname}`).toBe(`${crms.salesforce.url}/services/oauth2/authorize`);
    expect(Object.fromEntries(consent.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: ORG_APP,
      scope: 'api refresh_token',
      code_challenge_method: 'S256',
      redirect_uri: `${crms.publicUrl}/salesforce/oauth/callback`,
    });
    const [attempt] = await crms.rows('select * from oauth_attempts');
    expect(attempt).toMatchObject({ crm: 'salesforce', login_url: crms.salesforce.url, join_link_id: null });
    expect(JSON.stringify(attempt)).not.toContain(consent.searchParams.get('state'));
  });

  test('signs in where the address says, and at no host but Salesforce’s', async () => {
    const sandbox = await crms.begin(`${INSTALL}?login_url=sandbox`);
    expect(new URL(sandbox.location).origin).toBe(crms.salesforce.sandboxLoginUrl);
    for (const host of ['https://login.salesforce.com.evil.example', 'https://10.0.0.7', 'ftp://127.0.0.1']) {
      const refused = await crms.begin(`${INSTALL}?login_url=${encodeURIComponent(host)}`);
      expect(refused.status, host).toBe(422);
      expect(refused.text).toContain('login_host_refused');
      expect(refused.text).toContain('My Domain');
    }
  });

  test('refuses a callback from another browser, without a state, used twice, or ten minutes old', async () => {
    const begun = await crms.begin(INSTALL);
    const callback = await crms.decide(begun.location, orgId);
    const stateless = new URL(callback);
    stateless.searchParams.delete('state');
    for (const [address, cookie] of [
      [callback, ''],
      [callback, 'passalong_install=forged'],
      [stateless.href, begun.cookie],
    ] as const) {
      const refused = await crms.follow(address, cookie);
      expect([refused.status, refused.text.includes('install_state_invalid')]).toEqual([400, true]);
    }
    expect(await connections()).toEqual([]);
    const late = await crms.begin(INSTALL);
    const lateCallback = await crms.decide(late.location, orgId);
    crms.clock.advance(10 * 60_000 + 1);
    expect((await crms.follow(lateCallback, late.cookie)).status).toBe(400);
    const done = await crms.begin(INSTALL);
    const doneCallback = await crms.decide(done.location, orgId);
    expect((await crms.follow(doneCallback, done.cookie)).status).toBe(200);
    expect((await crms.follow(doneCallback, done.cookie)).status).toBe(400);
  });

  test('binds the org of the token answer, reads its currency and time zone, and makes who signed in an admin', async () => {
    const tied = await crms.tied('salesforce', orgId);
    const [connection] = await crms.rows('select * from connections where id = $1', [tied?.connectionId]);
    expect(connection).toMatchObject({
      external_account_id: orgId,
      status: 'connected',
      currency: 'EUR',
      time_zone: 'Europe/Lisbon',
      scopes: ['api', 'refresh_token'],
    });
    expect(connection?.['sealed_tokens']).toMatch(/^v1\./);
    expect(await crms.rows('select role, crm_user_id from roles')).toEqual([
      { role: 'admin', crm_user_id: expect.stringMatching(/^005\w{15}$/) },
    ]);
    expect(await crms.rows("select action from audit_log where action like 'connection.%'")).toEqual([
      { action: 'connection.connected' },
    ]);
    expect(await crms.rows('select object_type from poll_cursors order by 1')).toEqual([
      { object_type: 'contact' },
      { object_type: 'deal' },
    ]);
  });

  test('connecting an org again keeps its workspace and connection, also after it was disconnected (RR-09, E25)', async () => {
    const before = await crms.tied('salesforce', orgId);
    expect((await crms.install(INSTALL, orgId)).status).toBe(200);
    expect(await crms.tied('salesforce', orgId)).toEqual(before);
    const gone = await crms.api(before!.workspaceId, 'DELETE', `/connections/${before!.connectionId}`);
    expect(gone).toMatchObject({ status: 200, body: { status: 'disconnected' } });
    expect((await crms.install(INSTALL, orgId)).status).toBe(200);
    expect(await crms.tied('salesforce', orgId)).toEqual({ ...before, status: 'connected' });
    expect(await connections()).toEqual([{ org: orgId, status: 'connected' }]);
  });

  test('leaving ends the grant at Salesforce and forgets the tokens', async () => {
    const org = crms.salesforce.control.org(orgId);
    const grants = org.grants(ORG_APP);
    const tied = await crms.tied('salesforce', orgId);
    await crms.api(tied!.workspaceId, 'DELETE', `/connections/${tied!.connectionId}`);
    expect(org.grants(ORG_APP)).toBe(grants - 1);
    expect(await crms.rows('select sealed_tokens, token_due_at from connections')).toEqual([
      { sealed_tokens: null, token_due_at: null },
    ]);
    await crms.install(INSTALL, orgId);
  });

  test('a sandbox is an org of its own, and so is the one a refresh makes of it (E25)', async () => {
    expect((await crms.install(`${INSTALL}?login_url=sandbox`, sandboxId)).status).toBe(200);
    const before = await crms.tied('salesforce', sandboxId);
    const fresh = await crms.salesforce.control.refreshSandbox(sandboxId);
    expect((await crms.install(`${INSTALL}?login_url=sandbox`, fresh.orgId)).status).toBe(200);
    const after = await crms.tied('salesforce', fresh.orgId);
    expect(after!.workspaceId).not.toBe(before!.workspaceId);
  });

  test('shows a page with a remedy when the admin declines, and when Salesforce refuses the code', async () => {
    const begun = await crms.begin(INSTALL);
    const declined = await crms.follow(await crms.decide(begun.location, orgId, 'deny'), begun.cookie);
    expect([declined.status, declined.text.includes('install_declined')]).toEqual([400, true]);
    const blocked = await crms.follow(
      `${crms.publicUrl}/salesforce/oauth/callback?error=OAUTH_EC_APP_NOT_FOUND&error_description=x`,
      '',
    );
    expect(blocked.text).toContain('(OAUTH_EC_APP_NOT_FOUND). Install the Passalong package');
    const again = await crms.begin(INSTALL);
    const callback = new URL(await crms.decide(again.location, orgId));
    callback.searchParams.set('code', 'another');
    const refused = await crms.follow(callback.href, again.cookie);
    expect([refused.status, refused.text.includes('salesforce_code_refused')]).toEqual([400, true]);
    expect(refused.text).toContain('href="/salesforce/oauth/install"');
  });
});
