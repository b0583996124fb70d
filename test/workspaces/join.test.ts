import { hkdfSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createJoinSigner } from '../../backend/src/workspaces/join-link.ts';
import { JoinLinkInvalid } from '../../backend/src/workspaces/install-errors.ts';
import { DEAL_PROGRAM } from '../journeys/program.ts';
import { SECRET_KEY } from '../journeys/stage.ts';
import { openTwoCrms, ORG_APP, type Tied, type TwoCrms } from './two-crms.ts';

const DAY_MS = 86_400_000;
const TEN_MINUTES_MS = 10 * 60_000;

let crms: TwoCrms;
let portals = 300;
/** A workspace with a HubSpot portal of its own. */
let home: Tied;
let orgId: string;

beforeAll(async () => {
  crms = await openTwoCrms();
});

afterAll(() => crms.close());

beforeEach(async () => {
  home = await newPortal();
  orgId = await newOrg();
});

async function newPortal(): Promise<Tied> {
  portals += 1;
  const id = String(portals);
  crms.hubspot.control.createPortal({ portalId: portals, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  await crms.install('/hubspot/oauth/install', id);
  return (await crms.tied('hubspot', id))!;
}

async function newOrg(): Promise<string> {
  return (await crms.salesforce.control.createOrg({ currency: 'EUR' })).orgId;
}

async function makeLink(workspaceId: string, crm = 'salesforce'): Promise<string> {
  const made = await crms.api(workspaceId, 'POST', '/connections/join-links', { crm });
  expect(made.status).toBe(201);
  return made.body.url;
}

async function leave({ workspaceId, connectionId }: Tied): Promise<void> {
  const left = await crms.api(workspaceId, 'DELETE', `/connections/${connectionId}`);
  expect(left.status).toBe(200);
}

async function expectRefused(address: string, code: string): Promise<void> {
  const refused = await crms.install(address, orgId);
  expect(refused.text).toContain(code);
  expect(refused.status).toBeGreaterThanOrEqual(400);
}

describe('a link that joins a second CRM to a workspace', () => {
  test('brings the org that is signed in to into the workspace that made it (G4)', async () => {
    const link = await makeLink(home.workspaceId);
    expect(new URL(link).pathname).toBe('/salesforce/oauth/install');
    const joined = await crms.install(link, orgId);
    expect([joined.status, joined.text.includes('has joined the workspace')]).toEqual([200, true]);
    const tied = await crms.tied('salesforce', orgId);
    expect(tied).toMatchObject({ workspaceId: home.workspaceId, status: 'connected' });
    const audit = await crms.rows('select action, actor from audit_log where workspace_id = $1 order by id', [
      home.workspaceId,
    ]);
    const told = audit.filter(({ action }) => /^(connection|join)/.test(String(action)));
    expect(told.map(({ action }) => action)).toEqual([
      'connection.connected',
      'join_link.created',
      'connection.joined',
    ]);
    expect(told[1]?.['actor']).toMatch(/^api_key:/);
    const links = await crms.rows('select crm, connection_id from join_links where workspace_id = $1', [
      home.workspaceId,
    ]);
    expect(links).toEqual([{ crm: 'salesforce', connection_id: tied!.connectionId }]);
  });

  test('works the other way round: a portal joins the workspace of an org (G4)', async () => {
    await crms.install('/salesforce/oauth/install', orgId);
    const org = (await crms.tied('salesforce', orgId))!;
    portals += 1;
    crms.hubspot.control.createPortal({ portalId: portals, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
    const joined = await crms.install(await makeLink(org.workspaceId, 'hubspot'), String(portals));
    expect(joined.status).toBe(200);
    expect(await crms.tied('hubspot', String(portals))).toMatchObject({ workspaceId: org.workspaceId });
  });

  test('finds or makes the people of the workspace in the account that joined: one person, two records (G4)', async () => {
    const program = await crms.api(home.workspaceId, 'POST', '/programs', DEAL_PROGRAM);
    await crms.sweep();
    await crms.api(home.workspaceId, 'POST', `/programs/${program.body.id}/publish`);
    const ada = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Advocate' };
    await crms.api(home.workspaceId, 'POST', `/programs/${program.body.id}/advocates`, ada);
    await crms.sweep();
    await crms.install(await makeLink(home.workspaceId), orgId);
    await crms.sweep();
    const records = await crms.rows<{ crm: string; person_id: string }>(
      `select c.crm, r.person_id from crm_records r join connections c on c.id = r.connection_id
        where r.workspace_id = $1 and r.object_type = 'contact' order by 1`,
      [home.workspaceId],
    );
    expect(records.map(({ crm }) => crm)).toEqual(['hubspot', 'salesforce']);
    expect(new Set(records.map(({ person_id: person }) => person)).size).toBe(1);
  });

  test('works once, for one browser of all that opened it', async () => {
    const link = await makeLink(home.workspaceId);
    const [first, second] = [await crms.begin(link), await crms.begin(link)];
    const [one, two] = [await crms.decide(first.location, orgId), await crms.decide(second.location, orgId)];
    expect((await crms.follow(one, first.cookie)).status).toBe(200);
    const refused = await crms.follow(two, second.cookie);
    expect([refused.status, refused.text.includes('used before')]).toEqual([400, true]);
    await expectRefused(link, 'join_link_invalid');
  });

  test('opens until its ten minutes are over, and then no more', async () => {
    const [early, late] = [await makeLink(home.workspaceId), await makeLink(home.workspaceId)];
    crms.clock.advance(TEN_MINUTES_MS - 1_000);
    expect((await crms.begin(early)).status).toBe(303);
    crms.clock.advance(1_000);
    await expectRefused(late, 'older than ten minutes');
  });

  test('is refused when it was changed, is for the other CRM, or was never made here', async () => {
    const link = new URL(await makeLink(home.workspaceId));
    const token = link.searchParams.get('join')!;
    const [head, , signature] = token.split('.');
    const claims = { ...(jwt.decode(token) as object), sub: 'ws_somebody' };
    const moved = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    const unsigned = jwt.sign(claims, '', { algorithm: 'none' });
    for (const join of [moved, unsigned, 'x', `${token}x`]) {
      await expectRefused(`/salesforce/oauth/install?join=${encodeURIComponent(join)}`, 'join_link_invalid');
    }
    const begun = await crms.begin(`/hubspot/oauth/install?join=${token}`);
    expect([begun.status, begun.text.includes('not for HubSpot')]).toEqual([400, true]);
    await crms.rows('delete from join_links');
    await expectRefused(link.href, 'join_link_invalid');
    expect(await crms.tied('salesforce', orgId)).toBeNull();
  });

  test('takes no org from another workspace, and says where it belongs (RR-03, E25)', async () => {
    await crms.install('/salesforce/oauth/install', orgId);
    const owner = await crms.tied('salesforce', orgId);
    const link = await makeLink(home.workspaceId);
    const refused = await crms.install(link, orgId);
    expect([refused.status, refused.text.includes('account_connected_elsewhere')]).toEqual([409, true]);
    expect(await crms.tied('salesforce', orgId)).toEqual(owner);
    // Salesforce keeps five grants of a user and ends the oldest for a sixth: refused ones must not push ours out.
    for (let again = 0; again < 5; again += 1) await crms.install(link, orgId);
    expect(crms.salesforce.control.org(orgId).grants(ORG_APP)).toBe(1);
    crms.clock.advance(9 * DAY_MS);
    await crms.sweep();
    expect(await crms.tied('salesforce', orgId)).toEqual(owner);
    const second = await makeLink(home.workspaceId);
    // A refusal does not use the link up.
    await crms.install(second, orgId);
    expect((await crms.install(second, await newOrg())).status).toBe(200);
  });

  test('is not made, nor lets anybody in, where the workspace has an account of that CRM', async () => {
    const spare = await makeLink(home.workspaceId);
    await crms.install(await makeLink(home.workspaceId), orgId);
    const again = await crms.api(home.workspaceId, 'POST', '/connections/join-links', { crm: 'salesforce' });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'crm_already_connected' } } });
    const refused = await crms.install(spare, await newOrg());
    expect([refused.status, refused.text.includes('crm_already_connected')]).toEqual([409, true]);
    const { connectionId } = (await crms.tied('salesforce', orgId))!;
    await crms.api(home.workspaceId, 'DELETE', `/connections/${connectionId}`);
    const other = await newOrg();
    expect((await crms.install(spare, other)).status).toBe(200);
  });

  test('says whose workspace it leads to before anything is begun', async () => {
    const page = await crms.follow(await makeLink(home.workspaceId), '');
    const [portal] = await crms.rows<{ account: string }>(
      'select external_account_id as account from connections where id = $1',
      [home.connectionId],
    );
    expect(page.status).toBe(200);
    expect(page.text).toContain(`HubSpot account ${portal!.account}`);
    expect(await crms.rows('select * from oauth_attempts where join_workspace = $1', [home.workspaceId])).toEqual([]);
  });

  test('brings nobody in any more when its ten minutes end while somebody signs in', async () => {
    const link = await makeLink(home.workspaceId);
    crms.clock.advance(TEN_MINUTES_MS - 2_000);
    const begun = await crms.begin(link);
    const callback = await crms.decide(begun.location, orgId);
    crms.clock.advance(2_000);
    const late = await crms.follow(callback, begun.cookie);
    expect([late.status, late.text.includes('older than ten minutes')]).toEqual([400, true]);
    expect(await crms.tied('salesforce', orgId)).toBeNull();
    expect(crms.salesforce.control.org(orgId).grants(ORG_APP)).toBe(0);
  });

  test('is the only way back after leaving: without one the org gets a workspace of its own (RR-03, E25)', async () => {
    await crms.install(await makeLink(home.workspaceId), orgId);
    const joined = (await crms.tied('salesforce', orgId))!;
    await leave(joined);
    expect((await crms.install('/salesforce/oauth/install', orgId)).status).toBe(200);
    const own = (await crms.tied('salesforce', orgId))!;
    expect(own.workspaceId).not.toBe(home.workspaceId);
    // Connected there, it is nobody else's.
    await expectRefused(await makeLink(home.workspaceId), 'account_connected_elsewhere');
    await leave(own);
    expect((await crms.install(await makeLink(home.workspaceId), orgId)).status).toBe(200);
    expect(await crms.tied('salesforce', orgId)).toEqual({ ...joined, status: 'connected' });
    await leave(joined);
    await crms.install('/salesforce/oauth/install', orgId);
    expect(await crms.tied('salesforce', orgId)).toEqual({ ...own, status: 'connected' });
  });

  test('takes an org that had a workspace of its own and left it (G4, RR-03)', async () => {
    await crms.install('/salesforce/oauth/install', orgId);
    const own = (await crms.tied('salesforce', orgId))!;
    await leave(own);
    expect((await crms.install(await makeLink(home.workspaceId), orgId)).status).toBe(200);
    expect(await crms.tied('salesforce', orgId)).toMatchObject({ workspaceId: home.workspaceId, status: 'connected' });
    const rows = await crms.rows(
      'select workspace_id, status from connections where external_account_id = $1 order by created_at',
      [orgId],
    );
    expect(rows).toEqual([
      { workspace_id: own.workspaceId, status: 'disconnected' },
      { workspace_id: home.workspaceId, status: 'connected' },
    ]);
  });

  test('and a plain install of one org at once end in one of both workspaces', async () => {
    const join = await crms.begin(await makeLink(home.workspaceId));
    const plain = await crms.begin('/salesforce/oauth/install');
    const ready = [];
    for (const { location, cookie } of [join, plain])
      ready.push({ callback: await crms.decide(location, orgId), cookie });
    const answers = await Promise.all(ready.map(({ callback, cookie }) => crms.follow(callback, cookie)));
    expect([200, 409]).toContain(answers[0]!.status);
    expect(answers[1]!.status).toBe(200);
    const live = await crms.rows(
      "select 1 from connections where external_account_id = $1 and status <> 'disconnected'",
      [orgId],
    );
    expect(live).toHaveLength(1);
  });

  test('of two orgs that join at once lets in one', async () => {
    const orgs = [orgId, await newOrg()];
    const ready = [];
    for (const org of orgs) {
      const begun = await crms.begin(await makeLink(home.workspaceId));
      ready.push({ callback: await crms.decide(begun.location, org), cookie: begun.cookie });
    }
    const answers = await Promise.all(ready.map(({ callback, cookie }) => crms.follow(callback, cookie)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

test('one org connected by two administrators at once is one connection in one workspace', async () => {
  const ready = [];
  for (let index = 0; index < 4; index += 1) {
    const begun = await crms.begin('/salesforce/oauth/install');
    ready.push({ callback: await crms.decide(begun.location, orgId), cookie: begun.cookie });
  }
  const answers = await Promise.all(ready.map(({ callback, cookie }) => crms.follow(callback, cookie)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const held = await crms.rows('select distinct workspace_id from connections where external_account_id = $1', [orgId]);
  expect(held).toHaveLength(1);
});

test('links made before a key was put in front still open, and those of a key that is gone do not', () => {
  const now = new Date('2026-11-02T09:00:00.000Z');
  const times = { now, expiresAt: new Date(now.getTime() + TEN_MINUTES_MS) };
  const claims = { linkId: 'jnl_1', workspaceId: 'ws_1', crm: 'salesforce' } as const;
  const token = createJoinSigner([SECRET_KEY]).sign(claims, times);
  const newer = Buffer.alloc(32, 8).toString('base64');
  expect(createJoinSigner([newer, SECRET_KEY]).verify(token, now)).toEqual(claims);
  expect(() => createJoinSigner([newer]).verify(token, now)).toThrow(JoinLinkInvalid);
  // The sealing key itself signs nothing.
  expect(() => createJoinSigner([SECRET_KEY]).verify(direct(), now)).toThrow(JoinLinkInvalid);
  // Nor does a token that was signed for something else.
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(SECRET_KEY, 'base64'), '', 'passalong join link', 32));
  const other = { ...(jwt.decode(token) as object), aud: 'something else' };
  const sameKey = jwt.sign(jwt.decode(token) as object, key, { algorithm: 'HS256' });
  expect(createJoinSigner([SECRET_KEY]).verify(sameKey, now)).toEqual(claims);
  const foreign = jwt.sign(other, key, { algorithm: 'HS256' });
  expect(() => createJoinSigner([SECRET_KEY]).verify(foreign, now)).toThrow(JoinLinkInvalid);
  function direct(): string {
    return jwt.sign(jwt.decode(token) as object, Buffer.from(SECRET_KEY, 'base64'), { algorithm: 'HS256' });
  }
});
