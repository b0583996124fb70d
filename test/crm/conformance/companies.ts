import { expect, it } from 'vitest';
import type { CrmHarness, Given } from '../crm-harness.ts';

async function companyOf({ crm, account }: CrmHarness, contactId: string): Promise<string | null | undefined> {
  const fields = [crm.contactFields.company];
  const records = await crm.readRecords(account, { objectType: 'contact', ids: [contactId], fields });
  return records.get(contactId)?.values[crm.contactFields.company];
}

/** Companies: whether one is there, who is in it, and whose company a contact names. */
export function describeCompanies(given: Given): void {
  it('reads companies in one call each way, and leaves out what is gone', async () => {
    const { harness } = given();
    const { crm, account, words, user } = harness;
    const [kept, deleted] = [await user.createCompany('Alder'), await user.createCompany('Birch')];
    await user.deleteCompany(deleted);
    // Who reads for the first time may have to ask what the account looks like.
    await crm.readRecords(account, { objectType: 'company', ids: [kept], fields: [] });
    const before = await harness.callCount();
    const alone = await crm.readRecords(account, { objectType: 'company', ids: [kept], fields: [] });
    expect([alone.get(kept)?.objectType, alone.get(kept)?.id]).toEqual(['company', kept]);
    expect(await harness.callCount()).toBe(before + 1);
    const ids = [kept, deleted, words.absentId.company];
    expect([...(await crm.readRecords(account, { objectType: 'company', ids, fields: [] })).keys()]).toEqual([kept]);
    expect(await harness.callCount()).toBe(before + 2);
  });

  it('answers a company that was merged away with the one that survived', async () => {
    const { harness } = given();
    const { crm, account, user } = harness;
    const [primary, other] = [await user.createCompany('Alder'), await user.createCompany('Alder Ltd')];
    const survivor = await user.mergeCompanies(primary, other);
    const records = await crm.readRecords(account, { objectType: 'company', ids: [other], fields: [] });
    expect(records.get(other)?.id).toBe(survivor);
  });

  it('reads everybody who is associated with a company in one call', async () => {
    const { harness, email } = given();
    const { crm, account, user } = harness;
    const [alder, empty] = [await user.createCompany('Alder'), await user.createCompany('Nobody')];
    const people = [await user.createContact(email()), await user.createContact(email())];
    for (const contactId of people) await user.joinCompany(contactId, alder);
    const before = await harness.callCount();
    const found = await crm.readAssociations(account, { from: 'company', to: 'contact', ids: [alder, empty] });
    expect(await harness.callCount()).toBe(before + 1);
    expect([found.get(alder), found.get(empty)]).toEqual([people.toSorted(), []]);
  });

  it('finds the companies that changed in a window', async () => {
    const { harness } = given();
    const { crm, account, user } = harness;
    const [changed, still] = [await user.createCompany('Alder'), await user.createCompany('Birch')];
    harness.advance(10 * 60_000);
    await user.setCompany(changed, { [harness.words.text]: 'Namur' });
    const [from, to] = [new Date(harness.nowMs() - 1_000), new Date(harness.nowMs() + 1_000)];
    harness.advance(60_000);
    const page = await crm.readChangedRecords(account, { objectType: 'company', from, to, afterId: null });
    expect(page.records.map(({ id }) => id)).toContain(changed);
    expect(page.records.map(({ id }) => id)).not.toContain(still);
  });

  it('states a contact’s primary company by a field of the contact', async () => {
    const { harness, email } = given();
    const { user } = harness;
    const [first, second] = [await user.createCompany('Alder'), await user.createCompany('Birch')];
    const contactId = await user.createContact(email());
    expect(await companyOf(harness, contactId)).toBeNull();
    await user.joinCompany(contactId, first);
    await user.joinCompany(contactId, second);
    expect(await companyOf(harness, contactId)).toBe(first);
    await user.leaveCompany(contactId, first);
    await user.leaveCompany(contactId, second);
    expect(await companyOf(harness, contactId)).toBeNull();
  });

  it('never passes off a missing right to companies as an empty answer', async () => {
    const { harness } = given();
    const { crm, poorAccount, words } = harness;
    const ids = [words.absentId.company];
    const read = { objectType: 'company', ids, fields: [] } as const;
    await expect(crm.readRecords(poorAccount, read)).rejects.toMatchObject({ code: words.missingRight });
    const people = { from: 'company', to: 'contact', ids } as const;
    await expect(crm.readAssociations(poorAccount, people)).rejects.toMatchObject({ code: words.missingRight });
  });
}
