import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canReach, serverUserFor } from './server-user.ts';

export const projectDir = resolve(import.meta.dirname, '../../..');

/**
 * Where the embedded database and the generated keys live, as an absolute path.
 * `configured` is DATA_DIR. Without it: `.data` in the project; but when root starts us from a place the database's own
 * user cannot enter (such as /root), a directory of this project's own under /var/lib.
 */
export function resolveDataDir(configured: string | undefined, project = projectDir): string {
  if (configured) return resolve(configured);
  const inProject = join(project, '.data');
  const user = serverUserFor(clusterDirOf(inProject));
  if (!user || canReach(user, project)) return inProject;
  const key = createHash('sha256').update(project).digest('hex').slice(0, 12);
  return join('/var/lib/passalong', key);
}

/** The PostgreSQL cluster's place inside the data directory. */
export function clusterDirOf(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** 0711: the database's user must pass through to its own directory, and nobody may list what else is kept here. */
export function createDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
}
