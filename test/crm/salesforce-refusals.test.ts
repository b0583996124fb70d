import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContactDraft, FieldValues, WriteOutcome } from '../../backend/src/crm/port.ts';
import { startSalesforceHarness, type SalesforceHarness } from './support/salesforce-harness.ts';

let harness: SalesforceHarness;
beforeEach(async () => {
  harness = await startSalesforceHarness();
});
afterEach(() => harness.close());

const CODE = 'Referral_Code__c';

function update(...writes: readonly (readonly [id: string, values: FieldValues])[]) {
  const { crm, account } = harness;
  return crm.updateRecords(account, { objectType: 'contact', writes: writes.map(([id, values]) => ({ id, values })) });
}

const refusalOf = (outcome: WriteOutcome | undefined) => (outcome?.ok === false ? outcome.refusal : outcome);
const callsOf = (path: string, method: string) => harness.salesforce.control.log.calls({ path, method }).length;

describe('what an org’s own rules refuse (E37)', () => {
  it('is told in the org’s own words with the field, and stops nobody else', async () => {
    const { org, crm, account } = harness;
    const message = 'Leads from free mail need a phone.';
    const errorWhen = [{ field: 'Email', operator: 'contains', value: 'free.example' } as const];
    org.addValidationRule({ object: 'Lead', errorWhen, message, field: 'Phone' });
    org.addFailingTrigger({
      object: 'Lead',
      when: [{ field: 'LastName', value: 'Trigger' }],
      message: 'LeadTrigger: no owner for this territory',
    });
    const named: readonly Pick<ContactDraft, 'key' | 'email' | 'values'>[] = [
      { key: 'rule', email: 'eva@free.example', values: {} },
      { key: 'trigger', email: 'tri@example.com', values: { LastName: 'Trigger' } },
      { key: 'long', email: 'long@example.com', values: { Company: 'x'.repeat(300) } },
      { key: 'choice', email: 'choice@example.com', values: { Reward_Status__c: 'golden' } },
      { key: 'good', email: 'good@example.com', values: {} },
    ];
    const drafts = named.map((draft): ContactDraft => ({ ...draft, as: 'lead' }));
    const outcomes = new Map((await crm.createContacts(account, drafts)).map((outcome) => [outcome.key, outcome]));
    const rejected = { code: 'record_rejected' };
    expect(refusalOf(outcomes.get('rule'))).toEqual({ ...rejected, message, fields: ['Phone'] });
    expect(refusalOf(outcomes.get('trigger'))).toMatchObject({
      ...rejected,
      message: expect.stringContaining('no owner for this territory'),
    });
    expect(refusalOf(outcomes.get('long'))).toMatchObject({ ...rejected, fields: ['Company'] });
    expect(refusalOf(outcomes.get('choice'))).toMatchObject({ ...rejected, fields: ['Reward_Status__c'] });
    expect(outcomes.get('good')).toMatchObject({ ok: true });
  });

  it('passes once the rule is met or gone: nothing of the first try is left in the way', async () => {
    const { org, crm, account } = harness;
    org.setFieldRequired('Lead', 'Industry');
    const draft = { key: 'k', email: 'eva@example.com', values: {}, as: 'lead', referralId: 'ref_1' } as const;
    const [refused] = await crm.createContacts(account, [draft]);
    expect(refusalOf(refused)).toMatchObject({ code: 'record_rejected', fields: ['Industry'] });
    const [made] = await crm.createContacts(account, [{ ...draft, values: { Industry: 'Energy' } }]);
    expect(made).toMatchObject({ ok: true });
  });

  it('gives a new lead to whom the org’s rule says, unless the program says otherwise (RL-05)', async () => {
    const { org, crm, account } = harness;
    const ownerId = org.addUser({ firstName: 'Tess', lastName: 'Territory' });
    const own = org.addUser({ firstName: 'Otto', lastName: 'Own' });
    org.addLeadAssignmentRule({ ownerId });
    const make = async (key: string, more: object) => {
      const draft = { key, email: `${key}@example.com`, values: {}, as: 'lead' as const, ...more };
      const [outcome] = await crm.createContacts(account, [draft]);
      return org.get(outcome?.ok === true ? outcome.recordId : '')?.['OwnerId'];
    };
    expect(await make('silent', {})).toBe(ownerId);
    expect(await make('yes', { assign: true })).toBe(ownerId);
    expect(await make('no', { assign: false, values: { OwnerId: own } })).toBe(own);
  });

  it('names a person by their address where nobody told us a name, and a company nobody named', async () => {
    const { org, crm, account } = harness;
    const person = { firstName: 'Eva', lastName: null, phone: '+32 1', company: null };
    const drafts = [
      { key: 'a', email: 'eva.o@example.com', values: {}, as: 'lead', person },
      {
        key: 'b',
        email: 'b@example.com',
        values: { LastName: 'Kept' },
        as: 'lead',
        person: { ...person, lastName: 'Lost', company: 'Alder' },
      },
      { key: 'c', email: 'c@example.com', values: {}, as: 'contact', person: { ...person, company: 'Alder' } },
    ] as const;
    const made = (await crm.createContacts(account, drafts)).map((outcome) =>
      org.get(outcome.ok ? outcome.recordId : ''),
    );
    expect(made[0]).toMatchObject({ FirstName: 'Eva', LastName: 'eva.o', Phone: '+32 1', Company: '[not provided]' });
    expect(made[1]).toMatchObject({ LastName: 'Kept', Company: 'Alder' });
    expect(made[2]).toMatchObject({ LastName: 'c', AccountId: null });
  });
});

describe('fields that are not ours to write (E23)', () => {
  it('are named, those alone, when we know of them and when Salesforce says so first', async () => {
    const { org } = harness;
    const [id, other] = [org.createContact(), org.createContact()];
    await update([id, { [CODE]: 'A' }]);
    org.setFieldAccess('Contact', 'MailingCity', 'read');
    const values = { [CODE]: 'B', MailingCity: 'Ghent' };
    const unwritable = { code: 'record_rejected', fields: ['MailingCity'], unwritableFields: ['MailingCity'] };
    const before = callsOf('/composite/sobjects', 'PATCH');
    const [first, beside] = await update([id, values], [other, { [CODE]: 'C' }]);
    expect(refusalOf(first)).toMatchObject(unwritable);
    expect(beside).toMatchObject({ ok: true });
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(before + 1);
    const [second] = await update([id, values]);
    expect(refusalOf(second)).toMatchObject(unwritable);
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(before + 1);
    org.setFieldAccess('Contact', 'MailingCity', 'edit');
    harness.advance(10 * 60_000 + 1);
    expect(await update([id, values])).toMatchObject([{ ok: true }]);
    expect(org.get(id)).toMatchObject({ MailingCity: 'Ghent' });
  });

  it('are named when an administrator deleted them, and nothing else is lost', async () => {
    const { org, crm, account } = harness;
    org.addField('Contact', { name: 'Plan__c', label: 'Plan', type: 'string' });
    const [id, other] = [org.createContact({ Plan__c: 'Gold' }), org.createContact()];
    const read = async () => {
      const records = await crm.readRecords(account, { objectType: 'contact', ids: [id], fields: ['Plan__c', CODE] });
      return records.get(id)?.values;
    };
    expect(await read()).toEqual({ Plan__c: 'Gold', [CODE]: null });
    org.removeField('Contact', 'Plan__c');
    const [refused, beside] = await update([id, { Plan__c: 'Silver', [CODE]: 'A' }], [other, { [CODE]: 'B' }]);
    expect(refusalOf(refused)).toMatchObject({ fields: ['Plan__c'], unwritableFields: ['Plan__c'] });
    expect(beside).toMatchObject({ ok: true });
    expect(await update([id, { [CODE]: 'A' }])).toMatchObject([{ ok: true }]);
    expect(await read()).toEqual({ [CODE]: 'A' });
  });

  it('cost one more call for a whole batch, not one for each record, when they were deleted or changed their type', async () => {
    const { org } = harness;
    org.addField('Contact', { name: 'Score__c', label: 'Score', type: 'double' });
    const ids = Array.from({ length: 50 }, () => org.createContact());
    const score = () => update(...ids.map((id) => [id, { Score__c: '7', [CODE]: 'A' }] as const));
    await score();
    const before = callsOf('/composite/sobjects', 'PATCH');
    org.changeField('Contact', 'Score__c', { type: 'string', length: 20 });
    expect((await score()).filter(({ ok }) => ok)).toHaveLength(50);
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(before + 2);
    org.removeField('Contact', 'Score__c');
    const refused = await score();
    expect(new Set(refused.flatMap((outcome) => (outcome.ok ? [] : outcome.refusal.unwritableFields)))).toEqual(
      new Set(['Score__c']),
    );
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(before + 3);
  });

  it('are not read as empty once they are hidden, also when the description at hand still knows them (E23)', async () => {
    const { org, crm, account } = harness;
    org.addField('Contact', { name: 'Plan__c', label: 'Plan', type: 'string' });
    const id = org.createContact({ Plan__c: 'Gold', LastName: 'Eva' });
    const read = async () => {
      const request = { objectType: 'contact', ids: [id], fields: ['LastName', 'Plan__c'] } as const;
      return (await crm.readRecords(account, request)).get(id)?.values;
    };
    await read();
    org.setFieldAccess('Contact', 'Plan__c', 'hidden');
    expect(await read()).toEqual({ LastName: 'Eva' });
  });

  it('are told from values that no such field can hold, which would fail the whole call', async () => {
    const { org } = harness;
    const [id, other] = [org.createContact(), org.createContact()];
    const [refused, beside] = await update([id, { Referred_Count__c: 'many' }], [other, { Referred_Count__c: '7' }]);
    expect(refusalOf(refused)).toMatchObject({ code: 'record_rejected', fields: ['Referred_Count__c'] });
    expect(refusalOf(refused)).not.toHaveProperty('unwritableFields');
    expect(beside).toMatchObject({ ok: true });
    expect(org.get(other)).toMatchObject({ Referred_Count__c: 7 });
  });

  it('are no reason to call the record gone when they name one that is', async () => {
    const { org, words } = harness;
    const id = org.createContact();
    const [refused] = await update([id, { OwnerId: words.absentId.owner }]);
    expect(refusalOf(refused)).toMatchObject({ code: 'record_rejected' });
    expect(refusalOf((await update([words.absentId.contact, { [CODE]: 'A' }]))[0])).toMatchObject({
      code: 'record_gone',
    });
  });
});

describe('records that somebody else holds', () => {
  it('are tried once more in the same call, those alone', async () => {
    const { org, account } = harness;
    const AccountId = org.createAccount({ Name: 'Alder' });
    const contacts = [0, 1, 2].map(() => org.createContact({ AccountId }));
    const { faults } = harness.salesforce.control;
    const orgId = account.externalAccountId;
    faults.add({ kind: 'lockedRows', orgId, recordIds: contacts.slice(0, 2), times: 2 });
    const outcomes = await update(...contacts.map((id) => [id, { [CODE]: 'A' }] as const));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(2);
  });

  it('are said to be locked when they still are, and stop nobody else', async () => {
    const { org, account } = harness;
    const [held, free] = [org.createContact(), org.createContact()];
    const { faults } = harness.salesforce.control;
    faults.add({ kind: 'lockedRows', orgId: account.externalAccountId, recordIds: [held] });
    const [locked, written] = await update([held, { [CODE]: 'A' }], [free, { [CODE]: 'A' }]);
    expect(refusalOf(locked)).toMatchObject({ code: 'record_locked' });
    expect(written).toMatchObject({ ok: true });
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(2);
  });

  it.each([
    [
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'ContactTrigger: first error: UNABLE_TO_LOCK_ROW, no exclusive access: []',
    ],
    ['CANNOT_EXECUTE_FLOW_TRIGGER', 'The flow met: ENTITY_IS_LOCKED, the entity is locked for editing'],
    ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'ContactTrigger: System.LimitException: Too many SOQL queries: 101'],
    ['ENTITY_IS_LOCKED', 'This record is locked. If you need to edit it, contact your admin.'],
    ['UNKNOWN_EXCEPTION', 'An unexpected error occurred.'],
    ['SERVER_UNAVAILABLE', 'Server is too busy.'],
    ['REQUEST_LIMIT_EXCEEDED', 'Too many requests.'],
  ])(
    'are said to be locked for whatever passes without anybody’s work on them (%s: %s)',
    async (errorCode, message) => {
      const { org, account, salesforce } = harness;
      const id = org.createContact();
      const orgId = account.externalAccountId;
      const fault = salesforce.control.faults.add({ kind: 'failRecords', orgId, recordIds: [id], errorCode, message });
      expect(refusalOf((await update([id, { [CODE]: 'A' }]))[0])).toMatchObject({ code: 'record_locked', message });
      salesforce.control.faults.remove(fault);
      expect(await update([id, { [CODE]: 'A' }])).toMatchObject([{ ok: true }]);
    },
  );

  it('are tried once more in halves when they were too many for the org’s own code', async () => {
    const { org, account, salesforce } = harness;
    const ids = Array.from({ length: 9 }, () => org.createContact());
    const message = 'ContactTrigger: System.LimitException: Too many SOQL queries: 101';
    const errorCode = 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY';
    const orgId = account.externalAccountId;
    salesforce.control.faults.add({
      kind: 'failRecords',
      orgId,
      recordIds: ids,
      times: ids.length,
      errorCode,
      message,
    });
    const before = callsOf('/composite/sobjects', 'PATCH');
    const outcomes = await update(...ids.map((id) => [id, { [CODE]: 'A' }] as const));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(ids.length);
    expect(callsOf('/composite/sobjects', 'PATCH')).toBe(before + 3);
  });
});
