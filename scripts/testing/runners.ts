import { join } from 'node:path';
import type { Outcome, Runner } from './runner.ts';

type JestLikeReport = {
  testResults: {
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
};

/** vitest writes jest's report format, so this reads both. A file that could not even be loaded is one failure. */
export function parseJestReport(report: string): Outcome {
  const outcome: Outcome = { passed: 0, failed: 0, skips: [] };
  for (const file of (JSON.parse(report) as JestLikeReport).testResults) {
    const tests = file.assertionResults;
    for (const test of tests) {
      if (test.status === 'passed') outcome.passed += 1;
      else if (test.status === 'failed') outcome.failed += 1;
      else outcome.skips.push(test.fullName.trim());
    }
    if (file.status === 'failed' && !tests.some((test) => test.status === 'failed')) outcome.failed += 1;
  }
  return outcome;
}

export const runners: Runner[] = [
  {
    name: 'vitest',
    command: ({ projectDir, reportFile }, args) => [
      process.execPath,
      join(projectDir, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...args,
    ],
    parse: parseJestReport,
    takesArguments: true,
  },
];
