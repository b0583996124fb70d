import type * as z from 'zod';
import { PassalongError, type ErrorDetails } from './errors/passalong-error.ts';
import { SETTINGS, type Setting } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Entry = (typeof SETTINGS)[number];
type Values = { readonly [E in Entry as E['name']]: z.output<E['schema']> };
/** Everything the service reads from its environment, read once. */
export type Config = {
  readonly port: number;
  /** Without a trailing slash. Null only with PORT=0 and no PUBLIC_URL: then it is known once the server listens. */
  readonly publicUrl: string | null;
  /** How many entries of X-Forwarded-For, from its end, are written by proxies of ours. */
  readonly trustedProxyHops: number;
  readonly databaseUrl: string | undefined;
  readonly databaseOwnerUrl: string | undefined;
  readonly dataDir: string | undefined;
  /** Base64. Null: to be made once and kept beside the embedded database. */
  readonly secretKeys: readonly string[] | null;
  readonly role: 'all' | 'web' | 'worker';
  readonly logLevel: Values['LOG_LEVEL'];
  readonly inboxRetentionDays: number;
  readonly enrolmentCheckMinutes: number;
  readonly hubspot: HubSpotConfig | null;
  readonly salesforce: SalesforceConfig | null;
  readonly workbenchUrl: string | null;
};

export type HubSpotConfig = {
  readonly appId: string | null;
  readonly clientId: string;
  /** The first signs, all verify; never empty. */
  readonly clientSecrets: readonly string[];
  readonly apiUrl: string;
  readonly appUrl: string;
  readonly callReserve: number;
};

export type SalesforceConfig = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly loginUrl: string;
  readonly sandboxLoginUrl: string;
  /** PEM; null: no org is spoken for by certificate. */
  readonly jwtPrivateKey: string | null;
  readonly pubsubEndpoint: string;
  readonly changeSources: readonly string[];
};

export type SettingProblem = { readonly name: string; readonly remedy: string };

/** Settings that cannot be used: one error with all of them, so that they are mended in one go. */
export class ConfigInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'config_invalid',
    status: 500,
    retry: 'never',
    remedy: 'Set the variables named in the message as it says, then start again; `npm run config` explains each.',
  };
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ name, remedy }) => `  ${name}: ${remedy}`);
    super(`These settings cannot be used:\n${lines.join('\n')}`, { settings: problems.map(({ name }) => name) });
    this.problems = problems;
  }
}

/** Reads and checks the whole environment; the result is frozen. Throws `ConfigInvalid` with every problem at once. */
export function loadConfig(environment: Environment): Config {
  const { values, problems } = readSettings(environment);
  problems.push(...crossChecks(values));
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return freeze(toConfig(values as Values));
}

/** For commands that only need the database, so that a missing CRM secret does not stop them. */
export function loadDatabaseConfig(
  environment: Environment,
): Pick<Config, 'databaseUrl' | 'databaseOwnerUrl' | 'dataDir'> {
  const { values, problems } = readSettings(environment, ['DATABASE_URL', 'DATABASE_OWNER_URL', 'DATA_DIR']);
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return freeze({
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    dataDir: values.DATA_DIR,
  });
}

/** What a setting is now, for people: the default when absent, secrets masked. */
export function effectiveValue(setting: Setting, environment: Environment): string {
  const given = textOf(environment, setting.name);
  if (given === undefined) return setting.default ?? '(not set)';
  return setting.secret ? '(set, hidden)' : given;
}

/** An empty variable is an absent one: that is how shells and compose files unset things. */
function textOf(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function readSettings(
  environment: Environment,
  names?: readonly string[],
): { values: Partial<Values>; problems: SettingProblem[] } {
  const values: Record<string, unknown> = {};
  const problems: SettingProblem[] = [];
  for (const setting of SETTINGS) {
    if (names && !names.includes(setting.name)) continue;
    const result = setting.schema.safeParse(textOf(environment, setting.name) ?? setting.default ?? undefined);
    if (result.success) values[setting.name] = result.data;
    else problems.push({ name: setting.name, remedy: result.error.issues[0]?.message ?? 'Cannot be read.' });
  }
  return { values, problems };
}

function crossChecks(values: Partial<Values>): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const together = (names: readonly (keyof Values)[]): void => {
    const missing = names.filter((name) => values[name] === undefined);
    if (missing.length === 0 || missing.length === names.length) return;
    for (const name of missing)
      problems.push({ name, remedy: `Set it, or unset ${names.filter((n) => n !== name).join(' and ')}.` });
  };
  together(['HUBSPOT_CLIENT_ID', 'HUBSPOT_CLIENT_SECRETS']);
  together(['SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET']);
  if (values.DATABASE_URL !== undefined && values.SECRET_KEYS === undefined) {
    problems.push({
      name: 'SECRET_KEYS',
      remedy:
        'Required with DATABASE_URL: make a key with `openssl rand -base64 32` and keep it with your other secrets.',
    });
  }
  return problems;
}

function toConfig(values: Values): Config {
  const { PORT: port } = values;
  return {
    port,
    publicUrl: values.PUBLIC_URL ?? (port === 0 ? null : `http://localhost:${port}`),
    trustedProxyHops: values.TRUSTED_PROXY_HOPS,
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    dataDir: values.DATA_DIR,
    secretKeys: values.SECRET_KEYS ?? null,
    role: values.ROLE,
    logLevel: values.LOG_LEVEL,
    inboxRetentionDays: values.INBOX_RETENTION_DAYS,
    enrolmentCheckMinutes: values.ENROLMENT_CHECK_MINUTES,
    hubspot: toHubSpot(values),
    salesforce: toSalesforce(values),
    workbenchUrl: values.WORKBENCH_URL ?? null,
  };
}

function toHubSpot(values: Values): HubSpotConfig | null {
  const { HUBSPOT_CLIENT_ID: clientId, HUBSPOT_CLIENT_SECRETS: clientSecrets } = values;
  if (clientId === undefined || clientSecrets === undefined) return null;
  return {
    appId: values.HUBSPOT_APP_ID ?? null,
    clientId,
    clientSecrets,
    apiUrl: values.HUBSPOT_API_URL,
    appUrl: values.HUBSPOT_APP_URL,
    callReserve: values.HUBSPOT_CALL_RESERVE,
  };
}

function toSalesforce(values: Values): SalesforceConfig | null {
  const { SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret } = values;
  if (clientId === undefined || clientSecret === undefined) return null;
  return {
    clientId,
    clientSecret,
    loginUrl: values.SALESFORCE_LOGIN_URL,
    sandboxLoginUrl: values.SALESFORCE_SANDBOX_LOGIN_URL,
    jwtPrivateKey: values.SALESFORCE_JWT_PRIVATE_KEY ?? null,
    pubsubEndpoint: values.SALESFORCE_PUBSUB_ENDPOINT,
    changeSources: values.SALESFORCE_CHANGE_SOURCES,
  };
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}
