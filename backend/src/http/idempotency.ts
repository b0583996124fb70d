import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from 'express';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import type { Metrics } from '../observability/metrics.ts';
import { isFormCall } from './authenticate/form-key.ts';
import type { Caller } from './caller.ts';
import { describeError } from './error-response.ts';
import { IdempotencyKeyBusy, IdempotencyKeyReused, RequestInvalid } from './http-errors.ts';
import { claimKey, dropExpiredKeys, keepAnswer, releaseKey, type StoredAnswer } from './idempotency-store.ts';

/** Is told what makes this request the same one when it is repeated; null without a key. */
export type OnceWork = (requestKey: string | null) => Promise<StoredAnswer>;

export type AnswerOnceInput = {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly caller: Caller;
  readonly request: Request;
  readonly requestId: string;
  /** Where no header can carry the key: the whole key, as it is kept. (Default: read from the header) */
  readonly requestKey?: string;
  /** (Default: true) False: a refusal frees the key, because it is mended elsewhere and sent again under the same one. */
  readonly keepRefusals?: boolean;
  readonly work: OnceWork;
};

export type OnceAnswer = StoredAnswer & { readonly replayed: boolean };

/** Keys are remembered longer than the promised day, so that nobody is cut off by a minute. */
const KEEP_MS = 48 * 3_600_000;
/** No request takes this long; a claim that is older was left behind by a crash. */
const ABANDONED_MS = 120_000;
/** How long a second request waits for the first one's answer before it is told to come back. */
const WAIT_MS = 3_000;
const PAUSE_MS = 60;
/** One write in this many also clears away what is forgotten. */
const SWEEP_EVERY = 200;

let writes = 0;

/**
 * Runs a write at most once per Idempotency-Key. Without a key it simply runs. Answers up to 499 are kept and given
 * again, unless `keepRefusals` says otherwise; a 5xx frees the key, because then trying again is the cure.
 */
export async function answerOnce(input: AnswerOnceInput): Promise<OnceAnswer> {
  const key = input.requestKey ?? headerKey(input);
  if (key === null) return { ...(await input.work(null)), replayed: false };
  const requestHash = hashOf(input.request);
  const claimedAt = await claimOrAnswer(input, { key, requestHash });
  if (!(claimedAt instanceof Date)) return { ...claimedAt, replayed: true };
  const claimed = { key, claimedAt };
  const { database, caller } = input;
  const keep = (answer: StoredAnswer): Promise<void> =>
    // The work is done: a database that fails now must not turn it into an error. The claim stands until it expires.
    keepAnswer(database, caller.workspaceId, { ...claimed, answer }).catch(() => undefined);
  let answer: StoredAnswer;
  try {
    answer = await input.work(digest(`${key}\n${requestHash}`));
  } catch (error) {
    const { status, body } = describeError(error, input.requestId);
    if (status < 500 && input.keepRefusals !== false) await keep({ status, body });
    else await releaseKey(database, caller.workspaceId, claimed).catch(() => undefined);
    throw error;
  }
  await keep(answer);
  return { ...answer, replayed: false };
}

/** The time of our claim, or the answer that is already there. */
async function claimOrAnswer(
  input: AnswerOnceInput,
  { key, requestHash }: { readonly key: string; readonly requestHash: string },
): Promise<Date | StoredAnswer> {
  const { clock, database, metrics, caller } = input;
  const giveUpAt = performance.now() + WAIT_MS;
  await sweepNowAndThen(input);
  for (;;) {
    const now = new Date(clock.now());
    const claim = await claimKey(database, caller.workspaceId, {
      key,
      requestHash,
      now,
      abandonedBefore: new Date(now.getTime() - ABANDONED_MS),
      expiredBefore: new Date(now.getTime() - KEEP_MS),
    });
    if (claim.state === 'mine') return count(metrics, 'first', now);
    if (claim.state === 'answered') return count(metrics, 'replayed', claim.answer);
    if (claim.state === 'other_request') throw count(metrics, 'conflict', new IdempotencyKeyReused());
    if (performance.now() > giveUpAt) throw count(metrics, 'in_progress', new IdempotencyKeyBusy());
    await sleep(PAUSE_MS);
  }
}

function count<T>(metrics: Metrics, outcome: Parameters<Metrics['idempotency']>[0], value: T): T {
  metrics.idempotency(outcome);
  return value;
}

async function sweepNowAndThen({ clock, database, caller }: AnswerOnceInput): Promise<void> {
  writes += 1;
  if (writes % SWEEP_EVERY !== 0) return;
  await dropExpiredKeys(database, caller.workspaceId, new Date(clock.now() - KEEP_MS));
}

function readKey(request: Request): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  throw new RequestInvalid([
    { path: 'header.Idempotency-Key', message: 'Must be 1 to 200 visible ASCII characters, such as a UUID.' },
  ]);
}

/**
 * A form key is public: whoever has it must neither read the kept answer of an API key nor stand in its way. No key from
 * a header holds a space, so the two never meet.
 */
function headerKey({ caller, request }: AnswerOnceInput): string | null {
  const key = readKey(request);
  if (key === null) return null;
  return isFormCall(caller) ? `form ${String(request.params['programId'])} ${key}` : key;
}

/** The order of members in a JSON object means nothing, so it does not make another request. */
function hashOf(request: Request): string {
  const body: unknown = request.body;
  const text = JSON.stringify([request.method, request.originalUrl, body === undefined ? null : sorted(body)]);
  return digest(text);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(pairs.map(([name, inner]) => [name, sorted(inner)]));
}
