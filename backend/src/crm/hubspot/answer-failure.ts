import { CrmRateLimited, CrmScopeMissing, CrmUnavailable } from '../errors.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import type { CallKind } from '../port.ts';
import { listOrEmpty } from './answer-shape.ts';
import { HubSpotRejected, readErrorBody, type ErrorBody } from './rejection.ts';
import { retryAfterMs } from '../retry-after.ts';
import { safeMessage } from './safe-message.ts';

export type FailedAnswer = {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
  readonly path: string;
  readonly sentBody: unknown;
  readonly kind: CallKind;
  readonly nowMs: number;
};

/** What a failed answer means: the error to raise, and which kinds of call must wait until when. */
export type Failure = {
  readonly error: PassalongError;
  readonly pause: { readonly kinds: readonly CallKind[]; readonly untilMs: number } | null;
};

const ALL_KINDS: readonly CallKind[] = ['default', 'search'];
const WAIT_MS = { tenSecondly: 10_000, secondly: 1_000, daily: 3_600_000, locked: 2_000, migrating: 60_000 } as const;

/** HubSpot's answers other than 2xx and 401, in our words. The only place that decides what a status means. */
export function classifyFailure(answer: FailedAnswer): Failure {
  const error = readErrorBody(answer.body);
  if (answer.status === 429) return rateLimited(answer, error);
  if (answer.status === 477) return migrating(answer);
  if (answer.status === 423) return failure(locked(answer));
  if (answer.status === 408 || answer.status >= 500) return failure(unavailable(answer));
  if (answer.status === 403 && error.category === 'MISSING_SCOPES') return failure(scopeMissing(answer, error));
  const message = safeMessage(error, answer.sentBody);
  return failure(new HubSpotRejected({ status: answer.status, path: answer.path, error, message }));
}

function failure(error: PassalongError): Failure {
  return { error, pause: null };
}

function rateLimited(answer: FailedAnswer, error: ErrorBody): Failure {
  const policy = limitPolicy(error, answer.kind);
  const namedMs = retryAfterMs(answer.retryAfter, answer.nowMs);
  const untilMs = answer.nowMs + (namedMs ?? WAIT_MS[policy]);
  // Searches have a limit of their own, but a time HubSpot names holds for every call.
  const kinds = namedMs !== null || policy === 'daily' ? ALL_KINDS : [answer.kind];
  return { error: new CrmRateLimited(untilMs), pause: { kinds, untilMs } };
}

function limitPolicy(error: ErrorBody, kind: CallKind): 'tenSecondly' | 'secondly' | 'daily' {
  const words = `${error.policyName ?? ''} ${error.message ?? ''}`.toLowerCase();
  if (words.includes('daily')) return 'daily';
  if (words.includes('ten_secondly')) return 'tenSecondly';
  return words.includes('secondly') || kind === 'search' ? 'secondly' : 'tenSecondly';
}

/** 477: HubSpot is moving the account to another data centre; no call of any kind succeeds meanwhile. */
function migrating(answer: FailedAnswer): Failure {
  const untilMs = answer.nowMs + (retryAfterMs(answer.retryAfter, answer.nowMs) ?? WAIT_MS.migrating);
  const error = new CrmUnavailable('HubSpot is moving this account to another data centre.', untilMs);
  return { error, pause: { kinds: ALL_KINDS, untilMs } };
}

/** 423: other writers hold the records. The spread keeps the writers who were refused together from meeting again. */
function locked(answer: FailedAnswer): CrmUnavailable {
  const waitMs = retryAfterMs(answer.retryAfter, answer.nowMs) ?? WAIT_MS.locked;
  const untilMs = answer.nowMs + Math.max(waitMs, WAIT_MS.locked) + Math.floor(Math.random() * WAIT_MS.locked);
  return new CrmUnavailable('HubSpot has locked these records for a moment.', untilMs);
}

function unavailable(answer: FailedAnswer): CrmUnavailable {
  const waitMs = retryAfterMs(answer.retryAfter, answer.nowMs);
  const retryAtMs = waitMs === null ? null : answer.nowMs + waitMs;
  return new CrmUnavailable(`HubSpot answered with status ${String(answer.status)}.`, retryAtMs);
}

function scopeMissing(answer: FailedAnswer, error: ErrorBody): CrmScopeMissing {
  const named = [error.context, ...error.errors.map((entry) => entry['context'])].flatMap(scopeNames);
  return new CrmScopeMissing('The HubSpot account has not granted a permission this call needs.', {
    path: answer.path,
    scopes: [...new Set(named)].sort(),
    correlationId: error.correlationId,
  });
}

function scopeNames(context: unknown): readonly string[] {
  if (typeof context !== 'object' || context === null) return [];
  return Object.entries(context)
    .filter(([name]) => /scope/i.test(name))
    .flatMap(([, scopes]) => listOrEmpty(scopes))
    .filter((scope): scope is string => typeof scope === 'string');
}
