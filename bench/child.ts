import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..');

export type Child = { readonly process: ChildProcess; readonly url: string };

/** Starts a program of the project in a process of its own; resolves with the address it names when it is ready. */
export async function startChild(input: {
  readonly args: readonly string[];
  /** What the line begins with that ends in the address. */
  readonly ready: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<Child> {
  const child = spawn(process.execPath, input.args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...input.environment },
  });
  return { process: child, url: (await lineOf(child, input.ready)).trim() };
}

function lineOf(child: ChildProcess, prefix: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    if (!child.stdout) throw new Error('no output to read');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith(prefix)) resolve(line.slice(prefix.length));
      // What the service warns of belongs beside the figures.
      else if (/"level":"(warn|error|fatal)"/.test(line)) console.error(line);
    });
  });
}

export async function endChild({ process: child }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
