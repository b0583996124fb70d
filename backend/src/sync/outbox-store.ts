import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';

/** A person who must exist as a contact in a CRM account. */
export type PersonToCapture = {
  readonly outboxId: string;
  readonly personId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly attempts: number;
};

/** Asks for these people to exist as contacts of the connection; asking again changes nothing. People without e-mail are left out. */
export async function askForContacts(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly now: Date;
    readonly personIds: readonly string[];
  },
): Promise<void> {
  const rows = input.personIds.map((personId) => ({ id: newId('out'), person_id: personId }));
  await tx.raw(
    `insert into outbox (id, workspace_id, connection_id, kind, key, payload, due_at, created_at)
     select n.id, ?, ?, 'ensure_contact', n.person_id, '{}', ?::timestamptz, ?::timestamptz
       from json_to_recordset(?) as n(id text, person_id text)
      where exists (select 1 from person_emails e where e.person_id = n.person_id)
        and not exists (select 1 from crm_records r where r.person_id = n.person_id and r.connection_id = ?
                           and r.object_type = 'contact' and r.deleted_at is null and r.merged_into is null)
     on conflict (connection_id, kind, key) do update set due_at = excluded.due_at, done_at = null, dead_at = null, attempts = 0
      where outbox.done_at is not null or outbox.dead_at is not null`,
    [input.workspaceId, input.connectionId, input.now, input.now, JSON.stringify(rows), input.connectionId],
  );
}

/** People of the workspace with a stake in a program and no contact in this account yet: after an install or a reconnect. */
export async function askForMissingContacts(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly connectionId: string; readonly now: Date },
): Promise<void> {
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `select person_id from (
       select person_id from advocates where workspace_id = ? and merged_into is null and closed_at is null
       union select person_id from referrals where workspace_id = ? and merged_into is null) p
      where not exists (select 1 from crm_records r where r.person_id = p.person_id and r.connection_id = ?
                           and r.object_type = 'contact' and r.deleted_at is not null)`,
    [input.workspaceId, input.workspaceId, input.connectionId],
  );
  const personIds = answer.rows.map((row) => row.person_id);
  if (personIds.length > 0) await askForContacts(tx, { ...input, personIds });
}

type CaptureRow = {
  id: string;
  key: string;
  attempts: number;
  email: string;
  first_name: string | null;
  last_name: string | null;
  phone: string | null;
};

export async function claimCaptures(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly limit: number; readonly now: Date; readonly claimedUntil: Date },
): Promise<PersonToCapture[]> {
  const answer = await tx.raw<{ rows: CaptureRow[] }>(
    `with due as (
       select id from outbox
        where connection_id = ? and due_at <= ? and dead_at is null and coalesce(claimed_until <= ?, true)
          and kind = 'ensure_contact'
        order by due_at, id limit ? for update skip locked)
     , claimed as (
       update outbox o set claimed_until = ? from due where o.id = due.id returning o.id, o.key, o.attempts)
     select c.id, c.key, c.attempts, e.email, p.first_name, p.last_name, p.phone
       from claimed c join people p on p.id = c.key
       join lateral (select email from person_emails where person_id = p.id order by email limit 1) e on true
      order by c.id`,
    [input.connectionId, input.now, input.now, input.limit, input.claimedUntil],
  );
  return answer.rows.map((row) => ({
    outboxId: row.id,
    personId: row.key,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    phone: row.phone,
    attempts: row.attempts,
  }));
}

export type OutboxResult = {
  readonly outboxId: string;
  /** Null: done. */
  readonly retryAt: Date | null;
  readonly dead: boolean;
  readonly error: unknown;
};

export async function recordOutbox(
  tx: TenantTransaction,
  input: { readonly now: Date; readonly results: readonly OutboxResult[] },
): Promise<void> {
  if (input.results.length === 0) return;
  const rows = input.results.map((result) => ({
    id: result.outboxId,
    retry_at: result.retryAt?.toISOString() ?? null,
    dead: result.dead,
    error: result.error ?? null,
  }));
  await tx.raw(
    `update outbox o
        set claimed_until = null, due_at = coalesce(n.retry_at, case when n.dead then o.due_at end),
            attempts = o.attempts + (case when n.error is null then 0 else 1 end), last_error = n.error,
            done_at = case when n.retry_at is null and not n.dead then ?::timestamptz end,
            dead_at = case when n.dead then ?::timestamptz end
       from json_to_recordset(?) as n(id text, retry_at timestamptz, dead boolean, error jsonb) where o.id = n.id`,
    [input.now, input.now, JSON.stringify(rows)],
  );
}

export async function releaseCaptures(tx: TenantTransaction, outboxIds: readonly string[]): Promise<void> {
  await tx('outbox')
    .whereIn('id', [...outboxIds])
    .update({ claimed_until: null });
}
