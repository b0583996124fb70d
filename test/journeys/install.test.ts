import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_ID, openStage, tenantOf, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  for (const portalId of [201, 202, 203]) {
    stage.hubspot.control.createPortal({ portalId, seed: 'empty', timeZone: 'UTC', currency: 'USD' });
  }
});

afterAll(() => stage.close());

type Begun = { readonly cookie: string; readonly consentUrl: URL };

async function begin(): Promise<Begun> {
  const answer = await fetch(`${stage.publicUrl}/hubspot/oauth/install`, { redirect: 'manual' });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { cookie, consentUrl: new URL(answer.headers.get('location') ?? '') };
}

async function decide(consentUrl: URL, portalId: number, decision: 'grant' | 'deny'): Promise<string> {
  const url = new URL(consentUrl);
  url.searchParams.set('portalId', String(portalId));
  url.searchParams.set('decision', decision);
  const answer = await fetch(url, { method: 'POST', redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

function call(url: string, cookie = ''): Promise<Response> {
  return fetch(url, { headers: cookie === '' ? {} : { cookie }, redirect: 'manual' });
}

async function connections(): Promise<unknown[]> {
  return stage.rows('select external_account_id, status from connections order by external_account_id');
}

describe('connecting HubSpot', () => {
  test('asks for every scope of the app with state and a PKCE challenge, and stores neither token nor verifier in the clear (RF-03)', async () => {
    const { consentUrl } = await begin();
    expect(Object.fromEntries(consentUrl.searchParams)).toMatchObject({
      scope: expect.stringContaining('crm.objects.contacts.write'),
      code_challenge_method: 'S256',
      redirect_uri: `${stage.publicUrl}/hubspot/oauth/callback`,
    });
    const attempts = await stage.rows<{ state_hash: string; sealed_verifier: string }>('select * from oauth_attempts');
    expect(attempts.some((attempt) => attempt.state_hash === consentUrl.searchParams.get('state'))).toBe(false);
    expect(attempts.every((attempt) => attempt.sealed_verifier.startsWith('v1.'))).toBe(true);
  });

  test('refuses a callback from another browser, a state used twice and one that is ten minutes old', async () => {
    const first = await begin();
    const callback = await decide(first.consentUrl, 201, 'grant');
    expect((await call(callback)).status).toBe(400);
    expect((await call(callback, 'passalong_install=forged')).status).toBe(400);
    expect(await connections()).toEqual([]);
    expect((await call(callback, first.cookie)).status).toBe(200);
    expect((await call(callback, first.cookie)).status).toBe(400);

    const slow = await begin();
    const late = await decide(slow.consentUrl, 202, 'grant');
    stage.clock.advance(10 * 60_000 + 1);
    expect((await call(late, slow.cookie)).status).toBe(400);
    expect(await connections()).toEqual([{ external_account_id: '201', status: 'connected' }]);
  });

  test('shows a page with a remedy when the admin declines, and connects nothing', async () => {
    const begun = await begin();
    const declined = await call(await decide(begun.consentUrl, 202, 'deny'), begun.cookie);
    expect(declined.status).toBe(400);
    expect(await declined.text()).toContain('Start again');
    expect(await connections()).toHaveLength(1);
  });

  test('makes the installer an admin, takes the currency of the portal and creates every property once (RF-09, RF-10)', async () => {
    const tenant = await tenantOf(stage, 201);
    await stage.settle();
    expect(await stage.rows('select role from roles where connection_id = $1', [tenant.connectionId])).toEqual([
      { role: 'admin' },
    ]);
    expect(await stage.rows('select currency from workspaces where id = $1', [tenant.workspaceId])).toEqual([
      { currency: 'USD' },
    ]);
    const own = stage.hubspot.control
      .portal(201)
      .properties('contacts')
      .filter((property) => property.name.startsWith('passalong_'));
    expect(own).toHaveLength(17);
    expect(own.every((property) => property.groupName === 'passalong')).toBe(true);
    expect(own.filter((property) => property.hasUniqueValue).map((property) => property.name)).toEqual([
      'passalong_referral_id',
    ]);
  });

  test('accepts an installation that began in the marketplace, binding it to the portal of the token answer alone (RF-04)', async () => {
    const { url } = stage.hubspot.control.portal(203).marketplaceInstall(APP_ID);
    const elsewhere = await begin();
    expect((await call(url, elsewhere.cookie)).status).toBe(200);
    const first = await tenantOf(stage, 201);
    const second = await tenantOf(stage, 203);
    expect(second.workspaceId).not.toBe(first.workspaceId);
  });

  test('connecting the same portal again keeps its workspace and its connection', async () => {
    const before = await tenantOf(stage, 201);
    const after = await stage.install(201);
    expect(after).toMatchObject({ workspaceId: before.workspaceId, connectionId: before.connectionId });
    expect(await connections()).toHaveLength(2);
  });
});
