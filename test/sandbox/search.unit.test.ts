import { describe, expect, test } from 'vitest';

import { contacts, startBench } from './harness.ts';
import type { Bench } from './harness.ts';

type Filter = { propertyName: string; operator: string; value?: string; highValue?: string; values?: string[] };

const search = (bench: Bench, body: unknown) => {
  bench.clock.advance(1000);
  return bench.api('POST', contacts('/search'), body);
};

async function found(bench: Bench, ...filters: Filter[]): Promise<string[]> {
  const answer = await search(bench, { filterGroups: [{ filters }], properties: ['firstname'], limit: 100 });
  expect(answer.status).toBe(200);
  return answer.body.results
    .map(({ properties }: { properties: { firstname: string } }) => properties.firstname)
    .sort();
}

async function people(): Promise<Bench> {
  const bench = await startBench();
  bench.portal.createContact({
    firstname: 'Ann',
    email: 'ann@blue.example.com',
    lifecyclestage: 'lead',
    seats: 2,
    trial_end: '2026-01-10',
    interests: 'product;events',
  });
  bench.portal.createContact({
    firstname: 'Bob',
    email: 'bob@blue.example.com',
    lifecyclestage: 'customer',
    seats: 10,
  });
  bench.portal.createContact({ firstname: 'Cid', email: 'cid@red.example.com', hs_lead_status: 'NEW' });
  return bench;
}

describe('filters', () => {
  test.each<[string, Filter, string[]]>([
    ['EQ compares text without case', { propertyName: 'firstname', operator: 'EQ', value: 'ANN' }, ['Ann']],
    ['NEQ wants a value', { propertyName: 'lifecyclestage', operator: 'NEQ', value: 'lead' }, ['Bob']],
    ['GT compares numbers as numbers', { propertyName: 'seats', operator: 'GT', value: '9' }, ['Bob']],
    ['LTE includes the value', { propertyName: 'seats', operator: 'LTE', value: '2' }, ['Ann']],
    [
      'BETWEEN includes both ends',
      { propertyName: 'seats', operator: 'BETWEEN', value: '2', highValue: '10' },
      ['Ann', 'Bob'],
    ],
    [
      'IN lists values',
      { propertyName: 'lifecyclestage', operator: 'IN', values: ['lead', 'customer'] },
      ['Ann', 'Bob'],
    ],
    ['IN does not lower-case what it is given', { propertyName: 'firstname', operator: 'IN', values: ['Ann'] }, []],
    ['NOT_IN wants a value', { propertyName: 'lifecyclestage', operator: 'NOT_IN', values: ['lead'] }, ['Bob']],
    ['HAS_PROPERTY', { propertyName: 'hs_lead_status', operator: 'HAS_PROPERTY' }, ['Cid']],
    ['NOT_HAS_PROPERTY', { propertyName: 'lifecyclestage', operator: 'NOT_HAS_PROPERTY' }, ['Cid']],
    [
      'CONTAINS_TOKEN finds a part of an address',
      { propertyName: 'email', operator: 'CONTAINS_TOKEN', value: 'blue' },
      ['Ann', 'Bob'],
    ],
    [
      'CONTAINS_TOKEN takes a wildcard',
      { propertyName: 'email', operator: 'CONTAINS_TOKEN', value: 'bl*' },
      ['Ann', 'Bob'],
    ],
    ['NOT_CONTAINS_TOKEN', { propertyName: 'email', operator: 'NOT_CONTAINS_TOKEN', value: 'blue' }, ['Cid']],
    ['checkboxes match by one of them', { propertyName: 'interests', operator: 'EQ', value: 'events' }, ['Ann']],
    ['dates compare as days', { propertyName: 'trial_end', operator: 'LT', value: '2026-01-11' }, ['Ann']],
    [
      'times compare as milliseconds',
      { propertyName: 'createdate', operator: 'GTE', value: String(Date.UTC(2026, 10, 20, 9)) },
      ['Ann', 'Bob', 'Cid'],
    ],
  ])('%s', async (_, filter, expected) => {
    expect(await found(await people(), filter)).toEqual(expected);
  });

  test('filters of a group go together, groups are alternatives', async () => {
    const bench = await people();
    const group = (value: string) => ({ filters: [{ propertyName: 'firstname', operator: 'EQ', value }] });
    const answer = await search(bench, { filterGroups: [group('Ann'), group('Cid')], properties: [] });
    expect(answer.body.total).toBe(2);
    expect(
      await found(
        bench,
        { propertyName: 'firstname', operator: 'EQ', value: 'Ann' },
        { propertyName: 'seats', operator: 'EQ', value: '9' },
      ),
    ).toEqual([]);
  });

  test('free text looks at names and addresses', async () => {
    const answer = await search(await people(), { query: 'blue bob' });
    expect(answer.body.results).toHaveLength(1);
  });

  test('archived records are not found', async () => {
    const bench = await people();
    const [id = ''] = bench.portal.ids('contacts');
    bench.portal.delete('contacts', id);
    expect((await search(bench, {})).body.total).toBe(2);
  });
});

describe('limits of a search', () => {
  const filter = { propertyName: 'firstname', operator: 'EQ', value: 'x' };
  const group = (count: number) => ({ filters: Array.from({ length: count }, () => filter) });
  test.each<[string, unknown]>([
    ['six groups', { filterGroups: Array.from({ length: 6 }, () => group(1)) }],
    ['seven filters in a group', { filterGroups: [group(7)] }],
    ['nineteen filters', { filterGroups: [group(6), group(6), group(6), group(1)] }],
    ['a page of 201', { limit: 201 }],
    ['paging past 10,000', { limit: 100, after: '9901' }],
    ['two sorts', { sorts: ['firstname', '-lastname'] }],
    ['an unknown property', { filterGroups: [{ filters: [{ ...filter, propertyName: 'nickname' }] }] }],
    ['an unknown operator', { filterGroups: [{ filters: [{ ...filter, operator: 'LIKE' }] }] }],
    ['IN without values', { filterGroups: [{ filters: [{ propertyName: 'firstname', operator: 'IN', value: 'x' }] }] }],
    [
      'NOT_HAS_PROPERTY with a value',
      { filterGroups: [{ filters: [{ propertyName: 'firstname', operator: 'NOT_HAS_PROPERTY', value: 'x' }] }] },
    ],
    ['a body over 3,000 characters', { query: 'x'.repeat(3000) }],
  ])('%s is refused', async (_, body) => {
    const bench = await startBench();
    expect(await search(bench, body)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  });

  test('the most that is allowed passes', async () => {
    const bench = await startBench();
    expect(
      (
        await search(bench, {
          filterGroups: [group(6), group(6), group(6)],
          limit: 200,
          after: '9800',
          sorts: [{ propertyName: 'createdate', direction: 'DESCENDING' }],
        })
      ).status,
    ).toBe(200);
  });
});

describe('pages and order', () => {
  test('records that tie come in no useful order, but each once', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 25 }, (_, index) => bench.portal.createContact({ firstname: `p${index}` }));
    const seen: string[] = [];
    for (let after: string | undefined = '0'; after !== undefined;) {
      const page = await search(bench, { sorts: ['lastmodifieddate'], limit: 10, after });
      seen.push(...page.body.results.map(({ id }: { id: string }) => id));
      after = page.body.paging?.next.after;
    }
    expect(seen).not.toEqual(ids);
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  test('can be sorted by id, as a number', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 5 }, () => bench.portal.createContact({}));
    const answer = await search(bench, {
      sorts: ['-hs_object_id'],
      filterGroups: [{ filters: [{ propertyName: 'hs_object_id', operator: 'GT', value: ids[0] }] }],
    });
    expect(answer.body.results.map(({ id }: { id: string }) => id)).toEqual(ids.slice(1).reverse());
  });

  test('the index may trail the store, and catches up', async () => {
    const bench = await startBench();
    const id = bench.portal.createContact({ lifecyclestage: 'lead' });
    bench.clock.advance(60_000);
    bench.control.settings.set({ searchIndexLagMs: 5000 });
    bench.portal.setProperties('contacts', id, { lifecyclestage: 'customer' });
    const customers: Filter = { propertyName: 'lifecyclestage', operator: 'EQ', value: 'customer' };
    expect((await search(bench, { filterGroups: [{ filters: [customers] }] })).body.total).toBe(0);
    bench.clock.advance(5000);
    expect((await search(bench, { filterGroups: [{ filters: [customers] }] })).body.total).toBe(1);
  });
});
