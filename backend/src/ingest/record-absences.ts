import type { TenantTransaction } from '../db/database.ts';
import { knownContacts, markDeleted } from '../referrals/people-store.ts';
import { dropWrites, refreshWriteBacks } from '../sync/write-back-store.ts';
import type { DecisionTrigger } from './decision-input.ts';
import type { DirtyRecord } from './dirty-store.ts';
import { eraseRecords } from './erase-records.ts';
import type { Scope } from './readings-scope.ts';
import { linkedContacts } from './snapshots-store.ts';

/**
 * Records the CRM has no more, and people it was told to forget. What a deal that is gone had decided is looked at again.
 * @returns the friends on those deals, with what happened.
 */
export async function recordAbsences(tx: TenantTransaction, scope: Scope): Promise<Map<string, DecisionTrigger>> {
  const { connectionId } = scope.account;
  const gone = scope.readings
    .filter(({ record, skipped }) => record === null && skipped !== true)
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
  await nameOtherRecords(
    tx,
    scope,
    gone.filter(({ objectType }) => objectType === 'contact'),
  );
  return friendsOnDeals(
    tx,
    connectionId,
    gone.filter(({ objectType }) => objectType === 'deal'),
  );
}

/** Another record of theirs, or none, is the first one now: our fields that name them, or that one record holds, follow. */
async function nameOtherRecords(tx: TenantTransaction, scope: Scope, contacts: readonly DirtyRecord[]): Promise<void> {
  const { workspaceId, connectionId } = scope.account;
  const ids = contacts.map(({ recordId }) => recordId);
  const known = await knownContacts(tx, connectionId, ids);
  const personIds = [...new Set([...known.values()].flatMap(({ personId }) => personId ?? []))];
  await refreshWriteBacks(tx, { ...scope, workspaceId, personIds, linkedPersonIds: personIds });
}

async function friendsOnDeals(
  tx: TenantTransaction,
  connectionId: string,
  deals: readonly DirtyRecord[],
): Promise<Map<string, DecisionTrigger>> {
  const triggers = new Map<string, DecisionTrigger>();
  const links = await linkedContacts(
    tx,
    connectionId,
    deals.map(({ recordId }) => recordId),
  );
  const known = await knownContacts(tx, connectionId, [...links.values()].flat());
  for (const deal of deals) {
    const { objectType, recordId, lastKind: kind, lastOccurredAt, lastSourceKey: sourceKey } = deal;
    const trigger = { connectionId, objectType, recordId, kind, occurredAt: lastOccurredAt.toISOString(), sourceKey };
    for (const contactId of links.get(recordId) ?? []) {
      const personId = known.get(contactId)?.personId;
      if (personId) triggers.set(personId, trigger);
    }
  }
  return triggers;
}
