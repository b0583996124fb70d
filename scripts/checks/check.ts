import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

/** One check: a script run by our Node, and what to do when it fails. */
export type Check = {
  name: string;
  /** Below the project's root: `node_modules/…`, or a script of our own. */
  program: string;
  args: string[];
  remedy: string;
  /** Where it runs, when that is not the project's root. */
  cwd?: string;
  /** Beside our own environment. */
  env?: Readonly<Record<string, string>>;
  /** What it says is worth reading when all is well, too. */
  tells?: boolean;
};

const projectDir = dirname(dirname(import.meta.dirname));

export function runCheck({ program, args, cwd, env }: Check): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(projectDir, program), ...args], {
      cwd: cwd ?? projectDir,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
