import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import type { Runner } from '../../../scripts/testing/runner.ts';
import { runSuites } from '../../../scripts/testing/run-suites.ts';
import { parseJestReport } from '../../../scripts/testing/runners.ts';

const projectDir = tmpdir();

function runner(name: string, report: string, exitCode: number): Runner {
  const write = `require('fs').writeFileSync(process.argv[1], process.argv[2]); process.exit(${exitCode})`;
  return {
    name,
    command: ({ reportFile }) => [
      process.execPath,
      '-e',
      report ? write : `process.exit(${exitCode})`,
      reportFile,
      report,
    ],
    parse: (text) => JSON.parse(text) as { passed: number; failed: number; skips: string[] },
    takesArguments: false,
  };
}

const good = runner('good', '{"passed":3,"failed":0,"skips":["a"]}', 0);

test('the counts of all runners are added together', async () => {
  const bad = runner('bad', '{"passed":1,"failed":2,"skips":[]}', 1);
  expect(await runSuites({ runners: [good, bad], projectDir, args: [] })).toEqual({
    passed: 4,
    failed: 2,
    skips: ['a'],
    crashes: [],
  });
});

test('a runner that crashes counts as a failure, whether or not it left a report', async () => {
  const silent = runner('silent', '', 0);
  const afterwards = runner('afterwards', '{"passed":5,"failed":0,"skips":[]}', 3);
  const totals = await runSuites({ runners: [silent, afterwards], projectDir, args: [] });
  expect(totals).toMatchObject({ passed: 5, failed: 2 });
  expect(totals.crashes).toEqual([
    'silent ended with success and left no report',
    'afterwards ended with exit code 3 though no test failed',
  ]);
});

test('a suite that lacks a tool counts as skipped, and says so', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const lacking: Runner = { ...good, missing: () => 'no Chromium here' };
  const totals = await runSuites({ runners: [good, lacking], projectDir, args: [] });
  expect(totals.skips).toEqual(['a', 'suite good']);
  expect(said.mock.calls.flat().join()).toContain('no Chromium here');
  said.mockRestore();
});

test('with arguments only the runners that understand them run', async () => {
  expect((await runSuites({ runners: [good], projectDir, args: ['test/db'] })).passed).toBe(0);
});

test('a test file that could not be loaded is a failure', () => {
  const file = { name: 'x', status: 'failed', assertionResults: [{ status: 'passed', fullName: 'a' }] };
  expect(parseJestReport(JSON.stringify({ testResults: [file] }))).toEqual({ passed: 1, failed: 1, skips: [] });
});
