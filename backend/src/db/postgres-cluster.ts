import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runPostgresCommand } from './postgres-command.ts';
import { includeSettings } from './server-settings.ts';
import type { ServerUser } from './server-user.ts';
import { unfinishedDirectory } from './unfinished-directory.ts';

type ClusterInput = {
  clusterDir: string;
  binaries: PostgresBinaries;
  user: ServerUser | undefined;
};

/**
 * Makes sure the cluster exists and fits these programs. A new cluster is made under another name and renamed when it is
 * whole: the name is the marker, so a kill at any moment leaves either nothing or a whole cluster, and of two first
 * starts at once the later rename loses and uses the other's.
 */
export async function createCluster(input: ClusterInput): Promise<void> {
  const { clusterDir, binaries } = input;
  if (!existsSync(clusterDir)) await initializeCluster(input);
  const major = (await readMajor(clusterDir)).trim();
  if (major === binaries.major) return;
  throw new EmbeddedPostgresError({
    code: 'embedded_postgres_wrong_major',
    message: `The data in ${clusterDir} was made by PostgreSQL ${major}, and this version of Passalong brings PostgreSQL ${binaries.major}.`,
    remedy: `Use the Passalong version that made it, or move the data to a PostgreSQL server and set DATABASE_URL.`,
  });
}

async function initializeCluster({ clusterDir, binaries, user }: ClusterInput): Promise<void> {
  const unfinished = unfinishedDirectory(clusterDir);
  await mkdir(unfinished, { mode: 0o700 });
  await chmod(unfinished, 0o700);
  if (user) await chown(unfinished, user.uid, user.gid);
  const args = ['-D', unfinished, '--username=postgres', '--auth-local=trust', '--auth-host=reject'];
  args.push('--locale=C', '--encoding=UTF8', '--no-instructions');
  const run = await runPostgresCommand({ file: binaries.initdb, args, user });
  if (!run.ok) {
    await rm(unfinished, { recursive: true, force: true });
    throw new EmbeddedPostgresError({
      code: 'embedded_postgres_setup_failed',
      message: `PostgreSQL could not make its data directory: ${run.output}`,
      remedy: 'Check that DATA_DIR is on a disk with free space which this user may write to.',
    });
  }
  await includeSettings(unfinished);
  await takeName(unfinished, clusterDir);
}

async function takeName(unfinished: string, clusterDir: string): Promise<void> {
  try {
    await rename(unfinished, clusterDir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const taken = ['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!taken) throw error;
  }
}

async function readMajor(clusterDir: string): Promise<string> {
  try {
    return await readFile(join(clusterDir, 'PG_VERSION'), 'utf8');
  } catch (cause) {
    throw new EmbeddedPostgresError({
      code: 'embedded_postgres_data_unreachable',
      message: `The database in ${clusterDir} cannot be read by this user.`,
      remedy: 'Start Passalong as the user who made it (or as root), or choose another DATA_DIR.',
      cause,
    });
  }
}
