import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContactDraft } from '../../backend/src/crm/port.ts';
import {
  soqlOf,
  description,
  ORG,
  rows,
  startSalesforceLoopback,
  type SalesforceLoopback,
} from './support/salesforce-loopback.ts';

const FIELDS = ['Email', 'LastName', 'FirstName', 'Phone', 'Company', 'Referral_Id__c'];

let org: SalesforceLoopback;
beforeEach(async () => {
  org = await startSalesforceLoopback();
  org.server.answer((request) => {
    if (request.path.endsWith('/describe'))
      return description(request.path.includes('/Lead/') ? 'Lead' : 'Contact', FIELDS);
    if (soqlOf(request) !== '') return rows();
    const { records } = JSON.parse(request.text) as { records: { attributes: { type: string } }[] };
    return {
      status: 200,
      body: records.map(({ attributes }, index) => ({
        id: `${attributes.type === 'Lead' ? '00Q' : '003'}${String(index).padStart(12, '0')}AAA`,
        success: true,
        created: true,
        errors: [],
      })),
    };
  });
});
afterEach(() => org.close());

const writes = () =>
  org.server.requests
    .filter(({ path }) => path.includes('/composite/'))
    .map(({ method, path, headers, text }) => ({
      call: `${method} ${path.replace('/services/data/v67.0', '')}`,
      duplicates: headers['sforce-duplicate-rule-header'],
      assign: headers['sforce-auto-assign'],
      body: JSON.parse(text) as { allOrNone: boolean; records: object[] },
    }));

describe('what is sent to Salesforce', () => {
  it('is a friend by the referral’s id, apart by kind and by what the org’s rules may do', async () => {
    const base = { values: {}, as: 'lead' } as const;
    const drafts: ContactDraft[] = [
      { key: 'a', email: 'a@example.com', referralId: 'ref_a', ...base },
      { key: 'b', email: 'b@example.com', referralId: 'ref_b', ...base, assign: false },
      { key: 'c', email: 'c@example.com', referralId: 'ref_c', ...base, allowDuplicate: true },
      { key: 'd', email: 'd@example.com', referralId: 'ref_d', ...base, as: 'contact' },
      { key: 'e', email: 'e@example.com', ...base, as: 'contact' },
      { key: 'f', email: 'f@example.com', referralId: 'ref_f', ...base },
    ];
    const outcomes = await org.crm.createContacts(ORG, drafts);
    expect(outcomes.map(({ key, ok }) => [key, ok])).toEqual(drafts.map(({ key }) => [key, true]));
    const rule = (allow: boolean) => `allowSave=${String(allow)}; includeRecordDetails=true; runAsCurrentUser=true`;
    const upsert = (sobject: string) => `PATCH /composite/sobjects/${sobject}/Referral_Id__c`;
    expect(
      writes().map(({ call, duplicates, assign, body }) => [call, duplicates, assign, body.records.length]),
    ).toEqual([
      [upsert('Lead'), rule(false), 'TRUE', 2],
      [upsert('Lead'), rule(false), 'FALSE', 1],
      [upsert('Lead'), rule(true), 'TRUE', 1],
      [upsert('Contact'), rule(false), undefined, 1],
      ['POST /composite/sobjects', rule(false), undefined, 1],
    ]);
    expect(writes()[0]?.body).toEqual({
      allOrNone: false,
      records: [
        {
          attributes: { type: 'Lead' },
          Email: 'a@example.com',
          LastName: 'a',
          Company: '[not provided]',
          Referral_Id__c: 'ref_a',
        },
        expect.objectContaining({ Referral_Id__c: 'ref_f' }),
      ],
    });
  });

  it('looks for everybody of a batch in two queries before it writes', async () => {
    const drafts = Array.from({ length: 100 }, (_value, index) => ({
      key: String(index),
      email: `p${String(index)}@example.com`,
      values: {},
      as: 'lead' as const,
      referralId: `ref_${String(index)}`,
    }));
    await org.crm.createContacts(ORG, drafts);
    expect(org.queries()).toHaveLength(2);
    expect(writes()).toHaveLength(1);
  });

  it('keeps no writing of ours to people who are there away for looking like somebody else', async () => {
    await org.crm.updateRecords(ORG, {
      objectType: 'contact',
      writes: [{ id: '003000000000001AAA', values: { Phone: '1' } }],
    });
    expect(writes()[0]?.duplicates).toContain('allowSave=true');
  });
});
