import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Runner } from './runner.ts';

export type Totals = Outcome & { crashes: string[] };

type RunSuitesInput = { runners: Runner[]; projectDir: string; args: string[] };

/** Runs every suite, one after the other, and adds up what they found. */
export async function runSuites({ runners, projectDir, args }: RunSuitesInput): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, skips: [], crashes: [] };
  const chosen = args.length > 0 ? runners.filter((runner) => runner.takesArguments) : runners;
  for (const runner of chosen) {
    const outcome = await runSuite(runner, projectDir, args);
    totals.passed += outcome.passed;
    totals.failed += outcome.failed;
    totals.skips.push(...outcome.skips);
    totals.crashes.push(...outcome.crashes);
  }
  return totals;
}

async function runSuite(runner: Runner, projectDir: string, args: string[]): Promise<Totals> {
  const reportDir = mkdtempSync(join(tmpdir(), 'passalong-report-'));
  const files = { projectDir, reportFile: join(reportDir, 'report.json') };
  try {
    const reason = runner.missing?.(files);
    if (reason) {
      console.error(`\nSKIPPED: the whole suite "${runner.name}" did not run: ${reason}\n`);
      return { passed: 0, failed: 0, skips: [`suite ${runner.name}`], crashes: [] };
    }
    const ended = await runCommand(runner.command(files, args), join(projectDir, runner.directory ?? ''));
    return judge(runner, ended, files.reportFile);
  } finally {
    rmSync(reportDir, { recursive: true, force: true });
  }
}

/** A runner that failed without a failed test (an error outside every test, a killed process) has crashed: one failure. */
function judge(runner: Runner, ended: string | undefined, reportFile: string): Totals {
  try {
    const outcome = runner.parse(readFileSync(reportFile, 'utf8'));
    if (ended === undefined || outcome.failed > 0) return { ...outcome, crashes: [] };
    return { ...outcome, failed: 1, crashes: [`${runner.name} ended with ${ended} though no test failed`] };
  } catch {
    const how = ended ?? 'success';
    return { passed: 0, failed: 1, skips: [], crashes: [`${runner.name} ended with ${how} and left no report`] };
  }
}

/** Undefined when it ended well, else how it ended. Signals meant for us go to the runner, and we wait for it. */
function runCommand([file = '', ...args]: string[], cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, stdio: 'inherit' });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const end = (how: string | undefined): void => {
      for (const signal of signals) process.off(signal, forward);
      resolve(how);
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
}
