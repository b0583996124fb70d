import { describe, expect, test } from 'vitest';

import { codesIn, recordsOf, startBench } from './harness.ts';
import type { Bench } from './harness.ts';

const create = ({ api }: Bench, type: string, values: Record<string, unknown>, headers: Record<string, string> = {}) =>
  api('POST', '/composite/sobjects', { body: recordsOf(type, values), headers });
const allowed = { 'sforce-duplicate-rule-header': 'allowSave=true; includeRecordDetails=true; runAsCurrentUser=true' };
const asked = { 'sforce-duplicate-rule-header': 'allowSave=false; includeRecordDetails=true; runAsCurrentUser=true' };

describe('duplicate rules', () => {
  test('one that alerts lets through who says so, and names the record that is there', async () => {
    const bench = await startBench();
    bench.org.addDuplicateRule({ object: 'Lead', action: 'alert', matchObjects: ['Lead', 'Contact'] });
    const ann = bench.org.createContact({ LastName: 'Ann', Email: 'ann@example.com' });
    const lead = { LastName: 'Ann', Company: 'Acme', Email: 'ANN@example.com' };
    const refused = await create(bench, 'Lead', lead, asked);
    expect(refused.body[0].errors[0]).toMatchObject({
      statusCode: 'DUPLICATES_DETECTED',
      message: 'Use one of these records?',
      fields: [],
      duplicateResult: {
        allowSave: true,
        duplicateRuleEntityType: 'Lead',
        matchResults: [
          {
            entityType: 'Contact',
            matchRecords: [{ record: { attributes: { type: 'Contact' }, Id: ann, Name: 'Ann' } }],
          },
        ],
      },
    });
    expect(codesIn(await create(bench, 'Lead', lead, allowed))).toEqual(['ok']);
    expect(codesIn(await create(bench, 'Contact', { LastName: 'Ann', Email: 'ann@example.com' }))).toEqual(['ok']);
  });

  test('one that blocks lets nobody through; people in the org save as they like', async () => {
    const bench = await startBench();
    bench.org.addDuplicateRule({ object: 'Contact', action: 'block' });
    const ann = bench.org.createContact({ Email: 'ann@example.com' });
    expect(codesIn(await create(bench, 'Contact', { LastName: 'Ann', Email: 'ann@example.com' }, allowed))).toEqual([
      'DUPLICATES_DETECTED',
    ]);
    expect(bench.org.createContact({ Email: 'ann@example.com' })).not.toBe(ann);
  });

  test('a single write spells the result as Salesforce does, and leaves the details away unless asked', async () => {
    const { org, api } = await startBench();
    org.addDuplicateRule({ object: 'Contact', action: 'alert' });
    const ann = org.createContact({ Email: 'ann@example.com' });
    const { status, body } = await api('POST', '/sobjects/Contact', {
      body: { LastName: 'Ann', Email: 'ann@example.com' },
    });
    expect([status, body[0].errorCode]).toEqual([400, 'DUPLICATES_DETECTED']);
    const [match] = body[0].duplicateResut.matchResults[0].matchRecords;
    expect(Object.keys(match.record)).toEqual(['attributes', 'Id']);
    expect(match.record.Id).toBe(ann);
  });

  test('look at an address that is new only, and not at what is deleted or converted', async () => {
    const { org, api } = await startBench();
    const twins = [org.createContact({ Email: 'ann@example.com' }), org.createContact({ Email: 'ann@example.com' })];
    org.addDuplicateRule({ object: 'Contact', action: 'block' });
    const body = recordsOf('Contact', { id: twins[0], Email: 'ann@example.com', Title: 'CEO' });
    expect(codesIn(await api('PATCH', '/composite/sobjects', { body }))).toEqual(['ok']);
    for (const twin of twins) org.delete(twin);
    org.addDuplicateRule({ object: 'Contact', action: 'block', matchObjects: ['Lead'] });
    org.convertLead(org.createLead({ Email: 'ann@example.com' }), { contactId: org.createContact() });
    expect(
      (await api('POST', '/sobjects/Contact', { body: { LastName: 'Ann', Email: 'ann@example.com' } })).status,
    ).toBe(201);
  });
});

describe('rules of the org', () => {
  test('a validation rule refuses with its own words at its own column', async () => {
    const bench = await startBench();
    bench.org.addValidationRule({
      object: 'Lead',
      errorWhen: [{ field: 'Phone', operator: 'blank' }],
      message: 'A phone number, please.',
      field: 'Phone',
    });
    const { body } = await create(bench, 'Lead', { LastName: 'Ann', Company: 'Acme' });
    expect(body[0].errors).toEqual([
      { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'A phone number, please.', fields: ['Phone'] },
    ]);
    bench.org.clearRules();
    expect(codesIn(await create(bench, 'Lead', { LastName: 'Ann', Company: 'Acme' }))).toEqual(['ok']);
  });

  test('a rule may be any function of the record as it would be stored', async () => {
    const bench = await startBench();
    bench.org.addValidationRule({
      object: 'Contact',
      errorWhen: [(row) => row['Name'] === 'Ann Lee'],
      message: 'Not her.',
    });
    expect(codesIn(await create(bench, 'Contact', { FirstName: 'Ann', LastName: 'Lee' }))).toEqual([
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    ]);
  });

  test('a trigger that fails, a value that is stored as another, a column that is required', async () => {
    const bench = await startBench();
    bench.org.addFailingTrigger({ object: 'Contact', on: 'insert', message: 'ContactTrigger: null reference' });
    const refused = await create(bench, 'Contact', { LastName: 'Ann' });
    expect(refused.body[0].errors[0]).toMatchObject({
      statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      message: 'ContactTrigger: null reference',
    });
    bench.org.clearRules();
    bench.org.addCoercion({ object: 'Contact', field: 'Referral_Code__c', storedValue: 'FIXED' });
    const { body } = await create(bench, 'Contact', { LastName: 'Ann', Referral_Code__c: 'MINE' });
    expect(bench.org.get(body[0].id)?.['Referral_Code__c']).toBe('FIXED');
    bench.org.setFieldRequired('Contact', 'Phone');
    expect(codesIn(await create(bench, 'Contact', { LastName: 'Bob' }))).toEqual(['REQUIRED_FIELD_MISSING']);
  });

  test('a column that is hidden or read only is refused by name, for that record alone', async () => {
    const bench = await startBench();
    bench.org.setFieldAccess('Contact', 'Phone', 'read');
    bench.org.setFieldAccess('Contact', 'Title', 'hidden');
    const { body } = await bench.api('POST', '/composite/sobjects', {
      body: recordsOf('Contact', { LastName: 'Ann', Phone: '1', Title: 'CEO', Name: 'Ann' }, { LastName: 'Bob' }),
    });
    expect(body[0].errors[0]).toMatchObject({
      statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      fields: ['Phone', 'Title', 'Name'],
    });
    expect(body[1].success).toBe(true);
  });

  test('without the right to an object nothing of it is made, changed or removed', async () => {
    const bench = await startBench();
    const { org, api } = bench;
    const ann = org.createContact();
    org.setObjectAccess('Contact', { create: false, edit: false, delete: false });
    expect(codesIn(await create(bench, 'Contact', { LastName: 'Bob' }))).toEqual(['INSUFFICIENT_ACCESS_OR_READONLY']);
    expect((await api('PATCH', `/sobjects/Contact/${ann}`, { body: { Title: 'CEO' } })).status).toBe(403);
    expect((await api('DELETE', `/sobjects/Contact/${ann}`)).status).toBe(403);
  });
});

describe('owners', () => {
  test('a new lead goes where the active rule says, unless the call says no', async () => {
    const bench = await startBench();
    const { org, userId } = bench;
    const queue = org.addQueue('Inbound');
    const rep = org.addUser({ firstName: 'Rae', lastName: 'Rep' });
    org.addLeadAssignmentRule({ ownerId: queue, when: [{ field: 'Company', operator: 'contains', value: 'bank' }] });
    org.addLeadAssignmentRule({ ownerId: rep });
    const ownerOf = async (Company: string, header?: string) => {
      const { body } = await create(
        bench,
        'Lead',
        { LastName: 'Ann', Company },
        header === undefined ? {} : { 'sforce-auto-assign': header },
      );
      return org.get(body[0].id)?.['OwnerId'];
    };
    expect(await ownerOf('Acme Bank', 'TRUE')).toBe(queue);
    expect(await ownerOf('Acme')).toBe(rep);
    expect(await ownerOf('Acme', 'FALSE')).toBe(userId);
    const owners = await bench.query("SELECT Owner.Name FROM Lead WHERE Company = 'Acme Bank'");
    expect(owners.body.records[0].Owner).toMatchObject({ attributes: { type: 'Name' } });
  });

  test('nobody inactive owns anything new', async () => {
    const bench = await startBench();
    const rep = bench.org.addUser({ firstName: 'Rae', lastName: 'Rep', active: false });
    expect(codesIn(await create(bench, 'Contact', { LastName: 'Ann', OwnerId: rep }))).toEqual([
      'INACTIVE_OWNER_OR_USER',
    ]);
  });
});

describe('campaign members', () => {
  test('are a contact or a lead, once, and are counted', async () => {
    const bench = await startBench();
    const { org } = bench;
    const campaign = org.createCampaign({ Name: 'Spring' });
    const [ann, lead] = [org.createContact(), org.createLead()];
    org.addMember(campaign, ann);
    org.addMember(campaign, lead);
    expect(org.get(campaign)).toMatchObject({ NumberOfContacts: 1, NumberOfLeads: 1 });
    expect(codesIn(await create(bench, 'CampaignMember', { CampaignId: campaign, ContactId: ann }))).toEqual([
      'DUPLICATE_VALUE',
    ]);
    expect(codesIn(await create(bench, 'CampaignMember', { CampaignId: campaign }))).toEqual([
      'FIELD_INTEGRITY_EXCEPTION',
    ]);
    org.removeMember(campaign, ann);
    expect(org.get(campaign)?.['NumberOfContacts']).toBe(0);
  });
});
