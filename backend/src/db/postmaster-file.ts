import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running (or killed) server wrote about itself into its data directory. */
export type Postmaster = { pid: number; socketDir: string };

const path = (clusterDir: string): string => join(clusterDir, 'postmaster.pid');

/** Line 1 is the process id, line 5 the socket directory; the file is short while a server is only just starting. */
export async function readPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(path(clusterDir), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const socketDir = lines[4] ?? '';
  return pid > 0 && socketDir ? { pid, socketDir } : undefined;
}

/**
 * Removes the lock of a server that is certainly dead though its process id still answers: a zombie nobody has collected
 * (a container without an init keeps it for ever), or the same number given to another program after a restart of the machine.
 * PostgreSQL's second lock, the shared memory block keyed by the data directory, still stops a start while any process of
 * the old server lives. Zombies are given a moment first (`zombies` false): usually somebody collects them.
 * Only Linux tells us enough; elsewhere the lock is left alone.
 */
export async function removeDeadLock(clusterDir: string, lock: { zombies: boolean }): Promise<boolean> {
  const lines = (await readFile(path(clusterDir), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0)) return false;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, program, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? [];
  if (program === undefined) return false;
  if (state === 'Z' ? !lock.zombies : program === 'postgres') return false;
  await rm(path(clusterDir), { force: true });
  return true;
}
