import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmListGone, CrmRejected, CrmUnavailable } from '../../backend/src/crm/errors.ts';
import { ACCOUNT, record, results, startLoopbackAdapter, type LoopbackAdapter } from './support/loopback-adapter.ts';

let hubspot: LoopbackAdapter;
beforeEach(async () => {
  hubspot = await startLoopbackAdapter();
});
afterEach(() => hubspot.server.close());

const found = (...lists: object[]) =>
  hubspot.server.answer(() => ({ status: 200, body: { lists, hasMore: false, offset: lists.length, total: 1 } }));
const list = (listId: unknown, more: object = {}) => ({
  listId,
  name: 'Customers',
  objectTypeId: '0-1',
  processingType: 'MANUAL',
  additionalProperties: {},
  ...more,
});

describe('finding lists of contacts', () => {
  it('asks for every kind of list of contacts by name, with its size', async () => {
    found();
    expect(await hubspot.crm.findLists(ACCOUNT, { query: ' custom ', listIds: [] })).toEqual([]);
    expect(hubspot.calls()).toEqual(['POST /crm/lists/2026-09/search']);
    expect(hubspot.taken).toEqual(['default']);
    expect(hubspot.body(0)).toEqual({
      objectTypeId: '0-1',
      processingTypes: ['MANUAL', 'DYNAMIC', 'SNAPSHOT'],
      query: 'custom',
      listIds: [],
      additionalProperties: ['hs_list_size'],
      offset: 0,
      count: 500,
    });
  });

  it('asks by id without a name', async () => {
    found();
    await hubspot.crm.findLists(ACCOUNT, { query: null, listIds: ['7', '8'] });
    expect(hubspot.body(0)).toMatchObject({ listIds: ['7', '8'] });
    expect(hubspot.body(0)).not.toHaveProperty('query');
  });

  it('tells active lists from static ones, a snapshot being static, and an unknown size from none', async () => {
    found(
      list('7', { additionalProperties: { hs_list_size: '42' } }),
      list('8', { processingType: 'DYNAMIC', additionalProperties: { hs_list_size: '0' } }),
      list(9, { processingType: 'SNAPSHOT' }),
    );
    expect(await hubspot.crm.findLists(ACCOUNT, { query: null, listIds: [] })).toEqual([
      { id: '7', name: 'Customers', kind: 'static', size: 42 },
      { id: '8', name: 'Customers', kind: 'active', size: 0 },
      { id: '9', name: 'Customers', kind: 'static', size: null },
    ]);
  });

  it('passes on no list of another object and none that was deleted', async () => {
    found(list('7', { objectTypeId: '0-2' }), list('8', { deletedAt: '2026-01-01T00:00:00Z' }), list('9'));
    const lists = await hubspot.crm.findLists(ACCOUNT, { query: null, listIds: [] });
    expect(lists.map(({ id }) => id)).toEqual(['9']);
  });

  it('takes an answer without lists for a failure, not for "none"', async () => {
    hubspot.server.answer(() => ({ status: 200, body: {} }));
    const read = hubspot.crm.findLists(ACCOUNT, { query: null, listIds: [] });
    await expect(read).rejects.toBeInstanceOf(CrmUnavailable);
  });
});

describe('reading the members of a list', () => {
  const read = (listId: string, cursor: string | null = null) =>
    hubspot.crm.readListMembers(ACCOUNT, { listId, cursor });

  it('goes by HubSpot’s cursor, as it is, 250 at a time', async () => {
    const results = [{ recordId: '5', membershipTimestamp: '2026-01-01T00:00:00Z' }, { recordId: 6 }];
    hubspot.server.answer(() => ({ status: 200, body: { results, total: 502, paging: { next: { after: 'a+/=' } } } }));
    expect(await read('7')).toEqual({ recordIds: ['5', '6'], total: 502, nextCursor: 'a+/=' });
    hubspot.server.answer(() => ({ status: 200, body: { results: [] } }));
    expect(await read('7', 'a+/=')).toEqual({ recordIds: [], total: null, nextCursor: null });
    expect(hubspot.calls()).toEqual([
      'GET /crm/lists/2026-09/7/memberships?limit=250',
      'GET /crm/lists/2026-09/7/memberships?limit=250&after=a%2B%2F%3D',
    ]);
  });

  it('says that a list is gone when HubSpot does, and when the id can be none of HubSpot’s', async () => {
    const message = 'List does not exist with ID 7.';
    hubspot.server.answer(() => ({ status: 404, body: { status: 'error', category: 'OBJECT_NOT_FOUND', message } }));
    await expect(read('7')).rejects.toBeInstanceOf(CrmListGone);
    for (const id of ['..', '7/memberships/join-order', '', '7?x=1'])
      await expect(read(id)).rejects.toBeInstanceOf(CrmListGone);
    expect(hubspot.calls()).toHaveLength(1);
  });

  it('takes no other failure for a list that is gone', async () => {
    hubspot.server.answer(() => ({ status: 404, body: '<html>no such address</html>' }));
    await expect(read('7')).rejects.toBeInstanceOf(CrmRejected);
    hubspot.server.answer(() => ({ status: 500 }));
    await expect(read('7')).rejects.toBeInstanceOf(CrmUnavailable);
    hubspot.server.answer(() => ({ status: 200, body: {} }));
    await expect(read('7')).rejects.toBeInstanceOf(CrmUnavailable);
  });

  it('does not go round in circles', async () => {
    hubspot.server.answer(() => ({ status: 200, body: { results: [], paging: { next: { after: 'x' } } } }));
    expect((await read('7')).nextCursor).toBe('x');
    await expect(read('7', 'x')).rejects.toBeInstanceOf(CrmUnavailable);
  });
});

describe('reading all contacts', () => {
  const page = (total: number | undefined, ...ids: string[]) =>
    hubspot.server.answer(() => ({ status: 200, body: { total, results: ids.map((id) => record(id, { city: id })) } }));
  const read = (afterId: string | null, createdFrom: Date | null = null) =>
    hubspot.crm.readAllContacts(ACCOUNT, { fields: ['city'], afterId, createdFrom });

  it('cuts pages by record id, from the first on, and never by HubSpot’s cursor', async () => {
    page(2, '9', '10');
    expect(await read(null)).toMatchObject({ records: [{ id: '9', values: { city: '9' } }, { id: '10' }], total: 2 });
    expect(hubspot.calls()).toEqual(['POST /crm/objects/2026-09/contacts/search']);
    expect(hubspot.taken).toEqual(['search']);
    expect(hubspot.body(0)).toEqual({
      filterGroups: [{ filters: [{ propertyName: 'hs_object_id', operator: 'GT', value: '0' }] }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: ['city', 'hs_object_id', 'createdate', 'lastmodifieddate', 'hs_merged_object_ids'],
      limit: 200,
    });
  });

  it('goes on behind an id, and only with those created since a moment where one is named', async () => {
    page(0);
    expect(await read('10', new Date(1_700_000_000_123))).toEqual({ records: [], total: 0, nextAfterId: null });
    expect(hubspot.body(0).filterGroups).toEqual([
      {
        filters: [
          { propertyName: 'createdate', operator: 'GTE', value: '1700000000123' },
          { propertyName: 'hs_object_id', operator: 'GT', value: '10' },
        ],
      },
    ]);
  });

  it('has a next page behind a full one', async () => {
    page(201, ...Array.from({ length: 200 }, (_value, index) => String(index + 1)));
    expect((await read(null)).nextAfterId).toBe('200');
  });

  it('reads more fields than a search can name by the ids it found, and leaves out who was deleted or merged since', async () => {
    const fields = Array.from({ length: 100 }, (_value, index) => `a_property_with_a_long_name_${String(index)}`);
    const ids = Array.from({ length: 150 }, (_value, index) => String(index + 1));
    hubspot.server.answer(({ path, text }) => {
      if (path.endsWith('/search')) return { status: 200, body: { total: 150, results: ids.map((id) => record(id)) } };
      const { inputs } = JSON.parse(text) as { inputs: { id: string }[] };
      const merged = record('900', { hs_merged_object_ids: '8' });
      const live = inputs.filter(({ id }) => id !== '7' && id !== '8');
      return results(merged, ...live.map(({ id }) => record(id, { [fields[99]!]: id })));
    });
    const page = await hubspot.crm.readAllContacts(ACCOUNT, { fields, afterId: null, createdFrom: new Date(0) });
    expect(hubspot.server.requests[0]!.text.length).toBeLessThan(3_000);
    expect([1, 2].map((index) => hubspot.body(index).inputs.length)).toEqual([100, 50]);
    expect(page.records.map(({ id }) => id)).toEqual(ids.filter((id) => id !== '7' && id !== '8'));
    expect(page.records.at(-1)?.values[fields[99]!]).toBe('150');
    expect(page).toMatchObject({ total: 150, nextAfterId: null });
  });

  it('refuses a page in another order, one that starts too low, and one without a total', async () => {
    page(2, '10', '9');
    await expect(read(null)).rejects.toBeInstanceOf(CrmUnavailable);
    page(2, '9', '10');
    await expect(read('9')).rejects.toBeInstanceOf(CrmUnavailable);
    page(2, 'nine');
    await expect(read(null)).rejects.toBeInstanceOf(CrmUnavailable);
    page(undefined, '9');
    await expect(read(null)).rejects.toBeInstanceOf(CrmUnavailable);
  });
});

describe('reading owners', () => {
  const ada = { id: '1', userId: 11, firstName: 'Ada', lastName: 'Marlow', email: 'ada@example.com', type: 'PERSON' };

  it('follows every page and passes on active users, by the name people know', async () => {
    hubspot.server.answer((_request, index) => {
      if (index === 0) return { status: 200, body: { results: [ada], paging: { next: { after: '1' } } } };
      const nameless = { id: '2', userId: 12, email: 'bo@example.com', type: 'PERSON' };
      const inactive = { id: '3', userIdIncludingInactive: 13, email: 'cy@example.com', type: 'PERSON' };
      const archived = { ...ada, id: '4', archived: true };
      const queue = { id: '5', userId: 15, type: 'QUEUE' };
      return results(nameless, inactive, archived, queue, { id: '6', userId: 16, lastName: ' Dee ' });
    });
    expect(await hubspot.crm.readOwners(ACCOUNT)).toEqual([
      { id: '1', name: 'Ada Marlow', email: 'ada@example.com' },
      { id: '2', name: 'bo@example.com', email: 'bo@example.com' },
      { id: '6', name: 'Dee', email: null },
    ]);
    expect(hubspot.calls()).toEqual(['GET /crm/owners/2026-09?limit=100', 'GET /crm/owners/2026-09?limit=100&after=1']);
  });

  it('gives up on pages that lead to each other', async () => {
    const body = { results: [ada], paging: { next: { after: '1' } } };
    hubspot.server.answer(() => ({ status: 200, body }));
    await expect(hubspot.crm.readOwners(ACCOUNT)).rejects.toBeInstanceOf(CrmUnavailable);
    expect(hubspot.calls()).toHaveLength(2);
  });
});
