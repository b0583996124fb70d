import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Makes each recorded fault of docs/mutations.md in a copy of the working tree, one at a time, and looks whether exactly the
 * tests named there fail. By hand: `node scripts/run.mjs scripts/mutations.ts [part of a title]`.
 */
export type Mutation = {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
  readonly tests: readonly string[];
  /** Names of the tests that must fail, and no others. */
  readonly fails: readonly string[];
};

const ROOT = join(import.meta.dirname, '..');
const NOT_COPIED = new Set(['node_modules', '.git', '.data', 'dist', 'coverage']);

/** One mutation per heading of the third level. */
export function readMutations(markdown: string): Mutation[] {
  return markdown
    .split(/^### /m)
    .slice(1)
    .map((section): Mutation => {
      const [title = ''] = section.split('\n');
      const lines = (sign: string): string =>
        (/```diff\n([\s\S]*?)```/.exec(section)?.[1] ?? '')
          .split('\n')
          .filter((line) => line.startsWith(sign))
          .map((line) => line.slice(1))
          .join('\n');
      const list = (name: string): string[] =>
        [...(new RegExp(`^${name}:\\n\\n((?:- .*\\n)+)`, 'm').exec(section)?.[1] ?? '').matchAll(/^- (.*)$/gm)].map(
          ([, item = '']) => item.replace(/^`|`$/g, ''),
        );
      const [file = ''] = list('File');
      return { title, file, text: lines('-'), replacement: lines('+'), tests: list('Tests'), fails: list('Fails') };
    });
}

type Assertion = { readonly title: string; readonly status: string };
type Report = {
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[]; readonly message: string }[];
};

function failedTests(copy: string, tests: readonly string[]): string[] {
  const outputFile = join(copy, 'mutation-report.json');
  rmSync(outputFile, { force: true });
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', '--reporter=json', `--outputFile=${outputFile}`, ...tests], {
    cwd: copy,
    encoding: 'utf8',
  });
  const report = readReport(outputFile, run.stderr);
  const broken = report.testResults.filter(({ assertionResults, message }) => assertionResults.length === 0 && message);
  if (broken.length > 0) throw new Error(`A test file did not run: ${broken.map(({ message }) => message).join(' ')}`);
  const failed = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title),
  );
  return [...new Set(failed)].sort();
}

function readReport(file: string, complaint: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    throw new Error(`The tests left no report. ${complaint.slice(-2_000)}`);
  }
}

/** What is wrong with the record of this mutation; null: nothing. */
function tryOut(copy: string, { file, text, replacement, tests, fails }: Mutation): string | null {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  if (text === '' || original.split(text).length !== 2) return `the text is not there exactly once in ${file}`;
  writeFileSync(
    path,
    original.replace(text, () => replacement),
  );
  try {
    const failed = failedTests(copy, tests);
    const expected = [...new Set(fails)].sort();
    if (JSON.stringify(failed) === JSON.stringify(expected)) return null;
    const missing = expected.filter((name) => !failed.includes(name)).map((name) => `\n  passes: ${name}`);
    const surplus = failed.filter((name) => !expected.includes(name)).map((name) => `\n  fails too: ${name}`);
    return [...missing, ...surplus].join('');
  } finally {
    writeFileSync(path, original);
  }
}

function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'passalong-mutations-'));
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !NOT_COPIED.has(basename(source)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function main(wanted: string): number {
  const all = readMutations(readFileSync(join(ROOT, 'docs', 'mutations.md'), 'utf8'));
  const chosen = all.filter(({ title }) => title.includes(wanted));
  const copy = copyTree();
  let wrong = 0;
  try {
    const untouched = failedTests(copy, [...new Set(chosen.flatMap(({ tests }) => tests))]);
    if (untouched.length > 0) throw new Error(`These fail without any fault: ${untouched.join('; ')}`);
    for (const mutation of chosen) {
      const problem = tryOut(copy, mutation);
      if (problem !== null) wrong += 1;
      console.log(problem === null ? `found    ${mutation.title}` : `WRONG    ${mutation.title}: ${problem}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(
    `${String(chosen.length - wrong)} of ${String(chosen.length)} faults are found by exactly the tests named.`,
  );
  return wrong === 0 && chosen.length > 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv[2] ?? '');
