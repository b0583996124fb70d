import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CONVERTED,
  MINUTE_MS,
  NOTHING_LEFT,
  openSalesforceSite,
  WON_RULE,
  type SalesforceSite,
} from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

/** E5: friends who are added as leads, and what becomes of their referral when sales converts them. */
const DAY_MS = 24 * 60 * MINUTE_MS;
const LEADS = { capture: { personAs: 'lead' } };

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

async function rewardsOf(referralId: string) {
  return stage.rows('select state, amount_minor::text as minor from rewards where referral_id = $1', [referralId]);
}

const ONE_REWARD = [{ state: 'approved', minor: '1000' }];

describe.each([
  { into: 'a new contact', createOpportunity: true },
  { into: 'a new contact', createOpportunity: false },
  { into: 'an existing contact', createOpportunity: true },
  { into: 'an existing contact', createOpportunity: false },
])('a lead converted into $into, with an opportunity: $createOpportunity', ({ into, createOpportunity }) => {
  let site: SalesforceSite;
  let referralId: string;
  let converted: { leadId: string; contactId: string; opportunityId: string | null };

  beforeAll(async () => {
    site = await openSalesforceSite(stage, LEADS);
    referralId = await site.refer('finn@example.org');
    const existing =
      into === 'a new contact' ? {} : { contactId: site.org.createContact({ Email: 'f.private@example.net' }) };
    const leadId = site.one('Lead', 'finn@example.org').Id;
    converted = { leadId, ...site.org.convertLead(leadId, { createOpportunity, ...existing }) };
    await site.settle();
  });

  test('pays once by the rule on the conversion, and the contact says so (E5, RR-51)', async () => {
    expect((await site.referral(referralId)).status).toBe('approved');
    expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
    expect(site.org.get(converted.contactId)).toMatchObject({
      Referral_Id__c: referralId,
      Referral_Status__c: 'approved',
      Referred_By_Name__c: 'Ada Advocate',
    });
    expect(site.one('Contact', 'ada@example.com')).toMatchObject({
      Referred_Count__c: 1,
      Approved_Count__c: 1,
      Reward_Total__c: 10,
    });
  });

  test('the records of the referral lead to where the friend is now (E5, SG-26)', async () => {
    expect(site.referralRecord(referralId)).toMatchObject({
      Friend_Contact__c: converted.contactId,
      Friend_Lead__c: null,
      Advocate__c: site.one('Contact', 'ada@example.com').Id,
      Opportunity__c: converted.opportunityId,
      Status__c: 'approved',
    });
    const marked = site.org.ids('Opportunity').map((id) => site.org.get(id));
    const mark = { Referral_Id__c: referralId, Referral_Source_Advocate_Id__c: site.ada.advocateId };
    expect(marked).toMatchObject(createOpportunity ? [{ Id: converted.opportunityId, ...mark }] : []);
    const known = await stage.rows(
      `select record_id, merged_into from crm_records where connection_id = $1 and object_type = 'contact'
          and record_id in ($2, $3) order by record_id`,
      [site.tenant.connectionId, converted.leadId, converted.contactId],
    );
    expect(known).toEqual([
      { record_id: converted.contactId, merged_into: null },
      { record_id: converted.leadId, merged_into: converted.contactId },
    ]);
  });

  test('whatever changes afterwards pays no second time, and nothing is tried on the lead that is gone (E1, E5)', async () => {
    stage.salesforce.control.log.clear();
    site.org.set(converted.contactId, { Title: 'Head of purchasing' });
    await site.settle();
    if (converted.opportunityId) site.org.moveOpportunity(converted.opportunityId, 'Closed Won');
    await site.settle();
    expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
    expect(await site.leftOver()).toEqual(NOTHING_LEFT);
    expect(await site.entries(referralId, 'failed')).toEqual([]);
    expect(stage.salesforce.control.log.calls({ status: 400, orgId: site.tenant.orgId })).toEqual([]);
  });
});

test('converted into a contact who was referred before, the older referral stands, and the younger one says why (E5)', async () => {
  const site = await openSalesforceSite(stage, LEADS);
  const bea = await site.enrol('bea@example.com');
  const older = await site.refer('older@example.org');
  const first = site.org.convertLead(site.one('Lead', 'older@example.org').Id, { createOpportunity: false });
  await site.settle();
  const younger = await site.refer('younger@example.org', { code: bea.code });
  site.org.convertLead(site.one('Lead', 'younger@example.org').Id, { contactId: first.contactId });
  await site.settle();
  expect(await site.referral(older)).toMatchObject({ status: 'approved', mergedInto: null });
  expect(await site.referral(younger)).toMatchObject({ status: 'denied', mergedInto: older });
  expect([await rewardsOf(older), await rewardsOf(younger)]).toEqual([ONE_REWARD, []]);
  const [merged] = (await site.entries(younger)).filter(({ reasonCode }) => reasonCode === 'merged');
  expect(merged).toMatchObject({ state: 'processed', recordId: first.contactId });
  expect(site.org.get(first.contactId)).toMatchObject({
    Referral_Id__c: older,
    Referred_By_Name__c: 'Ada Advocate',
  });
  expect(site.referralRecord(younger)).toMatchObject({ Status__c: 'denied', Friend_Contact__c: first.contactId });
});

test('the contact is known before the lead becomes it: they are one friend, and paid once (E5)', async () => {
  const site = await openSalesforceSite(stage, LEADS);
  const referralId = await site.refer('finn@example.org');
  const contactId = site.org.createContact({ Email: 'finn@example.org', LastName: 'Friend' });
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('pending');
  site.org.set(contactId, { Title: 'Buyer' });
  site.org.convertLead(site.one('Lead', 'finn@example.org').Id, { contactId, createOpportunity: false });
  await site.settle();
  expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
  expect(site.org.get(contactId)).toMatchObject({ Referral_Id__c: referralId, Referral_Status__c: 'approved' });
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
});

test('an opportunity that sales makes for the contact long after the conversion counts (E4, E5)', async () => {
  const site = await openSalesforceSite(stage, { ...LEADS, rules: [WON_RULE] });
  const referralId = await site.refer('finn@example.org');
  const { contactId } = site.org.convertLead(site.one('Lead', 'finn@example.org').Id, { createOpportunity: false });
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('pending');
  const dealId = site.org.createOpportunity({ Name: 'Later', StageName: 'Closed Won', Amount: 500 }, [contactId]);
  await site.settle();
  expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
  expect(site.referralRecord(referralId)).toMatchObject({ Opportunity__c: dealId });
});

test('a status of the lead qualifies, and what the lead had reached when it was converted stays true of the contact (RR-52, E5)', async () => {
  const statuses = ['Working - Contacted', 'Closed - Converted'];
  const rule = { id: 'rul_status', object: 'lead', field: 'Status', values: statuses, status: 'qualified' };
  const site = await openSalesforceSite(stage, { ...LEADS, rules: [rule, ...CONVERTED.rules] });
  const referralId = await site.refer('finn@example.org');
  const { Id: leadId } = site.one('Lead', 'finn@example.org');
  expect((await site.referral(referralId)).status).toBe('pending');
  site.org.set(leadId, { Status: 'Working - Contacted' });
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('qualified');
  const { contactId } = site.org.convertLead(leadId, { createOpportunity: false });
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('approved');
  const { history } = await site.referral(referralId);
  expect(history.map(({ to, cause }: { to: string; cause: string }) => [to, cause])).toEqual([
    ['pending', 'referred'],
    ['qualified', 'rule_met'],
    ['approved', 'rule_met'],
  ]);
  expect(site.org.get(contactId)).toMatchObject({ Referral_Status__c: 'approved' });
});

test('a lead that was deleted gets nothing written, and restored and converted it gets what it missed (E5)', async () => {
  const site = await openSalesforceSite(stage, LEADS);
  const referralId = await site.refer('finn@example.org');
  const { Id: leadId } = site.one('Lead', 'finn@example.org');
  site.org.delete(leadId);
  await site.settle();
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
  site.org.undelete(leadId);
  await site.settle();
  const { contactId } = site.org.convertLead(leadId);
  await site.settle();
  expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
  expect(site.org.get(contactId)).toMatchObject({ Referral_Id__c: referralId });
});

test('converted and deleted before we looked it is paid, and deleted later nothing is asked (E5)', async () => {
  const site = await openSalesforceSite(stage, LEADS);
  const referralId = await site.refer('finn@example.org');
  const { Id: leadId } = site.one('Lead', 'finn@example.org');
  const { contactId } = site.org.convertLead(leadId, { createOpportunity: false });
  site.org.delete(leadId);
  await site.settle();
  expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
  site.org.set(contactId, { Title: 'Buyer' });
  await site.settle();
  expect(await site.entries(referralId, 'review')).toEqual([]);
  expect((await site.referral(referralId)).status).toBe('approved');
});

describe('a lead that was converted into a contact of long ago before we first read it', () => {
  const converted = async (site: SalesforceSite, leadId: string): Promise<void> => {
    const [contactId] = site.org.find('Contact', 'Email', 'f.private@example.net').map(({ Id }) => String(Id));
    site.org.convertLead(leadId, { contactId, createOpportunity: false });
    await site.settle();
  };
  const withContact = async (): Promise<SalesforceSite> => {
    const site = await openSalesforceSite(stage, LEADS);
    site.org.createContact({ Email: 'f.private@example.net' });
    stage.clock.advance(3 * DAY_MS);
    await site.settle();
    return site;
  };

  test('was not converted before the referral when it was made for it: it is paid (E12, RR-51)', async () => {
    const site = await withContact();
    const referralId = await site.signUp('finn@example.org');
    for (let round = 0; site.org.find('Lead', 'Email', 'finn@example.org').length === 0; round += 1) {
      expect(round).toBeLessThan(100);
      await stage.pass(500);
    }
    await converted(site, site.one('Lead', 'finn@example.org').Id);
    expect(await site.entries(referralId, 'review')).toEqual([]);
    expect(await rewardsOf(referralId)).toEqual(ONE_REWARD);
  });

  test.each([
    { first: 'before', email: 'f.private@example.net', question: ['already_there'], paid: [] },
    { first: 'after', email: 'finn@example.org', question: [], paid: ONE_REWARD },
  ])(
    'when the lead itself is older than the referral, and was converted $first it (E12, RR-51)',
    async ({ first, email, question, paid }) => {
      const site = await withContact();
      const leadId = site.org.createLead({ Email: 'finn@example.org', LastName: 'Friend' });
      stage.clock.advance(3 * DAY_MS);
      if (first === 'before') await converted(site, leadId);
      stage.clock.advance(3 * DAY_MS);
      await site.settle();
      const referralId = await site.refer(email);
      stage.clock.advance(3 * DAY_MS);
      if (first === 'after') await converted(site, leadId);
      expect((await site.entries(referralId, 'review')).map(({ reasonCode }) => reasonCode)).toEqual(question);
      expect(await rewardsOf(referralId)).toEqual(paid);
    },
  );
});
