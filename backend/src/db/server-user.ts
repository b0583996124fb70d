import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** The operating-system user the database server runs as when we are root ourselves. */
export type ServerUser = { name: string; uid: number; gid: number };

/** `nobody` comes last: it exists everywhere, but other services may share it. */
const candidates = ['passalong', 'postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so root hands the server to another user; anyone else runs it as themselves (undefined).
 * Data that already has an owner keeps it, because PostgreSQL insists that the server runs as the owner of its data:
 * adding a `passalong` user later must not make yesterday's data unreadable.
 */
export function serverUserFor(clusterDir: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(clusterDir);
  if (owner) return owner;
  for (const name of candidates) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid && gid) return { name, uid, gid };
  }
  throw new EmbeddedPostgresError({
    code: 'embedded_postgres_no_user',
    message: 'PostgreSQL does not run as root, and none of the users passalong, postgres or nobody exists to run it.',
    remedy: 'Create one (useradd --system passalong), start Passalong as a normal user, or set DATABASE_URL.',
  });
}

/** Whether the user (undefined: ourselves) can reach the directory. Asks the system, which also knows about ACLs. */
export function canReach(user: ServerUser | undefined, directory: string): boolean {
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...identity, cwd: '/', stdio: 'ignore' });
  return probe.status === 0;
}

function ownerOf(path: string): ServerUser | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.uid === 0) return undefined;
  return { name: `uid ${found.uid}`, uid: found.uid, gid: found.gid };
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return answer.status === 0 ? Number(answer.stdout.trim()) : undefined;
}
