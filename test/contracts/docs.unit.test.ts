import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../../backend/src/settings.ts';

const project = resolve(import.meta.dirname, '../..');
const apart = new Set(['node_modules', '.git', '.data', 'records']);

function walk(directory: string): string[] {
  return readdirSync(join(project, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return apart.has(entry.name) ? [] : walk(path);
    return [path];
  });
}

const files = walk('.');
const documents = files.filter((file) => file.endsWith('.md'));
const read = (file: string): string => readFileSync(join(project, file), 'utf8');

/** Without what stands between fences; what is quoted there is a shell's or a picture's business. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');
const inlineCode = (text: string): string[] => [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
const fencedCode = (text: string): string =>
  [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('\n');

/** The rows of the table whose first column has this head, as cells. */
function tableOf(text: string, firstHead: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\| ${firstHead} +\\|`).test(line));
  if (start < 0) return [];
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end < 0 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** As GitHub makes them: lower case, punctuation out, spaces to hyphens. */
function anchorsOf(file: string): string[] {
  const headings = [...prose(read(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(documents)('%s', (file) => {
  const text = read(file);

  test('leads only to files and headings that are there', () => {
    const broken = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const found = path === '' ? file : relative(project, resolve(project, dirname(file), path));
        if (!existsSync(join(project, found))) return true;
        return anchor !== undefined && !(found.endsWith('.md') && anchorsOf(found).includes(anchor));
      });
    expect(broken).toEqual([]);
  });

  test('names only files and folders that are there', () => {
    const beginnings = ['', 'backend/src/', `${dirname(file)}/`];
    // Written by a run, so not there in a fresh clone.
    const generated = new Set(['bench/results.json', 'results.json']);
    const isThere = (name: string): boolean =>
      beginnings.some((beginning) => existsSync(join(project, beginning, name))) ||
      (!name.includes('/') && files.some((known) => known.endsWith(`/${name}`)));
    const named = inlineCode(text).filter(
      (code) => /^[\w.-]+(\/[\w.-]+)*\.(ts|mjs|js|json|sql)$/.test(code) || /^[\w-]+(\/[\w.-]+)+\/?$/.test(code),
    );
    const looksLikePath = named.filter(
      (code) => /\.(ts|mjs|js|json|sql)$/.test(code) || existsSync(join(project, code.split('/')[0] ?? '')),
    );
    expect(looksLikePath.filter((code) => !generated.has(code) && !isThere(code))).toEqual([]);
  });

  test('names only commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/\bnpm (?:run ([\w-]+)|(start|test)\b)/g)].map(([, run, direct]) => run ?? direct);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });

  test('has no path of somebody’s own machine', () => {
    expect(text).not.toMatch(/(^|[\s`("'])\/(home|root|Users|work|tmp|mnt)\//m);
  });
});

test('there is something to check', () => {
  expect(documents).toEqual(
    expect.arrayContaining([
      'README.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'docs/architecture.md',
      'backend/README.md',
    ]),
  );
});

describe('docs/operations.md', () => {
  const text = read('docs/operations.md');
  const known = SETTINGS.map(({ name }) => name as string);

  test('names only environment variables that settings.ts reads, and all of them', () => {
    const inText = inlineCode(text).flatMap((code) => /^([A-Z][A-Z0-9_]+)(=.*)?$/.exec(code)?.[1] ?? []);
    const inCommands = [...fencedCode(text).matchAll(/(?<![\w$])([A-Z][A-Z0-9_]+)=/g)].map(([, name = '']) => name);
    const named = new Set([...inText, ...inCommands]);
    expect([...named].filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !named.has(name))).toEqual([]);
  });

  test('names only metrics that the service has', () => {
    const source = read('backend/src/observability/metrics.ts');
    const named = [
      ...new Set([...text.matchAll(/\bpassalong_(\w+_(?:total|seconds))\b/g)].map(([, name = '']) => name)),
    ];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');
  const schema = read('migrations/schema.sql');
  const firstCells = (head: string): string[] =>
    tableOf(text, head).map(([cell = '']) => cell.replaceAll('`', '').trim());

  test('lists exactly the tables of the schema', () => {
    const tables = [...schema.matchAll(/^create table public\.(\w+)/gm)].map(([, name = '']) => name);
    expect(firstCells('table').sort()).toEqual(tables.filter((name) => !name.startsWith('inbox_')).sort());
  });

  test('lists exactly the functions that run with the owner’s rights', () => {
    const definer = [...schema.matchAll(/^create function public\.(\w+)\(.*security definer/gm)].map(
      ([, name = '']) => name,
    );
    expect(definer.length).toBeGreaterThan(0);
    expect(firstCells('system function').sort()).toEqual(definer.sort());
  });
});

describe('docs/decisions', () => {
  const decisions = files.filter((file) => file.startsWith('docs/decisions/')).sort();

  test('are numbered without a gap, and each says context, decision and consequences', () => {
    decisions.forEach((file, index) => {
      const number = String(index + 1).padStart(4, '0');
      expect(file).toMatch(new RegExp(`^docs/decisions/${number}-[a-z0-9-]+\\.md$`));
      const headings = [...read(file).matchAll(/^(#+ .+)$/gm)].map(([, heading]) => heading);
      expect(headings).toEqual([
        expect.stringMatching(new RegExp(`^# ${number}: `)),
        '## Context',
        '## Decision',
        '## Consequences',
      ]);
    });
    expect(decisions.length).toBeGreaterThan(0);
  });
});

test('the Salesforce project is one the sf command line reads', () => {
  const { packageDirectories, sourceApiVersion } = JSON.parse(read('salesforce-package/sfdx-project.json')) as {
    packageDirectories: { path: string; default?: boolean }[];
    sourceApiVersion: string;
  };
  expect(packageDirectories.filter((directory) => directory.default)).toHaveLength(1);
  expect(sourceApiVersion).toMatch(/^\d{2}\.0$/);
  expect(statSync(join(project, 'salesforce-package/.forceignore')).isFile()).toBe(true);
});
