import { afterEach, beforeEach, expect, test } from 'vitest';
import { consentOfOrg } from './salesforce-stage.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 7_301;
const MINUTE_MS = 60_000;
const FRIEND = 'fay.friend@example.org';

const WON = {
  hubspot: { object: 'deal', field: 'dealstage', pipelineId: 'default', values: ['closedwon'], status: 'approved' },
  salesforce: {
    object: 'deal',
    field: 'StageName',
    pipelineId: '012000000000000AAA',
    values: ['Closed Won'],
    status: 'approved',
  },
} as const;

/** One program for both CRMs: won in either approves and pays 10 % of the amount of the deal that decided. */
const program = (decisions: object = {}) => ({
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  rules: [WON.hubspot, WON.salesforce],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'automatic',
      kind: 'percent',
      percent: '10',
      saleValue: { object: 'deal', field: 'amount' },
    },
  ],
  decisions,
});

let stage: Stage;
let tenant: Tenant;
let orgId: string;

beforeEach(async () => {
  stage = await openStage({ crms: ['hubspot', 'salesforce'] });
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  orgId = (await stage.salesforce.control.createOrg({ timeZone: 'UTC', currency: 'EUR' })).orgId;
  tenant = await stage.install(PORTAL);
  await stage.settle();
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const org = () => stage.salesforce.control.org(orgId);

async function join(): Promise<void> {
  const link = await tenant.api('POST', '/connections/join-links', { crm: 'salesforce' });
  expect(link.status).toBe(201);
  await consentOfOrg(stage.publicUrl, orgId, { join: new URL(link.body.url).searchParams.get('join') ?? '' });
  await settled();
}

/** Webhooks of the one and the poll of the other. */
async function settled(): Promise<void> {
  await stage.pass(3 * MINUTE_MS);
}

async function launched(definition: object): Promise<{ readonly programId: string; readonly code: string }> {
  const created = await tenant.api('POST', '/programs', definition);
  expect(created.body.error).toBeUndefined();
  const published = await tenant.api('POST', `/programs/${created.body.id}/publish`);
  expect(published.body.error).toBeUndefined();
  const advocate = await tenant.api('POST', `/programs/${created.body.id}/advocates`, {
    email: 'ada.advocate@example.com',
    firstName: 'Ada',
    lastName: 'Advocate',
  });
  await settled();
  return { programId: created.body.id, code: advocate.body.code };
}

async function refer({ programId, code }: { readonly programId: string; readonly code: string }): Promise<string> {
  const answer = await tenant.api('POST', `/programs/${programId}/referrals`, {
    code,
    email: FRIEND,
    firstName: 'Fay',
    lastName: 'Friend',
  });
  expect(answer.status).toBe(201);
  await settled();
  return answer.body.referralId ?? answer.body.id;
}

const inHubSpot = (email: string) => portal().find('contacts', 'email', email);
const inSalesforce = (email: string) => org().find('Contact', 'Email', email);
const rewards = () => stage.rows('select state, amount_minor::text as minor, currency from rewards');

async function referral(id: string): Promise<any> {
  return (await tenant.api('GET', `/referrals/${id}`)).body;
}

function hubspotDeal(stageId: string, amount: string): string {
  const [contact] = inHubSpot(FRIEND);
  return portal().createDeal({ dealname: 'One', pipeline: 'default', dealstage: stageId, amount }, [contact!.id]);
}

function salesforceDeal(stageName: string, amount: number): string {
  const [contact] = inSalesforce(FRIEND);
  return org().createOpportunity({ Name: 'One', StageName: stageName, CloseDate: '2026-12-01', Amount: amount }, [
    { contactId: String(contact!['Id']) },
  ]);
}

test('one person in both CRMs is one person: one referral, one reward, and both show the same numbers (G4)', async () => {
  await join();
  const given = await launched(program());
  const id = await refer(given);
  expect([inHubSpot(FRIEND).length, inSalesforce(FRIEND).length]).toEqual([1, 1]);
  expect(await stage.rows('select count(*)::int as people from people where merged_into is null')).toEqual([
    { people: 2 },
  ]);
  hubspotDeal('closedwon', '1000');
  salesforceDeal('Closed Won', 1000);
  await settled();
  expect((await referral(id)).status).toBe('approved');
  expect(await rewards()).toEqual([{ state: 'approved', minor: '10000', currency: 'EUR' }]);
  const [ada] = inHubSpot('ada.advocate@example.com');
  const [same] = inSalesforce('ada.advocate@example.com');
  expect(ada?.properties).toMatchObject({
    passalong_referred_count: '1',
    passalong_approved_count: '1',
    passalong_reward_total: '100',
  });
  expect(same).toMatchObject({ Referred_Count__c: 1, Approved_Count__c: 1, Reward_Total__c: 100 });
  expect(inSalesforce(FRIEND)[0]).toMatchObject({ Referral_Status__c: 'approved', Referral_Id__c: id });
  expect(inHubSpot(FRIEND)[0]?.properties['passalong_referral_status']).toBe('approved');
});

test('an org that joins later gets the people who are there, and numbers from before (G4, RR-11)', async () => {
  // The rule of the other CRM comes when that one does.
  const given = await launched({ ...program(), rules: [WON.hubspot] });
  const id = await refer(given);
  hubspotDeal('closedwon', '500');
  await settled();
  await join();
  await settled();
  expect(inSalesforce(FRIEND)[0]).toMatchObject({ Referral_Status__c: 'approved', Referral_Id__c: id });
  const [record] = org().find('Referral__c', 'Referral_Id__c', id);
  expect(record).toMatchObject({
    Status__c: 'approved',
    Friend_Email__c: FRIEND,
    Friend_Contact__c: inSalesforce(FRIEND)[0]!['Id'],
    Advocate__c: inSalesforce('ada.advocate@example.com')[0]!['Id'],
    Reward_Amount__c: 50,
  });
});

test('where Salesforce is the authority about deals, a deal won in HubSpot waits for the opportunity, and says so (G4)', async () => {
  await join();
  const given = await launched(program({ authority: { deal: 'salesforce' } }));
  const id = await refer(given);
  const opportunity = salesforceDeal('Prospecting', 2000);
  await settled();
  hubspotDeal('closedwon', '1000');
  await settled();
  const waiting = await referral(id);
  expect([waiting.status, waiting.statusReason]).toEqual([
    'pending',
    expect.stringContaining('here Salesforce decides'),
  ]);
  expect(await rewards()).toEqual([]);
  org().moveOpportunity(opportunity, 'Closed Won');
  await settled();
  expect((await referral(id)).status).toBe('approved');
  expect(await rewards()).toEqual([{ state: 'approved', minor: '20000', currency: 'EUR' }]);
});

test('the authority about deals only speaks where it has a deal: alone, the other CRM is heard (G4)', async () => {
  await join();
  const given = await launched(program({ authority: { deal: 'salesforce' } }));
  const id = await refer(given);
  hubspotDeal('closedwon', '1000');
  await settled();
  expect((await referral(id)).status).toBe('approved');
});

test('a rule in the words of a CRM that is not connected is refused, with what to do (E11)', async () => {
  const refused = await tenant.api('POST', '/programs', program());
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('rules.1');
});

test('each CRM is asked for its own names only: a program of both publishes and raises no alarm (G4, E11)', async () => {
  await join();
  await launched({
    ...program(),
    rules: [
      WON.hubspot,
      WON.salesforce,
      { object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'qualified' },
      { object: 'lead', field: 'Status', values: ['Working - Contacted'], status: 'qualified' },
    ],
    rewardRules: [],
  });
  await stage.pass(7 * 60 * MINUTE_MS);
  expect(await stage.rows('select path from rule_alarms')).toEqual([]);
});

test('a sentence is the same whichever CRM was heard last, in the words of both (G4)', async () => {
  await join();
  const given = await launched({
    ...program(),
    rules: [
      { object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'qualified' },
      WON.hubspot,
      WON.salesforce,
    ],
  });
  const id = await refer(given);
  const [inOne] = inHubSpot(FRIEND);
  const [inOther] = inSalesforce(FRIEND);
  const reasons: unknown[] = [];
  for (const change of [
    () => portal().setProperties('contacts', inOne!.id, { phone: '+49 30 1' }),
    () => org().set(String(inOther!['Id']), { Phone: '+49 30 2' }),
    () => hubspotDeal('qualifiedtobuy', '10'),
    () => salesforceDeal('Prospecting', 10),
  ]) {
    change();
    await settled();
    reasons.push((await referral(id)).statusReason);
  }
  expect(new Set(reasons)).toEqual(new Set([expect.stringContaining('Lifecycle Stage to become Customer')]));
});

test('an opportunity of an org in another currency pays in that one: a dollar is no euro (G4, E19)', async () => {
  orgId = (await stage.salesforce.control.createOrg({ timeZone: 'UTC', currency: 'USD' })).orgId;
  await join();
  const given = await launched(program());
  const id = await refer(given);
  salesforceDeal('Closed Won', 1000);
  await settled();
  expect((await referral(id)).status).toBe('approved');
  expect(await rewards()).toEqual([{ state: 'approved', minor: '10000', currency: 'USD' }]);
});

test('a CRM that is the authority and was disconnected stands in nobody’s way (G4, E26)', async () => {
  await join();
  const given = await launched(program({ authority: { deal: 'salesforce' } }));
  const id = await refer(given);
  salesforceDeal('Prospecting', 2000);
  await settled();
  const [{ id: connectionId }] = (await stage.rows<{ id: string }>(
    `select id from connections where crm = 'salesforce'`,
  )) as [{ id: string }];
  expect((await tenant.api('DELETE', `/connections/${connectionId}`)).status).toBeLessThan(300);
  hubspotDeal('closedwon', '1000');
  await settled();
  expect((await referral(id)).status).toBe('approved');
});

test('an authority that no rule speaks for is refused: nothing would ever count (G4)', async () => {
  await join();
  const refused = await tenant.api('POST', '/programs', {
    ...program({ authority: { person: 'hubspot' } }),
    rules: [WON.hubspot, { object: 'lead', field: 'IsConverted', values: ['true'], status: 'qualified' }],
  });
  expect(refused.body.error.fields).toEqual([
    expect.objectContaining({ path: 'decisions.authority.person', code: 'authority_without_rule' }),
  ]);
});

test('of whom HubSpot is told to forget no digest is left of what they held in Salesforce (E32)', async () => {
  await join();
  const { programId, code } = await launched(program());
  await tenant.api('POST', `/programs/${programId}/referrals`, {
    code,
    email: FRIEND,
    firstName: 'Fay',
    lastName: 'F',
  });
  await settled();
  const digests = async () => {
    const rows = await stage.rows<{ read_digest: string | null }>(
      'select read_digest from crm_records where record_id = $1',
      [org().find('Contact', 'Email', FRIEND)[0]?.['Id']],
    );
    return rows.map(({ read_digest: digest }) => digest);
  };
  expect(await digests()).toEqual([expect.any(String)]);
  await stage.rows(
    `update poll_cursors set due_at = '2100-01-01' where connection_id in (select id from connections where crm = 'salesforce')`,
  );
  portal().privacyDelete(portal().find('contacts', 'email', FRIEND)[0]?.id ?? '');
  await settled();
  expect(await digests()).toEqual([null]);
});

test('what the authority overruled counts once the authority has left for good (G4)', async () => {
  await join();
  const given = await launched(program({ authority: { deal: 'salesforce' } }));
  const id = await refer(given);
  salesforceDeal('Prospecting', 2000);
  await settled();
  hubspotDeal('closedwon', '1000');
  await settled();
  expect((await referral(id)).status).toBe('pending');
  await leave('salesforce');
  await settled();
  expect((await referral(id)).status).toBe('approved');
  expect(await rewards()).toEqual([{ state: 'approved', minor: '10000', currency: 'EUR' }]);
});

test('an org that comes back holds what was decided while it was away, once (G4, RF-47)', async () => {
  await join();
  const id = await refer(await launched(program()));
  salesforceDeal('Prospecting', 2000);
  await settled();
  await leave('salesforce');
  hubspotDeal('closedwon', '1000');
  await settled();
  expect((await referral(id)).status).toBe('approved');
  await join();
  await settled();
  expect(inSalesforce(FRIEND)[0]).toMatchObject({ Referral_Status__c: 'approved' });
  expect(org().find('Referral__c', 'Referral_Id__c', id)).toMatchObject([
    { Status__c: 'approved', Reward_Amount__c: 100 },
  ]);
  expect(
    await stage.rows("select record_id is not null as found from find_record_page('referrals', $1)", [id]),
  ).toEqual([{ found: true }]);
  expect(await rewards()).toEqual([{ state: 'approved', minor: '10000', currency: 'EUR' }]);
});

async function leave(crm: string): Promise<void> {
  const [row] = await stage.rows<{ id: string }>('select id from connections where crm = $1', [crm]);
  expect((await tenant.api('DELETE', `/connections/${row!.id}`)).status).toBe(200);
}
