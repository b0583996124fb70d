import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CrmPackageMissing } from '../../backend/src/crm/errors.ts';
import type { CrmAccount, FieldValues, ReferralRecordWrite } from '../../backend/src/crm/port.ts';
import { startSalesforceHarness, type OrgControl, type SalesforceHarness } from './support/salesforce-harness.ts';

let harness: SalesforceHarness;
beforeAll(async () => {
  harness = await startSalesforceHarness();
});
afterAll(() => harness.close());

let serial = 0;
const referral = () => `ref_${String((serial += 1))}`;

type Connected = { readonly account: CrmAccount; readonly org: OrgControl };

const withNamespace = () => harness.connect({ namespace: 'passalong' });
const plain = (): Promise<Connected> => Promise.resolve({ account: harness.account, org: harness.org });

describe.each([
  ['without a namespace', plain],
  ['with the package’s namespace', withNamespace],
])('our own fields in an org %s', (_name, connect) => {
  let account: CrmAccount;
  let org: OrgControl;
  beforeAll(async () => {
    ({ account, org } = await connect());
  });

  it('are all there, and called the same behind the port', async () => {
    const { alreadyThere } = await harness.crm.provisionFields(account);
    const onDeals = ['Referral_Id__c', 'Referral_Source_Advocate_Id__c'];
    const onPeople = alreadyThere.filter((name) => name !== onDeals[1]);
    for (const [object, names] of [
      ['contact', onPeople],
      ['lead', onPeople],
      ['deal', onDeals],
    ] as const) {
      const described = (await harness.crm.readFields(account, object)).map(({ name }) => name);
      expect(described).toEqual(expect.arrayContaining([...names]));
      expect(described.filter((name) => /passalong__/i.test(name))).toEqual([]);
    }
  });

  it('are written and read, on people and on deals', async () => {
    const [contact, lead] = [org.createContact(), org.createLead()];
    const values = {
      Referral_Code__c: 'EVA-1',
      Reward_Total__c: '12.5',
      Last_Referral_At__c: '2026-11-02T09:00:00.000Z',
    };
    const writes = [contact, lead].map((id) => ({ id, values }));
    const outcomes = await harness.crm.updateRecords(account, { objectType: 'contact', writes });
    expect(outcomes.map((outcome) => outcome.ok && outcome.values)).toEqual([values, values]);
    const fields = [...Object.keys(values), 'Lead.Referral_Code__c'];
    const records = await harness.crm.readRecords(account, { objectType: 'contact', ids: [contact, lead], fields });
    const stored = { ...values, Last_Referral_At__c: '2026-11-02T09:00:00.000+0000' };
    expect(records.get(contact)?.values).toEqual({ ...stored, 'Lead.Referral_Code__c': null });
    expect(records.get(lead)?.values).toEqual({ ...stored, 'Lead.Referral_Code__c': 'EVA-1' });
    const draft = { key: 'd', referralId: referral(), contactId: contact, name: 'Deal', ownerId: null };
    const place = { pipelineId: harness.words.pipeline, stageId: harness.words.openStage };
    const [deal] = await harness.crm.createDeals(account, [{ ...draft, ...place }]);
    expect(deal).toMatchObject({ ok: true });
    const [again] = await harness.crm.createDeals(account, [{ ...draft, ...place }]);
    expect(again).toMatchObject({ refusal: { existingRecordId: deal?.ok === true && deal.recordId } });
  });

  it('are named as ours when the org refuses a value', async () => {
    const id = org.createContact();
    const writes = [{ id, values: { Reward_Status__c: 'golden' } }];
    const [refused] = await harness.crm.updateRecords(account, { objectType: 'contact', writes });
    expect(refused).toMatchObject({ refusal: { code: 'record_rejected', fields: ['Reward_Status__c'] } });
    const draft = { key: 'k', email: 'k@example.com', values: {}, as: 'lead', referralId: referral() } as const;
    const [made] = await harness.crm.createContacts(account, [draft]);
    expect(org.get(made?.ok === true ? made.recordId : '')).toMatchObject({ Referral_Id__c: draft.referralId });
  });

  it('has a record of each referral that is made once and changed after (RR-21)', async () => {
    const [contact, lead] = [org.createContact({ LastName: 'Ada' }), org.createLead({ LastName: 'Eva' })];
    const referralId = referral();
    const upsert = (values: FieldValues) => harness.crm.upsertReferralRecords(account, [{ referralId, values }]);
    const first = { Friend_Name__c: 'Eva', Status__c: 'pending', Advocate__c: contact, Friend_Contact__c: lead };
    const [made] = await upsert({ ...first, Reward_Amount__c: '12.50', Referred_At__c: '2026-11-02T09:00:00.000Z' });
    const id = made?.ok === true ? made.recordId : '';
    expect(org.get(id)).toMatchObject({
      Referral_Id__c: referralId,
      Status__c: 'pending',
      Advocate__c: contact,
      Advocate_Lead__c: null,
      Friend_Contact__c: null,
      Friend_Lead__c: lead,
      Reward_Amount__c: 12.5,
    });
    const { contactId } = org.convertLead(lead, { createOpportunity: false });
    const [changed] = await upsert({ ...first, Status__c: 'qualified', Friend_Contact__c: contactId });
    expect(changed).toMatchObject({ key: referralId, ok: true, recordId: id });
    expect(org.get(id)).toMatchObject({ Status__c: 'qualified', Friend_Contact__c: contactId, Friend_Lead__c: null });
    await upsert({ Advocate__c: null });
    expect(org.get(id)).toMatchObject({ Advocate__c: null, Advocate_Lead__c: null, Status__c: 'qualified' });
  });
});

describe('records of referrals', () => {
  it('go out two hundred to a call, and one that is refused stops no other', async () => {
    const { crm, account, words } = harness;
    const writes: ReferralRecordWrite[] = Array.from({ length: 200 }, () => ({
      referralId: referral(),
      values: { Status__c: 'pending' },
    }));
    writes[7] = { ...writes[7]!, values: { Status__c: 'golden' } };
    writes[8] = { ...writes[8]!, values: { Advocate__c: words.absentId.contact } };
    writes[9] = { ...writes[9]!, values: { Nobody__c: 'x' } };
    const before = harness.salesforce.control.log.calls({ path: '/composite/sobjects' }).length;
    const outcomes = await crm.upsertReferralRecords(account, [
      ...writes,
      { ...writes[0]!, values: { Source__c: 'link' } },
    ]);
    expect(harness.salesforce.control.log.calls({ path: '/composite/sobjects' })).toHaveLength(before + 1);
    expect(outcomes.map(({ key }) => key)).toEqual(writes.map(({ referralId }) => referralId));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(197);
    expect(outcomes[7]).toMatchObject({ refusal: { code: 'record_rejected', fields: ['Status__c'] } });
    expect(outcomes[8]).toMatchObject({ refusal: { code: 'record_rejected' } });
    expect(outcomes[9]).toMatchObject({ refusal: { unwritableFields: ['Nobody__c'] } });
  });

  it('calls nobody when there is nothing to write', async () => {
    const before = await harness.callCount();
    expect(await harness.crm.upsertReferralRecords(harness.account, [])).toEqual([]);
    expect(await harness.callCount()).toBe(before);
  });
});

describe('an org without our package', () => {
  it('says so wherever our fields are needed, until it is installed', async () => {
    const { account, org } = await harness.connect({ packageInstalled: false });
    const { crm } = harness;
    const values = { Status__c: 'pending' };
    const draft = { key: 'k', email: 'k@example.com', values: {}, referralId: referral() };
    const deal = {
      key: 'd',
      referralId: referral(),
      contactId: org.createContact(),
      name: 'Deal',
      pipelineId: harness.words.pipeline,
      stageId: harness.words.openStage,
      ownerId: null,
    };
    const needing = [
      () => crm.provisionFields(account),
      () => crm.upsertReferralRecords(account, [{ referralId: referral(), values }]),
      () => crm.createContacts(account, [draft]),
      () => crm.createDeals(account, [deal]),
    ];
    for (const call of needing) await expect(call()).rejects.toBeInstanceOf(CrmPackageMissing);
    org.installPackage('passalong');
    harness.advance(10 * 60_000 + 1);
    for (const call of needing) await call();
  });
});
