import { expect, test } from 'vitest';
import { ConfigInvalid, loadConfig, loadDatabaseConfig } from '../../backend/src/config.ts';
import { SETTINGS } from '../../backend/src/settings.ts';
import { describeConfig } from '../../scripts/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems.map(({ name }) => name);
    throw error;
  }
}

test('an empty environment is a working one: embedded database, no CRM, port 3000', () => {
  expect(loadConfig({})).toMatchObject({
    port: 3000,
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    secretKeys: null,
    role: 'all',
    hubspot: null,
    salesforce: null,
    workbenchUrl: null,
  });
});

test('a full environment is read into typed, frozen values', () => {
  const config = loadConfig({
    PORT: '0',
    PUBLIC_URL: 'https://refer.example.com/',
    DATABASE_URL: 'postgres://app@db/passalong',
    SECRET_KEYS: `${KEY}, ${KEY}`,
    ROLE: 'web',
    HUBSPOT_CLIENT_ID: 'id',
    HUBSPOT_CLIENT_SECRETS: 'new, old',
    HUBSPOT_API_URL: 'http://127.0.0.1:9/',
    HUBSPOT_CALL_RESERVE: '20',
    INBOX_RETENTION_DAYS: '7',
  });
  expect(config).toMatchObject({
    publicUrl: 'https://refer.example.com',
    secretKeys: [KEY, KEY],
    inboxRetentionDays: 7,
    hubspot: {
      clientSecrets: ['new', 'old'],
      apiUrl: 'http://127.0.0.1:9',
      appUrl: 'https://app.hubspot.com',
      callReserve: 20,
    },
  });
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.hubspot?.clientSecrets)).toBe(true);
});

test('with any free port the public address is not guessed', () => {
  expect(loadConfig({ PORT: '0' }).publicUrl).toBeNull();
});

test('every bad value is told at once, each with what to write instead, and no secret is repeated', () => {
  const environment = {
    PORT: 'http',
    PUBLIC_URL: 'refer.example.com',
    SECRET_KEYS: 'hunter2',
    ROLE: 'boss',
    HUBSPOT_API_URL: 'ftp://x',
  };
  expect(problemsOf(environment)).toEqual(['PORT', 'PUBLIC_URL', 'SECRET_KEYS', 'ROLE', 'HUBSPOT_API_URL']);
  try {
    loadConfig(environment);
  } catch (error) {
    expect((error as Error).message).toContain('PORT: Write a whole number from 0 to 65535.');
    expect((error as Error).message).not.toContain('hunter2');
  }
});

test('what belongs together is asked for together', () => {
  expect(problemsOf({ HUBSPOT_CLIENT_ID: 'id' })).toEqual(['HUBSPOT_CLIENT_SECRETS']);
  expect(problemsOf({ SALESFORCE_CLIENT_SECRET: 's' })).toEqual(['SALESFORCE_CLIENT_ID']);
  expect(problemsOf({ DATABASE_URL: 'postgres://app@db/passalong' })).toEqual(['SECRET_KEYS']);
});

test('an empty variable is an absent one', () => {
  expect(loadConfig({ PORT: '', HUBSPOT_CLIENT_ID: ' ' })).toMatchObject({ port: 3000, hubspot: null });
});

test('a command that needs the database only is not stopped by other settings', () => {
  const read = loadDatabaseConfig({ DATABASE_URL: 'postgres://app@db/passalong', PORT: 'nonsense' });
  expect(read.databaseUrl).toBe('postgres://app@db/passalong');
});

test('every variable the outside relies on is a setting', () => {
  const promised =
    `PORT PUBLIC_URL DATABASE_URL DATABASE_OWNER_URL DATA_DIR SECRET_KEYS ROLE HUBSPOT_APP_ID HUBSPOT_CLIENT_ID
    HUBSPOT_CLIENT_SECRETS HUBSPOT_API_URL HUBSPOT_APP_URL SALESFORCE_CLIENT_ID SALESFORCE_CLIENT_SECRET SALESFORCE_LOGIN_URL
    SALESFORCE_PUBSUB_ENDPOINT SALESFORCE_CHANGE_SOURCES`.split(/\s+/);
  expect(SETTINGS.map(({ name }) => name)).toEqual(expect.arrayContaining(promised));
});

test('npm run config prints every setting with its meaning, default and value, and hides secrets', () => {
  const environment = {
    SECRET_KEYS: KEY,
    HUBSPOT_CLIENT_ID: 'id',
    HUBSPOT_CLIENT_SECRETS: 'hush-hush',
    DATABASE_URL: 'postgres://app:pw@db/x',
    PORT: '8080',
  };
  const { text, problem } = describeConfig(environment);
  for (const { name, meaning } of SETTINGS) {
    expect(text).toContain(name);
    expect(text).toContain(meaning);
  }
  expect(text).toContain('default: 3000\n    now:     8080');
  expect(text).toContain('(set, hidden)');
  expect(text).not.toMatch(new RegExp(`hush-hush|:pw@|${KEY.replace('+', '\\+')}`));
  expect(problem).toBeNull();
  expect(describeConfig({ ROLE: 'boss' }).problem?.message).toContain('ROLE');
});
