import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { collectErrors } from '../../scripts/error-catalogue.ts';
import { errorsDocument } from '../../scripts/errors-doc.ts';

const project = resolve(import.meta.dirname, '../..');
const entries = collectErrors(project);

test('docs/errors.md lists every error of the source and no other (scripts/errors-doc.ts --write makes it)', async () => {
  expect(readFileSync(join(project, 'docs/errors.md'), 'utf8')).toBe(await errorsDocument(entries));
});

test('every error says in words what happened and what to do', () => {
  expect(entries.length).toBeGreaterThan(20);
  for (const entry of entries) {
    expect(entry.code).toMatch(/^[a-z][a-z0-9_]+$/);
    expect(entry.status).toMatch(/^[45]\d\d( or [45]\d\d)*$/);
    expect(entry.retry).toMatch(/^(never|later|after-reauthorization)( or (never|later|after-reauthorization))*$/);
    expect(entry.cause.length).toBeGreaterThan(10);
    expect(entry.remedy.length).toBeGreaterThan(10);
  }
});

test('one code belongs to one kind of error', () => {
  const causes = Map.groupBy(entries, ({ code }) => code);
  for (const [code, listed] of causes)
    expect([code, new Set(listed.map(({ cause }) => cause)).size]).toEqual([code, 1]);
});
