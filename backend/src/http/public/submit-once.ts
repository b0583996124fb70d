import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/database.ts';
import { randomText } from '../../ids.ts';
import { IdempotencyKeyBusy } from '../http-errors.ts';
import { claimKey, dropExpiredKeys, keepAnswer, releaseKey, type ClaimedKey } from '../idempotency-store.ts';

export type Submission = {
  readonly database: Database;
  readonly clock: Clock;
  readonly workspaceId: string;
  readonly path: string;
  readonly submitted: URLSearchParams;
};

/** Made for every rendering of a form; double clicks, reloads and retries bring the same one. */
export const SUBMISSION = 'submission';

const TOKEN = /^[0-9a-z]{20,40}$/;
const TOKEN_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const KEEP_MS = 48 * 3_600_000;
const ABANDONED_MS = 120_000;
const WAIT_MS = 3_000;
const PAUSE_MS = 60;
const SWEEP_EVERY = 200;

let submissions = 0;

/** The token a form was sent with, to be shown again with it; else a new one. */
export function submissionOf(submitted: URLSearchParams | null): string {
  const token = submitted?.get(SUBMISSION) ?? '';
  return TOKEN.test(token) ? token : randomText(26, TOKEN_ALPHABET);
}

/**
 * Runs the work of one rendering of a form at most once, in whatever process its posts arrive, and answers with the same
 * address again. A failure frees the token, for then sending the form again is the cure. The same token with other
 * values is another submission: somebody went back to mend what they had typed, and that must not be swallowed.
 */
export async function submitOnce(input: Submission, work: () => Promise<string>): Promise<string> {
  const token = input.submitted.get(SUBMISSION) ?? '';
  // Whoever sends no token of ours is kept from doubles by the database alone.
  if (!TOKEN.test(token)) return work();
  const claim = await claimOrAnswer(input, token);
  if (typeof claim === 'string') return claim;
  const { database, workspaceId } = input;
  try {
    const location = await work();
    // The work is done: a database that fails now must not turn it into an error.
    await keepAnswer(database, workspaceId, { ...claim, answer: { status: 303, body: { location } } }).catch(ignore);
    return location;
  } catch (error) {
    await releaseKey(database, workspaceId, claim).catch(ignore);
    throw error;
  }
}

async function claimOrAnswer(input: Submission, token: string): Promise<ClaimedKey | string> {
  const { clock, database, workspaceId } = input;
  await sweepNowAndThen(input);
  const requestHash = hashOf(input);
  const giveUpAt = performance.now() + WAIT_MS;
  let key = `page:${token}`;
  for (;;) {
    const now = new Date(clock.now());
    const claim = await claimKey(database, workspaceId, {
      key,
      requestHash,
      now,
      abandonedBefore: new Date(now.getTime() - ABANDONED_MS),
      expiredBefore: new Date(now.getTime() - KEEP_MS),
    });
    if (claim.state === 'mine') return { key, claimedAt: now };
    if (claim.state === 'answered') return locationOf(claim.answer.body);
    if (claim.state === 'other_request') {
      key = `page:${token}.${requestHash.slice(0, 32)}`;
      continue;
    }
    if (performance.now() > giveUpAt) throw new IdempotencyKeyBusy();
    await sleep(PAUSE_MS);
  }
}

function hashOf({ path, submitted }: Submission): string {
  const values = [...submitted].filter(([name]) => name !== SUBMISSION).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([path, values]))
    .digest('hex');
}

function locationOf(body: unknown): string {
  return String((body as { location?: unknown }).location);
}

async function sweepNowAndThen({ clock, database, workspaceId }: Submission): Promise<void> {
  submissions += 1;
  if (submissions % SWEEP_EVERY !== 0) return;
  await dropExpiredKeys(database, workspaceId, new Date(clock.now() - KEEP_MS));
}

function ignore(): void {}
