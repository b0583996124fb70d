import { expect, it } from 'vitest';
import { CrmListGone } from '../../../backend/src/crm/errors.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';
import { everyPage } from '../support/every-page.ts';

async function collectMembers({ crm, account }: CrmHarness, listId: string) {
  const pages = await everyPage(
    (cursor) => crm.readListMembers(account, { listId, cursor }),
    ({ nextCursor }) => nextCursor,
  );
  return { recordIds: pages.flatMap(({ recordIds }) => recordIds), totals: pages.map(({ total }) => total) };
}

/** What choosing and reading a list of contacts relies on. */
export function describeLists(given: Given): void {
  it('finds lists of contacts by part of their name or by id, static and active ones, with their size', async () => {
    const { harness, email } = given();
    const { crm, account, otherAccount, words, user } = harness;
    const id = await user.createContact(email(), { [words.text]: 'Ostend' });
    const fixed = { id: await user.createStaticList('Happy customers', [id]), name: 'Happy customers' };
    const moving = { id: await user.createActiveList('Unhappy customers', 'Ostend'), name: 'Unhappy customers' };
    const deals = await user.createListOfDeals('Deals of happy customers');
    const find = async (query: string | null, listIds: readonly string[] = []) =>
      [...(await crm.findLists(account, { query, listIds }))].sort((a, b) => a.name.localeCompare(b.name));
    expect(await find('HAPPY cust')).toEqual([
      { ...fixed, kind: 'static', size: 1 },
      { ...moving, kind: 'active', size: 1 },
    ]);
    expect((await find(null, [moving.id, deals, words.absentId])).map((list) => list.id)).toEqual([moving.id]);
    expect(await find('no list has this name')).toEqual([]);
    expect((await find(null)).map((list) => list.id)).toEqual(expect.arrayContaining([fixed.id, moving.id]));
    expect(await crm.findLists(otherAccount, { query: 'happy', listIds: [] })).toEqual([]);
  });

  it('reads every member of a list once, over several pages', async () => {
    const { harness, email } = given();
    const members: string[] = [];
    for (let index = 0; index < 430; index += 1) members.push(await harness.user.createContact(email()));
    const listId = await harness.user.createStaticList('Many people', members);
    const { recordIds, totals } = await collectMembers(harness, listId);
    expect([...recordIds].sort()).toEqual([...members].sort());
    expect(totals.length).toBeGreaterThan(1);
    for (const total of totals) expect([430, null]).toContain(total);
  });

  it('reads who is in an active list now, and nobody in an empty one', async () => {
    const { harness, email } = given();
    const { words, user } = harness;
    const listId = await user.createActiveList('People of Ypres', 'Ypres');
    expect((await collectMembers(harness, listId)).recordIds).toEqual([]);
    const [stays, leaves] = [
      await user.createContact(email(), { [words.text]: 'Ypres' }),
      await user.createContact(email(), { [words.text]: 'Ypres' }),
    ];
    expect((await collectMembers(harness, listId)).recordIds.sort()).toEqual([stays, leaves].sort());
    await user.setContact(leaves, { [words.text]: 'Lille' });
    expect((await collectMembers(harness, listId)).recordIds).toEqual([stays]);
  });

  it('says of a list that was deleted, or never was, that it is gone; an absent list is not an empty one', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const listId = await user.createStaticList('Short-lived', [await user.createContact(email())]);
    await user.deleteList(listId);
    for (const gone of [listId, words.absentId, 'no-id'])
      await expect(crm.readListMembers(account, { listId: gone, cursor: null })).rejects.toBeInstanceOf(CrmListGone);
    expect(await crm.findLists(account, { query: 'Short-lived', listIds: [] })).toEqual([]);
  });
}
