import { describe, expect, it } from 'vitest';
import {
  CRM_FIELDS,
  crmOfField,
  DEAL_ADVOCATE_FIELD,
  DEAL_FIELDS,
  REFERRAL_FIELDS,
} from '../../../shared/crm-fields.ts';
import {
  DEAL_WORDS,
  dealWordsOf,
  isStageEntered,
  isStageField,
  saleFieldIn,
  stageEnteredField,
} from '../../../shared/deal-words.ts';
import { fieldOnRecord, isLeadOnly, LEAD_CONVERTED, recordTypeOf } from '../../../shared/person-fields.ts';

describe('whose field a name is', () => {
  it.each([
    ['lifecyclestage', 'hubspot'],
    ['hs_v2_date_entered_closedwon', 'hubspot'],
    ['firstname', 'hubspot'],
    ['c', 'hubspot'],
    ['my_c', 'hubspot'],
    ['FirstName', 'salesforce'],
    ['StageName.entered:Closed Won', 'salesforce'],
    ['Tier__c', 'salesforce'],
    ['acme__tier__c', 'salesforce'],
    ['acme__tier__pc', 'salesforce'],
    ['tier__C', 'salesforce'],
  ] as const)('%s is a name of %s (RR-18)', (name, crm) => {
    expect(crmOfField(name)).toBe(crm);
  });

  it('is told rightly of every field of ours (RR-17)', () => {
    const all = [...CRM_FIELDS, ...DEAL_FIELDS, DEAL_ADVOCATE_FIELD, ...REFERRAL_FIELDS];
    for (const field of all) {
      expect(crmOfField(field.salesforce), field.salesforce).toBe('salesforce');
      if ('hubspot' in field && field.hubspot !== null)
        expect(crmOfField(field.hubspot), field.hubspot).toBe('hubspot');
    }
    expect(all.length).toBeGreaterThan(35);
  });
});

describe('the words of a deal', () => {
  it('of one CRM are all told to be its own, so that no word is asked of the other one (RR-54)', () => {
    for (const crm of ['hubspot', 'salesforce'] as const) {
      for (const word of Object.values(DEAL_WORDS[crm]))
        expect([word, dealWordsOf(word)]).toEqual([word, DEAL_WORDS[crm]]);
    }
  });

  it('know a stage, and when it was entered, by the field that names it (RF-31)', () => {
    expect(stageEnteredField('dealstage', ' closedwon ')).toBe('hs_v2_date_entered_closedwon');
    expect(stageEnteredField('StageName', ' Closed Won ')).toBe('StageName.entered:Closed Won');
    const names = ['dealstage', 'StageName', 'pipeline', 'stagename', 'hs_v2_date_entered_1', 'StageName.entered:Won'];
    expect(names.filter(isStageField)).toEqual(['dealstage', 'StageName']);
    expect(names.filter(isStageEntered)).toEqual(['hs_v2_date_entered_1', 'StageName.entered:Won']);
  });

  it('turn one CRM’s amount into the other’s, and nothing else (RF-42)', () => {
    expect([saleFieldIn('salesforce', 'amount'), saleFieldIn('hubspot', 'Amount')]).toEqual(['Amount', 'amount']);
    expect([saleFieldIn('hubspot', 'amount'), saleFieldIn('salesforce', 'Amount')]).toEqual(['amount', 'Amount']);
    expect(saleFieldIn('salesforce', 'margin')).toBe('margin');
    expect(saleFieldIn('hubspot', 'Margin__c')).toBe('Margin__c');
  });
});

describe('a person in Salesforce', () => {
  it('has a lead’s fields under names of their own on one kind of record (RR-51, RR-52)', () => {
    expect(fieldOnRecord({ object: 'lead', field: 'Status' })).toBe('Lead.Status');
    expect(fieldOnRecord({ object: 'contact', field: 'Status' })).toBe('Status');
    expect((['contact', 'lead', 'company', 'deal'] as const).map(recordTypeOf)).toEqual([
      'contact',
      'contact',
      'company',
      'deal',
    ]);
  });

  it('is only a lead while the CRM says that it is not converted (RR-51)', () => {
    const told = ['false', 'true', null].map((value) => isLeadOnly({ [LEAD_CONVERTED]: value }));
    expect([...told, isLeadOnly({})]).toEqual([true, false, false, false]);
  });
});
