import { afterEach, beforeEach, expect, test } from 'vitest';
import { consentOfOrg } from './salesforce-stage.ts';
import { APP_ID, openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 7_302;
const MINUTE_MS = 60_000;
const LONG_MS = 5 * 60 * MINUTE_MS;
const FRIEND = 'fay.friend@example.org';
const WON = { object: 'deal', field: 'dealstage', pipelineId: 'default', values: ['closedwon'], status: 'approved' };
const WON_OPPORTUNITY = {
  object: 'deal',
  field: 'StageName',
  pipelineId: '012000000000000AAA',
  values: ['Closed Won'],
  status: 'approved',
};
const DEALS = {
  hubspot: { policy: 'create', pipelineId: 'default', stageId: 'appointmentscheduled' },
  salesforce: { policy: 'create', pipelineId: '012000000000000AAA', stageId: 'Prospecting' },
} as const;

let stage: Stage;
let tenant: Tenant;
let orgId: string;
let connections: Record<'hubspot' | 'salesforce', { workspaceId: string; connectionId: string }>;

/** One workspace with an account of each CRM. */
beforeEach(async () => {
  stage = await openStage({ crms: ['hubspot', 'salesforce'] });
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  orgId = (await stage.salesforce.control.createOrg({ timeZone: 'UTC', currency: 'EUR' })).orgId;
  tenant = await stage.install(PORTAL);
  await stage.settle();
  const link = await tenant.api('POST', '/connections/join-links', { crm: 'salesforce' });
  await consentOfOrg(stage.publicUrl, orgId, { join: new URL(link.body.url).searchParams.get('join') ?? '' });
  await settled();
  const rows = await stage.rows<{ crm: 'hubspot' | 'salesforce'; workspaceId: string; connectionId: string }>(
    'select crm, workspace_id as "workspaceId", id as "connectionId" from connections',
  );
  connections = Object.fromEntries(rows.map(({ crm, ...ref }) => [crm, ref])) as typeof connections;
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const org = () => stage.salesforce.control.org(orgId);
const deals = () => [portal().ids('deals').length, org().ids('Opportunity').length];

function settled(): Promise<void> {
  return stage.pass(3 * MINUTE_MS);
}

async function referral(id: string): Promise<any> {
  return (await tenant.api('GET', `/referrals/${id}`)).body;
}

async function heldFor(id: string): Promise<unknown> {
  return (await stage.rows<{ held_for: string }>('select held_for from referrals where id = $1', [id]))[0]?.held_for;
}

type Launched = { readonly programId: string; readonly code: string };

async function launched(more: object = {}): Promise<Launched> {
  const definition = { name: 'Customer referrals', landingUrl: 'https://example.com/welcome', ...more };
  const created = await tenant.api('POST', '/programs', { ...definition, rules: [WON, WON_OPPORTUNITY] });
  expect(created.body.error).toBeUndefined();
  await tenant.api('POST', `/programs/${created.body.id}/publish`);
  const ada = { email: 'ada.advocate@example.com', firstName: 'Ada', lastName: 'Advocate' };
  const { body } = await tenant.api('POST', `/programs/${created.body.id}/advocates`, ada);
  await settled();
  return { programId: created.body.id, code: body.code };
}

/** Nothing is processed yet. */
async function signUp({ programId, code }: Launched): Promise<string> {
  const friend = { code, email: FRIEND, firstName: 'Fay', lastName: 'Friend' };
  return (await tenant.api('POST', `/programs/${programId}/referrals`, friend)).body.referralId;
}

/** This account answers while the other one is not asked. */
async function alone(crm: 'hubspot' | 'salesforce'): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await stage.service.process(connections[crm]);
    stage.clock.advance(1_000);
  }
}

async function revokeHubSpot(): Promise<void> {
  portal().revokeRefreshTokens(APP_ID);
  portal().revokeAccessTokens(APP_ID);
  // Until it is asked for something the next time.
  stage.clock.advance(10 * MINUTE_MS);
  await settled();
  const [row] = await stage.rows('select status from connections where id = $1', [connections.hubspot.connectionId]);
  expect(row).toEqual({ status: 'needs_reauthorization' });
}

function winOpportunity(): void {
  const [contact] = org().find('Contact', 'Email', FRIEND);
  org().createOpportunity({ Name: 'One', StageName: 'Closed Won', CloseDate: '2026-12-01', Amount: 1000 }, [
    { contactId: String(contact!['Id']) },
  ]);
}

test.each([
  ['hubspot', 'hubspot', [1, 0]],
  ['hubspot', 'salesforce', [1, 0]],
  ['salesforce', 'hubspot', [0, 1]],
  ['salesforce', 'salesforce', [0, 1]],
] as const)('a deal in %s is made once, though %s answers first (C9, G4)', async (crm, first, made) => {
  const given = await launched({ capture: { deal: DEALS[crm] } });
  const id = await signUp(given);
  await alone(first);
  expect([await heldFor(id), deals()]).toEqual(['capture', [0, 0]]);
  await settled();
  expect([await heldFor(id), deals()]).toEqual([null, made]);
  await settled();
  expect(deals()).toEqual(made);
});

test('a deal waits however long a person takes to say that the friend counts, and is made once they did (C9, G4, G11)', async () => {
  org().createContact({ Email: FRIEND, LastName: 'Friend' });
  stage.clock.advance(LONG_MS);
  await settled();
  const given = await launched({ capture: { duplicates: { policy: 'review' }, deal: DEALS.hubspot } });
  const id = await signUp(given);
  await alone('hubspot');
  await settled();
  await stage.pass(20 * MINUTE_MS);
  expect([await heldFor(id), deals()]).toEqual(['review', [0, 0]]);
  const [item] = await stage.rows("select attempts, dead_at from outbox where kind = 'ensure_deal'");
  expect(item).toEqual({ attempts: 0, dead_at: null });
  const [entry] = (await tenant.api('GET', `/entries?referralId=${id}&state=review`)).body.items;
  await tenant.api('POST', `/entries/${entry.id}/retry`, {});
  await settled();
  expect([await heldFor(id), deals()]).toEqual([null, [1, 0]]);
});

test.each(['before the friend signed up', 'while it was about to be asked'])(
  'a CRM that needs re-authorisation %s stops nobody, and only links the friend when it is back (E24, G4)',
  async (when) => {
    const given = await launched();
    portal().createContact({ email: FRIEND, lastname: 'Friend' });
    if (when === 'before the friend signed up') await revokeHubSpot();
    const id = await signUp(given);
    await alone('salesforce');
    if (when !== 'before the friend signed up') {
      expect(await heldFor(id)).toBe('capture');
      // The other account loses its grant before it was asked about the friend.
      await stage.rows("update connections set status = 'needs_reauthorization' where id = $1", [
        connections.hubspot.connectionId,
      ]);
    }
    await settled();
    expect(await heldFor(id)).toBeNull();
    winOpportunity();
    await settled();
    expect((await referral(id)).status).toBe('approved');
    await stage.install(PORTAL);
    await settled();
    expect((await referral(id)).status).toBe('approved');
    expect(portal().find('contacts', 'email', FRIEND)[0]?.properties['passalong_referral_status']).toBe('approved');
    expect(org().find('Contact', 'Email', FRIEND)[0]).toMatchObject({ Referral_Status__c: 'approved' });
  },
);

test('where the CRM that needs re-authorisation could end the referral it is waited for, and everybody is told (E24, E6, G4)', async () => {
  const given = await launched({ capture: { duplicates: { policy: 'deny' } } });
  portal().createContact({ email: FRIEND, lastname: 'Friend' });
  stage.clock.advance(LONG_MS);
  await settled();
  await revokeHubSpot();
  const id = await signUp(given);
  await settled();
  winOpportunity();
  await settled();
  const why = 'Waiting until HubSpot is connected again: this program asks there first who the friend is';
  expect(await referral(id)).toMatchObject({ status: 'pending', statusReason: why });
  expect(org().find('Referral__c', 'Referral_Id__c', id)[0]).toMatchObject({ Status_Reason__c: why });
  await stage.install(PORTAL);
  await settled();
  expect(await referral(id)).toMatchObject({
    status: 'denied',
    statusReason: expect.stringContaining('Not a new person'),
  });
  expect(await stage.rows('select state from rewards')).toEqual([]);
});

test('the same of a friend it does not know: once it is back the referral goes on as if nothing had been (E24, G4)', async () => {
  const given = await launched({ capture: { duplicates: { policy: 'deny' } } });
  await revokeHubSpot();
  const id = await signUp(given);
  await settled();
  winOpportunity();
  await settled();
  expect((await referral(id)).status).toBe('pending');
  await stage.install(PORTAL);
  await settled();
  const { status, statusReason } = await referral(id);
  expect([status, statusReason]).toEqual(['approved', expect.not.stringContaining('Waiting')]);
});

test('an account that leaves before it was asked is waited for by nobody (E25, G4)', async () => {
  const given = await launched();
  const id = await signUp(given);
  await alone('salesforce');
  expect(await heldFor(id)).toBe('capture');
  await tenant.api('DELETE', `/connections/${connections.hubspot.connectionId}`);
  await settled();
  expect(await heldFor(id)).toBeNull();
  winOpportunity();
  await settled();
  expect((await referral(id)).status).toBe('approved');
});
