import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guardServer } from '../server-guard.ts';

const ROOT = join(import.meta.dirname, '../..');

export type Started = {
  readonly url: string;
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  /** Sends the signal to the whole group, as a terminal does, and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** A data directory that a database of any user can live in, removed with everything in it, however the run ends. */
export function openDataDir(): { readonly dataDir: string; close(): Promise<void> } {
  const dataDir = mkdtempSync(join(tmpdir(), 'passalong-start-test-'));
  chmodSync(dataDir, 0o711);
  const release = guardServer(dataDir);
  return {
    dataDir,
    async close() {
      await release();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What `npm start` runs, in a process group of its own. Rejects with what it printed when it ends before it is ready. */
export function start(dataDir: string, more: NodeJS.ProcessEnv = {}): Promise<Started> {
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: dataDir, PORT: '0', ...more },
  });
  const lines: string[] = [];
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (!line.startsWith('passalong ready ')) return;
        resolve({
          url: line.slice('passalong ready '.length),
          lines,
          process: child,
          end(signal) {
            process.kill(-(child.pid ?? 0), signal);
            return ended;
          },
        });
      });
    }
    void ended.then(({ code }) => reject(new Error(`ended with ${code}:\n${lines.join('\n')}`)));
  });
}
