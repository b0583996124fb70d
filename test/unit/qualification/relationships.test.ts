import { describe, expect, it } from 'vitest';
import {
  RELATIONSHIPS,
  relatedRecord,
  type Because,
  type RelatedObject,
} from '../../../backend/src/qualification/relationships.ts';

type Row = readonly [ids: string, from: RelatedObject, to: RelatedObject, reach: 'self' | 'one' | 'many'];

/** The table as it is printed, and what C2 adds. Written out here once more: the code's own table is what is tested. */
const PRINTED: readonly Row[] = [
  ['RR-51', 'lead', 'lead', 'self'],
  ['RR-52', 'contact', 'contact', 'self'],
  ['RR-53', 'contact', 'company', 'one'],
  ['RR-54', 'contact', 'deal', 'many'],
  ['RR-55', 'company', 'contact', 'many'],
  ['RR-56', 'company', 'company', 'self'],
  ['RR-57', 'company', 'deal', 'many'],
  ['RR-58', 'company', 'company', 'self'],
  ['RR-59', 'company', 'deal', 'many'],
  ['RR-60', 'deal', 'contact', 'many'],
  ['RR-61', 'deal', 'company', 'one'],
  ['C2', 'deal', 'deal', 'self'],
];

const OBJECTS: readonly RelatedObject[] = ['lead', 'contact', 'company', 'deal'];
const CRMS = ['hubspot', 'salesforce'] as const;

const record = (recordId: string) => ({ recordId });
const OWN = record('own');

function resolve(crm: (typeof CRMS)[number], from: RelatedObject, to: RelatedObject, known: readonly string[]) {
  const found = relatedRecord({
    crm,
    from: { objectType: from, record: OWN },
    to,
    associated: known.map(record),
  });
  return [found.record?.recordId ?? null, found.because];
}

const printedFor = (crm: (typeof CRMS)[number]) =>
  PRINTED.filter(([, from]) => crm === 'salesforce' || from !== 'lead');

describe.each(CRMS)('in %s', (crm) => {
  it.each(printedFor(crm).filter(([, , , reach]) => reach === 'self'))(
    '%s: a %s leads to itself, whatever else is associated',
    (_ids, from, to) => {
      expect(resolve(crm, from, to, [])).toEqual(['own', 'self']);
      expect(resolve(crm, from, to, ['other', 'third'])).toEqual(['own', 'self']);
    },
  );

  it.each(printedFor(crm).filter(([, , , reach]) => reach !== 'self'))(
    '%s: a %s leads to its only %s, to none of several and to none where there is none',
    (_ids, from, to) => {
      expect(resolve(crm, from, to, ['only'])).toEqual(['only', 'one']);
      expect(resolve(crm, from, to, ['only', 'only'])).toEqual(['only', 'one']);
      expect(resolve(crm, from, to, ['first', 'second'])).toEqual([null, 'several']);
      expect(resolve(crm, from, to, [])).toEqual([null, 'none']);
    },
  );

  const printed = new Set(printedFor(crm).map(([, from, to]) => `${from} ${to}`));
  const missing = OBJECTS.flatMap((from) => OBJECTS.map((to) => [from, to] as const)).filter(
    ([from, to]) => !printed.has(`${from} ${to}`),
  );

  it.each(missing)('a %s leads to no %s by any path, even where one is known (C2)', (from, to) => {
    expect(resolve(crm, from, to, ['only'])).toEqual([null, 'no_path']);
  });

  it(`of the sixteen pairs ${crm === 'hubspot' ? 'seven' : 'six'} are in no row (C2)`, () => {
    expect(missing).toHaveLength(crm === 'hubspot' ? 7 : 6);
  });

  it('names every printed row once, with what it reaches', () => {
    const rows = RELATIONSHIPS[crm].flatMap(({ rows, from, to, reach }) =>
      rows.map((id) => [id, from, to, reach].join(' ')),
    );
    expect(rows.toSorted()).toEqual(
      printedFor(crm)
        .map((row) => row.join(' '))
        .toSorted(),
    );
  });
});

it('a record that is not known itself is none, not itself (RR-49)', () => {
  const found = relatedRecord({
    crm: 'hubspot',
    from: { objectType: 'deal', record: null },
    to: 'deal',
    associated: [OWN],
  });
  expect(found).toEqual({ record: null, because: 'none' satisfies Because });
});

it('both CRMs say the same of contacts, companies and deals', () => {
  expect(RELATIONSHIPS.salesforce.filter(({ from }) => from !== 'lead')).toEqual(RELATIONSHIPS.hubspot);
});
