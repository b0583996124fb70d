import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../../backend/src');
/** What turns a text or a whole number into a float, or rounds one. */
const FLOATS = /\bparseFloat\b|\bparseInt\b|\bNumber\b|\.toFixed\(|\bMath\.(?:round|floor|ceil|trunc)\b|=\s*\+\w/;
/** A power of ten is no money. */
const ALLOWED = ['rewards/money.ts: const scale = fraction.length - Number(power);'];

function linesOf(layer: string): string[] {
  return readdirSync(join(SOURCES, layer)).flatMap((file) =>
    withoutComments(readFileSync(join(SOURCES, layer, file), 'utf8'))
      .split('\n')
      .map((line) => `${layer}/${file}: ${line.trim()}`),
  );
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

it.each(['rewards', 'capture'])('no amount of money becomes a float in %s (E19)', (layer) => {
  const lines = linesOf(layer);
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => FLOATS.test(line) && !ALLOWED.includes(line))).toEqual([]);
});

it('the search finds what it is to find', () => {
  for (const line of [
    'parseFloat(amount)',
    'Number(minor) / 100',
    'x.toFixed(2)',
    'Math.round(a * b)',
    'const a = +text',
  ]) {
    expect(line).toMatch(FLOATS);
  }
  expect('const a = b + c').not.toMatch(FLOATS);
});
