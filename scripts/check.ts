import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Check } from './checks/checks.ts';
import { checks } from './checks/checks.ts';

/** `npm run check`: one line for each check, with what a failed one said below it; the exit code tells whether all passed. */
const projectDir = dirname(import.meta.dirname);
let failures = 0;

for (const check of checks) {
  const begun = performance.now();
  const { ok, output } = await run(check);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${check.name} (${seconds} s)`);
  if (ok) continue;
  failures += 1;
  console.log(`${output.trim()}\n${check.remedy}\n`);
}
console.log(failures === 0 ? 'All checks passed.' : `${failures} of ${checks.length} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;

function run({ program, args }: Check): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const script = join(projectDir, 'node_modules', program);
    const child = spawn(process.execPath, [script, ...args], { cwd: projectDir, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
