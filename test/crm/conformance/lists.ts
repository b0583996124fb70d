import { expect, it } from 'vitest';
import { CrmListGone } from '../../../backend/src/crm/errors.ts';
import type { CrmHarness, CrmTraits, Given } from '../crm-harness.ts';
import { everyPage } from '../support/every-page.ts';

async function collectMembers({ crm, account }: CrmHarness, listId: string) {
  const pages = await everyPage(
    (cursor) => crm.readListMembers(account, { listId, cursor }),
    ({ nextCursor }) => nextCursor,
  );
  return { recordIds: pages.flatMap(({ recordIds }) => recordIds), totals: pages.map(({ total }) => total) };
}

/** What choosing and reading a list of contacts relies on. */
export function describeLists(given: Given, { activeLists }: CrmTraits): void {
  it('finds lists of contacts by part of their name or by id, with their size', async () => {
    const { harness, email } = given();
    const { crm, account, otherAccount, words, user } = harness;
    const id = await user.createContact(email(), { [words.text]: 'Ostend' });
    const fixed = { id: await user.createStaticList('Happy customers', [id]), name: 'Happy customers' };
    const name = 'Unhappy customers';
    const other = {
      id: await (activeLists ? user.createActiveList(name, 'Ostend') : user.createStaticList(name, [id])),
      name,
    };
    const deals = await user.createListOfDeals('Deals of happy customers');
    const find = async (query: string | null, listIds: readonly string[] = []) =>
      [...(await crm.findLists(account, { query, listIds }))].sort((a, b) => a.name.localeCompare(b.name));
    expect(await find('HAPPY cust')).toEqual([
      { ...fixed, kind: 'static', size: 1 },
      { ...other, kind: activeLists ? 'active' : 'static', size: 1 },
    ]);
    const named = [other.id, ...(deals === null ? [] : [deals]), words.absentId.list];
    expect((await find(null, named)).map((list) => list.id)).toEqual([other.id]);
    expect(await find('no list has this name')).toEqual([]);
    expect((await find(null)).map((list) => list.id)).toEqual(expect.arrayContaining([fixed.id, other.id]));
    expect(await crm.findLists(otherAccount, { query: 'happy', listIds: [] })).toEqual([]);
  });

  it('finds nobody in an empty list', async () => {
    const { harness } = given();
    const listId = await harness.user.createStaticList('Nobody yet', []);
    expect((await collectMembers(harness, listId)).recordIds).toEqual([]);
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

  it('says of a list that was deleted, or never was, that it is gone; an absent list is not an empty one', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const listId = await user.createStaticList('Short-lived', [await user.createContact(email())]);
    await user.deleteList(listId);
    for (const gone of [listId, words.absentId.list, 'no-id'])
      await expect(crm.readListMembers(account, { listId: gone, cursor: null })).rejects.toBeInstanceOf(CrmListGone);
    expect(await crm.findLists(account, { query: 'Short-lived', listIds: [] })).toEqual([]);
  });
}

/** Lists that change by themselves. */
export function describeActiveLists(given: Given): void {
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
}
