import type { EnrolmentReport } from '../../../shared/contracts/enrolments.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import { sortKey } from '../db/sort-key.ts';
import type { EnrolmentState } from './enrolments-store.ts';
import { paceOf, type Mark } from './progress.ts';

type Row = {
  id: string;
  workspace_id: string;
  program_id: string;
  connection_id: string;
  source: 'all' | 'list';
  list_id: string | null;
  list_name: string | null;
  list_kind: 'static' | 'active' | null;
  ongoing: boolean;
  state: EnrolmentState;
  pass: number;
  total: number | null;
  seen: number;
  enrolled: number;
  already: number;
  skipped: number;
  departed: number;
  marks: Mark[];
  due_at: Date | null;
  last_error: { code: string; message: string } | null;
  created_at: Date;
  finished_at: Date | null;
  sort_at: string;
};

function select(tx: TenantTransaction, workspaceId: string) {
  return tx<Row>('enrolments')
    .where({ workspace_id: workspaceId })
    .select('*', tx.raw(`${sortKey('created_at')} as sort_at`));
}

export async function readEnrolment(
  tx: TenantTransaction,
  workspaceId: string,
  enrolmentId: string,
): Promise<EnrolmentReport | null> {
  const row = (await select(tx, workspaceId).where({ id: enrolmentId }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
}

export function findEnrolment(
  database: Database,
  workspaceId: string,
  enrolmentId: string,
): Promise<EnrolmentReport | null> {
  return database.inWorkspace(workspaceId, (tx) => readEnrolment(tx, workspaceId, enrolmentId));
}

export function listEnrolments(
  database: Database,
  workspaceId: string,
  input: PageInput & { readonly programId: string },
): Promise<Page<EnrolmentReport>> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = select(tx, workspaceId).where({ program_id: input.programId });
    if (input.after) void query.whereRaw('(created_at, id) < (?::timestamptz, ?)', [...input.after]);
    const rows = (await query.orderByRaw('created_at desc, id desc').limit(input.limit + 1)) as Row[];
    return toPage(rows, input.limit, { item: fromRow, key: (row) => [row.sort_at, row.id] });
  });
}

function fromRow(row: Row): EnrolmentReport {
  const remaining = remainingOf(row);
  const { perSecond, secondsLeft } = row.state === 'running' ? paceOf(row.marks, remaining) : NO_PACE;
  return {
    id: row.id,
    programId: row.program_id,
    connectionId: row.connection_id,
    source: row.source,
    list: row.list_id === null ? null : { id: row.list_id, name: row.list_name ?? '', kind: row.list_kind ?? 'static' },
    ongoing: row.ongoing,
    state: row.state,
    progress: {
      total: row.total,
      seen: row.seen,
      enrolled: row.enrolled,
      already: row.already,
      skipped: row.skipped,
      departed: row.departed,
      remaining,
      perSecond,
      secondsLeft,
    },
    pass: row.pass,
    nextCheckAt: row.state === 'watching' ? (row.due_at?.toISOString() ?? null) : null,
    error: row.last_error === null ? null : { code: row.last_error.code, message: row.last_error.message },
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

const NO_PACE = { perSecond: null, secondsLeft: null };

/** Nothing is left once the source was walked to its end; before its first page nobody knows. */
function remainingOf({ state, total, seen }: Row): number | null {
  if (state === 'watching' || state === 'done') return 0;
  return total === null ? null : Math.max(0, total - seen);
}
