import type { TenantTransaction } from '../db/database.ts';

/** The code this contact refers with in a program; null when they do not. */
export async function codeOfContact(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly contactId: string; readonly programId: string },
): Promise<string | null> {
  const answer = await tx.raw<{ rows: { code: string }[] }>(
    `select a.code
       from crm_records c join advocates a on a.person_id = c.person_id
      where c.connection_id = :connectionId and c.object_type = 'contact' and c.record_id = :contactId
        and a.program_id = :programId and a.merged_into is null and a.closed_at is null`,
    { ...input },
  );
  return answer.rows[0]?.code ?? null;
}
