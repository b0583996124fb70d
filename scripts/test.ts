import { dirname } from 'node:path';
import { unexpectedSkips } from './testing/allowed-skips.ts';
import { runSuites } from './testing/run-suites.ts';
import { runners } from './testing/runners.ts';

/**
 * `npm test`: every suite, one count. The last line is `N passed, N failed, N skipped`; the exit code is 0 only when
 * something ran, nothing failed and, in CI, nothing was skipped that is not on the list.
 */
const projectDir = dirname(import.meta.dirname);
const { passed, failed, skips, crashes } = await runSuites({ runners, projectDir, args: process.argv.slice(2) });

const problems = [...crashes];
if (passed + failed === 0) problems.push('no test ran');
if (process.env.CI === 'true') {
  for (const name of unexpectedSkips(skips, projectDir)) {
    problems.push(`skipped, and not listed in test/allowed-skips.json: ${name}`);
  }
}
for (const problem of problems) console.error(`FAILED: ${problem}`);
process.exitCode = failed > 0 || problems.length > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed, ${skips.length} skipped`);
