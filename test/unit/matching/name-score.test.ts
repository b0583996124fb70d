import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameScore, nameWords } from '../../../backend/src/matching/name-score.ts';

it.each([
  ['Ann Lee', 'ann  LEE', 1],
  ['Lee, Ann', 'Ann Lee', 1],
  ['José Muñoz', 'Jose Munoz', 1],
  ['Jörg Weiß', 'Jorg Weiss', 1],
  ["Siobhán O'Brien", 'Siobhan OBrien', 1],
  ['Łukasz Søren', 'Lukasz Soren', 1],
  ['Müller-Lüdenscheidt', 'Muller Ludenscheidt', 1],
  ['J. Smith', 'John Smith', 0.9],
  ['John M Smith', 'John Smith', 0.8],
  ['Jonh Smith', 'John Smith', 0.875],
  ['Ann Lee', '李 安', 0],
  ['Ann Lee', '', 0],
  ['...', '...', 0],
])('%j and %j are alike by %d (E16)', (one, other, expected) => {
  expect(nameScore(one, other)).toBeCloseTo(expected, 10);
});

it('puts a person before their namesake and a namesake before a stranger (E16)', () => {
  const friend = 'Katharina Hofmann';
  const likeness = ['Katharina Hofmann', 'Katarina Hoffmann', 'Katharina Meier', 'Bob Ray'].map((name) =>
    nameScore(friend, name),
  );
  expect([...likeness].sort((a, b) => b - a)).toEqual(likeness);
  expect(new Set(likeness).size).toBe(4);
});

const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc
    .array(fc.constantFrom('Ann', 'Anne', 'Lee', 'L', 'Ánn', 'Leé', 'van', 'der'), { maxLength: 5 })
    .map((w) => w.join(' ')),
);

it('is the same both ways, lies between 0 and 1, and is 1 for the same words in any order (E16)', () => {
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      const score = nameScore(one, other);
      expect(nameScore(other, one)).toBe(score);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      const named = nameWords(one).length > 0;
      expect(nameScore(one, one)).toBe(named ? 1 : 0);
      expect(nameScore(one, one.split(' ').reverse().join(' '))).toBe(named ? 1 : 0);
      const sameWords = named && nameWords(one).join(' ') === nameWords(other).join(' ');
      expect(score === 1).toBe(sameWords);
    }),
    { numRuns: 2_000 },
  );
});
