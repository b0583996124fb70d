/** Letters that no decomposition leads back to a plain one. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** An initial says little, but it does not contradict. */
const INITIAL = 0.8;
/** A name longer than this is no name; its rest is not compared. */
const MAX_WORDS = 8;
const MAX_LETTERS = 40;

/** A name as it is compared: lower case, without accents and punctuation, words in alphabetical order. */
export function nameWords(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðłþı]/g, (letter) => PLAIN[letter] ?? letter)
    // O'Brien and OBrien are one name; a hyphen parts two.
    .replace(/['’`´]/g, '');
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words
    .map((word) => [...word].slice(0, MAX_LETTERS).join(''))
    .sort()
    .slice(0, MAX_WORDS);
}

/**
 * How alike two names are, 0 to 1, whatever the order of their words. 1 means: the same words. Nothing is like no name at
 * all. A likeness is a reason to ask a person, and never more (C12, E16).
 */
export function nameScore(one: string, other: string): number {
  const [a, b] = [nameWords(one), nameWords(other)];
  return a.join(' ') <= b.join(' ') ? scoreOf(a, b) : scoreOf(b, a);
}

/** Each word goes with the one most like it, the best pairs first. */
function scoreOf(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const pairs = a.flatMap((left, i) => b.map((right, j) => ({ i, j, score: wordScore(left, right) })));
  pairs.sort((x, y) => y.score - x.score || x.i - y.i || x.j - y.j);
  const [usedA, usedB] = [new Set<number>(), new Set<number>()];
  let sum = 0;
  for (const { i, j, score } of pairs) {
    if (usedA.has(i) || usedB.has(j)) continue;
    usedA.add(i);
    usedB.add(j);
    sum += score;
  }
  return (2 * sum) / (a.length + b.length);
}

function wordScore(a: string, b: string): number {
  if (a === b) return 1;
  const [left, right] = [[...a], [...b]];
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (short.length === 1) return short[0] === long[0] ? INITIAL : 0;
  return 1 - editDistance(left, right) / long.length;
}

/** Letters to add, drop, replace or swap with their neighbour until one word is the other. */
function editDistance(a: readonly string[], b: readonly string[]): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const steps = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1)];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) steps.push(at(before, column - 2) + 1);
      current.push(Math.min(...steps));
    }
    [before, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
