import { expect, it } from 'vitest';
import type { CrmHarness, Given } from '../crm-harness.ts';

async function rolesOn({ crm, account }: CrmHarness, dealId: string) {
  const found = await crm.readAssociatedRoles(account, { from: 'deal', to: 'contact', ids: [dealId] });
  return found.get(dealId);
}

/** What contacts are to a deal: read with the association itself. */
export function describeRoles(given: Given): void {
  it('reads the contacts of deals with their roles in the one call that reads the contacts', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const roleId = await user.createContactRole('Decision maker');
    const [plain, decider] = [await user.createContact(email()), await user.createContact(email())];
    const deal = await user.createDeal('Two people', words.openStage, [plain, decider]);
    const lonely = await user.createDeal('Nobody', words.openStage, []);
    await user.giveContactRole(deal, decider, 'Decision maker');
    const before = await harness.callCount();
    const ids = [deal, lonely];
    const found = await crm.readAssociatedRoles(account, { from: 'deal', to: 'contact', ids });
    expect(await harness.callCount()).toBe(before + 1);
    const contacts = [
      { id: plain, roles: [] },
      { id: decider, roles: [roleId] },
    ];
    expect(Object.fromEntries(found)).toEqual({
      [deal]: contacts.sort((a, b) => (a.id < b.id ? -1 : 1)),
      [lonely]: [],
    });
  });

  it('reads every role of a contact, sorted, and none that was taken away', async () => {
    const { harness, email } = given();
    const { words, user } = harness;
    const roles = [await user.createContactRole('Champion'), await user.createContactRole('Budget holder')];
    const contact = await user.createContact(email());
    const deal = await user.createDeal('One person', words.openStage, [contact]);
    for (const name of ['Budget holder', 'Champion']) await user.giveContactRole(deal, contact, name);
    expect(await rolesOn(harness, deal)).toEqual([{ id: contact, roles: roles.toSorted() }]);
    await user.takeContactRole(deal, contact, 'Champion');
    expect(await rolesOn(harness, deal)).toEqual([{ id: contact, roles: [roles[1]] }]);
  });

  it('lists the roles there are by the ids that associations carry', async () => {
    const { harness } = given();
    const { crm, account, user } = harness;
    const id = await user.createContactRole('Signatory');
    expect(await crm.readContactRoles(account)).toContainEqual({ id, label: 'Signatory' });
  });

  it('gives the same contacts, with roles or without', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    await user.createContactRole('Influencer');
    const contacts = [await user.createContact(email()), await user.createContact(email())].sort();
    const deal = await user.createDeal('Two people', words.openStage, contacts);
    await user.giveContactRole(deal, contacts[1]!, 'Influencer');
    const plain = await crm.readAssociations(account, { from: 'deal', to: 'contact', ids: [deal] });
    expect(plain.get(deal)).toEqual(contacts);
    expect((await rolesOn(harness, deal))?.map(({ id }) => id)).toEqual(contacts);
  });
}
