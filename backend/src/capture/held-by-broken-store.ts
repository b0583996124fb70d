import type { CrmName } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';

/** A referral that this account has answered about, and that waits only for accounts we may not ask. */
export type HeldByBroken = {
  readonly referralId: string;
  readonly programId: string;
  readonly personId: string;
  /** The friend's contacts in this account. */
  readonly contactIds: readonly string[];
  /** What it waits for. */
  readonly crm: CrmName;
};

type Row = { id: string; program_id: string; person_id: string; contact_ids: string[]; crm: CrmName };

/** Whether there is an account that people have to connect again. */
export async function hasBrokenAccount(tx: TenantTransaction, workspaceId: string): Promise<boolean> {
  const broken = { workspace_id: workspaceId, status: 'needs_reauthorization' };
  return (await tx('connections').where(broken).first('id')) !== undefined;
}

/** Those that go on waiting and say so already are left out. */
export async function heldByBroken(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    /** Programs whose referrals go on waiting. */
    readonly waitingPrograms: readonly string[];
    /** What says why they wait. */
    readonly sentences: readonly string[];
  },
): Promise<HeldByBroken[]> {
  const answer = await tx.raw<{ rows: Row[] }>(
    `select r.id, r.program_id, r.person_id, min(c.crm) as crm,
            array(select k.record_id from crm_records k
                   where k.person_id = r.person_id and k.connection_id = :own and k.object_type = 'contact'
                     and k.deleted_at is null and k.merged_into is null) as contact_ids
       from connections c
       join outbox o on o.connection_id = c.id and o.due_at is not null and o.dead_at is null
        and o.kind = 'capture_friend'
       join referrals r on r.id = o.key and r.held_for = 'capture' and r.merged_into is null
      where c.workspace_id = :workspace and c.status = 'needs_reauthorization'
        and exists (select 1 from outbox a where a.connection_id = :own and a.kind = 'capture_friend' and a.key = r.id
                       and (a.done_at is not null or a.dead_at is not null))
        and not exists (select 1 from connections w
                          join outbox b on b.connection_id = w.id and b.kind = 'capture_friend' and b.key = r.id
                         where w.workspace_id = :workspace and w.status = 'connected'
                           and b.done_at is null and b.dead_at is null)
        and not (r.program_id = any(:waiting) and r.status_reason = any(:sentences))
      group by r.id
      order by r.id`,
    {
      workspace: input.workspaceId,
      own: input.connectionId,
      waiting: [...input.waitingPrograms],
      sentences: [...input.sentences],
    },
  );
  return answer.rows.map((row) => ({
    referralId: row.id,
    programId: row.program_id,
    personId: row.person_id,
    contactIds: row.contact_ids,
    crm: row.crm,
  }));
}

export async function letGo(tx: TenantTransaction, referralIds: readonly string[]): Promise<void> {
  await tx.raw(
    `update referrals set held_for = null, decided_at = null, row_version = row_version + 1
      where id = any(?) and held_for = 'capture'`,
    [[...referralIds]],
  );
}

export async function sayWhyHeld(
  tx: TenantTransaction,
  { referralIds, reason }: { readonly referralIds: readonly string[]; readonly reason: string },
): Promise<void> {
  await tx.raw(
    `update referrals set status_reason = ?, row_version = row_version + 1 where id = any(?) and held_for = 'capture'`,
    [reason, [...referralIds]],
  );
}
