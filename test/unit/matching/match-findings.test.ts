import { expect, it } from 'vitest';
import { outcomeOf, printOf, traceOf } from '../../../backend/src/matching/match-findings.ts';
import { ANY_PROGRAM } from '../../../backend/src/matching/match-look-ups.ts';
import { matchRecord } from '../../../backend/src/matching/match-record.ts';
import { advocate, AT, contact, found, keyed, program, referral, type ContactInput } from './build.ts';

const CODE = '23456789bcd';
const MATCHING = {
  target: [{ object: 'contact', field: 'ref', holds: 'referral_id' }],
  member: [
    { object: 'contact', field: 'code', holds: 'advocate_code' },
    { object: 'contact', field: 'partner', holds: 'advocate_external_id' },
    { object: 'contact', field: 'referrer', holds: 'advocate_email' },
  ],
  names: { enabled: true, threshold: 0.9, margin: 0.1 },
} as const;
const TABLES = found({
  referrals: keyed(
    ['referral_id', ANY_PROGRAM, 'ref_own', referral('owner')],
    ['referral_id', 'A', 'ref_1', referral('friend')],
    ['referral_id', 'A', 'ref_2', referral('friend'), referral('other')],
  ),
  people: new Map([
    ['friend@example.com', 'friend'],
    ['ada@example.com', 'ada'],
  ]),
  referralsOf: new Map([['friend', [referral('friend', 'A', 'ada')]]]),
  advocates: keyed(
    ['advocate_code', 'A', CODE, advocate('ada')],
    ['advocate_external_id', 'A', 'P-77', advocate('bob')],
    ['advocate_email', 'A', 'bob@example.com', advocate('bob')],
  ),
  names: [{ referral: referral('friend'), name: 'Ann Lee' }],
});

function outcome(input: ContactInput, { settings = {}, stands = true } = {}) {
  const programs = [program('A', { ...MATCHING, ...settings })];
  const given = contact({ ...input, programs });
  return outcomeOf(given, matchRecord(given, { programs, found: TABLES }), { programs, stands });
}

it.each([
  ['an id, where a person has to look', { values: { ref: 'ref_1' } }, ['match:friend', 'match_by_id', 'review']],
  [
    'an address, where a person has to look',
    { email: 'friend@example.com' },
    ['match:friend', 'match_by_address', 'review'],
  ],
  [
    'two referrals of one value',
    { values: { ref: 'ref_2' } },
    [expect.stringMatching(/^match:several:[0-9a-f]{16}$/), 'match_several_people', 'review'],
  ],
  ['a name', { name: 'Lee, Ann' }, ['match:friend', 'match_by_name', 'review']],
] as const)('%s is asked about, and nobody is added (RR-39, RR-40, E16)', (_, input, expected) => {
  const values = { code: CODE, ...('values' in input ? input.values : {}) };
  const { findings, additions } = outcome('name' in input ? input : { ...input, values }, { stands: false });
  expect(findings.map(({ key, reasonCode, state }) => [key, reasonCode, state])).toEqual([expected]);
  expect(additions).toEqual([]);
});

it.each([
  [
    'an unknown code',
    { code: 'zzzzzzzzzzz' },
    undefined,
    ['unmatched', 'referral_code_unknown', 'review', 'zzzzzzzzzzz'],
  ],
  ['an unknown partner', { partner: 'P-0' }, undefined, ['unmatched', 'advocate_unknown', 'review', null]],
  ['an unknown referral', { ref: 'ref_0' }, undefined, ['unmatched', 'referral_unknown', 'review', null]],
  [
    'an unknown referral and code',
    { ref: 'ref_0', code: 'zzzzzzzzzzz' },
    undefined,
    ['unmatched', 'referral_code_unknown', 'review', 'zzzzzzzzzzz'],
  ],
  ['two advocates', { code: CODE, partner: 'P-77' }, undefined, ['member:A', 'advocate_ambiguous', 'review', null]],
  [
    'another advocate',
    { partner: 'P-77' },
    'friend@example.com',
    ['member:A', 'already_referred', 'ignored', 'code_bob'],
  ],
  ['themselves', { code: CODE }, 'ada@example.com', ['member:A', 'self_referral', 'ignored', 'code_ada']],
] as const)('a record that names %s says so (RR-29, RR-36, RR-41)', (_, values, email, expected) => {
  const { findings } = outcome({ values, ...(email === undefined ? {} : { email }) });
  expect(findings.map(({ key, reasonCode, state, code }) => [key, reasonCode, state, code])).toEqual([expected]);
});

it('who is named is added at once, or after a yes where the rule says so (RR-36, RR-39, RR-40)', () => {
  expect(outcome({ values: { code: CODE } })).toMatchObject({ findings: [], additions: [{ code: 'code_ada' }] });
  expect(outcome({ values: { referrer: 'bob@example.com' } }).additions).toHaveLength(1);
  const byHand = { settings: { directMatches: 'review', fuzzyMatches: 'review' } };
  const named: Record<string, string>[] = [{ code: CODE }, { referrer: 'bob@example.com' }];
  for (const values of named) {
    const { findings, additions } = outcome({ values }, byHand);
    expect(findings).toMatchObject([{ reasonCode: 'advocate_to_confirm', state: 'review' }]);
    expect(additions).toEqual([]);
  }
});

it('an unknown code is only kept where the program asks nobody (RR-41)', () => {
  const { findings } = outcome({ values: { code: 'zzzzzzzzzzz' } }, { settings: { unmatched: 'ignore' } });
  expect(findings).toMatchObject([{ state: 'ignored', notify: false }]);
});

it('two findings rest on the same when the record says the same, whatever else changed on it (RR-41)', () => {
  const print = (values: Record<string, string>): string[] => outcome({ values }).findings.map(printOf);
  expect(print({ code: 'zzzzzzzzzzz' })).toEqual(print({ code: ' zzzzzzzzzzz ', city: 'Bern' }));
  expect(print({ code: 'zzzzzzzzzzz' })).not.toEqual(print({ code: 'yyyyyyyyyyy' }));
  expect(print({ code: 'zzzzzzzzzzz' })).not.toEqual(print({ code: 'zzzzzzzzzzz', ref: 'ref_0' }));
});

it('the trace says route, field, value and time, and its reasons name nobody (RR-35)', () => {
  const programs = [program('A', MATCHING)];
  const given = contact({ programs, values: { ref: 'ref_1' } });
  const trace = traceOf(given, matchRecord(given, { programs, found: TABLES }));
  expect(trace).toMatchObject({
    route: 'target',
    object: 'contact',
    field: 'ref',
    recordId: '101',
    value: 'ref_1',
    at: AT,
  });
  const { findings } = outcome({ email: 'friend@example.com' }, { stands: false });
  expect(JSON.stringify(findings.map(({ reason }) => reason))).not.toContain('example.com');
});
