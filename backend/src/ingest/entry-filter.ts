import type { Knex } from 'knex';
import type { EntryReport } from '../../../shared/contracts/entry-reports.ts';
import type { TenantTransaction } from '../db/database.ts';

export type EntryFilter = {
  readonly state?: EntryReport['state'] | undefined;
  readonly reasonCode?: string | undefined;
  readonly programId?: string | undefined;
  readonly referralId?: string | undefined;
  readonly connectionId?: string | undefined;
  /** With `recordId`. */
  readonly objectType?: string | undefined;
  readonly recordId?: string | undefined;
  /** Made at this time or later, ISO 8601. */
  readonly from?: string | undefined;
  /** Made before this time, ISO 8601. */
  readonly to?: string | undefined;
  readonly notify?: boolean | undefined;
  readonly reviewOpen?: boolean | undefined;
};

/** Further apart than this no two clocks of ours are: what it bounds is only where the walk begins and ends. */
const CLOCK_SKEW = "interval '1 hour'";

/**
 * Narrows the entries of a workspace. The list is ordered by `seq`, so a span of time is walked between the two sequence
 * numbers around it: an old week among a million entries is found without passing the newer ones.
 */
export async function narrowEntries(
  tx: TenantTransaction,
  query: Knex.QueryBuilder,
  { workspaceId, filter }: { readonly workspaceId: string; readonly filter: EntryFilter },
): Promise<void> {
  const { state, reasonCode, programId, referralId, connectionId, objectType, recordId, from, to } = filter;
  if (state !== undefined) void query.where({ state });
  if (reasonCode !== undefined) void query.where({ reason_code: reasonCode });
  if (programId !== undefined) void query.where({ program_id: programId });
  if (referralId !== undefined) void query.where({ referral_id: referralId });
  if (filter.notify !== undefined) void query.whereRaw(filter.notify ? 'notify' : 'not notify');
  if (filter.reviewOpen !== undefined) void query.where('state', filter.reviewOpen ? '=' : '<>', 'review');
  if (objectType !== undefined && recordId !== undefined) {
    void query.where({ object_type: objectType, record_id: recordId });
  }
  if (connectionId !== undefined) void query.where({ connection_id: connectionId });
  // Spelled as its index has it (`entries_of_connection`), which a question about one record is not to use.
  if (connectionId !== undefined && recordId === undefined) void query.whereRaw('length(connection_id) > 0');
  // The index of a record begins with its account: without one asked for, it is any of the workspace's few.
  if (connectionId === undefined && recordId !== undefined)
    void query.whereIn('connection_id', await connectionsOf(tx, workspaceId));
  if (from !== undefined) {
    const before = await seqBefore(tx, workspaceId, from);
    void query.where('created_at', '>=', from).where('seq', '>', before);
  }
  if (to !== undefined) {
    const after = await seqAfter(tx, workspaceId, to);
    void query.where('created_at', '<', to);
    if (after !== null) void query.where('seq', '<', after);
  }
}

/**
 * Newest first. Entries of one record are few, so they are sorted: an order that an index could give would let the planner
 * walk a larger index for it when it knows nothing of the table yet.
 */
export function orderOf({ recordId }: EntryFilter): string {
  return recordId === undefined ? 'seq desc' : 'seq + 0 desc';
}

async function seqBefore(tx: TenantTransaction, workspaceId: string, from: string): Promise<string> {
  const answer = await tx.raw<{ rows: { seq: string }[] }>(
    `select seq from entries where workspace_id = ? and created_at < ?::timestamptz - ${CLOCK_SKEW}
      order by created_at desc, seq desc limit 1`,
    [workspaceId, from],
  );
  return answer.rows[0]?.seq ?? '0';
}

async function seqAfter(tx: TenantTransaction, workspaceId: string, to: string): Promise<string | null> {
  const answer = await tx.raw<{ rows: { seq: string }[] }>(
    `select seq from entries where workspace_id = ? and created_at >= ?::timestamptz + ${CLOCK_SKEW}
      order by created_at, seq limit 1`,
    [workspaceId, to],
  );
  return answer.rows[0]?.seq ?? null;
}

async function connectionsOf(tx: TenantTransaction, workspaceId: string): Promise<string[]> {
  const rows = await tx<{ id: string; workspace_id: string }>('connections')
    .where({ workspace_id: workspaceId })
    .select('id');
  return rows.map(({ id }) => id);
}
