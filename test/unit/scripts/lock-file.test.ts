import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

type Entry = { optionalDependencies?: Record<string, string>; dependencies?: Record<string, string> };
type Lock = { packages: Record<string, Entry> };

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8')) as Lock;

/** Where a package that needs `name` finds it: in its own node_modules, or in one of those above. */
function isLocked({ packages }: Lock, path: string, name: string): boolean {
  for (let at = path; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

function missing(from: Lock): string[] {
  return Object.entries(from.packages).flatMap(([path, { dependencies = {}, optionalDependencies = {} }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(from, path, name))
      .map((name) => `${path || '.'} needs ${name}`),
  );
}

// npm 11.19 refuses such a lock at once, and another system would lack the program made for it.
test('the lock file holds every package that another one in it asks for, those of other systems too', () => {
  expect(missing(lock)).toEqual([]);
});

test('a lock file that lacks one package is found out', () => {
  const { 'node_modules/knex': _, ...packages } = lock.packages;
  expect(missing({ packages })).toContain('. needs knex');
});
