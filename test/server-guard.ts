import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterDirOf } from '../backend/src/db/data-dir.ts';
import { readPostmaster } from '../backend/src/db/postmaster-file.ts';

/**
 * A test run can be killed at any moment, and a PostgreSQL server outlives the process that started it. So a small process
 * of its own (this file) waits for the run to end, which closes its input, and then removes what is left.
 * Returns a function for the end of an orderly run: it comes back when the guard is gone.
 */
export function guardServer(dataDir: string): () => Promise<void> {
  const guard = spawn(process.execPath, [import.meta.filename, dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = once(guard, 'exit');
  return async () => {
    guard.stdin.end();
    await gone;
  };
}

async function cleanUp(dataDir: string): Promise<void> {
  const postmaster = await readPostmaster(clusterDirOf(dataDir));
  if (postmaster) await quit(postmaster.pid);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

/** SIGQUIT is PostgreSQL's immediate stop; signal 0 asks whether the process is still there. */
async function quit(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGQUIT');
    for (let turn = 0; turn < 50; turn += 1) {
      process.kill(pid, 0);
      await sleep(100);
    }
  } catch {
    // Gone, which is what we want.
  }
}

if (process.argv[1] === import.meta.filename) {
  const dataDir = process.argv[2];
  if (!dataDir) throw new Error('server-guard needs the data directory it guards.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdin.resume();
  process.stdin.on('error', () => undefined);
  process.stdin.on('close', () => void cleanUp(dataDir));
}
