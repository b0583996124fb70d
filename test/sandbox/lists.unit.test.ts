import { describe, expect, test } from 'vitest';

import { PORTAL_ID, request, startBench } from './harness.ts';

const LISTS = '/crm/lists/2026-09';
const scopes = ['oauth', 'crm.lists.read', 'crm.objects.contacts.read', 'crm.objects.contacts.write'];
const CUSTOMERS = [{ propertyName: 'lifecyclestage', operator: 'EQ', value: 'customer' }];

/** What the specification requires of every search. */
const ALL = { offset: 0, listIds: [], processingTypes: [], additionalProperties: [] };

const start = () => startBench({ scopes });

describe('searching for lists', () => {
  test('answers every list with what people see of it, and its numbers as text', async () => {
    const { api, portal, clock } = await start();
    const ann = portal.createContact({ lifecyclestage: 'customer' });
    portal.createList({ name: 'Happy customers', recordIds: [ann] });
    portal.createList({ name: 'All customers', filters: CUSTOMERS });
    const { status, body } = await api('POST', `${LISTS}/search`, ALL);
    expect(status).toBe(200);
    expect(body).toMatchObject({ hasMore: false, offset: 2, total: 2 });
    const at = new Date(clock.now()).toISOString();
    expect(body.lists[0]).toEqual({
      listId: '1',
      listVersion: 1,
      name: 'Happy customers',
      objectTypeId: '0-1',
      processingType: 'MANUAL',
      processingStatus: 'COMPLETE',
      createdAt: at,
      updatedAt: at,
      createdById: '9000001',
      updatedById: '9000001',
      additionalProperties: {
        hs_list_size: '1',
        hs_list_reference_count: '0',
        hs_last_record_added_at: String(clock.now()),
      },
    });
    expect(body.lists[1]).toMatchObject({ processingType: 'DYNAMIC', filtersUpdatedAt: at });
  });

  test.each([
    ['part of a name, in any case', { query: 'HAPPY' }, ['1']],
    ['a kind', { processingTypes: ['DYNAMIC', 'SNAPSHOT'] }, ['2', '4']],
    ['ids', { listIds: ['3', '1', '99'] }, ['1', '3']],
    ['an object type', { objectTypeId: '0-2' }, ['3']],
    ['nothing in particular', { query: '' }, ['1', '2', '3', '4']],
    ['what is not there', { query: 'nobody' }, []],
  ])('narrows by %s', async (_, body, expected) => {
    const { api, portal } = await start();
    portal.createList({ name: 'Happy customers' });
    portal.createList({ name: 'All customers', filters: CUSTOMERS });
    portal.createList({ name: 'Partner companies', type: 'companies' });
    portal.createList({ name: 'Customers in spring', processingType: 'SNAPSHOT', filters: CUSTOMERS });
    const found = await api('POST', `${LISTS}/search`, { ...ALL, ...body });
    expect(found.body.lists.map(({ listId }: { listId: string }) => listId)).toEqual(expected);
    expect(found.body.total).toBe(expected.length);
  });

  test('pages by offset, twenty at a time unless told otherwise', async () => {
    const { api, portal } = await start();
    for (let number = 0; number < 23; number += 1) portal.createList({ name: `List ${number}` });
    const first = (await api('POST', `${LISTS}/search`, { ...ALL, query: 'list' })).body;
    expect([first.lists.length, first.hasMore, first.offset, first.total]).toEqual([20, true, 20, 23]);
    const rest = (await api('POST', `${LISTS}/search`, { ...ALL, query: 'list', offset: first.offset, count: 500 }))
      .body;
    expect([rest.lists.length, rest.hasMore, rest.offset, rest.total]).toEqual([3, false, 23, 23]);
  });

  test.each([
    ['more than 500', { count: 501 }],
    ['a count that is text', { count: '20' }],
    ['a negative offset', { offset: -1 }],
    ['a kind nobody knows', { processingTypes: ['STATIC'] }],
    ['the name of a type instead of its id', { objectTypeId: 'contacts' }],
    ['ids that are numbers', { listIds: [1] }],
    ['an unknown key', { limit: 10 }],
  ])('refuses %s', async (_, body) => {
    const { api } = await start();
    expect(await api('POST', `${LISTS}/search`, { ...ALL, ...body })).toMatchObject({
      status: 400,
      body: { status: 'error', category: 'VALIDATION_ERROR' },
    });
  });
});

test.each(Object.keys(ALL))('a search that leaves out "%s" is refused', async (key) => {
  const { api } = await start();
  const { status, body } = await api('POST', `${LISTS}/search`, { ...ALL, [key]: undefined });
  expect([status, body.message]).toEqual([400, `Some required fields were not set: [${key}]`]);
});

describe('one list', () => {
  test('tells its size, and its filters only when asked', async () => {
    const { api, portal } = await start();
    portal.createContact({ lifecyclestage: 'customer' });
    const listId = portal.createList({ name: 'All customers', filters: CUSTOMERS });
    const plain = await api('GET', `${LISTS}/${listId}`);
    expect(plain.body.list).toMatchObject({ listId, name: 'All customers', processingType: 'DYNAMIC', size: 1 });
    expect(plain.body.list).not.toHaveProperty('filterBranch');
    const { body } = await api('GET', `${LISTS}/${listId}?includeFilters=true`);
    expect(body.list.filterBranch.filterBranches[0].filters).toEqual([
      {
        filterType: 'PROPERTY',
        property: 'lifecyclestage',
        operation: {
          operationType: 'ENUMERATION',
          operator: 'IS_ANY_OF',
          values: ['customer'],
          includeObjectsWithNoValueSet: false,
        },
      },
    ]);
  });

  test('that was deleted is still read by its id, but found no more and has no members to page', async () => {
    const { api, portal, clock } = await start();
    const listId = portal.createList({ name: 'Old', recordIds: [portal.createContact({})] });
    portal.deleteList(listId);
    expect((await api('GET', `${LISTS}/${listId}`)).body.list.deletedAt).toBe(new Date(clock.now()).toISOString());
    expect((await api('POST', `${LISTS}/search`, ALL)).body.total).toBe(0);
    expect((await api('GET', `${LISTS}/${listId}/memberships`)).status).toBe(404);
  });

  test('that never was is 404, and an id that is none is 400', async () => {
    const { api } = await start();
    for (const path of ['/99', '/99/memberships'])
      expect(await api('GET', LISTS + path)).toMatchObject({
        status: 404,
        body: { category: 'OBJECT_NOT_FOUND', message: 'List does not exist with ID 99.' },
      });
    expect((await api('GET', `${LISTS}/happy`)).status).toBe(400);
  });

  test('of another account does not exist here', async () => {
    const { api, control } = await start();
    control.createPortal({ portalId: 102 });
    control.portal(102).createList({ name: 'Theirs' });
    expect((await api('GET', `${LISTS}/1`)).status).toBe(404);
  });
});

describe('memberships', () => {
  test('come by ascending record id, with when each joined', async () => {
    const { api, portal, clock } = await start();
    const ids = ['a', 'b', 'c'].map((firstname) => portal.createContact({ firstname }));
    const [first = '', second = '', third = ''] = ids;
    const listId = portal.createList({ name: 'Happy customers', recordIds: [third] });
    clock.advance(60_000);
    portal.addToList(listId, [first, third]);
    const { body } = await api('GET', `${LISTS}/${listId}/memberships`);
    expect(body).toEqual({
      results: [
        { recordId: first, membershipTimestamp: new Date(clock.now()).toISOString() },
        { recordId: third, membershipTimestamp: new Date(clock.now() - 60_000).toISOString() },
      ],
      total: 2,
    });
    portal.removeFromList(listId, [first, second]);
    expect((await api('GET', `${LISTS}/${listId}/memberships`)).body.total).toBe(1);
  });

  test('page by an opaque cursor; a record that leaves between two pages makes none be skipped', async () => {
    const { api, portal } = await start();
    const { firstId } = portal.addManyContacts({ count: 620 });
    const listId = portal.createList({ name: 'Everybody', recordIds: portal.ids('contacts') });
    const came: string[] = [];
    const path = `${LISTS}/${listId}/memberships?limit=250`;
    const sizes: number[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const { body } = await api('GET', after ? `${path}&after=${encodeURIComponent(after)}` : path);
      came.push(...body.results.map(({ recordId }: { recordId: string }) => recordId));
      sizes.push(body.results.length);
      after = body.paging?.next?.after;
      expect(after).not.toBe(came.at(-1));
      if (sizes.length === 1) portal.removeFromList(listId, [firstId]);
    }
    expect(sizes).toEqual([250, 250, 120]);
    expect(came).toEqual(portal.ids('contacts'));
    expect(portal.lists()[0]?.recordIds).toHaveLength(619);
  });

  test('with `before` go backwards', async () => {
    const { api, portal } = await start();
    portal.addManyContacts({ count: 5 });
    const listId = portal.createList({ name: 'Everybody', recordIds: portal.ids('contacts') });
    const path = `${LISTS}/${listId}/memberships?limit=2`;
    const first = (await api('GET', path)).body;
    const second = (await api('GET', `${path}&after=${first.paging.next.after}`)).body;
    const back = (await api('GET', `${path}&before=${second.paging.prev.before}`)).body;
    expect(back.results).toEqual([...first.results].reverse());
  });

  test.each(['limit=251', 'limit=0', 'limit=ten', 'after=30000000001', 'offset=3'])('refuse %s', async (query) => {
    const { api, portal } = await start();
    const listId = portal.createList({ name: 'Happy customers' });
    const { status, body } = await api('GET', `${LISTS}/${listId}/memberships?${query}`);
    expect([status, body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('of a list of companies are companies: only the list tells its type', async () => {
    const { api, portal } = await start();
    const company = portal.createCompany({ name: 'Alder' });
    const listId = portal.createList({ name: 'Partners', type: 'companies', recordIds: [company] });
    expect((await api('GET', `${LISTS}/${listId}`)).body.list.objectTypeId).toBe('0-2');
    expect((await api('GET', `${LISTS}/${listId}/memberships`)).body.results[0].recordId).toBe(company);
  });
});

describe('who is on a list', () => {
  test('an active list follows every change of a contact', async () => {
    const { api, portal } = await start();
    const [ann, bob] = [portal.createContact({ lifecyclestage: 'customer' }), portal.createContact({})];
    const listId = portal.createList({ name: 'All customers', filters: CUSTOMERS });
    const members = () => portal.lists().find((list) => list.listId === listId)?.recordIds;
    expect(members()).toEqual([ann]);
    await api('PATCH', `/crm/objects/2026-09/contacts/${bob}`, { properties: { lifecyclestage: 'customer' } });
    const carl = portal.createContact({ lifecyclestage: 'customer' });
    expect(members()).toEqual([ann, bob, carl]);
    portal.setProperties('contacts', ann, { lifecyclestage: 'lead' });
    portal.delete('contacts', bob);
    expect(members()).toEqual([carl]);
    portal.restore('contacts', bob);
    expect(members()).toEqual([bob, carl]);
    portal.privacyDelete(carl);
    expect(members()).toEqual([bob]);
    portal.createDeal({ dealname: 'not a contact' });
    portal.changeList(listId, { filters: [{ propertyName: 'lifecyclestage', operator: 'IN', values: ['lead'] }] });
    expect(members()).toEqual([ann]);
  });

  test('all filters of an active list have to hold', async () => {
    const { portal } = await start();
    portal.createContact({ lifecyclestage: 'customer' });
    const both = portal.createContact({ lifecyclestage: 'customer', city: 'Lisbon' });
    portal.createList({
      name: 'Customers with a city',
      filters: [...CUSTOMERS, { propertyName: 'city', operator: 'HAS_PROPERTY' }],
    });
    expect(portal.lists()[0]?.recordIds).toEqual([both]);
  });

  test('a snapshot is filled once and then changed by people only', async () => {
    const { portal } = await start();
    const ann = portal.createContact({ lifecyclestage: 'customer' });
    const listId = portal.createList({ name: 'Spring', processingType: 'SNAPSHOT', filters: CUSTOMERS });
    const bob = portal.createContact({ lifecyclestage: 'customer' });
    portal.setProperties('contacts', ann, { lifecyclestage: 'lead' });
    expect(portal.lists()[0]?.recordIds).toEqual([ann]);
    portal.addToList(listId, [bob]);
    expect(portal.lists()[0]?.recordIds).toEqual([ann, bob]);
  });

  test.each([true, false])(
    'a merge takes the merged ids off and leaves the survivor in their place (a new id: %s)',
    async (mergeCreatesNewId) => {
      const { portal, control } = await start();
      control.settings.set({ mergeCreatesNewId });
      const ann = portal.createContact({ email: 'ann@example.com' });
      const double = portal.createContact({ email: 'ann.b@example.com', lifecyclestage: 'customer' });
      portal.createList({ name: 'Happy customers', recordIds: [double] });
      portal.createList({ name: 'All customers', filters: CUSTOMERS });
      const survivor = portal.merge('contacts', ann, double);
      expect(portal.lists().map(({ recordIds }) => recordIds)).toEqual([[survivor], [survivor]]);
    },
  );

  test('nobody can put a record on an active list, nor a record that is not there on any', async () => {
    const { portal } = await start();
    const active = portal.createList({ name: 'All customers', filters: CUSTOMERS });
    const fixed = portal.createList({ name: 'Happy customers' });
    expect(() => portal.addToList(active, [portal.createContact({})])).toThrow(/Only filters/);
    expect(() => portal.addToList(fixed, ['7'])).toThrow(/no contact 7/);
    expect(() => portal.createList({ name: 'Happy customers' })).toThrow(/exists/);
    expect(() =>
      portal.createList({ name: 'New', filters: [{ propertyName: 'nickname', operator: 'EQ', value: 'x' }] }),
    ).toThrow(/does not exist/);
  });
});

describe('what a call needs', () => {
  test.each([
    ['POST', '/search'],
    ['GET', '/1'],
    ['GET', '/1/memberships'],
  ])('%s %s needs crm.lists.read', async (method, path) => {
    const { api } = await startBench({ scopes: scopes.filter((scope) => scope !== 'crm.lists.read') });
    const { status, body } = await api(method, LISTS + path, method === 'POST' ? {} : undefined);
    expect([status, body.category]).toEqual([403, 'MISSING_SCOPES']);
    expect(body.errors[0].context.requiredGranularScopes).toEqual(['crm.lists.read']);
  });

  test('they count with all other calls, searches for lists too', async () => {
    const { api, hubspot, accessToken, control } = await start();
    for (let call = 0; call < 110; call += 1)
      await request(hubspot.url, 'POST', `${LISTS}/search`, { ...ALL, count: 1 }, accessToken);
    const refused = await api('GET', `${LISTS}/1`);
    expect([refused.status, refused.body.policyName]).toEqual([429, 'TEN_SECONDLY_ROLLING']);
    expect(control.log.rateLimited()).toEqual({ [PORTAL_ID]: 1 });
    control.log.clear();
    expect(control.log.rateLimited()).toEqual({});
  });
});
