import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runPostgresCommand } from './postgres-command.ts';
import { readPostmaster, removeDeadLock } from './postmaster-file.ts';
import type { ServerUser } from './server-user.ts';
import { socketUrl } from './socket-url.ts';

export type SupervisorLogger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

export type PostgresServer = {
  clusterDir: string;
  binaries: PostgresBinaries;
  user: ServerUser | undefined;
  logger: SupervisorLogger | undefined;
};

type Contact = { state: 'ready'; socketDir: string } | { state: 'starting' } | { state: 'absent' };

/** A killed server keeps its lock until its parent collects it; a crashed one may replay minutes of log before it answers. */
const lockPatienceMs = 30_000;
const recoveryPatienceMs = 300_000;
const zombiePatienceMs = 3_000;
const pauseMs = 200;

/** What PostgreSQL says while an earlier server on the same data is not quite gone. */
const lockedOut = /lock file .* already exists|pre-existing shared memory block|is another (postmaster|postgres)/is;

/**
 * Comes back with a server that answers: the one already running on this data (left by a killed Node, or in use by
 * another of our processes), or a new one. `prepare` runs before a start and never under a running server.
 */
export async function startServer(
  server: PostgresServer,
  prepare: () => Promise<void>,
): Promise<{ adopted: boolean; socketDir: string }> {
  const begun = Date.now();
  for (;;) {
    const waitedMs = Date.now() - begun;
    const contact = await contactServer(server.clusterDir);
    if (contact.state === 'ready') return { adopted: true, socketDir: contact.socketDir };
    if (contact.state === 'absent') {
      await prepare();
      const failure = await tryStart(server);
      if (failure === undefined) return { adopted: false, socketDir: await socketDirOf(server) };
      if (!lockedOut.test(failure) || waitedMs > lockPatienceMs) throw startError(server, failure);
      server.logger?.info({ waitedMs }, 'waiting for an earlier database server on the same data to be gone');
      if (await removeDeadLock(server.clusterDir, { zombies: waitedMs > zombiePatienceMs })) continue;
    } else if (waitedMs > recoveryPatienceMs) {
      throw startError(server, 'it has been starting for five minutes');
    }
    await sleep(pauseMs);
  }
}

/** Disconnects everyone, writes a checkpoint and returns when the server is gone. Safe when it is gone already. */
export async function stopServer({ clusterDir, binaries, user, logger }: PostgresServer): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (!existsSync(join(clusterDir, 'postmaster.pid'))) return;
    const args = ['stop', '-D', clusterDir, '-m', mode, '-w', '-t', mode === 'fast' ? '60' : '15'];
    const run = await runPostgresCommand({ file: binaries.pgCtl, args, user });
    if (run.ok || /does not exist|is server running/i.test(run.output)) return;
    logger?.warn({ mode, output: run.output }, 'the database server did not stop');
  }
}

async function contactServer(clusterDir: string): Promise<Contact> {
  const postmaster = await readPostmaster(clusterDir);
  if (!postmaster) return { state: 'absent' };
  const { socketDir } = postmaster;
  const client = new pg.Client({
    connectionString: socketUrl({ user: 'postgres', database: 'postgres', socketDir }),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    // A short socket directory could in theory be another cluster's; the server itself knows best.
    return rows[0]?.data_directory === clusterDir ? { state: 'ready', socketDir } : { state: 'absent' };
  } catch (error) {
    return contactAfter(error as NodeJS.ErrnoException, socketDir);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** 57P03: up, but replaying its log or going down. 53300: up, and every connection is taken at the moment. */
function contactAfter(error: NodeJS.ErrnoException, socketDir: string): Contact {
  if (error.code === '57P03' || error.code === '53300') return { state: 'starting' };
  if (error.code !== 'EACCES') return { state: 'absent' };
  throw new EmbeddedPostgresError({
    code: 'embedded_postgres_data_unreachable',
    message: `The database is running, but this user may not enter ${socketDir}.`,
    remedy: 'Run this as the user who started Passalong, or as root.',
    cause: error,
  });
}

/** Undefined when the server runs, otherwise everything it said. */
async function tryStart({ clusterDir, binaries, user }: PostgresServer): Promise<string | undefined> {
  const log = logFile(clusterDir);
  if (sizeOf(log) > 10_000_000) renameSync(log, `${log}.1`);
  const before = sizeOf(log);
  const args = ['start', '-D', clusterDir, '-l', log, '-w', '-t', String(recoveryPatienceMs / 1000)];
  const run = await runPostgresCommand({ file: binaries.pgCtl, args, user });
  if (run.ok) return undefined;
  return `${run.output}\n${existsSync(log) ? readFileSync(log).subarray(before).toString() : ''}`;
}

async function socketDirOf(server: PostgresServer): Promise<string> {
  const postmaster = await readPostmaster(server.clusterDir);
  if (!postmaster) throw startError(server, 'it stopped right after its start');
  return postmaster.socketDir;
}

function startError({ clusterDir }: PostgresServer, output: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError({
    code: 'embedded_postgres_start_failed',
    message: `The embedded PostgreSQL server did not start: ${output.trim().slice(-1500)}`,
    remedy: `Its log is ${logFile(clusterDir)}. Common causes are a full disk or another server on the same data.`,
  });
}

function logFile(clusterDir: string): string {
  return join(clusterDir, 'server.log');
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
