import type { AssociatedRecord, CrmRecord, ReadAssociationsInput, ReadRecordsInput } from '../crm/port.ts';
import { publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import { knownContacts, type KnownRecord } from '../referrals/people-store.ts';
import { referralsOfFriends } from '../referrals/referrals-store.ts';
import type { ConnectionWork } from '../sync/connection-work.ts';
import { followedCompanies } from './companies-store.ts';
import type { DirtyRecord } from './dirty-store.ts';
import { contactDigest } from './contact-digests.ts';
import { contactFieldNames, matchContacts } from './match-contacts.ts';
import { survivors, type PresentReading, type Reading } from './reading.ts';
import { linkedContacts } from './snapshots-store.ts';
import { pushesNothing } from './unpushed-fields.ts';
import { wantedFields } from './wanted-fields.ts';

/** The answers to these hints, in full batches, with the contacts on every deal and the deals of friends who are new. */
export async function readClaimed(work: ConnectionWork, claimed: readonly DirtyRecord[]): Promise<Reading[]> {
  const programs = await work.database.inWorkspace(work.connection.workspaceId, (tx) =>
    publishedPrograms(tx, work.connection.workspaceId),
  );
  const fields = wantedFields(work, programs);
  const skipped = await idleCompanies(work, claimed, fields.company);
  const records = new Map<string, CrmRecord>();
  for (const [objectType, dirty] of Map.groupBy(claimed, (record) => record.objectType)) {
    const ids = dirty
      .filter((record) => !record.privacyDeletion && !(objectType === 'company' && skipped.has(record.recordId)))
      .map((record) => record.recordId);
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
    const contacts = dirty.objectType === 'deal' && record ? (contactsOf.get(record.id) ?? []) : [];
    return {
      dirty,
      record,
      contactIds: contacts.map(({ id }) => id),
      contactRoles: Object.fromEntries(contacts.flatMap(({ id, roles }) => (roles.length === 0 ? [] : [[id, roles]]))),
      dealIds: [],
      skipped: dirty.objectType === 'company' && skipped.has(dirty.recordId),
    };
  });
  const withLost = [...readings, ...(await readLost(work, { readings, fields: fields.contact }))];
  const all = await withDeals(work, { readings: withLost, programs });
  // Where changes are told, the poll meets few of our own writes, and knows them by their time.
  if (!pushesNothing(work.port)) return all;
  const digestOf = contactDigest({ crm: work.port.crm, fields: fields.contact, programs });
  return all.map((reading) =>
    reading.record?.objectType === 'contact' ? { ...reading, digest: digestOf(reading.record.values) } : reading,
  );
}

/** Companies no program decides by, or nobody we know belongs to: they are not worth a call. */
async function idleCompanies(
  work: ConnectionWork,
  claimed: readonly DirtyRecord[],
  wanted: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = claimed.filter(({ objectType }) => objectType === 'company').map(({ recordId }) => recordId);
  if (ids.length === 0 || wanted.length === 0) return new Set(ids);
  const followed = await work.database.inWorkspace(work.connection.workspaceId, (tx) =>
    followedCompanies(tx, work.connection.connectionId, ids),
  );
  return new Set(ids.filter((id) => !followed.has(id)));
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
  input: ReadAssociationsInput,
): Promise<Map<string, readonly AssociatedRecord[]>> {
  const found = new Map<string, readonly AssociatedRecord[]>();
  const ids = [...new Set(input.ids)];
  for (let start = 0; start < ids.length; start += work.port.associationBatchSize) {
    const batch = ids.slice(start, start + work.port.associationBatchSize);
    for (const [id, others] of await work.port.readAssociatedRoles(work.connection, { ...input, ids: batch }))
      found.set(id, others);
  }
  return found;
}

/**
 * Friends' contacts that a deal had and has no more, where they are gone or another contact took them in. Their own hints
 * may come after the deal's, and until then the deal would seem to be nobody's, and what was earned by it be taken back.
 */
async function readLost(
  work: ConnectionWork,
  { readings, fields }: { readonly readings: readonly Reading[]; readonly fields: readonly string[] },
): Promise<Reading[]> {
  const deals = survivors(readings, 'deal');
  if (deals.length === 0) return [];
  const hinted = new Set(readings.flatMap(({ dirty }) => (dirty.objectType === 'contact' ? [dirty.recordId] : [])));
  const lost = (await lostFriends(work, deals)).filter((id) => !hinted.has(id));
  const records = await readInBatches(work, { objectType: 'contact', ids: lost, fields });
  const now = new Date(work.clock.now());
  return lost.flatMap((askedId) => {
    const record = records.get(askedId) ?? null;
    // One that was only taken off the deal is as it was.
    return record?.id === askedId ? [] : toLost(askedId, record, now);
  });
}

async function lostFriends({ database, connection }: ConnectionWork, deals: readonly PresentReading[]) {
  return database.inWorkspace(connection.workspaceId, async (tx) => {
    const dealIds = deals.map(({ record }) => record.id);
    const before = await linkedContacts(tx, connection.connectionId, dealIds);
    const lost = deals.flatMap(({ record, contactIds }) =>
      (before.get(record.id) ?? []).filter((id) => !contactIds.includes(id)),
    );
    if (lost.length === 0) return [];
    const known = await knownContacts(tx, connection.connectionId, [...new Set(lost)]);
    const people = [...known.values()].flatMap(({ personId }) => personId ?? []);
    const friends = new Set((await referralsOfFriends(tx, people)).map(({ personId }) => personId));
    return [...known].flatMap(([id, { personId }]) => (personId !== null && friends.has(personId) ? [id] : []));
  });
}

function toLost(recordId: string, record: CrmRecord | null, now: Date): Reading {
  const dirty: DirtyRecord = {
    objectType: 'contact',
    recordId,
    generation: 0,
    privacyDeletion: false,
    lastKind: record === null ? 'deleted' : 'merged',
    lastSourceKey: null,
    lastOccurredAt: now,
    attempts: 0,
  };
  return { dirty, record, contactIds: [], contactRoles: {}, dealIds: [], unhinted: true };
}

/** Kinds of hints after which a contact may carry deals nobody told us about. */
const MAY_CARRY_DEALS: ReadonlySet<DirtyRecord['lastKind']> = new Set([
  'captured',
  'restored',
  'merged',
  'reconnected',
]);

/** Ids under which this contact was known before it was merged into, or before a lead became it. */
function formerIds({ dirty, record }: PresentReading): string[] {
  return [dirty.recordId, ...record.mergedIds].filter((id) => id !== record.id);
}

/** A merge that was followed before brings nothing along. */
function isNews({ record }: PresentReading): (known: KnownRecord) => boolean {
  return ({ mergedInto }) => mergedInto !== record.id;
}

/** Friends who just came into view: the deals they had before are looked up once. */
async function withDeals(
  work: ConnectionWork,
  { readings, programs }: { readonly readings: readonly Reading[]; readonly programs: readonly PublishedProgram[] },
): Promise<Reading[]> {
  const contacts = survivors(readings, 'contact');
  if (contacts.length === 0) return [...readings];
  const friendContactIds = await work.database.inWorkspace(work.connection.workspaceId, async (tx) => {
    const fields = contactFieldNames(work.port);
    const matched = await matchContacts(tx, { ...work.connection, contacts, fields, programs });
    const handedOver = await knownContacts(tx, work.connection.connectionId, contacts.flatMap(formerIds));
    const fresh = matched.flatMap(({ reading, linkedNow, personId }) => {
      const former = formerIds(reading).flatMap((id) => handedOver.get(id) ?? []);
      const comesNow = linkedNow || MAY_CARRY_DEALS.has(reading.dirty.lastKind) || former.some(isNews(reading));
      const theirs = personId ?? former.find((known) => known.personId !== null)?.personId ?? null;
      return comesNow && theirs !== null ? [{ reading, personId: theirs }] : [];
    });
    const friends = await referralsOfFriends(
      tx,
      fresh.map(({ personId }) => personId),
    );
    const friendIds = new Set(friends.map((referral) => referral.personId));
    return fresh.flatMap(({ reading, personId }) => (friendIds.has(personId) ? reading.record.id : []));
  });
  if (friendContactIds.length === 0) return [...readings];
  const dealsOf = await associationsInBatches(work, { from: 'contact', to: 'deal', ids: friendContactIds });
  return readings.map((reading) =>
    reading.record?.objectType === 'contact'
      ? { ...reading, dealIds: (dealsOf.get(reading.record.id) ?? []).map(({ id }) => id) }
      : reading,
  );
}
