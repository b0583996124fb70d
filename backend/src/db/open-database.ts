import { resolveDataDir } from './data-dir.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { SupervisorLogger } from './postgres-server.ts';

export type OpenDatabaseInput = {
  /** DATABASE_URL: the application role. Absent: the embedded server. */
  databaseUrl: string | undefined;
  /** DATABASE_OWNER_URL: the role that owns the schema. */
  databaseOwnerUrl: string | undefined;
  /** DATA_DIR: where the embedded server keeps its data. */
  dataDir: string | undefined;
  /** For a command beside the service, see `EmbeddedPostgresInput`. */
  leaveRunning?: boolean;
  logger?: SupervisorLogger;
};

export type OpenDatabase = {
  appUrl: string;
  /** Undefined when a served database came without an owner: then this process cannot migrate. */
  ownerUrl: string | undefined;
  embedded: boolean;
  close(): Promise<void>;
};

/** The database this process works with: the one it was given, else the embedded one, started if need be. */
export async function openDatabase(input: OpenDatabaseInput): Promise<OpenDatabase> {
  if (input.databaseUrl) {
    const close = (): Promise<void> => Promise.resolve();
    return { appUrl: input.databaseUrl, ownerUrl: input.databaseOwnerUrl, embedded: false, close };
  }
  const server = await startEmbeddedPostgres({
    dataDir: resolveDataDir(input.dataDir),
    leaveRunning: input.leaveRunning,
    logger: input.logger,
  });
  const { appUrl, ownerUrl } = server;
  return { appUrl, ownerUrl, embedded: true, close: () => server.stop() };
}
