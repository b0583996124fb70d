import type { DeadLetterReport } from '../../../shared/contracts/dead-letters.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import { sortKey } from '../db/sort-key.ts';

type Row = {
  id: string;
  kind: DeadLetterReport['kind'];
  connection_id: string;
  object_type: string | null;
  record_id: string | null;
  attempts: number;
  last_error: unknown;
  dead_at: Date;
  sort_at: string;
};

/**
 * The three places where work can be given up, as one list. An id says where and which:
 * `dirty~<connection>~<type>~<record>`, `write~<connection>~<type>~<record>`, `outbox~<id>`.
 */
const DEAD_LETTERS = `
  select 'dirty~' || connection_id || '~' || object_type || '~' || record_id as id, 'dirty' as kind,
         connection_id, object_type, record_id, attempts, last_error, dead_at
    from dirty_records where workspace_id = :workspaceId and dead_at is not null
  union all
  select 'write~' || connection_id || '~' || object_type || '~' || record_id, 'write',
         connection_id, object_type, record_id, attempts, last_error, dead_at
    from write_backs where workspace_id = :workspaceId and dead_at is not null
  union all
  select 'outbox~' || id, 'outbox', connection_id, null, null, attempts, last_error, dead_at
    from outbox where workspace_id = :workspaceId and dead_at is not null`;

/** Work that was given up, newest first. */
export function listDeadLetters(
  database: Database,
  workspaceId: string,
  page: PageInput,
): Promise<Page<DeadLetterReport>> {
  const [at = null, id = null] = page.after ?? [];
  return database.inWorkspace(workspaceId, async (tx) => {
    const answer = await tx.raw<{ rows: Row[] }>(
      `select d.*, ${sortKey('d.dead_at')} as sort_at from (${DEAD_LETTERS}) d
        where :at::timestamptz is null or (d.dead_at, d.id) < (:at::timestamptz, :id::text)
        order by d.dead_at desc, d.id desc limit :limit`,
      { workspaceId, at, id, limit: page.limit + 1 },
    );
    return toPage(answer.rows, page.limit, { item: fromRow, key: (row) => [row.sort_at, row.id] });
  });
}

/** Whether this is dead work of this workspace. Each kind is looked up by its own key. */
export function deadLetterExists(database: Database, workspaceId: string, deadLetterId: string): Promise<boolean> {
  const [kind = '', first = '', objectType = '', recordId = ''] = deadLetterId.split('~');
  return database.inWorkspace(workspaceId, async (tx) => {
    const row: unknown = await place(tx, kind, { first, objectType, recordId })
      .where({ workspace_id: workspaceId })
      .whereNotNull('dead_at')
      .first('workspace_id');
    return row !== undefined;
  });
}

function place(tx: TenantTransaction, kind: string, key: { first: string; objectType: string; recordId: string }) {
  if (kind === 'outbox') return tx('outbox').where({ id: key.first });
  return tx(kind === 'write' ? 'write_backs' : 'dirty_records').where({
    connection_id: key.first,
    object_type: key.objectType,
    record_id: key.recordId,
  });
}

function fromRow(row: Row): DeadLetterReport {
  return {
    id: row.id,
    kind: row.kind,
    connectionId: row.connection_id,
    objectType: row.object_type,
    recordId: row.record_id,
    attempts: row.attempts,
    lastError: row.last_error,
    deadAt: row.dead_at.toISOString(),
  };
}
