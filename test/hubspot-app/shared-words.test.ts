import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { PROJECT_DIR } from './project-copy.ts';

const CARDS = join(PROJECT_DIR, 'src/app/cards');
const SHARED = resolve(PROJECT_DIR, '../shared');
const PACKAGE = '@passalong/shared';
const shared = JSON.parse(readFileSync(join(SHARED, 'package.json'), 'utf8')) as {
  exports: Record<string, string>;
  files: string[];
};

/** What is left of a file when it runs: types are gone, and with them the imports that bring nothing else. */
const running = (text: string): string =>
  ts.transpile(text, { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true });
const importsOf = (text: string): string[] =>
  ts.preProcessFile(text, true).importedFiles.map(({ fileName }) => fileName);

const cardSources = readdirSync(CARDS, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
  .map((name) => ({ name, text: readFileSync(join(CARDS, name), 'utf8') }));

test('a card finds the words it shares with the service by the name of their package', () => {
  const fromCards = createRequire(join(CARDS, 'package.json'));
  expect(fromCards.resolve(`${PACKAGE}/card-view`)).toBe(join(SHARED, 'card-view.ts'));
  expect(() => fromCards.resolve(`${PACKAGE}/crm-fields`)).toThrow(/not defined by "exports"/);
});

test('the view of a card is types alone, so that nothing of the service can come into a card with it', () => {
  expect(
    running(readFileSync(join(SHARED, 'card-view.ts'), 'utf8'))
      .replace(/\/\*[^]*?\*\//g, '')
      .trim(),
  ).toBe('export {};');
  expect(running("import { z } from 'zod';\nexport type A = z.infer<typeof b>;")).toContain("from 'zod'");
});

test('the cards take from that package only what it offers, and only types', () => {
  const taken = cardSources.flatMap(({ text }) => importsOf(text).filter((from) => from.startsWith(`${PACKAGE}/`)));
  expect(taken.length).toBeGreaterThan(0);
  const offered = Object.keys(shared.exports).map((key) => key.replace('.', PACKAGE));
  expect([...new Set(taken)].filter((from) => !offered.includes(from))).toEqual([]);
  const atRuntime = cardSources.filter(({ text }) => importsOf(running(text)).some((from) => from.startsWith(PACKAGE)));
  expect(atRuntime.map(({ name }) => name)).toEqual([]);
});

test('the package carries every file its exports lead to, because an upload packs nothing else', () => {
  const reached = Object.values(shared.exports).map((file) => join(SHARED, file));
  for (const file of reached)
    for (const from of importsOf(readFileSync(file, 'utf8'))) {
      const next = join(dirname(file), from);
      if (!reached.includes(next)) reached.push(next);
    }
  expect(reached.map((file) => basename(file)).sort()).toEqual([...shared.files].sort());
});

test('what a card needs to run is declared where an upload looks for it', () => {
  const { dependencies } = JSON.parse(readFileSync(join(CARDS, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const packages = cardSources.flatMap(({ text }) => importsOf(text).filter((from) => !from.startsWith('.')));
  const names = new Set(
    packages.map((from) =>
      from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/'),
    ),
  );
  expect([...names].filter((name) => !(name in dependencies))).toEqual([]);
  expect(dependencies['react']).toBe('18.3.1');
  expect(dependencies[PACKAGE]).toBe('file:../../../../shared');
});
