import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmPackageMissing, CrmPermissionMissing } from '../../backend/src/crm/errors.ts';
import type { ContactDraft } from '../../backend/src/crm/port.ts';
import { startSalesforceHarness, type SalesforceHarness } from './support/salesforce-harness.ts';

let harness: SalesforceHarness;
beforeEach(async () => {
  harness = await startSalesforceHarness();
});
afterEach(() => harness.close());

const REFERRAL_ID = 'Referral_Id__c';

function create(draft: Partial<ContactDraft> = {}) {
  const whole: ContactDraft = {
    key: 'k',
    email: 'eva@example.com',
    values: { [REFERRAL_ID]: 'ref_1' },
    as: 'lead',
    referralId: 'ref_1',
    ...draft,
  };
  return harness.crm.createContacts(harness.account, [whole]);
}

describe('an optional field that is hidden costs that field (E23)', () => {
  it('of the contacts of a deal, and comes back with it', async () => {
    const { org, crm, account } = harness;
    const contactId = org.createContact();
    const dealId = org.createOpportunity({ Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-01' }, [
      { contactId, role: 'Decision Maker', primary: true },
    ]);
    const roles = async () =>
      (await crm.readAssociatedRoles(account, { from: 'deal', to: 'contact', ids: [dealId] })).get(dealId);
    org.setFieldAccess('OpportunityContactRole', 'Role', 'hidden');
    expect(await roles()).toEqual([{ id: contactId, roles: ['primary'] }]);
    const before = await harness.callCount();
    expect(await roles()).toEqual([{ id: contactId, roles: ['primary'] }]);
    expect(await harness.callCount()).toBe(before + 1);
    org.setFieldAccess('OpportunityContactRole', 'Role', 'edit');
    harness.advance(10 * 60_000 + 1);
    expect(await roles()).toEqual([{ id: contactId, roles: ['Decision Maker', 'primary'] }]);
  });

  it('of users and of campaigns', async () => {
    const { org, crm, account } = harness;
    const ownerId = org.addUser({ firstName: 'Tess', lastName: 'T', email: 't@example.com' });
    const listId = org.createCampaign({ Name: 'Spring' });
    org.setFieldAccess('User', 'Email', 'hidden');
    org.setFieldAccess('Campaign', 'NumberOfLeads', 'hidden');
    expect(await crm.readOwners(account)).toContainEqual({ id: ownerId, name: 'Tess T', email: null });
    const lists = await crm.findLists(account, { query: null, listIds: [] });
    expect(lists).toContainEqual({ id: listId, name: 'Spring', kind: 'static', size: null });
  });

  it('but one that an answer cannot do without is a permission that is missing, by its name', async () => {
    const { org, crm, account } = harness;
    const contactId = org.createContact({ Email: 'eva@example.com' });
    org.setFieldAccess('OpportunityContactRole', 'ContactId', 'hidden');
    const reads = () => crm.readAssociatedRoles(account, { from: 'contact', to: 'deal', ids: [contactId] });
    await expect(reads()).rejects.toBeInstanceOf(CrmPermissionMissing);
    await expect(reads()).rejects.toThrow(/ContactId/);
    org.setFieldAccess('Contact', 'Email', 'hidden');
    const find = crm.findContactsByEmail(account, { emails: ['eva@example.com'], fields: [] });
    await expect(find).rejects.toBeInstanceOf(CrmPermissionMissing);
    await expect(create()).rejects.toBeInstanceOf(CrmPermissionMissing);
  });
});

describe('our own field for the referral, hidden on one of the two objects (E23)', () => {
  it.each(['hidden', 'read'] as const)(
    '%s on leads: the lead is made without it and found by its address',
    async (as) => {
      const { org } = harness;
      org.setFieldAccess('Lead', REFERRAL_ID, as);
      expect(await create()).toMatchObject([{ ok: false, refusal: { unwritableFields: [REFERRAL_ID] } }]);
      const [made] = await create({ values: {} });
      expect(made).toMatchObject({ ok: true });
      const recordId = made?.ok === true ? made.recordId : '';
      expect(org.get(recordId)).toMatchObject({ Email: 'eva@example.com', [REFERRAL_ID]: null });
      const again = await create({ values: {} });
      expect(again).toMatchObject([{ ok: false, refusal: { code: 'record_exists', existingRecordId: recordId } }]);
    },
  );

  it('hidden on contacts costs a new lead nothing', async () => {
    const { org } = harness;
    org.setFieldAccess('Contact', REFERRAL_ID, 'hidden');
    const [made] = await create();
    expect(org.get(made?.ok === true ? made.recordId : '')).toMatchObject({ [REFERRAL_ID]: 'ref_1' });
  });

  it('makes nobody where only the referral would tell a second try from the first', async () => {
    const { org } = harness;
    org.setFieldAccess('Lead', REFERRAL_ID, 'hidden');
    await expect(create({ allowDuplicate: true })).rejects.toBeInstanceOf(CrmPackageMissing);
    org.setFieldAccess('Lead', REFERRAL_ID, 'read');
    harness.advance(10 * 60_000 + 1);
    await expect(create({ allowDuplicate: true })).rejects.toBeInstanceOf(CrmPackageMissing);
    expect(org.ids('Lead')).toEqual([]);
  });
});
