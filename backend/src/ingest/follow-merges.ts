import type { CrmAccount, CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { mergePeople, type EndedReferral } from '../referrals/merge-people.ts';
import { dropWrites } from '../sync/write-back-store.ts';
import type { DecisionTrigger } from './decision-input.ts';
import { insertEntries, type NewEntry } from './entries-store.ts';

export type Merge = { readonly objectType: CrmObjectType; readonly from: string; readonly into: string };

export type FollowedMerges = {
  readonly triggers: Map<string, DecisionTrigger>;
  readonly personIds: readonly string[];
  readonly advocateIds: readonly string[];
};

/** E5: the referral gave way, and whoever asks for it finds why, and by which records. */
function toEntry({ account, merge }: MergeInput, { referralId, programId, reason, standing }: EndedReferral): NewEntry {
  return {
    id: newId('ent'),
    state: 'processed',
    reasonCode: 'merged',
    reason,
    trigger: { kind: 'merged', objectType: merge.objectType, from: merge.from, into: merge.into },
    trace: standing === null ? { recordIds: [merge.from, merge.into] } : { standing },
    programId,
    referralId,
    connectionId: account.connectionId,
    objectType: merge.objectType,
    recordId: merge.into,
  };
}

type RecordRow = {
  connection_id: string;
  object_type: string;
  record_id: string;
  person_id: string | null;
  merged_into: string | null;
  read_digest: string | null;
};

/**
 * The CRM made one record of two: our rows for the old id point to the survivor, and when each stood for a person those
 * become one. Seen again, a merge changes nothing.
 */
export async function followMerges(
  tx: TenantTransaction,
  input: { readonly account: CrmAccount; readonly now: Date; readonly merges: readonly Merge[] },
): Promise<FollowedMerges> {
  const triggers = new Map<string, DecisionTrigger>();
  const personIds = new Set<string>();
  const advocateIds = new Set<string>();
  const entries: NewEntry[] = [];
  for (const merge of input.merges) {
    const survivorId = await followMerge(tx, { ...input, merge, advocateIds, entries });
    if (survivorId === null) continue;
    personIds.add(survivorId);
    triggers.set(survivorId, {
      connectionId: input.account.connectionId,
      objectType: merge.objectType,
      recordId: merge.into,
      kind: 'merged',
      occurredAt: input.now.toISOString(),
      sourceKey: null,
    });
  }
  await insertEntries(tx, { workspaceId: input.account.workspaceId, now: input.now, entries });
  return { triggers, personIds: [...personIds], advocateIds: [...advocateIds] };
}

type MergeInput = {
  readonly account: CrmAccount;
  readonly now: Date;
  readonly merge: Merge;
  /** Advocates whose numbers changed are added to it. */
  readonly advocateIds: Set<string>;
  /** What people have to know about it is added to them. */
  readonly entries: NewEntry[];
};

/** @returns the person the surviving contact stands for, when this merge was news. */
async function followMerge(tx: TenantTransaction, input: MergeInput): Promise<string | null> {
  const { merge } = input;
  const { connectionId, workspaceId } = input.account;
  const rows = await tx<RecordRow>('crm_records')
    .where({ connection_id: connectionId, object_type: merge.objectType })
    .whereIn('record_id', [merge.from, merge.into])
    .select('record_id', 'person_id', 'merged_into');
  const from = rows.find((row) => row.record_id === merge.from);
  const into = rows.find((row) => row.record_id === merge.into);
  // An old id that concerned nobody has nothing to hand over.
  if (!from || from.merged_into === merge.into) return null;
  await tx('crm_records')
    .where({ connection_id: connectionId, object_type: merge.objectType, record_id: merge.from })
    .update({ merged_into: merge.into, read_digest: null });
  if (merge.objectType !== 'contact') return null;
  await dropWrites(tx, { connectionId, recordIds: [merge.from] });
  await moveLinks(tx, { connectionId, merge });
  const personId = await onePerson(tx, { ...input, people: [into?.person_id ?? null, from.person_id] });
  if (personId === null) return null;
  await tx.raw(
    `insert into crm_records as r (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
     values (?, 'contact', ?, ?, ?, ?)
     on conflict (connection_id, object_type, record_id) do update set person_id = excluded.person_id, merged_into = null`,
    [connectionId, merge.into, workspaceId, personId, input.now],
  );
  return personId;
}

/** The deals of the one are those of the other from now on, not only when they are read the next time: nothing was lost. */
async function moveLinks(
  tx: TenantTransaction,
  { connectionId, merge: { from, into } }: { readonly connectionId: string; readonly merge: Merge },
): Promise<void> {
  await tx.raw(
    `insert into record_links (connection_id, deal_id, contact_id, workspace_id)
     select connection_id, deal_id, ?, workspace_id from record_links where connection_id = ? and contact_id = ?
     on conflict do nothing`,
    [into, connectionId, from],
  );
  await tx('record_links').where({ connection_id: connectionId, contact_id: from }).delete();
}

async function onePerson(
  tx: TenantTransaction,
  input: MergeInput & { readonly people: readonly [string | null, string | null] },
): Promise<string | null> {
  const [first, second] = input.people;
  if (first === null || second === null || first === second) return first ?? second;
  const merged = await mergePeople(tx, {
    workspaceId: input.account.workspaceId,
    now: input.now,
    personIds: [first, second],
  });
  for (const advocateId of merged.advocateIds) input.advocateIds.add(advocateId);
  input.entries.push(...merged.ended.map((ended) => toEntry(input, ended)));
  return merged.personId;
}
