import { expect, it } from 'vitest';
import { claimKey, claimsOf, codeOfLink, type ClaimingRecord } from '../../../backend/src/matching/match-claims.ts';
import {
  matchesBy,
  matchesByMore,
  readsPeople,
  takesEmails,
  takesIds,
} from '../../../backend/src/matching/matching-fields.ts';
import { fieldsToRead } from '../../../backend/src/qualification/fields-to-read.ts';
import type { MatchingSettings } from '../../../shared/matching-settings.ts';
import { NEW_PROGRAM_SETTINGS } from '../../../shared/program-definition.ts';
import { AT, program } from './build.ts';

const NOTHING_ELSE = { ...NEW_PROGRAM_SETTINGS, name: 'A', landingUrl: null, rules: [], rewardRules: [] };

const CODE = '23456789bcd';

it.each([
  ['referral_id', ' ref_1 ', 'ref_1'],
  ['external_id', ' Order-9 ', 'Order-9'],
  ['friend_email', ' Ann@Example.COM ', 'ann@example.com'],
  ['friend_email', 'ann', null],
  ['friend_phone', '+49 (30) 123-4567', '+49 (30) 123-4567'],
  ['friend_phone', 'ext. 12', null],
  ['advocate_code', ` ${CODE.toUpperCase()} `, CODE],
  ['advocate_code', 'ask Ada', null],
  ['advocate_link', `https://refer.example.com/r/${CODE}`, CODE],
  ['advocate_email', 'ada@example.com', 'ada@example.com'],
  ['advocate_external_id', ' P-77', 'P-77'],
] as const)('a field that holds %s with %j is looked up by %j (RR-35, RR-36)', (holds, value, key) => {
  expect(claimKey(holds, value)).toBe(key);
});

it.each([
  [`https://refer.example.com/r/${CODE}`, CODE],
  [`http://localhost:8080/base/r/${CODE.toUpperCase()}/`, CODE],
  [` refer.example.com/r/${CODE}?utm_source=x#y `, CODE],
  [`https://refer.example.com/r/${CODE}/qr.png`, null],
  ['https://refer.example.com/r/short', null],
  [CODE, null],
  ['', null],
])('the link %j carries the code %j (RR-36)', (link, code) => {
  expect(codeOfLink(link)).toBe(code);
});

const SOME = program('A', {
  target: [{ object: 'contact', field: 'ext', holds: 'external_id' }],
  additional: [{ object: 'deal', field: 'mail', holds: 'friend_email' }],
  member: [
    { object: 'company', field: 'code', holds: 'advocate_code' },
    { object: 'contact', field: 'ext', holds: 'advocate_external_id' },
  ],
});

it('a record claims what its own fields hold, and nothing by an empty one or by the machinery of objects (RR-35)', () => {
  const odd = program('B', { target: [{ object: 'contact', field: 'constructor', holds: 'external_id' }] });
  const records: ClaimingRecord[] = [
    { object: 'contact', recordId: '1', values: { ext: 'x', mail: 'ann@example.com', code: CODE }, at: AT },
    { object: 'deal', recordId: '2', values: { ext: 'y', mail: ' ' }, at: AT },
    { object: 'company', recordId: '3', values: { code: CODE }, at: AT },
  ];
  expect(claimsOf([SOME, odd], records).map(({ route, recordId, holds }) => [route, recordId, holds])).toEqual([
    ['target', '1', 'external_id'],
    ['member', '3', 'advocate_code'],
    ['member', '1', 'advocate_external_id'],
  ]);
});

it('every field of matching is read, once, and a program without any asks for nothing more (RR-35)', () => {
  const read = (...programs: readonly { readonly matching: MatchingSettings }[]) =>
    fieldsToRead(
      programs.map(({ matching }) => ({ ...NOTHING_ELSE, matching })),
      'hubspot',
    );
  expect(read(SOME, SOME)).toEqual({ contact: ['ext'], company: ['code'], deal: ['mail'] });
  const plain = program('C');
  expect(read(plain)).toEqual({ contact: [], company: [], deal: [] });
  expect([matchesByMore([plain]), readsPeople([plain]), matchesBy([plain], 'deal')]).toEqual([false, false, false]);
  expect([takesEmails([plain]), takesIds([plain])]).toEqual([true, true]);
  expect([matchesByMore([plain, SOME]), readsPeople([plain, SOME]), matchesBy([SOME], 'deal')]).toEqual([
    true,
    true,
    true,
  ]);
  expect(takesEmails([program('D', { fuzzyMatches: 'review' })])).toBe(false);
  expect(takesIds([program('D', { directMatches: 'review' })])).toBe(false);
});
