import type { CrmAccount } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { recountMetrics } from '../metrics/metrics-store.ts';
import type { CrmValues } from '../metrics/crm-values.ts';
import { fieldsToRead } from '../qualification/evaluate-rules.ts';
import type { Labels } from '../qualification/explain.ts';
import { publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import { peopleOfAdvocates } from '../referrals/advocates-store.ts';
import { recordCompanies } from '../referrals/contact-companies-store.ts';
import { knownContacts, linkRecords, markDeleted } from '../referrals/people-store.ts';
import { undecidedFriends } from '../referrals/referrals-store.ts';
import { fromCrmFields } from '../sync/own-fields.ts';
import { dropWrites, refreshWriteBacks } from '../sync/write-back-store.ts';
import { decideReferrals, type DecisionTrigger } from './decide-referrals.ts';
import { completeDirtyRecords, markDirty, type Hint } from './dirty-store.ts';
import type { EntryState } from './entries-store.ts';
import { eraseRecords } from './erase-records.ts';
import { matchContacts, type ContactFieldNames, type MatchedContact } from './match-contacts.ts';
import { followMerges } from './follow-merges.ts';
import { survivors, mergesIn, type PresentReading, type Reading } from './reading.ts';
import { appendSnapshots, linkedContacts, replaceRecordLinks } from './snapshots-store.ts';

export type RecordReadingsInput = {
  readonly account: CrmAccount;
  readonly readings: readonly Reading[];
  readonly now: Date;
  readonly publicUrl: string;
  readonly workspaceCurrency: string;
  readonly labels: Labels;
  readonly fields: ContactFieldNames;
};

type Scope = RecordReadingsInput & { readonly programs: readonly PublishedProgram[] };

/**
 * The decision transaction: what was read becomes snapshots, referrals are decided, rewards granted, numbers counted and
 * write-backs set, and the hints are answered, all in one commit. Killed before it, nothing happened; after it, nothing
 * is left to do.
 * @returns the state of each decision taken.
 */
export async function recordReadings(database: Database, input: RecordReadingsInput): Promise<readonly EntryState[]> {
  return database.aloneInWorkspace(input.account.workspaceId, async (tx) => {
    const scope: Scope = { ...input, programs: await publishedPrograms(tx, input.account.workspaceId) };
    await recordAbsences(tx, scope);
    const mergedPeople = await followMerges(tx, { ...input, merges: mergesIn(input.readings) });
    const contacts = await recordContacts(tx, scope);
    const deals = await recordDeals(tx, scope);
    const triggers = new Map([...deals.triggers, ...contacts.triggers, ...mergedPeople.triggers]);
    const decided = await decideReferrals(tx, { ...scope, workspaceId: input.account.workspaceId, triggers });
    await recountMetrics(tx, {
      workspaceId: input.account.workspaceId,
      now: input.now,
      advocateIds: [...new Set([...decided.advocateIds, ...mergedPeople.advocateIds])],
    });
    await refreshWriteBacks(tx, {
      ...scope,
      workspaceId: input.account.workspaceId,
      actual: contacts.actual,
      personIds: [
        ...new Set([
          ...decided.friendIds,
          ...decided.advocatePersonIds,
          ...contacts.personIds,
          ...mergedPeople.personIds,
          ...(await peopleOfAdvocates(tx, mergedPeople.advocateIds)),
        ]),
      ],
    });
    await completeDirtyRecords(tx, {
      connectionId: input.account.connectionId,
      records: input.readings.map((reading) => reading.dirty),
    });
    return decided.states;
  });
}

async function recordAbsences(tx: TenantTransaction, scope: Scope): Promise<void> {
  const { connectionId } = scope.account;
  // Companies are not read, so that no record of one says nothing.
  const gone = scope.readings
    .filter(({ record, dirty }) => record === null && dirty.objectType !== 'company')
    .map((reading) => reading.dirty);
  await markDeleted(tx, { connectionId, now: scope.now, records: gone });
  await dropWrites(tx, {
    connectionId,
    recordIds: gone.filter((record) => record.objectType === 'contact').map((record) => record.recordId),
  });
  const erased = scope.readings.filter(
    (reading) => reading.dirty.privacyDeletion && reading.dirty.objectType === 'contact',
  );
  if (erased.length > 0)
    await eraseRecords(tx, { ...scope, recordIds: erased.map((reading) => reading.dirty.recordId) });
}

type RecordedContacts = {
  readonly triggers: Map<string, DecisionTrigger>;
  /** People whose own contact was read: their write-backs are compared with what stands there. */
  readonly personIds: readonly string[];
  readonly actual: Map<string, CrmValues>;
};

async function recordContacts(tx: TenantTransaction, scope: Scope): Promise<RecordedContacts> {
  const { workspaceId, connectionId, crm } = scope.account;
  const contacts = survivors(scope.readings, 'contact').filter((reading) => !reading.dirty.privacyDeletion);
  const matched = (await matchContacts(tx, { workspaceId, connectionId, contacts, fields: scope.fields })).filter(
    (contact): contact is MatchedContact & { personId: string } => contact.personId !== null,
  );
  const wanted = fieldsToRead(scope.programs.map((program) => program.definition)).contact;
  const fresh = await linkRecords(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    links: matched.map(({ reading, personId }) => ({ objectType: 'contact', recordId: reading.record.id, personId })),
  });
  await recordCompanies(tx, {
    connectionId,
    field: scope.fields.company,
    contacts: matched.map(({ reading }) => reading.record),
  });
  const changed = await appendSnapshots(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    snapshots: matched.map(({ reading }) => toSnapshot(reading, wanted)),
  });
  const undecided = await undecidedFriends(
    tx,
    matched.map(({ personId }) => personId),
  );
  const triggers = new Map<string, DecisionTrigger>();
  for (const { reading, personId } of matched) {
    const key = `contact:${reading.record.id}`;
    if (fresh.has(key) || changed.has(key) || undecided.has(personId)) {
      triggers.set(personId, toTrigger(reading, connectionId));
    }
  }
  await markDirty(tx, {
    workspaceId,
    connectionId,
    kind: 'linked',
    now: scope.now,
    hints: await unseenDeals(tx, connectionId, matched),
  });
  return {
    triggers,
    personIds: matched.map(({ personId }) => personId),
    actual: new Map(
      matched.map(({ reading }) => [
        `${connectionId}:${reading.record.id}`,
        fromCrmFields(crm, reading.record.values, scope.programs),
      ]),
    ),
  };
}

async function recordDeals(tx: TenantTransaction, scope: Scope): Promise<{ triggers: Map<string, DecisionTrigger> }> {
  const { workspaceId, connectionId } = scope.account;
  const deals = survivors(scope.readings, 'deal');
  if (deals.length === 0) return { triggers: new Map() };
  const before = await linkedContacts(
    tx,
    connectionId,
    deals.map(({ record }) => record.id),
  );
  const involved = (deal: PresentReading): string[] => [...(before.get(deal.record.id) ?? []), ...deal.contactIds];
  const known = await knownContacts(tx, connectionId, [...new Set(deals.flatMap(involved))]);
  // A deal none of whose contacts concerns anybody is looked at and forgotten: nothing of it is stored.
  const relevant = deals.filter((deal) => involved(deal).some((contactId) => known.get(contactId)?.personId));
  const fresh = await linkRecords(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    links: relevant.map(({ record }) => ({ objectType: 'deal', recordId: record.id, personId: null })),
  });
  await replaceRecordLinks(tx, {
    workspaceId,
    connectionId,
    deals: relevant.map((deal) => ({ dealId: deal.record.id, contactIds: deal.contactIds })),
  });
  const wanted = fieldsToRead(scope.programs.map((program) => program.definition)).deal;
  const changed = await appendSnapshots(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    snapshots: relevant.map((deal) => toSnapshot(deal, wanted)),
  });
  const triggers = new Map<string, DecisionTrigger>();
  for (const deal of relevant.filter(
    ({ record }) => fresh.has(`deal:${record.id}`) || changed.has(`deal:${record.id}`),
  )) {
    for (const contactId of involved(deal)) {
      const personId = known.get(contactId)?.personId;
      if (personId) triggers.set(personId, toTrigger(deal, connectionId));
    }
  }
  return { triggers };
}

/** Deals the CRM shows on a friend's contact that we have not looked at yet. */
async function unseenDeals(
  tx: TenantTransaction,
  connectionId: string,
  contacts: readonly MatchedContact[],
): Promise<Hint[]> {
  const dealIds = [...new Set(contacts.flatMap(({ reading }) => reading.dealIds))];
  const linked = await linkedContacts(tx, connectionId, dealIds);
  const isLinked = (dealId: string, contactId: string): boolean => linked.get(dealId)?.includes(contactId) ?? false;
  return contacts.flatMap(({ reading }) =>
    reading.dealIds
      .filter((dealId) => !isLinked(dealId, reading.record.id))
      .map((dealId): Hint => ({ objectType: 'deal', recordId: dealId })),
  );
}

function toSnapshot(
  reading: PresentReading,
  wanted: readonly string[],
): Parameters<typeof appendSnapshots>[1]['snapshots'][number] {
  const { record } = reading;
  return {
    objectType: record.objectType,
    recordId: record.id,
    modifiedAt: record.modifiedAt,
    values: Object.fromEntries(wanted.map((field) => [field, record.values[field] ?? null])),
    contactIds: [...reading.contactIds].sort(),
  };
}

function toTrigger({ dirty, record }: PresentReading, connectionId: string): DecisionTrigger {
  return {
    connectionId,
    objectType: record.objectType,
    recordId: record.id,
    kind: dirty.lastKind,
    occurredAt: dirty.lastOccurredAt.toISOString(),
    sourceKey: dirty.lastSourceKey,
  };
}
