import { createServer, type Server } from 'node:http';
import { Agent, setGlobalDispatcher } from 'undici';
import type { AddressInfo } from 'node:net';
import { systemClock } from './clock.ts';
import { loadConfig, type Config } from './config.ts';
import { resolveDataDir } from './db/data-dir.ts';
import { migrate, roleOf } from './db/migrate.ts';
import { openDatabase, type OpenDatabase } from './db/open-database.ts';
import { PassalongError } from './errors/passalong-error.ts';
import { migrateJobs } from './jobs/job-schema.ts';
import { createLogger, type Logger } from './observability/logger.ts';
import { keptSecretKeys } from './secret-keys.ts';
import { createService, type Service } from './service.ts';

export type Running = { readonly url: string; stop(): Promise<void> };

/** Opens the database, brings its schema up to date, starts the service and listens. Undone in reverse by `stop`. */
export async function run(environment: NodeJS.ProcessEnv, logger?: Logger): Promise<Running> {
  const config = loadConfig(environment);
  // api-client's transport takes no abort signal: without this a silent CRM would keep sockets open for minutes.
  setGlobalDispatcher(new Agent({ connectTimeout: 10_000, headersTimeout: 20_000, bodyTimeout: 20_000 }));
  const log = logger ?? createLogger({ level: config.logLevel });
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    databaseOwnerUrl: config.databaseOwnerUrl,
    dataDir: config.dataDir,
  });
  try {
    await migrateWhereOwner(database, log);
    return await listen({ config, log, database });
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function migrateWhereOwner({ ownerUrl, appUrl }: OpenDatabase, log: Logger): Promise<void> {
  if (!ownerUrl) {
    log.info('no DATABASE_OWNER_URL: the schema is taken as it is');
    return;
  }
  const applied = await migrate({ ownerUrl, appUrl });
  await migrateJobs({ ownerUrl, appRole: roleOf(appUrl) });
  if (applied.length > 0) log.info({ applied }, 'schema migrated');
}

async function listen(input: {
  readonly config: Config;
  readonly log: Logger;
  readonly database: OpenDatabase;
}): Promise<Running> {
  const { config, log, database } = input;
  // The port may be chosen by the system, and the service must know its own address before it exists.
  let service: Service | null = null;
  const server = createServer((request, response) => {
    if (service) service.app(request, response);
    else response.writeHead(503, { 'Retry-After': '1' }).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(config.port, () => resolve());
  });
  const publicUrl = config.publicUrl ?? `http://localhost:${(server.address() as AddressInfo).port}`;
  const starting = createService({
    config,
    publicUrl,
    databaseUrl: database.appUrl,
    clock: systemClock,
    logger: log,
    secretKeys: config.secretKeys ?? keptSecretKeys(resolveDataDir(config.dataDir)),
  });
  await starting.start();
  service = starting;
  log.info(
    { publicUrl, role: config.role, hubspot: config.hubspot !== null, salesforce: config.salesforce !== null },
    'started',
  );
  return { url: publicUrl, stop: () => stopAll({ server, service: starting, database, log }) };
}

/** Last in, first out: no new requests, then the work under way, then the pools, then the database. */
async function stopAll(input: {
  readonly server: Server;
  readonly service: Service;
  readonly database: OpenDatabase;
  readonly log: Logger;
}): Promise<void> {
  const closed = new Promise<void>((resolve) => input.server.close(() => resolve()));
  input.server.closeIdleConnections();
  const forced = setTimeout(() => input.server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(forced);
  await input.service.stop();
  await input.database.close();
  input.log.info('stopped');
}

async function main(): Promise<void> {
  const running = await run(process.env);
  console.log(`passalong ready ${running.url}`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void running.stop().then(() => process.exit(0));
    });
  }
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof PassalongError ? `${error.message}\n${error.details.remedy}` : error);
    process.exit(1);
  });
}
