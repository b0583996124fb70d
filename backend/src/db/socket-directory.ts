import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { ServerUser } from './server-user.ts';

/** We fix the port because it names the socket file; PGPORT in someone's shell must not. */
export const socketPort = 5432;

/** macOS allows 104 bytes with the closing zero, Linux 108. */
const longestSocketPath = 103;

/**
 * The directory of the server's socket: beside the data, or, where that path is too long or has characters PostgreSQL
 * would read as a list, a short one derived from it, so that every start of the same data finds the same directory.
 */
export function socketDirFor(dataDir: string): string {
  const beside = join(dataDir, 'socket');
  const plain = /^[\w/.-]+$/.test(beside);
  const path = join(beside, `.s.PGSQL.${socketPort}`);
  if (plain && Buffer.byteLength(path) <= longestSocketPath) return beside;
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(shortBase(), `passalong-${key}`);
}

/** 0700 and owned by the server's user: whoever reaches the socket may log in, so the directory is the lock. */
export function createSocketDir(socketDir: string, user: ServerUser | undefined): void {
  try {
    mkdirSync(socketDir, { mode: 0o700 });
    chmodSync(socketDir, 0o700);
    if (user) chownSync(socketDir, user.uid, user.gid);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw socketDirError(socketDir, 'cannot be made', cause);
  }
  const made = lstatSync(socketDir);
  const ours = made.isDirectory() && made.uid === (user?.uid ?? process.getuid?.()) && (made.mode & 0o077) === 0;
  // In /tmp anyone could have made the directory before us, to listen in our place.
  if (!ours) throw socketDirError(socketDir, 'belongs to someone else or is open to others');
}

function shortBase(): string {
  if (process.getuid?.() === 0 && existsSync('/run')) return '/run';
  const base = tmpdir();
  return base.length <= 60 && /^[\w/.-]+$/.test(base) ? base : '/tmp';
}

function socketDirError(socketDir: string, what: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError({
    code: 'embedded_postgres_socket_directory',
    message: `The directory ${socketDir} for the database's socket ${what}.`,
    remedy: 'Remove it, or choose another place for the data with DATA_DIR.',
    cause,
  });
}
