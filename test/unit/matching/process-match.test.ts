import { describe, expect, it } from 'vitest';
import { processMatch, type MatchKind, type ProcessRules } from '../../../backend/src/matching/process-match.ts';

const KINDS: readonly MatchKind[] = ['direct', 'fuzzy', 'unsure', 'unmatched', 'none'];

/** Rules a to e as five switches: whether ids and addresses stand by themselves, whether riddles are put before a person, … */
const ROWS = Array.from({ length: 32 }, (_, bits) => ({
  a: (bits & 1) > 0,
  b: (bits & 2) > 0,
  c: (bits & 4) > 0,
  d: (bits & 8) > 0,
  e: (bits & 16) > 0,
}));
type Row = (typeof ROWS)[number];

function rulesOf({ a, b, c, d, e }: Row): ProcessRules {
  return {
    directMatches: a ? 'process' : 'review',
    fuzzyMatches: b ? 'process' : 'review',
    unmatched: c ? 'review' : 'ignore',
    reviewDenied: d,
    notifyReview: e,
  };
}

/** The help page’s sentences, one after the other, without looking at the code. */
function expected(kind: MatchKind, { a, b, c, d, e }: Row): string {
  const automatic = (kind === 'direct' && a) || (kind === 'fuzzy' && b);
  const set = !automatic && (kind === 'direct' || kind === 'fuzzy' || kind === 'unsure' || (kind === 'unmatched' && c));
  const words = [automatic ? 'process' : set ? 'review' : kind === 'unmatched' ? 'ignore' : 'none'];
  if (automatic && d) words.push('denied to review');
  if (set && e) words.push('notify');
  return words.join(', ');
}

describe.each(ROWS)('rules a $a, b $b, c $c, d $d, e $e', (row) => {
  it.each(KINDS)('a %s match goes where they say (RR-39, RR-40, RR-41)', (kind) => {
    const { action, denied, notify } = processMatch(kind, rulesOf(row));
    const words: string[] = [
      action,
      ...(denied === 'review' ? ['denied to review'] : []),
      ...(notify ? ['notify'] : []),
    ];
    expect(words.join(', ')).toBe(expected(kind, row));
  });
});

it('covers thirty-two different settings (RR-42, RR-43)', () => {
  expect(new Set(ROWS.map((row) => JSON.stringify(rulesOf(row)))).size).toBe(32);
});
