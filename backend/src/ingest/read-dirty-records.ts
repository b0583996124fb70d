import type { CrmObjectType, CrmRecord, ReadRecordsInput } from '../crm/port.ts';
import { fieldsToRead } from '../qualification/evaluate-rules.ts';
import { labelsOf } from '../qualification/labels.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { referralsOfFriends } from '../referrals/referrals-store.ts';
import { spentShare } from '../sync/budget-store.ts';
import { claimUntil, type ConnectionWork } from '../sync/connection-work.ts';
import { describeFailure, isConnectionFailure } from '../sync/failure.ts';
import { writtenFieldNames } from '../sync/own-fields.ts';
import { nextRetryAt } from '../sync/retry-schedule.ts';
import {
  claimDirtyRecords,
  failDirtyRecords,
  readBacklog,
  releaseDirtyRecords,
  type DirtyRecord,
} from './dirty-store.ts';
import { takeable } from './batch-forming.ts';
import type { EntryState } from './entries-store.ts';
import { matchContacts } from './match-contacts.ts';
import type { Reading } from './reading.ts';
import { survivors } from './reading.ts';
import { recordReadings } from './record-readings.ts';

/** Records per decision transaction: keeps it, and the lock on the workspace, short. */
const DECIDE_AT_ONCE = 500;

export type DrainResult = {
  readonly records: number;
  readonly decisions: readonly EntryState[];
  /** Hints are due that wait for company. */
  readonly waiting: boolean;
};

/**
 * Takes up due hints, reads the records in full batches and decides. Nothing is held while the CRM is asked: claim,
 * call, record.
 * @param inBurst a batch was just taken: a remainder then waits a moment, so that a burst costs the fewest calls.
 */
export async function drainDirtyRecords(work: ConnectionWork, inBurst: boolean): Promise<DrainResult> {
  const { connection, database } = work;
  const nowMs = work.clock.now();
  const { claimed, waiting } = await database.inWorkspace(connection.workspaceId, async (tx) => {
    const backlog = await readBacklog(tx, connection.connectionId, new Date(nowMs));
    const spent =
      backlog.length === 0
        ? 0
        : await spentShare(tx, { ...work, connectionId: connection.connectionId, now: new Date(nowMs) });
    const taken: DirtyRecord[] = [];
    for (const kind of backlog) {
      const limit = takeable(kind, { nowMs, inBurst, spent, batchSize: work.port.batchSize });
      if (limit === 0) continue;
      taken.push(
        ...(await claimDirtyRecords(tx, {
          connectionId: connection.connectionId,
          objectType: kind.objectType,
          limit,
          now: new Date(nowMs),
          claimedUntil: claimUntil(nowMs),
        })),
      );
    }
    return { claimed: taken, waiting: backlog.length > 0 };
  });
  if (claimed.length === 0) return { records: 0, decisions: [], waiting };
  return { records: claimed.length, decisions: await readAndDecide(work, claimed), waiting };
}

/**
 * A failure of the CRM gives the records back untouched. Any other failure lies in one of the records: the batch is
 * halved until that one stands alone, and only it is tried again later or set aside.
 */
async function readAndDecide(work: ConnectionWork, claimed: readonly DirtyRecord[]): Promise<EntryState[]> {
  const { connectionId, workspaceId } = work.connection;
  try {
    return await decideClaimed(work, claimed);
  } catch (error) {
    const [only, second] = claimed;
    if (isConnectionFailure(error)) {
      await work.database.inWorkspace(workspaceId, (tx) => releaseDirtyRecords(tx, { connectionId, records: claimed }));
      throw error;
    }
    if (only && !second) {
      await setAside(work, only, error);
      return [];
    }
    const half = Math.ceil(claimed.length / 2);
    return [
      ...(await readAndDecide(work, claimed.slice(0, half))),
      ...(await readAndDecide(work, claimed.slice(half))),
    ];
  }
}

async function decideClaimed(work: ConnectionWork, claimed: readonly DirtyRecord[]): Promise<EntryState[]> {
  const { connection, port } = work;
  const readings = await readAll(work, claimed);
  const decisions: EntryState[] = [];
  for (let start = 0; start < readings.length; start += DECIDE_AT_ONCE) {
    const decided = await recordReadings(work.database, {
      account: connection,
      readings: readings.slice(start, start + DECIDE_AT_ONCE),
      now: new Date(work.clock.now()),
      publicUrl: work.publicUrl,
      workspaceCurrency: work.workspaceCurrency,
      labels: labelsOf(connection.crmSchema),
      fields: port.contactFields,
    });
    decisions.push(...decided);
  }
  return decisions;
}

async function setAside(work: ConnectionWork, record: DirtyRecord, error: unknown): Promise<void> {
  const { connectionId, workspaceId } = work.connection;
  const now = new Date(work.clock.now());
  const failure = { record, dueAt: nextRetryAt(now, record.attempts + 1), error: describeFailure(error) };
  work.logger.warn(
    { err: error, connectionId, objectType: record.objectType, recordId: record.recordId },
    'record set aside',
  );
  if (failure.dueAt === null) work.counters.deadLettered('dirty');
  await work.database.inWorkspace(workspaceId, (tx) => failDirtyRecords(tx, { connectionId, now, failed: [failure] }));
}

async function readAll(work: ConnectionWork, claimed: readonly DirtyRecord[]): Promise<Reading[]> {
  const byType = Map.groupBy(claimed, (dirty) => dirty.objectType);
  const fields = await wantedFields(work);
  const records = new Map<string, CrmRecord>();
  for (const [objectType, dirty] of byType) {
    if (objectType === 'company') continue;
    const ids = dirty.filter((record) => !record.privacyDeletion).map((record) => record.recordId);
    for (const [askedId, record] of await readInBatches(work, { objectType, ids, fields: fields[objectType] })) {
      records.set(`${objectType}:${askedId}`, record);
    }
  }
  const recordOf = (dirty: DirtyRecord): CrmRecord | null =>
    records.get(`${dirty.objectType}:${dirty.recordId}`) ?? null;
  const dealIds = claimed.flatMap((dirty) => (dirty.objectType === 'deal' ? (recordOf(dirty)?.id ?? []) : []));
  const contactsOf = await associationsInBatches(work, { from: 'deal', to: 'contact', ids: dealIds });
  const readings = claimed.map((dirty): Reading => {
    const record = recordOf(dirty);
    const contactIds = dirty.objectType === 'deal' && record ? (contactsOf.get(record.id) ?? []) : [];
    return { dirty, record, contactIds, dealIds: [] };
  });
  return withDeals(work, readings);
}

async function wantedFields(work: ConnectionWork): Promise<Record<'contact' | 'deal', string[]>> {
  const programs = await work.database.inWorkspace(work.connection.workspaceId, (tx) =>
    publishedPrograms(tx, work.connection.workspaceId),
  );
  const wanted = fieldsToRead(programs.map((program) => program.definition));
  return {
    contact: [
      ...new Set([
        ...wanted.contact,
        ...Object.values(work.port.contactFields),
        ...writtenFieldNames(work.port.crm, programs),
      ]),
    ],
    deal: wanted.deal,
  };
}

async function readInBatches(work: ConnectionWork, input: ReadRecordsInput): Promise<Map<string, CrmRecord>> {
  const found = new Map<string, CrmRecord>();
  for (let start = 0; start < input.ids.length; start += work.port.batchSize) {
    const ids = input.ids.slice(start, start + work.port.batchSize);
    for (const [id, record] of await work.port.readRecords(work.connection, { ...input, ids })) found.set(id, record);
  }
  return found;
}

async function associationsInBatches(
  work: ConnectionWork,
  input: { readonly from: CrmObjectType; readonly to: CrmObjectType; readonly ids: readonly string[] },
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const ids = [...new Set(input.ids)];
  for (let start = 0; start < ids.length; start += work.port.associationBatchSize) {
    const batch = ids.slice(start, start + work.port.associationBatchSize);
    for (const [id, others] of await work.port.readAssociations(work.connection, { ...input, ids: batch }))
      found.set(id, others);
  }
  return found;
}

/** Kinds of hints after which a contact may carry deals nobody told us about. */
const MAY_CARRY_DEALS: ReadonlySet<DirtyRecord['lastKind']> = new Set(['captured', 'restored', 'merged']);

/** Friends who just came into view: the deals they had before are looked up once. */
async function withDeals(work: ConnectionWork, readings: readonly Reading[]): Promise<Reading[]> {
  const contacts = survivors(readings, 'contact');
  if (contacts.length === 0) return [...readings];
  const friendContactIds = await work.database.inWorkspace(work.connection.workspaceId, async (tx) => {
    const matched = await matchContacts(tx, { ...work.connection, contacts, fields: work.port.contactFields });
    const fresh = matched.filter(({ reading, linkedNow }) => linkedNow || MAY_CARRY_DEALS.has(reading.dirty.lastKind));
    const friends = await referralsOfFriends(
      tx,
      fresh.flatMap(({ personId }) => personId ?? []),
    );
    const friendIds = new Set(friends.map((referral) => referral.personId));
    return fresh.flatMap(({ reading, personId }) => (personId && friendIds.has(personId) ? reading.record.id : []));
  });
  if (friendContactIds.length === 0) return [...readings];
  const dealsOf = await associationsInBatches(work, { from: 'contact', to: 'deal', ids: friendContactIds });
  return readings.map((reading) =>
    reading.record?.objectType === 'contact' ? { ...reading, dealIds: dealsOf.get(reading.record.id) ?? [] } : reading,
  );
}
