/** One check: a program of node_modules (its script, run by our Node) and what to do when it fails. */
export type Check = { name: string; program: string; args: string[]; remedy: string };

const vitest = 'vitest/vitest.mjs';

export const checks: Check[] = [
  {
    name: 'format',
    program: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
    remedy: 'npx prettier --write . formats everything.',
  },
  {
    name: 'lint',
    program: 'eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0'],
    remedy: 'eslint.config.js says why each rule is there.',
  },
  {
    name: 'types',
    program: 'typescript/bin/tsc',
    args: ['--noEmit'],
    remedy: 'tsc only checks; Node runs the source.',
  },
  {
    name: 'architecture',
    program: vitest,
    args: ['run', '--reporter=dot', 'test/architecture'],
    remedy: 'scripts/architecture/layers.ts says who may import whom.',
  },
  {
    name: 'contracts',
    program: vitest,
    args: ['run', '--reporter=dot', '--project', 'unit', 'test/contracts', 'test/sandbox/app-project'],
    remedy: 'Fields, scopes, subscriptions, docs and the app project have to say the same.',
  },
  {
    name: 'schema',
    program: vitest,
    args: ['run', '--reporter=dot', 'test/db/schema-text.test.ts'],
    remedy: 'npm run schema writes migrations/schema.sql anew.',
  },
];
