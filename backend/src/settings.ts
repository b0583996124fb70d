import * as z from 'zod';

export type Setting = {
  readonly name: string;
  /** One sentence for the person who sets it. */
  readonly meaning: string;
  /** As it would be written in the environment; null = none. */
  readonly default: string | null;
  readonly secret: boolean;
  /** Reads the text; its messages say what to write instead. */
  readonly schema: z.ZodType<unknown, string | undefined>;
};

const text = z.string().trim().min(1);
const url = z
  .url({ protocol: /^https?$/, error: 'Write a full address such as https://refer.example.com.' })
  .transform((value) => value.replace(/\/+$/, ''));
const postgresUrl = text.regex(/^postgres(ql)?:\/\//, 'Write postgres://user:password@host:5432/database.');

function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  const range = `Write a whole number from ${min} to ${max}.`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .refine((value) => value >= min && value <= max, range);
}

/** A comma list; empty places are dropped, an empty list is refused. */
function list(item: z.ZodType<string, string>): z.ZodType<readonly string[], string> {
  return z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item).min(1, 'Write at least one value.'));
}

const secretKey = z
  .string()
  .refine(
    (value) => /^[A-Za-z0-9+/]{43}=$/.test(value),
    'Each key is 32 bytes of base64 (44 characters): make one with `openssl rand -base64 32`.',
  );

/** Environments that keep no line breaks hold it in base64. */
const privateKey = z
  .string()
  .transform((value) => (value.includes('-----BEGIN') ? value : Buffer.from(value, 'base64').toString('utf8')))
  .refine(
    (value) => /^-----BEGIN (RSA )?PRIVATE KEY-----\s[\s\S]+-----END (RSA )?PRIVATE KEY-----\s*$/.test(value),
    'Write the private key as PEM, or that in base64; it must not be encrypted.',
  );

const CHANGE_SOURCES = ['pubsub', 'pushtopic', 'poll'] as const;

function setting<const N extends string, S extends z.ZodType<unknown, string | undefined>>(
  name: N,
  meaning: string,
  rest: { default: string | null; secret?: true; schema: S },
): { name: N; meaning: string; default: string | null; secret: boolean; schema: S } {
  return { name, meaning, default: rest.default, secret: rest.secret ?? false, schema: rest.schema };
}

/** Every variable the service reads. `npm run config` prints this table with the effective values. */
export const SETTINGS = [
  setting('PORT', 'Port to listen on; 0 = any free one.', { default: '3000', schema: wholeNumber(0, 65_535) }),
  setting(
    'PUBLIC_URL',
    'What CRMs and browsers call; the only base used for signatures and links. Default: localhost and the port.',
    { default: null, schema: url.optional() },
  ),
  setting(
    'TRUSTED_PROXY_HOPS',
    'Proxies in front that add to X-Forwarded-For: how far back in it the visitor stands. 0 = the header is not read.',
    { default: '0', schema: wholeNumber(0, 10) },
  ),
  setting(
    'DATABASE_URL',
    'PostgreSQL as the application role, which row-level security binds. Absent: an embedded database.',
    { default: null, secret: true, schema: postgresUrl.optional() },
  ),
  setting('DATABASE_OWNER_URL', 'PostgreSQL as the role that owns the schema; for migrations only.', {
    default: null,
    secret: true,
    schema: postgresUrl.optional(),
  }),
  setting('DATA_DIR', 'Where the embedded database and generated keys live. Default: .data in the project.', {
    default: null,
    schema: text.optional(),
  }),
  setting(
    'SECRET_KEYS',
    'Comma list of base64 32-byte keys that seal tokens: the first seals, all open. Made once and kept in DATA_DIR when the database is embedded, required otherwise.',
    { default: null, secret: true, schema: list(secretKey).optional() },
  ),
  setting('ROLE', 'What this process does: all, web or worker.', {
    default: 'all',
    schema: z.enum(['all', 'web', 'worker'], 'Write all, web or worker.'),
  }),
  setting('LOG_LEVEL', 'Least serious log line that is written.', {
    default: 'info',
    schema: z.enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'Write trace, debug, info, warn, error or silent.',
    ),
  }),
  setting(
    'INBOX_RETENTION_DAYS',
    'How long messages are kept as received; decisions and their entries stay for ever.',
    { default: '30', schema: wholeNumber(2, 3_650) },
  ),
  setting(
    'ENROLMENT_CHECK_MINUTES',
    'How long an ongoing enrolment waits before it looks again who joined and who left its list.',
    { default: '15', schema: wholeNumber(1, 1_440) },
  ),
  setting('HUBSPOT_APP_ID', 'Id of our HubSpot app, as HubSpot’s developer pages show it.', {
    default: null,
    schema: z
      .string()
      .regex(/^\d{1,20}$/, 'Write the number HubSpot shows as App ID.')
      .optional(),
  }),
  setting('HUBSPOT_CLIENT_ID', 'Client id of our HubSpot app.', { default: null, schema: text.optional() }),
  setting('HUBSPOT_CLIENT_SECRETS', 'Comma list of client secrets of our HubSpot app: the first signs, all verify.', {
    default: null,
    secret: true,
    schema: list(text).optional(),
  }),
  setting('HUBSPOT_API_URL', 'Where HubSpot’s API is.', { default: 'https://api.hubapi.com', schema: url }),
  setting('HUBSPOT_APP_URL', 'Where HubSpot’s own pages are.', { default: 'https://app.hubspot.com', schema: url }),
  setting(
    'HUBSPOT_CALL_RESERVE',
    'Calls of each ten-second window left to the customer’s other apps, taken off our limit first.',
    { default: '9', schema: wholeNumber(0, 100) },
  ),
  setting('SALESFORCE_CLIENT_ID', 'Consumer key of our Salesforce app.', { default: null, schema: text.optional() }),
  setting('SALESFORCE_CLIENT_SECRET', 'Consumer secret of our Salesforce app.', {
    default: null,
    secret: true,
    schema: text.optional(),
  }),
  setting('SALESFORCE_LOGIN_URL', 'Where Salesforce users log in.', {
    default: 'https://login.salesforce.com',
    schema: url,
  }),
  setting('SALESFORCE_SANDBOX_LOGIN_URL', 'Where users of Salesforce sandboxes log in.', {
    default: 'https://test.salesforce.com',
    schema: url,
  }),
  setting(
    'SALESFORCE_JWT_PRIVATE_KEY',
    'Private key (PEM, or base64 of it) of the certificate in our Salesforce app, for orgs that allow no refresh tokens.',
    { default: null, secret: true, schema: privateKey.optional() },
  ),
  setting('SALESFORCE_PUBSUB_ENDPOINT', 'Host and port of Salesforce’s Pub/Sub API.', {
    default: 'api.pubsub.salesforce.com:7443',
    schema: text.regex(/^[^:/\s]+:\d{1,5}$/, 'Write host:port.'),
  }),
  setting('SALESFORCE_CHANGE_SOURCES', 'Comma list of the ways changes reach us, in order of preference.', {
    default: 'pubsub,pushtopic,poll',
    schema: list(z.enum(CHANGE_SOURCES, 'Choose from pubsub, pushtopic, poll.')),
  }),
  setting(
    'WORKBENCH_URL',
    'Where the workbench of the local CRMs listens; set by `npm start` without CRM credentials.',
    { default: null, schema: url.optional() },
  ),
] as const satisfies readonly Setting[];
