import { describe, expect, test } from 'vitest';

import { startBench } from './harness.ts';
import type { Bench } from './harness.ts';

const roles = async ({ query }: Bench, opportunityId: string) =>
  (
    await query(
      `SELECT ContactId, Role, IsPrimary FROM OpportunityContactRole WHERE OpportunityId = '${opportunityId}' ORDER BY Id`,
    )
  ).body.records;

describe('opportunities', () => {
  test('a stage brings closed, won and the probability; each change of it is a row of history', async () => {
    const { org, query, clock } = await startBench();
    const deal = org.createOpportunity({ Amount: 100 });
    clock.advance(60_000);
    org.moveOpportunity(deal, 'Closed Won');
    clock.advance(60_000);
    org.set(deal, { NextStep: 'Call' });
    org.set(deal, { Amount: 250.5 });
    expect(org.get(deal)).toMatchObject({ IsClosed: true, IsWon: true, Probability: 100, ExpectedRevenue: 250.5 });
    const { body } = await query(
      'SELECT Id, (SELECT StageName, Amount, CreatedDate FROM OpportunityHistories ORDER BY CreatedDate) FROM Opportunity',
    );
    expect(body.records[0].OpportunityHistories.records).toMatchObject([
      { StageName: 'Prospecting', Amount: 100, CreatedDate: '2026-11-20T09:00:00.000+0000' },
      { StageName: 'Closed Won', Amount: 100, CreatedDate: '2026-11-20T09:01:00.000+0000' },
      { StageName: 'Closed Won', Amount: 250.5, CreatedDate: '2026-11-20T09:02:00.000+0000' },
    ]);
  });

  test('a contact that comes, changes its role or leaves does not move the opportunity', async () => {
    const bench = await startBench();
    const { org, clock } = bench;
    const [ann, bob] = [org.createContact(), org.createContact()];
    const deal = org.createOpportunity({}, [ann]);
    const before = org.get(deal)?.['SystemModstamp'];
    clock.advance(60_000);
    org.addRole(deal, { contactId: bob, role: 'Influencer', primary: true });
    expect(await roles(bench, deal)).toMatchObject([
      { ContactId: ann, IsPrimary: false },
      { ContactId: bob, IsPrimary: true, Role: 'Influencer' },
    ]);
    expect(org.get(deal)).toMatchObject({ ContactId: bob, SystemModstamp: before });
    org.removeRole(deal, bob);
    expect(org.get(deal)).toMatchObject({ ContactId: null, SystemModstamp: before });
  });

  test('made with a contact it has that contact as primary role; later that is not how it is changed', async () => {
    const bench = await startBench();
    const { org, api } = bench;
    const ann = org.createContact();
    const values = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31', ContactId: ann };
    const { body } = await api('POST', '/sobjects/Opportunity', { body: values });
    expect(await roles(bench, body.id)).toMatchObject([{ ContactId: ann, Role: null, IsPrimary: true }]);
    const changed = await api('PATCH', `/sobjects/Opportunity/${body.id}`, { body: { ContactId: ann } });
    expect(changed.body[0].errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });
});

describe('converting a lead', () => {
  test('makes account, contact and opportunity with its role, and the lead points at them', async () => {
    const bench = await startBench();
    const { org, query } = bench;
    org.addField('Lead', { name: 'Plan__c', label: 'Plan', type: 'string' });
    org.addField('Lead', { name: 'Seats__c', label: 'Seats', type: 'double' });
    org.addField('Contact', { name: 'Plan__c', label: 'Plan', type: 'string' });
    org.addField('Contact', { name: 'Seats__c', label: 'Seats', type: 'double' });
    org.mapLeadField({ leadField: 'Plan__c', object: 'Contact', field: 'Plan__c' });
    const lead = org.createLead({
      FirstName: 'Ann',
      LastName: 'Lee',
      Company: 'Acme',
      Email: 'ann@example.com',
      Plan__c: 'Gold',
      Seats__c: 5,
      Referral_Id__c: 'ref_1',
    });
    const campaign = org.createCampaign();
    org.addMember(campaign, lead);
    const { contactId, accountId, opportunityId } = org.convertLead(lead);
    expect(org.get(contactId)).toMatchObject({
      Name: 'Ann Lee',
      AccountId: accountId,
      Plan__c: 'Gold',
      Seats__c: null,
      Referral_Id__c: null,
    });
    expect(org.get(accountId)?.['Name']).toBe('Acme');
    expect(await roles(bench, opportunityId ?? '')).toMatchObject([{ ContactId: contactId, IsPrimary: true }]);
    const { body } = await query(
      'SELECT Status, IsConverted, ConvertedDate, ConvertedContactId, ConvertedAccountId, ConvertedOpportunityId, Referral_Id__c FROM Lead',
    );
    expect(body.records).toMatchObject([
      {
        Status: 'Closed - Converted',
        IsConverted: true,
        ConvertedDate: '2026-11-20',
        ConvertedContactId: contactId,
        ConvertedAccountId: accountId,
        ConvertedOpportunityId: opportunityId,
        Referral_Id__c: 'ref_1',
      },
    ]);
    expect(org.find('CampaignMember', 'CampaignId', campaign)).toMatchObject([{ LeadId: lead, ContactId: contactId }]);
    expect(() => org.convertLead(lead)).toThrow('already converted');
  });

  test('into an existing contact only the lead tells: the contact keeps what it says and is not written', async () => {
    const { org, clock } = await startBench();
    const acme = org.createAccount({ Name: 'Acme' });
    const ann = org.createContact({ LastName: 'Ann', AccountId: acme, LeadSource: 'Web' });
    const lead = org.createLead({ LastName: 'Anne' });
    const before = org.get(ann);
    clock.advance(60_000);
    expect(org.convertLead(lead, { contactId: ann, createOpportunity: false })).toEqual({
      contactId: ann,
      accountId: acme,
      opportunityId: null,
    });
    expect(org.get(ann)).toEqual(before);
    expect(org.ids('Account')).toEqual([acme]);
    expect(org.get(lead)?.['SystemModstamp']).toBe('2026-11-20T09:01:00.000+0000');
  });

  test('that fails half way leaves nothing behind', async () => {
    const { org } = await startBench();
    org.addFailingTrigger({ object: 'Opportunity', message: 'no deals today' });
    const lead = org.createLead();
    expect(() => org.convertLead(lead)).toThrow('no deals today');
    expect([org.ids('Contact'), org.ids('Account'), org.get(lead)?.['IsConverted']]).toEqual([[], [], false]);
  });
});

describe('merging', () => {
  test('bins the loser pointing at the master, which takes over what hung on it, once', async () => {
    const bench = await startBench();
    const { org, queryAll, clock } = bench;
    const [ann, anne] = [
      org.createContact({ LastName: 'Ann' }),
      org.createContact({ LastName: 'Anne', Referral_Id__c: 'ref_1' }),
    ];
    const both = org.createOpportunity({}, [ann, anne]);
    const hers = org.createOpportunity({}, [anne]);
    const campaign = org.createCampaign();
    org.addMember(campaign, anne);
    const referral = org.create('Referral__c', { Referral_Id__c: 'ref_1', Friend_Contact__c: anne });
    const stamp = org.get(hers)?.['SystemModstamp'];
    clock.advance(60_000);
    org.merge(ann, [anne]);
    const { body } = await queryAll(`SELECT Id, MasterRecordId, SystemModstamp FROM Contact WHERE IsDeleted = true`);
    expect(body.records).toMatchObject([
      { Id: anne, MasterRecordId: ann, SystemModstamp: '2026-11-20T09:01:00.000+0000' },
    ]);
    expect(await roles(bench, both)).toMatchObject([{ ContactId: ann }]);
    expect(await roles(bench, hers)).toMatchObject([{ ContactId: ann, IsPrimary: true }]);
    expect(org.get(hers)).toMatchObject({ ContactId: ann, SystemModstamp: stamp });
    expect(org.get(referral)?.['Friend_Contact__c']).toBe(ann);
    expect(org.find('CampaignMember', 'ContactId', ann)).toHaveLength(1);
    expect(org.createContact({ LastName: 'New', Referral_Id__c: 'ref_1' })).not.toBe(anne);
  });

  test('joins one or two records of one object, and accounts and leads too', async () => {
    const { org } = await startBench();
    const leads = [org.createLead(), org.createLead(), org.createLead()] as const;
    org.merge(leads[0], [leads[1], leads[2]]);
    expect(org.ids('Lead')).toEqual([leads[0]]);
    const [acme, other] = [org.createAccount(), org.createAccount()];
    const ann = org.createContact({ AccountId: other });
    org.merge(acme, [other]);
    expect(org.get(ann)?.['AccountId']).toBe(acme);
    expect(() => org.merge(acme, [ann])).toThrow();
    expect(() => org.merge(acme, [])).toThrow();
  });
});

describe('the bin', () => {
  test('takes what hangs on a record, and gives it back with it', async () => {
    const bench = await startBench();
    const { org, clock } = bench;
    const ann = org.createContact();
    const deal = org.createOpportunity({}, [ann]);
    clock.advance(60_000);
    org.delete(deal);
    expect(await roles(bench, deal)).toEqual([]);
    clock.advance(60_000);
    org.undelete(deal);
    expect(org.get(deal)).toMatchObject({ IsDeleted: false, SystemModstamp: '2026-11-20T09:02:00.000+0000' });
    expect(await roles(bench, deal)).toMatchObject([{ ContactId: ann }]);
    expect(() => org.undelete(deal)).toThrow('not in the recycle bin');
  });

  test('of an account takes its contacts and deals', async () => {
    const { org } = await startBench();
    const acme = org.createAccount();
    const ann = org.createContact({ AccountId: acme });
    org.delete(acme);
    expect(org.get(ann)?.['IsDeleted']).toBe(true);
    org.undelete(acme);
    expect(org.get(ann)?.['IsDeleted']).toBe(false);
  });
});
