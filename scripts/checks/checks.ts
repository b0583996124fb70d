import { dirname, join } from 'node:path';
import { cardChecks } from './cards/card-checks.ts';
import type { Check } from './check.ts';

const projectDir = dirname(dirname(import.meta.dirname));
const vitest = 'node_modules/vitest/vitest.mjs';
const tsc = 'node_modules/typescript/bin/tsc';

/** Those that look at our project; card-checks.test.ts beside them shows that the checks below can fail. */
const hubspotProject = ['project', 'faults', 'scopes', 'shared-words'].map(
  (name) => `test/hubspot-app/${name}.test.ts`,
);

/** Folders and files whose tests draw their cases. */
const withProperties = ['unit', 'ingest', 'decisions', 'crm/webhook-events', 'crm/salesforce-soql'].map(
  (name) => `test/${name}`,
);

export const checks: Check[] = [
  {
    name: 'format',
    program: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
    remedy: 'npx prettier --write . formats everything.',
  },
  {
    name: 'lint',
    program: 'node_modules/eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0'],
    remedy: 'eslint.config.js says why each rule is there.',
  },
  {
    name: 'types',
    program: tsc,
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
    name: 'properties',
    program: vitest,
    args: ['run', '--reporter=dot', ...withProperties],
    env: { FAST_CHECK_SEED: String(Math.floor(Math.random() * 2 ** 31)) },
    remedy: 'npm test draws the same cases each time, this check draws new ones: the seed is in the message.',
  },
  {
    name: 'hubspot project',
    program: vitest,
    args: ['run', '--reporter=dot', '--project', 'hubspot-app', ...hubspotProject],
    remedy: 'HubSpot would refuse this upload, or its reviewers would; docs/hubspot.md says what each scope is for.',
  },
  ...cardChecks(join(projectDir, 'hubspot-app')),
  {
    name: 'card test types',
    program: tsc,
    args: ['--noEmit', '-p', 'test/hubspot-cards'],
    remedy:
      'The tests of the cards are written in the cards’ own dialect of TypeScript, so they have a tsconfig of their own.',
  },
  {
    name: 'card host types',
    program: tsc,
    args: ['--noEmit', '-p', 'sandbox/card-host/browser'],
    remedy: 'The page that draws cards on this machine has a tsconfig of its own: it runs in a browser.',
  },
  {
    name: 'schema',
    program: vitest,
    args: ['run', '--reporter=dot', 'test/db/schema-text.test.ts'],
    remedy: 'npm run schema writes migrations/schema.sql anew.',
  },
];
