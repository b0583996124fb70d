import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { clusterDirOf } from '../../backend/src/db/data-dir.ts';
import { readPostmaster } from '../../backend/src/db/postmaster-file.ts';
import { guardServer } from '../server-guard.ts';

/** An empty directory for one server; the server, if it still runs, and the directory are gone after the test. */
export function emptyDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'passalong-server-'));
  chmodSync(dataDir, 0o711);
  onTestFinished(guardServer(dataDir));
  return dataDir;
}

export type Owner = { process: ChildProcess; acknowledged: () => number };

/** Starts server-owner.ts and waits until its server is up. */
export async function startOwner(dataDir: string): Promise<Owner> {
  const script = join(import.meta.dirname, 'server-owner.ts');
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  let last = 0;
  lines.on('line', (line) => (last = Number(line)));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { process: child, acknowledged: () => last };
}

export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** SIGKILL for the server and every process it has, as the kernel does when memory runs out. */
export async function killServer(dataDir: string): Promise<void> {
  const pid = (await readPostmaster(clusterDirOf(dataDir)))?.pid;
  if (!pid) throw new Error('no server to kill');
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const processes = table.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const children = processes.filter(([, parent]) => parent === pid).map(([child]) => child);
  for (const victim of [pid, ...children]) {
    if (victim) process.kill(victim, 'SIGKILL');
  }
}

export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function countAcknowledged(ownerUrl: string): Promise<number> {
  const rows = await query<{ count: number }>(ownerUrl, 'select count(*)::int as count from acknowledged');
  return rows[0]?.count ?? 0;
}
