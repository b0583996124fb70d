import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import { openSalesforceSite, WON_RULE, type SalesforceSite } from './salesforce-site.ts';

const FRIEND = 'fay.friend@example.org';

let stage: Stage;
let site: SalesforceSite;

beforeEach(async () => {
  stage = await openStage({ crms: ['salesforce'] });
  site = await openSalesforceSite(stage, { rules: [WON_RULE], rewardRules: [] });
});

afterEach(() => stage.close());

test('an open opportunity names its advocate as soon as it is there, and the record of the referral leads to it (SG-26)', async () => {
  const referralId = await site.refer(FRIEND);
  const friend = site.one('Contact', FRIEND);
  const deal = site.org.createOpportunity({ Name: 'One', StageName: 'Prospecting' }, [friend.Id]);
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('pending');
  expect(site.org.get(deal)).toMatchObject({
    Referral_Source_Advocate_Id__c: site.ada.advocateId,
    Referral_Id__c: referralId,
  });
  expect(site.referralRecord(referralId)['Opportunity__c']).toBe(deal);
});

test('an opportunity names whoever brought the contact that is on it now (SG-26, E3, E4)', async () => {
  const bea = await site.enrol('bea@example.com');
  const ofAda = await site.refer(FRIEND);
  const ofBea = await site.refer('gil@example.org', { code: bea.code });
  const [fay, gil] = [site.one('Contact', FRIEND).Id, site.one('Contact', 'gil@example.org').Id];
  const deal = site.org.createOpportunity({ Name: 'One', StageName: 'Prospecting' }, [fay]);
  const names = async () => {
    await site.settle();
    const { Referral_Source_Advocate_Id__c: advocate, Referral_Id__c: referral } = site.org.get(deal) ?? {};
    return [advocate, referral];
  };
  expect(await names()).toEqual([site.ada.advocateId, ofAda]);
  site.org.addRole(deal, gil);
  expect((await names())[0]).toBeNull();
  site.org.removeRole(deal, fay);
  expect(await names()).toEqual([bea.advocateId, ofBea]);
});

test('two advocates who become one are one on the opportunities of their friends, too (SG-26, E5)', async () => {
  const bea = await site.enrol('bea@example.com');
  await site.refer(FRIEND, { code: bea.code });
  const deal = site.org.createOpportunity({ Name: 'One', StageName: 'Prospecting' }, [site.one('Contact', FRIEND).Id]);
  await site.settle();
  expect(site.org.get(deal)).toMatchObject({ Referral_Source_Advocate_Id__c: bea.advocateId });
  site.org.merge(site.one('Contact', 'ada@example.com').Id, [site.one('Contact', 'bea@example.com').Id]);
  await site.settle();
  expect(site.org.get(deal)).toMatchObject({ Referral_Source_Advocate_Id__c: site.ada.advocateId });
});
