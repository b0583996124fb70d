import type { TenantTransaction } from '../db/database.ts';
import { linkRecords } from '../referrals/people-store.ts';
import { contactsAt, followedCompanies, unseenCompanies } from './companies-store.ts';
import type { CompanyChange } from './company-triggers.ts';
import { markDirty } from './dirty-store.ts';
import { startCompanyPoll } from './poll-store.ts';
import { mergesIn, survivors } from './reading.ts';
import { appendSnapshots } from './snapshots-store.ts';
import { toSnapshot, toTrigger, type Scope } from './readings-scope.ts';

/**
 * Companies as last read, where a known contact belongs to one; of the others nothing is stored. Whoever was at a company
 * that is gone or merged is read again: where they are now stands on their contact.
 * @returns those that are news.
 */
export async function recordCompanyReadings(tx: TenantTransaction, scope: Scope): Promise<readonly CompanyChange[]> {
  const { workspaceId, connectionId } = scope.account;
  await readAgainAfterLosses(tx, scope);
  const companies = survivors(scope.readings, 'company');
  const followed = await followedCompanies(
    tx,
    connectionId,
    companies.map(({ record }) => record.id),
  );
  const relevant = companies.filter(({ record }) => followed.has(record.id));
  const fresh = await linkRecords(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    links: relevant.map(({ record }) => ({ objectType: 'company', recordId: record.id, personId: null })),
  });
  const changed = await appendSnapshots(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    snapshots: relevant.map((reading) => toSnapshot(reading, scope)),
  });
  return relevant.flatMap((reading) => {
    const key = `company:${reading.record.id}`;
    return fresh.has(key) || changed.has(key)
      ? [{ companyId: reading.record.id, because: 'company' as const, trigger: toTrigger(reading, connectionId) }]
      : [];
  });
}

async function readAgainAfterLosses(tx: TenantTransaction, scope: Scope): Promise<void> {
  const { workspaceId, connectionId } = scope.account;
  const gone = scope.readings.flatMap(({ dirty, record, skipped }) =>
    dirty.objectType === 'company' && record === null && skipped !== true ? [dirty.recordId] : [],
  );
  const merged = mergesIn(scope.readings).flatMap(({ objectType, from }) => (objectType === 'company' ? [from] : []));
  await markDirty(tx, {
    workspaceId,
    connectionId,
    kind: 'linked',
    now: scope.now,
    hints: (await contactsAt(tx, connectionId, [...gone, ...merged])).map((recordId) => ({
      objectType: 'contact',
      recordId,
    })),
  });
}

/**
 * Where a program decides by companies: those of these friends nobody has looked at yet are read, and from then on the
 * poll follows them.
 */
export async function followCompanies(
  tx: TenantTransaction,
  scope: Scope,
  personIds: readonly string[],
): Promise<void> {
  const { workspaceId, connectionId } = scope.account;
  if (scope.wanted.company.length === 0) return;
  const unseen = await unseenCompanies(tx, { connectionId, personIds, fields: scope.wanted.company });
  if (unseen.length === 0) return;
  await startCompanyPoll(tx, { workspaceId, connectionId, from: scope.now, dueAt: scope.now });
  await markDirty(tx, {
    workspaceId,
    connectionId,
    kind: 'linked',
    now: scope.now,
    hints: unseen.map((recordId) => ({ objectType: 'company', recordId })),
  });
}
