import type { PassalongError } from '../../errors/passalong-error.ts';
import { CrmPermissionMissing, CrmRateLimited, CrmUnavailable } from '../errors.ts';
import { retryAfterMs } from '../retry-after.ts';
import { SalesforceApiClosed, SalesforceApiRetired } from './api-closed.ts';
import { readErrors, SalesforceRejected, type ErrorEntry } from './rejection.ts';
import { safeCode, safeWords } from './safe-words.ts';
import { ALL_KINDS, allKindsWait, type Brakes } from './usage-brakes.ts';

export type FailedAnswer = {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
  /** Without what was asked for. */
  readonly path: string;
  readonly nowMs: number;
};

/** What a failed answer means: the error to raise, and which kinds of call must wait until when. */
export type Failure = { readonly error: PassalongError; readonly brakes: Brakes | null };

const CLOSED: ReadonlySet<string> = new Set([
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'CLIENT_NOT_ACCESSIBLE_FOR_USER',
  'ORG_LOCKED',
]);
const NOT_ALLOWED: ReadonlySet<string> = new Set([
  'INVALID_TYPE',
  'FORBIDDEN',
  'FUNCTIONALITY_NOT_ENABLED',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
]);
/** Of no use to send again at once, and well a minute later. */
const PASSING: ReadonlySet<string> = new Set(['QUERY_TIMEOUT', 'INVALID_QUERY_LOCATOR', 'SERVER_UNAVAILABLE']);
const CONCURRENT_WAIT_MS = 30_000;

/** Salesforce's answers other than 2xx, 304 and 401, in our words. The only place that decides what a status means. */
export function classifyFailure(answer: FailedAnswer): Failure {
  const errors = readErrors(answer.body);
  const has = (codes: ReadonlySet<string>) => errors.some(({ code }) => codes.has(code));
  if (answer.status === 429 || has(new Set(['REQUEST_LIMIT_EXCEEDED']))) return rateLimited(answer, errors);
  if (answer.status === 410 || has(new Set(['UNSUPPORTED_API_VERSION']))) return failure(retired(errors));
  if (has(CLOSED)) return failure(closed(errors));
  if (has(NOT_ALLOWED)) return failure(notAllowed(answer, errors));
  const moved = answer.status > 300 && answer.status < 400;
  // A 403 that names no permission is a proxy's or a fault of Salesforce's: nobody could give us what it lacks.
  const passing = [403, 408].includes(answer.status) || answer.status >= 500;
  if (passing || moved || has(PASSING)) return failure(unavailable(answer));
  return failure(new SalesforceRejected({ status: answer.status, path: answer.path, errors }));
}

function failure(error: PassalongError): Failure {
  return { error, brakes: null };
}

/** The day's allowance is used up, or too many long calls run at this moment: Salesforce has one code for both. */
function rateLimited({ retryAfter, nowMs }: FailedAnswer, errors: readonly ErrorEntry[]): Failure {
  const atOnce = errors.some(({ message }) => /concurrent/i.test(message));
  const namedMs = retryAfterMs(retryAfter, nowMs) ?? (atOnce ? CONCURRENT_WAIT_MS : null);
  const brakes = namedMs === null ? allKindsWait(nowMs) : { kinds: ALL_KINDS, untilMs: nowMs + namedMs };
  return { error: new CrmRateLimited(brakes.untilMs), brakes };
}

function retired(errors: readonly ErrorEntry[]): SalesforceApiRetired {
  return new SalesforceApiRetired(`Salesforce no longer answers this version of its API. ${safeWords(errors)}`);
}

function closed(errors: readonly ErrorEntry[]): SalesforceApiClosed {
  return new SalesforceApiClosed(`Salesforce does not let us in. ${safeWords(errors)}`);
}

/** Salesforce calls an object that the user may not see one that does not exist. */
function notAllowed({ path }: FailedAnswer, errors: readonly ErrorEntry[]): CrmPermissionMissing {
  return new CrmPermissionMissing(`The connected Salesforce user lacks a permission. ${safeWords(errors)}`, {
    path,
    codes: errors.map(({ code }) => safeCode(code)),
  });
}

function unavailable({ status, retryAfter, nowMs }: FailedAnswer): CrmUnavailable {
  const waitMs = retryAfterMs(retryAfter, nowMs);
  return new CrmUnavailable(
    `Salesforce answered with status ${String(status)}.`,
    waitMs === null ? null : nowMs + waitMs,
  );
}
