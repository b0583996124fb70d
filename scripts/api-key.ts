import { parseArgs } from 'node:util';
import { loadDatabaseConfig } from '../backend/src/config.ts';
import { systemClock } from '../backend/src/clock.ts';
import { openPool, type Database } from '../backend/src/db/database.ts';
import { openDatabase } from '../backend/src/db/open-database.ts';
import { PassalongError, type ErrorDetails } from '../backend/src/errors/passalong-error.ts';
import { createApiKey, workspaceExists } from '../backend/src/workspaces/api-keys-store.ts';
import { findConnection } from '../backend/src/workspaces/connections-store.ts';

const USAGE =
  'npm run api-key -- --portal <hubspot portal id> | --org <salesforce org id> | --workspace <id> [--label <text>]';

/** The command was called in a way that names no workspace. */
class ApiKeyArgumentsInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'api_key_arguments_invalid',
    status: 422,
    retry: 'never',
    remedy: `Call it as: ${USAGE}`,
  };
}

/** No workspace belongs to what the command named. */
class ApiKeyWorkspaceUnknown extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'api_key_workspace_unknown',
    status: 404,
    retry: 'never',
    remedy: 'Connect the CRM account first (open /hubspot/oauth/install on the running service), and check the id.',
  };
}

type Wanted = { readonly kind: 'portal' | 'org' | 'workspace'; readonly id: string; readonly label: string };

/** Exactly one of the three ways to name a workspace. */
export function readArguments(argv: readonly string[]): Wanted {
  const text = { type: 'string' } as const;
  let values: { portal?: string; org?: string; workspace?: string; label?: string };
  try {
    ({ values } = parseArgs({ args: [...argv], options: { portal: text, org: text, workspace: text, label: text } }));
  } catch (cause) {
    throw new ApiKeyArgumentsInvalid(cause instanceof Error ? cause.message : 'The options cannot be read.', {}, cause);
  }
  const named = (['portal', 'org', 'workspace'] as const).filter((kind) => values[kind]);
  const [kind, ...others] = named;
  if (kind === undefined) throw new ApiKeyArgumentsInvalid('Nothing says which workspace the key is for.');
  if (others.length > 0) throw new ApiKeyArgumentsInvalid(`Name one of ${named.join(', ')}, not several.`);
  return { kind, id: values[kind] ?? '', label: values.label ?? 'made on the command line' };
}

/** Makes the key and returns it; only its hash stays behind. */
export async function makeApiKey(database: Database, wanted: Wanted, nowMs: number): Promise<string> {
  const workspaceId = await workspaceOf(database, wanted);
  const { key } = await createApiKey(database, workspaceId, { label: wanted.label, now: new Date(nowMs) });
  return key;
}

async function workspaceOf(database: Database, { kind, id }: Wanted): Promise<string> {
  if (kind === 'workspace') {
    if (await workspaceExists(database, id)) return id;
    throw new ApiKeyWorkspaceUnknown(`There is no workspace ${id}.`);
  }
  const crm = kind === 'portal' ? 'hubspot' : 'salesforce';
  const found = await findConnection(database, { crm, externalAccountId: id });
  if (found) return found.workspaceId;
  throw new ApiKeyWorkspaceUnknown(
    `No ${crm === 'hubspot' ? 'HubSpot portal' : 'Salesforce org'} ${id} was ever connected.`,
  );
}

async function run(): Promise<void> {
  const wanted = readArguments(process.argv.slice(2));
  // Beside a running service: joins its embedded database and leaves it running.
  const opened = await openDatabase({ ...loadDatabaseConfig(process.env), leaveRunning: true });
  const database = openPool({ url: opened.appUrl, maxConnections: 2 });
  try {
    const key = await makeApiKey(database, wanted, systemClock.now());
    console.log('Keep this key safe: it is shown this once, and only its hash is stored.');
    console.log(key);
  } finally {
    await database.close();
    await opened.close();
  }
}

if (process.argv[1] === import.meta.filename) {
  await run().catch((error: unknown) => {
    console.error(error instanceof PassalongError ? `${error.message}\n${error.details.remedy}` : error);
    process.exitCode = 1;
  });
}
