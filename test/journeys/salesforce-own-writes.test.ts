import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CONVERTED,
  NOTHING_LEFT,
  openSalesforceSite,
  SAID_SO,
  WON_RULE,
  type SalesforceSite,
} from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

const FRIEND = 'finn@example.org';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

/** The service's reads of contacts by id: what the poll asks for goes by time. */
function looksAt({ tenant }: SalesforceSite): string[] {
  return stage.salesforce.control.log
    .calls({ orgId: tenant.orgId })
    .flatMap(({ soql = '' }) => (soql.includes('FROM Contact ') && soql.includes('WHERE Id IN') ? [soql] : []));
}

async function openSite(): Promise<{ site: SalesforceSite; friendId: string; referralId: string }> {
  const site = await openSalesforceSite(stage, { rules: [WON_RULE, SAID_SO] });
  const referralId = await site.refer(FRIEND);
  await site.settle();
  return { site, referralId, friendId: site.one('Contact', FRIEND).Id };
}

test('nobody is looked at again for what we wrote to them ourselves', async () => {
  const { site, friendId, referralId } = await openSite();
  stage.salesforce.control.log.clear();
  site.org.createOpportunity({ Name: 'Won', StageName: 'Closed Won', Amount: 10 }, [friendId]);
  await site.settle();
  await site.settle();
  expect(site.org.get(friendId)).toMatchObject({ Referral_Id__c: referralId, Referral_Status__c: 'approved' });
  expect(looksAt(site)).toEqual([]);
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
});

test('a change just before our own write, which hides behind it, is found by its value (E2)', async () => {
  const { site, friendId, referralId } = await openSite();
  const friendToo = await site.enrol(FRIEND);
  stage.salesforce.control.log.clear();
  site.org.set(friendId, { LeadSource: 'Partner Referral' });
  // The sign-up makes us count on the very contact before the poll looks again: whoever changed it last are we.
  await site.signUp('flo@example.org', { code: friendToo.code });
  stage.clock.advance(1_500);
  await site.settle();
  expect(site.org.get(friendId)).toMatchObject({ Referred_Count__c: 1, Referral_Status__c: 'qualified' });
  expect((await site.referral(referralId)).status).toBe('qualified');
  expect(looksAt(site)).not.toEqual([]);
});

test('what somebody puts into a field of ours is found and written over (E9)', async () => {
  const { site, friendId } = await openSite();
  site.org.set(friendId, { Referral_Status__c: 'approved' });
  await site.settle();
  expect(site.org.get(friendId)).toMatchObject({ Referral_Status__c: 'pending' });
  site.org.set(friendId, { Referral_Status__c: null });
  await site.settle();
  expect(site.org.get(friendId)).toMatchObject({ Referral_Status__c: 'pending' });
});

test('another list of fields is another comparison: after a publication that reads one more, whoever changes is looked at', async () => {
  const { site, friendId, referralId } = await openSite();
  site.org.set(friendId, { Department: 'Sales' });
  await site.settle();
  const inSales = { ...SAID_SO, id: 'rul_sales', field: 'Department', values: ['Sales'] };
  const saved = await site.tenant.api('PUT', `/programs/${site.programId}`, {
    ...CONVERTED,
    name: 'Customer referrals',
    landingUrl: 'https://example.com/welcome',
    rules: [WON_RULE, inSales],
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  const published = await site.tenant.api('POST', `/programs/${site.programId}/publish`);
  expect(published.status).toBe(200);
  const second = await site.refer('gina@example.org');
  const ginaId = site.one('Contact', 'gina@example.org').Id;
  site.org.set(ginaId, { Department: 'Sales' });
  await site.settle();
  expect((await site.referral(second)).status).toBe('qualified');
  expect((await site.referral(referralId)).status).toBe('pending');
});

test('a rule on a field that a map writes hears what we wrote there (RF-15)', async () => {
  const site = await openSalesforceSite(stage, (org) => {
    org.addField('Contact', { name: 'Referrals_Made__c', label: 'Referrals made', type: 'string' });
    const madeOne = { ...SAID_SO, id: 'rul_made', field: 'Referrals_Made__c', values: ['1'] };
    const mapOut = [{ from: 'referredCount', field: 'Referrals_Made__c' }];
    return { rules: [WON_RULE, madeOne], enrolment: { mapOut } };
  });
  const referralId = await site.refer(FRIEND);
  const friendToo = await site.enrol(FRIEND);
  await site.refer('flo@example.org', { code: friendToo.code });
  await site.settle();
  expect(site.one('Contact', FRIEND)).toMatchObject({ Referrals_Made__c: '1' });
  expect((await site.referral(referralId)).status).toBe('qualified');
});

test('a contact that names somebody who becomes an advocate later is looked at again, though it holds what it held (RR-60)', async () => {
  const site = await openSalesforceSite(stage, (org) => {
    org.addField('Contact', { name: 'Referred_By__c', label: 'Referred by', type: 'string' });
    const member = [{ object: 'contact', field: 'Referred_By__c', holds: 'advocate_email' }];
    return { rules: [WON_RULE], matching: { member } };
  });
  const ginaId = site.org.createContact({ Email: 'gina@example.org', LastName: 'Gold', FirstName: 'Gina' });
  const gina = await site.enrol('gina@example.org');
  site.org.set(ginaId, { Referred_By__c: 'bea@example.com' });
  await site.settle();
  await site.enrol('bea@example.com');
  // Our count on Gina's contact is what brings it up again.
  await site.refer('hugo@example.org', { code: gina.code });
  await site.settle();
  const friends = await stage.rows<{ email: string }>(
    `select p.email from referrals r join people p on p.id = r.person_id where r.workspace_id = $1 order by 1`,
    [site.tenant.workspaceId],
  );
  expect(friends.map(({ email }) => email)).toEqual(['gina@example.org', 'hugo@example.org']);
});
