import { describe, expect, test } from 'vitest';

import { request, startBench } from './harness.ts';
import type { Answer } from './harness.ts';

const fieldIn = ({ body }: Answer, name: string) => body.fields.find((field: { name: string }) => field.name === name);

describe('what an object looks like', () => {
  test('its columns with types, lengths, rights and picklists, and how its children are called', async () => {
    const { api } = await startBench();
    const contact = await api('GET', '/sobjects/contact/describe');
    expect(contact.body).toMatchObject({ name: 'Contact', keyPrefix: '003', custom: false, createable: true });
    expect(fieldIn(contact, 'Email')).toMatchObject({ type: 'email', length: 80, nillable: true, updateable: true });
    expect(fieldIn(contact, 'Name')).toMatchObject({ createable: false, updateable: false, nameField: true });
    expect(fieldIn(contact, 'Referral_Id__c')).toMatchObject({ externalId: true, unique: true, caseSensitive: true });
    expect(fieldIn(contact, 'AccountId')).toMatchObject({ referenceTo: ['Account'], relationshipName: 'Account' });
    const values = fieldIn(contact, 'Reward_Status__c').picklistValues.map(({ value }: { value: string }) => value);
    expect(values).toEqual(['none', 'pending', 'approved', 'issued']);
    const opportunity = await api('GET', '/sobjects/Opportunity/describe');
    expect(opportunity.body.childRelationships).toContainEqual(
      expect.objectContaining({ childSObject: 'OpportunityHistory', relationshipName: 'OpportunityHistories' }),
    );
  });

  test('asked again it answers 304 until something in it changes', async () => {
    const { api, org, clock } = await startBench();
    clock.advance(400);
    org.addField('Contact', { name: 'Plan__c', label: 'Plan', type: 'string', length: 40 });
    const first = await api('GET', '/sobjects/Contact/describe');
    const headers = { 'if-modified-since': first.headers.get('last-modified') ?? '' };
    const again = await api('GET', '/sobjects/Contact/describe', { headers });
    expect([again.status, again.body]).toEqual([304, null]);
    clock.advance(1000);
    org.setFieldAccess('Contact', 'Phone', 'hidden');
    const changed = await api('GET', '/sobjects/Contact/describe', { headers });
    expect([changed.status, fieldIn(changed, 'Phone'), fieldIn(changed, 'Plan__c').length]).toEqual([
      200,
      undefined,
      40,
    ]);
  });

  test('a column that may only be read says so, and an object that may not be read is not there', async () => {
    const { api, org } = await startBench();
    org.setFieldAccess('Lead', 'Company', 'read');
    expect(fieldIn(await api('GET', '/sobjects/Lead/describe'), 'Company')).toMatchObject({
      createable: false,
      updateable: false,
    });
    org.setObjectAccess('Lead', { read: false });
    expect((await api('GET', '/sobjects/Lead/describe')).status).toBe(404);
    const { body } = await api('GET', '/sobjects');
    expect(body.sobjects.map(({ name }: { name: string }) => name)).not.toContain('Lead');
  });
});

describe('the package', () => {
  test('installed with a namespace its names have the prefix, everywhere', async () => {
    const { api, org, query } = await startBench({ namespace: 'passalong' });
    org.createContact({ LastName: 'Ann', Referral_Id__c: 'ref_1' });
    const contact = await api('GET', '/sobjects/Contact/describe');
    expect([fieldIn(contact, 'Referral_Id__c'), fieldIn(contact, 'passalong__Referral_Id__c')?.type]).toEqual([
      undefined,
      'string',
    ]);
    const referral = await api('GET', '/sobjects/passalong__Referral__c/describe');
    expect(fieldIn(referral, 'passalong__Advocate__c')).toMatchObject({ relationshipName: 'passalong__Advocate__r' });
    expect((await api('GET', '/sobjects/Referral__c/describe')).status).toBe(404);
    const found = await query("SELECT Id FROM Contact WHERE passalong__Referral_Id__c = 'ref_1'");
    expect(found.body.totalSize).toBe(1);
    expect((await query('SELECT Referral_Id__c FROM Contact')).status).toBe(400);
  });

  test('is not there before it is installed, after it is gone, and for a user without its permission set', async () => {
    const { api, org } = await startBench({ packageInstalled: false });
    const seen = async () => {
      const contact = await api('GET', '/sobjects/Contact/describe');
      return [fieldIn(contact, 'Referral_Link__c') !== undefined, (await api('GET', '/sobjects/Referral__c')).status];
    };
    expect(await seen()).toEqual([false, 404]);
    org.installPackage();
    expect(await seen()).toEqual([true, 200]);
    org.assignPermissionSet(false);
    expect(await seen()).toEqual([false, 404]);
    org.assignPermissionSet(true);
    org.uninstallPackage();
    expect(await seen()).toEqual([false, 404]);
  });
});

describe('record types and currencies', () => {
  test('layouts tell which stages each record type offers; the layout of one tells nothing of it', async () => {
    const { api } = await startBench({
      recordTypes: [{ name: 'New business' }, { name: 'Renewal', stages: ['Prospecting', 'Closed Won'] }],
    });
    const { body } = await api('GET', '/sobjects/Opportunity/describe/layouts');
    const stages = body.recordTypeMappings.map((mapping: any) => [
      mapping.name,
      mapping.picklistsForRecordType.find((each: any) => each.picklistName === 'StageName').picklistValues.length,
    ]);
    expect(stages).toEqual([
      ['New business', 7],
      ['Renewal', 2],
      ['Master', 7],
    ]);
    const one = await api('GET', `/sobjects/Opportunity/describe/layouts/${body.recordTypeMappings[1].recordTypeId}`);
    expect([one.status, one.body.recordTypeMappings]).toEqual([200, undefined]);
  });

  test('an org without record types knows the master one only, and has no column for them until it makes one', async () => {
    const { api, org, query } = await startBench();
    const { body } = await api('GET', '/sobjects/Opportunity/describe');
    expect(body.recordTypeInfos).toMatchObject([{ recordTypeId: '012000000000000AAA', master: true }]);
    const old = org.createOpportunity();
    const renewal = org.addRecordType({ name: 'Renewal' });
    const young = org.createOpportunity();
    const rows = await query('SELECT Id, RecordTypeId, RecordType.DeveloperName FROM Opportunity ORDER BY Id');
    expect(rows.body.records).toMatchObject([
      { Id: old, RecordTypeId: null, RecordType: null },
      { Id: young, RecordTypeId: renewal, RecordType: { DeveloperName: 'Renewal' } },
    ]);
  });

  test('several currencies bring a column, a table of rates and another answer about the org', async () => {
    const { api, org, query } = await startBench({
      currencies: [
        { isoCode: 'EUR', rate: 1 },
        { isoCode: 'USD', rate: 1.25 },
      ],
    });
    org.createOpportunity({ Amount: 10, CurrencyIsoCode: 'USD' });
    expect((await query('SELECT CurrencyIsoCode FROM Opportunity')).body.records).toMatchObject([
      { CurrencyIsoCode: 'USD' },
    ]);
    const rates = await query('SELECT IsoCode, ConversionRate, IsCorporate FROM CurrencyType ORDER BY IsoCode');
    expect(rates.body.records).toMatchObject([
      { IsoCode: 'EUR', ConversionRate: 1, IsCorporate: true },
      { IsoCode: 'USD', ConversionRate: 1.25, IsCorporate: false },
    ]);
    const about = await api('GET', '/connect/organization');
    expect(about.body.features).toMatchObject({ defaultCurrencyIsoCode: 'EUR', multiCurrency: true });
  });
});

describe('versions', () => {
  test('are listed without a token; retired ones are gone and future ones unknown', async () => {
    const { instanceUrl, api } = await startBench();
    const { body } = await request('GET', `${instanceUrl}/services/data`);
    expect(body).toContainEqual({ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' });
    expect(body).toContainEqual({ label: "Winter '27", url: '/services/data/v68.0', version: '68.0' });
    expect((await api('GET', '/services/data/v66.0/limits')).status).toBe(200);
    expect((await api('GET', '/services/data/v40.0/limits')).status).toBe(410);
    expect((await api('GET', '/services/data/v69.0/limits')).status).toBe(404);
  });

  test('what is not there is 404, and another method 405', async () => {
    const { api } = await startBench();
    expect((await api('GET', '/ui-api/records/1')).body[0].errorCode).toBe('NOT_FOUND');
    expect((await api('DELETE', '/limits')).status).toBe(405);
    expect((await api('GET', '/sobjects/Contact/not-an-id')).body[0].errorCode).toBe('MALFORMED_ID');
  });
});
