import type { TenantTransaction } from '../db/database.ts';

type OfEnrolment = { readonly enrolmentId: string; readonly pass: number };

/** Notes who is on the list in this pass. Somebody new, or who came back, waits to be enrolled. */
export async function noteMembers(
  tx: TenantTransaction,
  input: OfEnrolment & { readonly workspaceId: string; readonly recordIds: readonly string[] },
): Promise<void> {
  await tx.raw(
    `insert into enrolment_members as m (enrolment_id, record_id, workspace_id, seen_pass)
     select distinct ?, r, ?, ?::int from unnest(?::text[]) r
     on conflict (enrolment_id, record_id) do update
        set seen_pass = excluded.seen_pass, left_at = null,
            enrolled_at = case when m.left_at is null then m.enrolled_at end`,
    [input.enrolmentId, input.workspaceId, input.pass, [...input.recordIds]],
  );
}

/** Record ids that wait to be enrolled, by ascending id. */
export async function waitingMembers(
  tx: TenantTransaction,
  input: { readonly enrolmentId: string; readonly limit: number },
): Promise<string[]> {
  const answer = await tx.raw<{ rows: { record_id: string }[] }>(
    `select record_id from enrolment_members
      where enrolment_id = ? and enrolled_at is null and left_at is null order by record_id limit ?`,
    [input.enrolmentId, input.limit],
  );
  return answer.rows.map((row) => row.record_id);
}

/** @returns how many were still waiting: a worker that was overtaken finds fewer than it worked on. */
export async function markEnrolled(
  tx: TenantTransaction,
  input: { readonly enrolmentId: string; readonly recordIds: readonly string[]; readonly now: Date },
): Promise<number> {
  const answer = await tx.raw<{ rowCount: number }>(
    `update enrolment_members set enrolled_at = ?
      where enrolment_id = ? and record_id = any(?) and enrolled_at is null and left_at is null`,
    [input.now, input.enrolmentId, [...input.recordIds]],
  );
  return answer.rowCount;
}

/** Those the finished walk did not meet any more; at most `limit`, marked as gone. */
export async function markDeparted(
  tx: TenantTransaction,
  input: OfEnrolment & { readonly limit: number; readonly now: Date },
): Promise<string[]> {
  const answer = await tx.raw<{ rows: { record_id: string }[] }>(
    `update enrolment_members m set left_at = ?
      where m.enrolment_id = ? and m.record_id = any(array(
        select record_id from enrolment_members
         where enrolment_id = ? and left_at is null and seen_pass < ? order by seen_pass limit ?))
     returning m.record_id`,
    [input.now, input.enrolmentId, input.enrolmentId, input.pass, input.limit],
  );
  return answer.rows.map((row) => row.record_id);
}

/**
 * Lets the links of these contacts' people rest in the program, unless another live enrolment of it still holds them.
 * @returns the people whose link now rests.
 */
export async function pauseDeparted(
  tx: TenantTransaction,
  input: {
    readonly programId: string;
    readonly connectionId: string;
    readonly enrolmentId: string;
    readonly recordIds: readonly string[];
    readonly now: Date;
  },
): Promise<string[]> {
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `update advocates a set paused_at = ?
       from crm_records r
      where r.connection_id = ? and r.object_type = 'contact' and r.record_id = any(?) and a.person_id = r.person_id
        and a.program_id = ? and a.paused_at is null
        and not exists (
          select 1 from enrolments e
           where e.program_id = a.program_id and e.id <> ? and e.state in ('running', 'paused', 'watching')
             and (e.source = 'all' or exists (
               select 1 from enrolment_members m
                where m.enrolment_id = e.id and m.record_id = r.record_id and m.left_at is null)))
     returning a.person_id`,
    [input.now, input.connectionId, [...input.recordIds], input.programId, input.enrolmentId],
  );
  return answer.rows.map((row) => row.person_id);
}
