import { createHash } from 'node:crypto';
import type { InboundEvent } from '../../../shared/contracts/events.ts';
import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { termsOfSeveral } from '../qualification/review-terms.ts';
import { normaliseReferralCode } from '../referrals/referral-code.ts';
import { ProgramNotFound } from '../referrals/referral-errors.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { correlateEvent, type EventReference } from './correlate-event.ts';
import { insertEntries, type EntryState } from './entries-store.ts';
import { EventIdReused } from './event-errors.ts';
import { claimEvent, programExists, programOfCode } from './inbound-events-store.ts';
import { tryReferral } from './record-referral.ts';

export type RecordedEvent = {
  readonly entryId: string;
  readonly state: EntryState;
  readonly referralId: string | null;
  /** False when the platform sent it before: nothing was added. */
  readonly created: boolean;
};

/**
 * An event as its entry keeps it. Flat, so that a person edits its fields by name, and so that erasing somebody finds their
 * address where every entry has it.
 */
export type EventInput = EventReference & {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly order: InboundEvent['order'] | null;
  readonly data: InboundEvent['data'] | null;
};

/** Of an entry's trigger: what tells a retry that its input is an event. */
export const EVENT_TRIGGER = 'event';

/** Something happened on another platform. Sent again it is answered with what was kept. Changes no status by itself. */
export async function recordEvent(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  event: InboundEvent,
): Promise<RecordedEvent> {
  const input = toInput(event);
  const entryId = newId('ent');
  const now = new Date(deps.clock.now());
  const requestHash = hashOf(input);
  const { recorded, connectionIds } = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const claim = { workspaceId, type: input.type, eventId: input.id, requestHash, entryId, now };
    const earlier = await claimEvent(tx, claim);
    if (earlier) {
      if (earlier.requestHash !== requestHash) throw new EventIdReused(earlier.entryId);
      const { state, referralId } = earlier;
      return { recorded: { entryId: earlier.entryId, state, referralId, created: false }, connectionIds: [] };
    }
    const { connectionIds: due, ...outcome } = await tryEvent(tx, { deps, workspaceId, actor, input, entryId });
    const { id: eventId, type, occurredAt } = input;
    const trigger = { kind: EVENT_TRIGGER, type, eventId, occurredAt, actor };
    await insertEntries(tx, { workspaceId, now, entries: [{ ...outcome, id: entryId, trigger, input }] });
    const { state, referralId } = outcome;
    return { recorded: { entryId, state, referralId, created: true }, connectionIds: due };
  });
  deps.wake(workspaceId, connectionIds);
  return recorded;
}

export type TryEventInput = {
  readonly deps: UseCaseDeps;
  readonly workspaceId: string;
  readonly actor: string;
  readonly input: EventInput;
  readonly entryId: string;
};

/** What an entry says of an event. */
export type EventOutcome = {
  readonly state: EntryState;
  readonly reasonCode: string;
  readonly reason: string;
  readonly programId: string | null;
  readonly programVersion: number | null;
  readonly referralId: string | null;
  readonly trace?: unknown;
  readonly notify?: boolean;
  readonly reviewDueAt?: Date | null;
  readonly connectionIds: readonly string[];
};

/** The attempt itself, inside a transaction of its caller; writes no entry, so that a retry can update its own. */
export async function tryEvent(tx: TenantTransaction, attempt: TryEventInput): Promise<EventOutcome> {
  const { workspaceId, input } = attempt;
  if (input.programId !== null && !(await programExists(tx, input.programId))) {
    throw new ProgramNotFound(`There is no program ${input.programId} in this workspace.`);
  }
  if (input.type === 'referral_created') return createReferral(tx, attempt);
  const correlation = await correlateEvent(tx, { workspaceId, event: input });
  const none = { programId: input.programId, programVersion: null, referralId: null, connectionIds: [] };
  if (correlation.found === 'none') {
    return { ...none, state: 'failed', reasonCode: correlation.reasonCode, reason: correlation.reason };
  }
  if (correlation.found === 'several') {
    const reason = 'Several referrals fit this event; retry it with the id of the right one';
    const { referralIds, programIds } = correlation;
    const theirs = (await publishedPrograms(tx, workspaceId)).filter(({ id }) => programIds.includes(id));
    const terms = termsOfSeveral(
      theirs.map(({ definition }) => definition.decisions),
      new Date(attempt.deps.clock.now()),
    );
    return { ...none, ...terms, state: 'review', reasonCode: 'referral_ambiguous', reason, trace: { referralIds } };
  }
  const { referralId, programId } = correlation;
  return { ...none, programId, referralId, state: 'processed', reasonCode: 'event_noted', reason: sentence(input) };
}

/** Names nobody: entries outlive the erasure of people. */
function sentence({ type, order }: EventInput): string {
  return `${type} noted for this referral${order ? `: ${order.amount} ${order.currency}` : ''}`;
}

/** As `POST /referrals` does; what that refuses is kept here, too, and the platform is told the entry. */
async function createReferral(tx: TenantTransaction, attempt: TryEventInput): Promise<EventOutcome> {
  const { input } = attempt;
  const programId = input.programId ?? (await onlyProgram(tx, attempt));
  const kept = { programId, programVersion: null, referralId: null, connectionIds: [] };
  if (programId === null) {
    const reason = 'The code leads to no program, and the event names none';
    return { ...kept, state: 'failed', reasonCode: 'program_unclear', reason };
  }
  const { code, email, firstName, lastName, phone } = input;
  const outcome = await tryReferral(tx, {
    ...attempt,
    input: {
      programId,
      code: code ?? '',
      email: email ?? '',
      firstName,
      lastName,
      phone,
      source: 'api',
      answers: {},
      consent: null,
    },
  });
  if (!outcome.ok) {
    const { state, reasonCode, reason, programVersion, referralId } = outcome.refusal;
    return { ...kept, state, reasonCode, reason, programVersion, referralId };
  }
  const { created, referralId } = outcome.recorded;
  return {
    ...kept,
    referralId,
    connectionIds: outcome.connectionIds,
    state: created ? 'processed' : 'ignored',
    reasonCode: created ? 'referral_recorded' : 'referral_repeated',
    reason: created
      ? 'A new referral was recorded'
      : 'This advocate had referred this person already; nothing was added',
  };
}

/** The program the code leads to, else the only one there is. */
async function onlyProgram(
  tx: TenantTransaction,
  { workspaceId, input }: Pick<TryEventInput, 'workspaceId' | 'input'>,
): Promise<string | null> {
  const code = normaliseReferralCode(input.code ?? '');
  const ofCode = code === null ? null : await programOfCode(tx, code);
  if (ofCode !== null) return ofCode;
  const [first, ...more] = await publishedPrograms(tx, workspaceId);
  return first && more.length === 0 ? first.id : null;
}

function toInput(event: InboundEvent): EventInput {
  const { referralId, code, email, firstName, lastName, phone } = event.referral;
  return {
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    programId: event.programId ?? null,
    referralId: referralId ?? null,
    code: code ?? null,
    email: email ?? null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    phone: phone ?? null,
    order: event.order ?? null,
    data: event.data ?? null,
  };
}

/** The order of members in a JSON object means nothing, so it does not make another event. */
function hashOf(input: EventInput): string {
  const text = JSON.stringify(input, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
