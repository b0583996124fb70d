import pino from 'pino';

export type Logger = pino.Logger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Names whose values never reach a log, wherever they stand in the first two levels of what is logged. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'token',
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'clientSecret',
  'client_secret',
  'clientSecrets',
  'secret',
  'secretKeys',
  'password',
  'apiKey',
  'code_verifier',
  'email',
  'emails',
  'phone',
];

const paths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Anything that looks like an e-mail address, an API key or a bearer token inside a sentence. */
const SECRET_TEXT =
  /[\w.+-]+@[\w-]+\.[\w.-]+|\bpk_[0-9A-Za-z]{8,}|\bBearer\s+\S+|(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@/g;

/** Masks what a library may have put into the text of an error. */
export function maskText(text: string): string {
  return text.replace(SECRET_TEXT, (_match, beforePassword: string | undefined) =>
    beforePassword === undefined ? '[hidden]' : `${beforePassword}:[hidden]@`,
  );
}

function maskError(error: Error): object {
  const plain = pino.stdSerializers.err(error);
  const { type, message, stack } = plain;
  const code = (error as { code?: unknown }).code;
  return { type, message: maskText(message), stack: maskText(stack), ...(code === undefined ? {} : { code }) };
}

export type LoggerInput = {
  readonly level: LogLevel;
  /** (Default: standard output) */
  readonly destination?: pino.DestinationStream;
};

/** JSON lines; call it object first: `logger.info({ connectionId }, 'connected')`. */
export function createLogger(input: LoggerInput): Logger {
  const options: pino.LoggerOptions = {
    level: input.level,
    base: { service: 'passalong' },
    redact: { paths, censor: '[hidden]' },
    serializers: { err: maskError, error: maskError },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return input.destination ? pino(options, input.destination) : pino(options);
}
