import { lstatSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { clusterDirOf, createDataDir } from './data-dir.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { locatePostgres } from './postgres-binaries.ts';
import { createCluster } from './postgres-cluster.ts';
import { startServer, stopServer } from './postgres-server.ts';
import type { PostgresServer, SupervisorLogger } from './postgres-server.ts';
import { appRole, createRolesAndDatabase, databaseName, ownerRole } from './roles.ts';
import type { ServerSettings } from './server-settings.ts';
import { writeSettings } from './server-settings.ts';
import { canReach, serverUserFor } from './server-user.ts';
import type { ServerUser } from './server-user.ts';
import { createSocketDir, socketDirFor } from './socket-directory.ts';
import { socketUrl } from './socket-url.ts';
import { removeAbandoned } from './unfinished-directory.ts';

export type EmbeddedPostgresInput = {
  /** Holds the cluster in `postgres/`, the socket, and on some machines a copy of the programs. */
  dataDir: string;
  logger?: SupervisorLogger;
  /**
   * For a command beside the service: `stop()` then leaves a server it found running, and one it started itself as long
   * as someone else is connected to it by then.
   */
  leaveRunning?: boolean;
  /** PostgreSQL settings over ours; tests trade durability for speed with them. */
  settings?: ServerSettings;
  /** The npm package with the programs, when it is not the installed one. */
  packageDir?: string;
};

export type EmbeddedPostgres = {
  /** The role that serves requests: row-level security binds it. */
  appUrl: string;
  /** The role that owns the schema: migrations only. */
  ownerUrl: string;
  /** The superuser: databases, roles, backups. */
  adminUrl: string;
  socketDir: string;
  /** The server was running already. */
  adopted: boolean;
  stop(): Promise<void>;
};

/** Starts (or adopts) the PostgreSQL server that npm brought along, on `dataDir`, with its roles and database in place. */
export async function startEmbeddedPostgres(input: EmbeddedPostgresInput): Promise<EmbeddedPostgres> {
  createDataDir(resolve(input.dataDir));
  const dataDir = realpathSync(input.dataDir);
  const clusterDir = clusterDirOf(dataDir);
  const user = serverUserFor(clusterDir);
  refuseUnreachable(dataDir, clusterDir, user);
  await removeAbandoned(dataDir);
  const binaries = await locatePostgres({ dataDir, user, packageDir: input.packageDir });
  const server: PostgresServer = { clusterDir, binaries, user, logger: input.logger };

  await createCluster(server);
  const { adopted, socketDir } = await startServer(server, async () => {
    const socketDir = socketDirFor(dataDir);
    createSocketDir(socketDir, user);
    await writeSettings({ clusterDir, socketDir, user, overrides: input.settings ?? {} });
  });
  const adminUrl = socketUrl({ user: 'postgres', database: 'postgres', socketDir });
  await createRolesAndDatabase(adminUrl);
  input.logger?.info({ dataDir, socketDir, adopted, user: user?.name }, 'embedded database ready');
  return {
    appUrl: socketUrl({ user: appRole, database: databaseName, socketDir }),
    ownerUrl: socketUrl({ user: ownerRole, database: databaseName, socketDir }),
    adminUrl,
    socketDir,
    adopted,
    async stop() {
      if (input.leaveRunning && (adopted || (await isInUse(adminUrl)))) return;
      await stopServer(server);
    },
  };
}

/** Says early and plainly what PostgreSQL would say late and obscurely. */
function refuseUnreachable(dataDir: string, clusterDir: string, user: ServerUser | undefined): void {
  if (!canReach(user, dataDir)) {
    throw new EmbeddedPostgresError({
      code: 'embedded_postgres_data_unreachable',
      message: `The database runs as ${user?.name ?? 'this user'}, who cannot enter ${dataDir}.`,
      remedy: 'Set DATA_DIR to a directory outside private places such as /root.',
    });
  }
  const owner = lstatSync(clusterDir, { throwIfNoEntry: false })?.uid;
  const self = process.getuid?.();
  if (owner === undefined || self === 0 || owner === self) return;
  throw new EmbeddedPostgresError({
    code: 'embedded_postgres_data_unreachable',
    message: `The database in ${clusterDir} belongs to another user of this machine (uid ${owner}).`,
    remedy: 'Start Passalong as that user or as root, or choose another DATA_DIR.',
  });
}

async function isInUse(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return (rowCount ?? 0) > 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
