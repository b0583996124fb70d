import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type OrgTenant, type Stage } from './stage.ts';

const MINUTE_MS = 60_000;
const FRIEND = 'fay.friend@example.org';

const PROGRAM = {
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  rules: [
    {
      object: 'deal',
      field: 'StageName',
      pipelineId: '012000000000000AAA',
      values: ['Closed Won'],
      status: 'approved',
    },
  ],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'automatic',
      kind: 'percent',
      percent: '10',
      saleValue: { object: 'deal', field: 'Amount' },
    },
  ],
};

let stage: Stage;
let tenant: OrgTenant;
let friendId: string;
let referralId: string;

beforeEach(async () => {
  stage = await openStage({ crms: ['salesforce'] });
  const { orgId } = await stage.salesforce.control.createOrg({ timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.installSalesforce(orgId);
  await stage.pass(MINUTE_MS);
  const { body: program } = await tenant.api('POST', '/programs', PROGRAM);
  await tenant.api('POST', `/programs/${program.id}/publish`);
  const advocate = await tenant.api('POST', `/programs/${program.id}/advocates`, { email: 'ada@example.com' });
  const friend = { code: advocate.body.code, email: FRIEND, firstName: 'Fay', lastName: 'Friend' };
  referralId = (await tenant.api('POST', `/programs/${program.id}/referrals`, friend)).body.referralId;
  await stage.pass(2 * MINUTE_MS);
  friendId = String(org().find('Contact', 'Email', FRIEND)[0]!['Id']);
});

afterEach(() => stage.close());

const org = () => stage.salesforce.control.org(tenant.orgId);
const polled = () => stage.pass(2 * MINUTE_MS);

function opportunity(stageName: string, amount: number, contacts: readonly string[] = [friendId]): string {
  const values = { Name: 'One', StageName: stageName, CloseDate: '2026-12-01', Amount: amount };
  return org().createOpportunity(
    values,
    contacts.map((contactId) => ({ contactId })),
  );
}

async function status(): Promise<string> {
  return (await tenant.api('GET', `/referrals/${referralId}`)).body.status;
}

const rewards = () => stage.rows('select state, amount_minor::text as minor from rewards order by created_at');

/** The poll's looks at opportunities. */
function windows(): string[] {
  const { calls } = stage.salesforce.control.log;
  return calls({ orgId: tenant.orgId, path: '/queryAll' })
    .map(({ soql = '' }) => soql)
    .filter((soql) => soql.includes('SystemModstamp') && soql.includes('FROM Opportunity '));
}

test('an opportunity that is won is found by the poll and paid once, and the opportunity names the advocate (RR-25, SG-26)', async () => {
  const id = opportunity('Prospecting', 1000);
  await polled();
  expect(await status()).toBe('pending');
  org().moveOpportunity(id, 'Closed Won');
  await polled();
  expect(await status()).toBe('approved');
  expect(await rewards()).toEqual([{ state: 'approved', minor: '10000' }]);
  const [advocate] = await stage.rows<{ id: string }>('select id from advocates');
  expect(org().get(id)).toMatchObject({ Referral_Source_Advocate_Id__c: advocate!.id, Referral_Id__c: referralId });
});

test('two changes within one second are two changes: the one after our look is found, too', async () => {
  const id = opportunity('Closed Won', 1000);
  await polled();
  expect(await rewards()).toEqual([{ state: 'approved', minor: '10000' }]);
  const changedAt = () => org().get(id)!['SystemModstamp'];
  const secondNow = () => Math.floor(stage.clock.now() / 1_000);
  // Until the poll has looked in the very second of a change.
  let changedIn = 0;
  for (let stepMs = 170; changedIn !== secondNow(); stepMs += 60) {
    for (let looked = windows().length; windows().length === looked; await stage.pass(stepMs)) {
      org().set(id, { Description: `Call ${String(stage.clock.now())}` });
      changedIn = secondNow();
    }
  }
  // And what it found has been read.
  await stage.settle(100);
  const seen = changedAt();
  org().set(id, { StageName: 'Closed Lost' });
  expect(changedAt()).toEqual(seen);
  await polled();
  expect(await status()).toBe('pending');
  expect(await rewards()).toEqual([{ state: 'voided', minor: '10000' }]);
});

test('more opportunities than a page holds, all changed in one second, are all looked at', async () => {
  const ids = Array.from({ length: 2_100 }, () => opportunity('Prospecting', 10, []));
  await polled();
  const last = ids.toSorted().at(-1) ?? '';
  org().addRole(last, friendId);
  for (const id of ids) org().set(id, { StageName: 'Closed Won' });
  await polled();
  expect(await status()).toBe('approved');
});

test('a role that is added or taken away is a change, though the opportunity itself is not (E4)', async () => {
  const id = opportunity('Closed Won', 1000, []);
  await polled();
  expect(await status()).toBe('pending');
  const before = org().get(id)!['SystemModstamp'];
  org().addRole(id, friendId);
  expect(org().get(id)!['SystemModstamp']).toEqual(before);
  await polled();
  expect(await status()).toBe('approved');
  org().removeRole(id, friendId);
  await polled();
  expect(await rewards()).toEqual([{ state: 'voided', minor: '10000' }]);
});

test('a deleted opportunity is found, and a restored one again (E5, E8)', async () => {
  const id = opportunity('Closed Won', 1000);
  await polled();
  expect(await status()).toBe('approved');
  org().delete(id);
  await polled();
  expect(await tenant.api('GET', '/entries?state=review')).toMatchObject({
    body: { items: [expect.objectContaining({ reasonCode: 'record_gone' })] },
  });
  org().undelete(id);
  await polled();
  expect(await tenant.api('GET', '/entries?state=review')).toMatchObject({ body: { items: [] } });
  expect(await status()).toBe('approved');
});

test.each([
  ['ahead', 10 * MINUTE_MS],
  ['behind', -10 * MINUTE_MS],
])('an org whose clock is ten minutes %s loses no change', async (_where, skewMs) => {
  stage.salesforce.control.clock.skew(skewMs);
  await polled();
  const id = opportunity('Prospecting', 1000);
  // Long enough that by the org's clock, too, the deal is won after the referral.
  await stage.pass(12 * MINUTE_MS);
  org().moveOpportunity(id, 'Closed Won');
  await polled();
  expect(await status()).toBe('approved');
});

test('our own writes are read once and start nothing more (E9)', async () => {
  const id = opportunity('Closed Won', 1000);
  await polled();
  await polled();
  stage.salesforce.control.log.clear();
  await stage.pass(5 * MINUTE_MS);
  const calls = stage.salesforce.control.log.calls({ orgId: tenant.orgId });
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter(({ soql = '' }) => !soql.includes('SystemModstamp'))).toEqual([]);
  expect(org().get(id)).toMatchObject({ StageName: 'Closed Won' });
});
