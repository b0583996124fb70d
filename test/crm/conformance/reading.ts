import { expect, it } from 'vitest';
import type { Given } from '../crm-harness.ts';

/** Records by id. */
export function describeReading(given: Given): void {
  it('reads records in one call, exactly the fields asked for, and leaves out what is gone', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const [kept, bare, deleted] = [
      await user.createContact(email(), { [words.text]: 'Ghent' }),
      await user.createContact(email()),
      await user.createContact(email()),
    ];
    await user.deleteContact(deleted);
    const before = await harness.callCount();
    const ids = [kept, bare, deleted, words.absentId.contact];
    const records = await crm.readRecords(account, { objectType: 'contact', ids, fields: [words.text, words.choice] });
    expect(await harness.callCount()).toBe(before + 1);
    expect([...records.keys()].sort()).toEqual([bare, kept].sort());
    expect(records.get(kept)?.values).toMatchObject({ [words.text]: 'Ghent' });
    expect(Object.keys(records.get(bare)?.values ?? {}).sort()).toEqual([words.text, words.choice].sort());
    expect(records.get(bare)?.values[words.text]).toBeNull();
  });

  it('reads nothing, and calls nobody, when nothing is asked for', async () => {
    const { harness } = given();
    const { crm, account } = harness;
    const before = await harness.callCount();
    expect((await crm.readRecords(account, { objectType: 'contact', ids: [], fields: [] })).size).toBe(0);
    expect((await crm.findContactsByEmail(account, { emails: [], fields: [] })).size).toBe(0);
    expect((await crm.readAssociations(account, { from: 'deal', to: 'contact', ids: [] })).size).toBe(0);
    expect(await crm.createContacts(account, [])).toEqual([]);
    expect(await crm.updateRecords(account, { objectType: 'contact', writes: [] })).toEqual([]);
    expect(await harness.callCount()).toBe(before);
  });

  it('states the CRM’s own times, and a later one after a change', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const id = await user.createContact(email());
    const read = async () =>
      (await crm.readRecords(account, { objectType: 'contact', ids: [id], fields: [words.text] })).get(id)!;
    const before = await read();
    expect(before.createdAt.getTime()).toBeLessThanOrEqual(before.modifiedAt.getTime());
    harness.advance(60_000);
    await user.setContact(id, { [words.text]: 'Liège' });
    expect((await read()).modifiedAt.getTime()).toBeGreaterThanOrEqual(before.modifiedAt.getTime() + 60_000);
  });

  it('answers a merged-away id with the record that survived, beside ids that live', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const [primary, other, third] = [
      await user.createContact(email()),
      await user.createContact(email()),
      await user.createContact(email()),
    ];
    const survivor = await user.mergeContacts(primary, other);
    const records = await crm.readRecords(account, {
      objectType: 'contact',
      ids: [primary, other, third, words.absentId.contact],
      fields: [],
    });
    expect([...records.keys()].sort()).toEqual([primary, other, third].sort());
    expect(records.get(primary)?.id).toBe(survivor);
    expect(records.get(other)?.id).toBe(survivor);
    expect(records.get(other)?.mergedIds).toContain(other);
    const alone = await crm.readRecords(account, { objectType: 'contact', ids: [other], fields: [] });
    expect(alone.get(other)?.id).toBe(survivor);
  });

  it('reads a restored record again', async () => {
    const { harness, email } = given();
    const id = await harness.user.createContact(email());
    const read = () => harness.crm.readRecords(harness.account, { objectType: 'contact', ids: [id], fields: [] });
    await harness.user.deleteContact(id);
    expect((await read()).has(id)).toBe(false);
    await harness.user.restoreContact(id);
    expect((await read()).get(id)?.id).toBe(id);
  });

  it('reads a full batch of records', async () => {
    const { harness, email } = given();
    const { crm, account, user } = harness;
    const ids: string[] = [];
    for (let index = 0; index < crm.batchSize; index += 1) ids.push(await user.createContact(email()));
    const before = await harness.callCount();
    const records = await crm.readRecords(account, { objectType: 'contact', ids: [...ids, ids[0]!], fields: [] });
    expect(records.size).toBe(crm.batchSize);
    expect(await harness.callCount()).toBe(before + 1);
  });
}

/** E-mails, associations, and what one account may see of another. */
export function describeFinding(given: Given): void {
  it('finds contacts by e-mail whatever the case, and leaves out those it does not know', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const [known, unknown] = [email(), email()];
    const id = await user.createContact(known, { [words.text]: 'Namur' });
    const found = await crm.findContactsByEmail(account, {
      emails: [known.toUpperCase(), unknown],
      fields: [words.text],
    });
    expect([...found.keys()]).toEqual([known]);
    expect(found.get(known)).toMatchObject({ id, values: { [words.text]: 'Namur' } });
  });

  it('reads associations both ways, sorted, with an empty list where there are none', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const contacts = [await user.createContact(email()), await user.createContact(email())].sort();
    const deal = await user.createDeal('Two people', words.openStage, [...contacts].reverse());
    const lonely = await user.createDeal('Nobody', words.openStage, []);
    const forward = await crm.readAssociations(account, { from: 'deal', to: 'contact', ids: [deal, lonely] });
    expect(Object.fromEntries(forward)).toEqual({ [deal]: contacts, [lonely]: [] });
    const back = await crm.readAssociations(account, { from: 'contact', to: 'deal', ids: [contacts[0]!] });
    expect(Object.fromEntries(back)).toEqual({ [contacts[0]!]: [deal] });
  });

  it('reads a deal’s stage by its internal id', async () => {
    const { harness } = given();
    const { crm, account, words, user } = harness;
    const deal = await user.createDeal('Won', words.wonStage, []);
    const records = await crm.readRecords(account, { objectType: 'deal', ids: [deal], fields: [words.stageField] });
    expect(records.get(deal)?.values).toEqual({ [words.stageField]: words.wonStage });
  });

  it('shows one account nothing of another', async () => {
    const { harness, email } = given();
    const known = email();
    await harness.user.createContact(known);
    const found = await harness.crm.findContactsByEmail(harness.otherAccount, { emails: [known], fields: [] });
    expect(found.size).toBe(0);
  });
}
