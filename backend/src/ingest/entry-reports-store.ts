import type { EntryDetail, EntryReport } from '../../../shared/contracts/entries.ts';
import type { Database } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';

export type EntryFilter = {
  readonly state?: EntryReport['state'] | undefined;
  readonly referralId?: string | undefined;
  readonly programId?: string | undefined;
};

type Row = {
  id: string;
  seq: string;
  state: EntryReport['state'];
  reason_code: string;
  reason: string;
  trigger: Record<string, unknown>;
  program_id: string | null;
  program_version: number | null;
  referral_id: string | null;
  connection_id: string | null;
  object_type: string | null;
  record_id: string | null;
  attempts: number;
  created_at: Date;
  updated_at: Date;
};
type DetailRow = Row & { input: unknown; trace: unknown; edits: unknown[] };

const COLUMNS = [
  'id',
  'seq',
  'state',
  'reason_code',
  'reason',
  'trigger',
  'program_id',
  'program_version',
  'referral_id',
  'connection_id',
  'object_type',
  'record_id',
  'attempts',
  'created_at',
  'updated_at',
] as const;

/** Entries by their sequence, newest first: a page never skips or repeats one. */
export function listEntries(
  database: Database,
  workspaceId: string,
  input: { readonly page: PageInput; readonly filter: EntryFilter },
): Promise<Page<EntryReport>> {
  const { page, filter } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = tx('entries').where({ workspace_id: workspaceId });
    if (filter.state) void query.where({ state: filter.state });
    if (filter.referralId) void query.where({ referral_id: filter.referralId });
    if (filter.programId) void query.where({ program_id: filter.programId });
    if (page.after) void query.where('seq', '<', page.after[0] ?? '0');
    const rows: Row[] = await query
      .orderBy('seq', 'desc')
      .limit(page.limit + 1)
      .select(...COLUMNS);
    return toPage(rows, page.limit, { item: fromRow, key: (row) => [row.seq] });
  });
}

export function findEntry(database: Database, workspaceId: string, entryId: string): Promise<EntryDetail | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row: DetailRow | undefined = await tx('entries')
      .where({ workspace_id: workspaceId, id: entryId })
      .first(...COLUMNS, 'input', 'trace', 'edits');
    return row ? fromDetailRow(row) : null;
  });
}

/** The newest decision about a referral. */
export function findLastEntry(
  database: Database,
  workspaceId: string,
  referralId: string,
): Promise<EntryDetail | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row: DetailRow | undefined = await tx('entries')
      .where({ workspace_id: workspaceId, referral_id: referralId })
      .orderBy('seq', 'desc')
      .first(...COLUMNS, 'input', 'trace', 'edits');
    return row ? fromDetailRow(row) : null;
  });
}

function fromDetailRow(row: DetailRow): EntryDetail {
  return { ...fromRow(row), input: row.input, trace: row.trace, edits: row.edits };
}

function fromRow(row: Row): EntryReport {
  return {
    id: row.id,
    state: row.state,
    reasonCode: row.reason_code,
    reason: row.reason,
    trigger: row.trigger,
    programId: row.program_id,
    programVersion: row.program_version,
    referralId: row.referral_id,
    connectionId: row.connection_id,
    objectType: row.object_type,
    recordId: row.record_id,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
