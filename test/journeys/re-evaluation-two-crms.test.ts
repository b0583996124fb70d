import { afterEach, beforeEach, expect, test } from 'vitest';
import { consentOfOrg, SALESFORCE_CLIENT } from './salesforce-stage.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 7_402;
const MINUTE_MS = 60_000;
const FRIEND = 'fay.friend@example.org';
const APPROVED = [{ state: 'approved', minor: '1000' }];

const WON_HUBSPOT = {
  object: 'deal',
  field: 'dealstage',
  pipelineId: 'default',
  values: ['closedwon'],
  status: 'approved',
} as const;
const WON_SALESFORCE = {
  object: 'deal',
  field: 'StageName',
  pipelineId: '012000000000000AAA',
  values: ['Closed Won'],
  status: 'approved',
} as const;
const FROM_PARTNERS = {
  object: 'contact',
  field: 'LeadSource',
  operator: 'any_of',
  values: ['Partner Referral'],
  status: 'approved',
} as const;

const program = (...rules: object[]) => ({
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  rules,
  rewardRules: [
    {
      id: 'rwr_ten',
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'automatic',
      kind: 'fixed',
      amount: '10.00',
      currency: 'EUR',
    },
  ],
});

let stage: Stage;
let tenant: Tenant;
let orgId: string;
let programId: string;
let referralId: string;

/** HubSpot was there first; the friend's deal was won in Salesforce, and paid. */
beforeEach(async () => {
  stage = await openStage({ crms: ['hubspot', 'salesforce'] });
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  orgId = (await stage.salesforce.control.createOrg({ timeZone: 'UTC', currency: 'EUR' })).orgId;
  tenant = await stage.install(PORTAL);
  await stage.settle();
  stage.clock.advance(MINUTE_MS);
  const link = await tenant.api('POST', '/connections/join-links', { crm: 'salesforce' });
  await consentOfOrg(stage.publicUrl, orgId, { join: new URL(link.body.url).searchParams.get('join') ?? '' });
  await settled();
  programId = (await tenant.api('POST', '/programs', program(WON_HUBSPOT, WON_SALESFORCE))).body.id;
  await tenant.api('POST', `/programs/${programId}/publish`);
  referralId = await referred();
  org().createOpportunity({ Name: 'One', StageName: 'Closed Won', CloseDate: '2026-12-01', Amount: 1000 }, [
    { contactId: friendInSalesforce() },
  ]);
  await settled();
  expect(await rewards()).toEqual(APPROVED);
});
afterEach(() => stage.close());

const org = () => stage.salesforce.control.org(orgId);
const friendInSalesforce = (): string => String(org().find('Contact', 'Email', FRIEND)[0]!['Id']);
const rewards = () => stage.rows('select state, amount_minor::text as minor from rewards');
const voided = () => stage.rows(`select reward_id from reward_events where to_state = 'voided'`);
const report = async (id: string) => (await tenant.api('GET', `/re-evaluations/${id}`)).body;

/** Webhooks of the one and the poll of the other. */
async function settled(): Promise<void> {
  await stage.pass(3 * MINUTE_MS);
}

async function referred(): Promise<string> {
  const advocate = await tenant.api('POST', `/programs/${programId}/advocates`, {
    email: 'ada.advocate@example.com',
    firstName: 'Ada',
    lastName: 'Advocate',
  });
  await settled();
  const answer = await tenant.api('POST', `/programs/${programId}/referrals`, {
    code: advocate.body.code,
    email: FRIEND,
    firstName: 'Fay',
    lastName: 'Friend',
  });
  expect(answer.status).toBe(201);
  await settled();
  return answer.body.referralId;
}

async function publish(...rules: object[]): Promise<void> {
  const saved = await tenant.api('PUT', `/programs/${programId}`, program(...rules));
  expect([saved.status, saved.body.error]).toEqual([200, undefined]);
  const published = await tenant.api('POST', `/programs/${programId}/publish`);
  expect(published.body.error).toBeUndefined();
  await settled();
}

/** What the new rule asks for is in the org since long, and was never read. */
async function publishRuleOnWhatIsUnread(): Promise<void> {
  org().set(friendInSalesforce(), { LeadSource: 'Partner Referral' });
  await stage.pass(30 * MINUTE_MS);
  await publish(WON_HUBSPOT, FROM_PARTNERS);
}

async function start(): Promise<string> {
  const started = await tenant.api('POST', `/programs/${programId}/re-evaluations`, {});
  expect(started.status).toBeLessThan(300);
  return started.body.id;
}

async function breakSalesforce(): Promise<void> {
  org().revokeGrant(SALESFORCE_CLIENT.clientId);
  await settled();
  expect(await stage.rows('select crm, status from connections order by crm')).toEqual([
    { crm: 'hubspot', status: 'connected' },
    { crm: 'salesforce', status: 'needs_reauthorization' },
  ]);
}

async function pinnedTo(): Promise<number | undefined> {
  const [row] = await stage.rows<{ v: number }>('select rules_version as v from referrals where id = $1', [referralId]);
  return row?.v;
}

test('a re-evaluation reads what is new to the rules in both CRMs before anything is said (E29, G4)', async () => {
  await publishRuleOnWhatIsUnread();
  const id = await start();
  await settled();
  expect(await report(id)).toMatchObject({
    state: 'previewed',
    counts: { total: 1, goBack: 0, voidedRewards: 0, unread: 0 },
  });
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  await settled();
  expect(await report(id)).toMatchObject({ state: 'done', applied: { total: 1, goBack: 0, unread: 0 } });
  expect([await pinnedTo(), await rewards(), await voided()]).toEqual([2, APPROVED, []]);
});

test('whoever has records in an account that cannot be asked now stays with the old rules, and is counted (E29, G4)', async () => {
  await publishRuleOnWhatIsUnread();
  await breakSalesforce();
  const id = await start();
  await settled();
  expect(await report(id)).toMatchObject({ state: 'previewed', counts: { total: 1, goBack: 0, unread: 1 } });
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  await settled();
  expect(await report(id)).toMatchObject({ state: 'done', applied: { total: 1, goBack: 0, unread: 1 } });
  expect([await pinnedTo(), await rewards(), await voided()]).toEqual([1, APPROVED, []]);
});

test('an account that came back after the preview is read before anything is applied (E29, G4)', async () => {
  await publishRuleOnWhatIsUnread();
  await breakSalesforce();
  const id = await start();
  await settled();
  expect(await report(id)).toMatchObject({ state: 'previewed', counts: { unread: 1 } });
  await consentOfOrg(stage.publicUrl, orgId);
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  // HubSpot's worker, whose re-evaluation it is, comes first.
  await stage.service.process(tenant);
  expect((await report(id)).state).toBe('applying');
  await settled();
  expect(await report(id)).toMatchObject({ state: 'done', applied: { total: 1, goBack: 0, unread: 0 } });
  expect([await pinnedTo(), await rewards(), await voided()]).toEqual([2, APPROVED, []]);
});

test('a re-evaluation goes on in the other account when the one that had it leaves (E29, G4)', async () => {
  await publish(WON_SALESFORCE, WON_HUBSPOT);
  const id = await start();
  expect((await tenant.api('DELETE', `/connections/${tenant.connectionId}`)).status).toBeLessThan(300);
  await stage.pass(30 * MINUTE_MS);
  expect(await report(id)).toMatchObject({ state: 'previewed', counts: { total: 1, unchanged: 1, unread: 0 } });
  await tenant.api('POST', `/re-evaluations/${id}/apply`);
  await settled();
  expect(await report(id)).toMatchObject({ state: 'done', applied: { total: 1, unchanged: 1 } });
  expect([await pinnedTo(), await rewards(), await voided()]).toEqual([2, APPROVED, []]);
});

test('a re-evaluation goes on in the other account when the one that had it must be authorised anew (E29, G4)', async () => {
  await publish(WON_SALESFORCE, WON_HUBSPOT);
  const id = await start();
  await stage.rows(`update connections set status = 'needs_reauthorization' where id = $1`, [tenant.connectionId]);
  await stage.pass(30 * MINUTE_MS);
  expect(await report(id)).toMatchObject({ state: 'previewed', counts: { total: 1, unread: 0 } });
});
