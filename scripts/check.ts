import { runCheck } from './checks/check.ts';
import { checks } from './checks/checks.ts';

/** `npm run check`: one line for each check, with what a failed one said below it; the exit code tells whether all passed. */
let failures = 0;

for (const check of checks) {
  const begun = performance.now();
  const { ok, output } = await runCheck(check);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${check.name} (${seconds} s)`);
  if (!ok || check.tells) console.log(output.trim().replace(/^/gm, '        '));
  if (ok) continue;
  failures += 1;
  console.log(`${check.remedy}\n`);
}
console.log(failures === 0 ? 'All checks passed.' : `${failures} of ${checks.length} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
