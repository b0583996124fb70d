import type { ContactList } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';

export type EnrolmentStart = {
  readonly workspaceId: string;
  readonly actor: string;
  readonly programId: string;
  readonly connectionId: string;
  readonly source: 'all' | 'list';
  readonly list: ContactList | null;
  readonly ongoing: boolean;
  readonly now: Date;
};

/** Null when one for this source is live: the constraint decides, so two at once never both start. */
export async function insertEnrolment(tx: TenantTransaction, start: EnrolmentStart): Promise<string | null> {
  const { workspaceId, actor, list, now } = start;
  const answer = await tx.raw<{ rows: { id: string }[] }>(
    `insert into enrolments (id, workspace_id, program_id, connection_id, source, list_id, list_name, list_kind, ongoing,
                             state, pass_started_at, total, due_at, actor, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    [
      newId('enr'),
      workspaceId,
      start.programId,
      start.connectionId,
      start.source,
      list?.id ?? null,
      list?.name ?? null,
      list?.kind ?? null,
      start.ongoing,
      now,
      list?.size ?? null,
      now,
      actor,
      now,
    ],
  );
  const id = answer.rows[0]?.id;
  if (id === undefined) return null;
  const detail = JSON.stringify({ source: start.source, listId: list?.id ?? null, ongoing: start.ongoing });
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor,
    action: 'enrolment.started',
    subject: id,
    detail,
  });
  return id;
}

/** The live enrolment of this source; one that only watches looks again now. */
export async function wakeLiveEnrolment(tx: TenantTransaction, start: EnrolmentStart): Promise<string> {
  const answer = await tx.raw<{ rows: { id: string }[] }>(
    `update enrolments set due_at = case when state = 'watching' then least(due_at, ?::timestamptz) else due_at end
      where program_id = ? and connection_id = ? and source = ? and list_id is not distinct from ?
        and state in ('running', 'paused', 'watching') returning id`,
    [start.now, start.programId, start.connectionId, start.source, start.list?.id ?? null],
  );
  return answer.rows[0]?.id ?? '';
}
