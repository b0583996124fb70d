import type { ContactDraft, FieldValues, WriteOutcome } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { markDirty } from '../ingest/dirty-store.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { linkRecords } from '../referrals/people-store.ts';
import { claimUntil, type ConnectionWork } from './connection-work.ts';
import { desiredValues } from './desired-values-store.ts';
import { describeFailure, isConnectionFailure } from './failure.ts';
import { ownFieldNames, toCrmFields } from './own-fields.ts';
import {
  claimCaptures,
  recordOutbox,
  releaseCaptures,
  type OutboxResult,
  type PersonToCapture,
} from './outbox-store.ts';
import { nextRetryAt } from './retry-schedule.ts';
import { refreshWriteBacks } from './write-back-store.ts';

/**
 * People who must exist as contacts: found by e-mail, else created with our values in the same call. A try that died
 * after the CRM created the contact finds it by e-mail the next time, so nobody is created twice.
 * @returns how many people were taken up.
 */
export async function capturePeople(work: ConnectionWork): Promise<number> {
  const { workspaceId, connectionId } = work.connection;
  const nowMs = work.clock.now();
  const people = await work.database.inWorkspace(workspaceId, (tx) =>
    claimCaptures(tx, {
      connectionId,
      limit: work.port.batchSize,
      now: new Date(nowMs),
      claimedUntil: claimUntil(nowMs),
    }),
  );
  if (people.length === 0) return 0;
  try {
    const outcomes = await findOrCreate(work, people);
    await work.database.aloneInWorkspace(workspaceId, (tx) => recordCaptures(tx, { work, people, outcomes }));
  } catch (error) {
    if (isConnectionFailure(error)) {
      await work.database.inWorkspace(workspaceId, (tx) =>
        releaseCaptures(
          tx,
          people.map((person) => person.outboxId),
        ),
      );
      throw error;
    }
    work.logger.warn({ err: error, connectionId }, 'capture failed');
    const now = new Date(work.clock.now());
    const results = people.map((person): OutboxResult => {
      const retryAt = nextRetryAt(now, person.attempts + 1);
      if (retryAt === null) work.counters.deadLettered('outbox');
      return { outboxId: person.outboxId, retryAt, dead: retryAt === null, error: describeFailure(error) };
    });
    await work.database.inWorkspace(workspaceId, (tx) => recordOutbox(tx, { now, results }));
  }
  return people.length;
}

async function findOrCreate(
  work: ConnectionWork,
  people: readonly PersonToCapture[],
): Promise<Map<string, WriteOutcome>> {
  const { port, connection } = work;
  const found = await port.findContactsByEmail(connection, {
    emails: people.map((person) => person.email),
    fields: ownFieldNames(port.crm),
  });
  const outcomes = new Map<string, WriteOutcome>();
  for (const person of people) {
    const record = found.get(person.email);
    if (record)
      outcomes.set(person.personId, { key: person.personId, ok: true, recordId: record.id, values: record.values });
  }
  const missing = people.filter((person) => !outcomes.has(person.personId));
  if (missing.length === 0) return outcomes;
  const drafts = await draftsFor(work, missing);
  for (const outcome of await port.createContacts(connection, drafts)) outcomes.set(outcome.key, outcome);
  return outcomes;
}

async function draftsFor(work: ConnectionWork, people: readonly PersonToCapture[]): Promise<ContactDraft[]> {
  const { connection, port } = work;
  const desired = await work.database.inWorkspace(connection.workspaceId, async (tx) =>
    desiredValues(tx, {
      personIds: people.map((person) => person.personId),
      programs: await publishedPrograms(tx, connection.workspaceId),
      publicUrl: work.publicUrl,
      workspaceCurrency: work.workspaceCurrency,
    }),
  );
  return people.map((person) => {
    const own = desired.get(person.personId)?.(port.crm) ?? {};
    const values: FieldValues = { ...port.personFields(person), ...withoutEmpty(toCrmFields(port.crm, own)) };
    return { key: person.personId, email: person.email, values };
  });
}

function withoutEmpty(values: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

async function recordCaptures(
  tx: TenantTransaction,
  input: {
    readonly work: ConnectionWork;
    readonly people: readonly PersonToCapture[];
    readonly outcomes: ReadonlyMap<string, WriteOutcome>;
  },
): Promise<void> {
  const { work, people, outcomes } = input;
  const { workspaceId, connectionId } = work.connection;
  const now = new Date(work.clock.now());
  const linked = people.flatMap((person) => {
    const outcome = outcomes.get(person.personId);
    return outcome?.ok ? [{ personId: person.personId, recordId: outcome.recordId, values: outcome.values }] : [];
  });
  await linkRecords(tx, {
    workspaceId,
    connectionId,
    now,
    links: linked.map(({ recordId, personId }) => ({ objectType: 'contact', recordId, personId })),
  });
  await recordOutbox(tx, {
    now,
    results: people.map((person) => toResult(person, outcomes.get(person.personId), now)),
  });
  await refreshWriteBacks(tx, {
    workspaceId,
    now,
    programs: await publishedPrograms(tx, workspaceId),
    publicUrl: work.publicUrl,
    workspaceCurrency: work.workspaceCurrency,
    personIds: linked.map(({ personId }) => personId),
  });
  // The contact may be an old one with deals of its own: have it looked at.
  await markDirty(tx, {
    workspaceId,
    connectionId,
    kind: 'captured',
    now,
    hints: linked.map(({ recordId }) => ({ objectType: 'contact', recordId })),
  });
}

function toResult(person: PersonToCapture, outcome: WriteOutcome | undefined, now: Date): OutboxResult {
  if (outcome?.ok) return { outboxId: person.outboxId, retryAt: null, dead: false, error: null };
  const error = outcome?.refusal ?? {
    code: 'record_rejected',
    message: 'The CRM did not answer for this person.',
    fields: [],
  };
  // "Exists already" means another writer was faster: the next try finds it by e-mail.
  const canHelp = error.code === 'record_exists' || error.code === 'record_locked';
  const retryAt = canHelp ? nextRetryAt(now, person.attempts + 1) : null;
  return { outboxId: person.outboxId, retryAt, dead: retryAt === null, error };
}
