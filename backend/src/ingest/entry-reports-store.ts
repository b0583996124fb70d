import type { EntryReport, TracedEntry } from '../../../shared/contracts/entry-reports.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import type { Labels } from '../qualification/explain.ts';
import { labelsOf } from '../qualification/labels.ts';
import { loadConnection, schemaOfWorkspace } from '../workspaces/connections-store.ts';
import { narrowEntries, orderOf, type EntryFilter } from './entry-filter.ts';
import { ENTRY_COLUMNS, toEntryReport, toTracedEntry, type EntryRow, type TracedEntryRow } from './entry-rows.ts';

/** Entries by their sequence, newest first: a page never skips or repeats one. */
export function listEntries(
  database: Database,
  workspaceId: string,
  input: { readonly page: PageInput; readonly filter: EntryFilter },
): Promise<Page<EntryReport>> {
  const { page, filter } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = tx('entries').where({ workspace_id: workspaceId });
    await narrowEntries(tx, query, { workspaceId, filter });
    if (page.after) void query.where('seq', '<', page.after[0] ?? '0');
    const rows: EntryRow[] = await query
      .orderByRaw(orderOf(filter))
      .limit(page.limit + 1)
      .select(...ENTRY_COLUMNS, tx.raw('input is not null as has_input'));
    return toPage(rows, page.limit, { item: toEntryReport, key: (row) => [row.seq] });
  });
}

/** The newest decision about a referral. */
export function findLastEntry(
  database: Database,
  workspaceId: string,
  referralId: string,
): Promise<TracedEntry | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = await tracedRow(tx, { workspace_id: workspaceId, referral_id: referralId });
    return row ? toTracedEntry(row, await labelsFor(tx, workspaceId, row.connection_id)) : null;
  });
}

/** The newest of the entries that are so, with everything that is kept of it. */
export async function tracedRow(
  tx: TenantTransaction,
  where: Readonly<Record<string, string>>,
): Promise<TracedEntryRow | null> {
  const row: TracedEntryRow | undefined = await tx('entries')
    .where(where)
    .orderBy('seq', 'desc')
    .first(...ENTRY_COLUMNS, 'input', 'trace', 'edits', tx.raw('input is not null as has_input'));
  return row ?? null;
}

/** What the accounts call things; without one ids are shown as they are. */
export async function labelsFor(
  tx: TenantTransaction,
  workspaceId: string,
  connectionId: string | null,
): Promise<Labels> {
  const left = connectionId === null ? null : await loadConnection(tx, connectionId);
  // An account that left still knows what its entries were about.
  if (left?.status === 'disconnected') return labelsOf(left.crmSchema, left.timeZone);
  const { crmSchema, timeZone } = await schemaOfWorkspace(tx, workspaceId);
  return labelsOf(crmSchema, timeZone);
}
