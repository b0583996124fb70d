import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';

/**
 * What waits to be done in a CRM account: `ensure_contact` of a person, `capture_friend` of a referral, `ensure_deal` of a
 * referral. The key is the person's or the referral's id, so that asking twice is asking once.
 */
export type OutboxKind = 'ensure_contact' | 'capture_friend' | 'ensure_deal';

/** Somebody who must exist as a contact in a CRM account. */
export type PersonToCapture = {
  readonly outboxId: string;
  readonly kind: 'ensure_contact' | 'capture_friend';
  /** Null when the person or the referral is not live any more. */
  readonly personId: string | null;
  /** Set with `capture_friend`. */
  readonly referralId: string | null;
  /** Of all their addresses the one they gave first. */
  readonly email: string | null;
  readonly emails: readonly string[];
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly details: Readonly<Record<string, string>>;
  /** A person looked at the contact that was there before and said that it counts. */
  readonly accepted: boolean;
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
  if (input.personIds.length === 0) return;
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

/**
 * After an install or a reconnect: advocates and friends of the workspace without a contact in this account, referrals it
 * was never asked about, and what a disconnect interrupted. A contact that people deleted is not made anew.
 */
export async function askForMissingContacts(tx: TenantTransaction, input: Asking): Promise<void> {
  const { workspaceId, connectionId } = input;
  await tx.raw(
    'update outbox set due_at = ? where connection_id = ? and due_at is null and done_at is null and dead_at is null',
    [input.now, connectionId],
  );
  const advocates = await tx.raw<{ rows: { person_id: string }[] }>(
    `select distinct a.person_id from advocates a
      where a.workspace_id = ? and a.merged_into is null and a.closed_at is null
        and not exists (select 1 from crm_records r where r.person_id = a.person_id and r.connection_id = ?
                           and r.object_type = 'contact')`,
    [workspaceId, connectionId],
  );
  await askForContacts(tx, { ...input, personIds: advocates.rows.map((row) => row.person_id) });
  const friends = await tx.raw<{ rows: { id: string }[] }>(
    `select f.id from referrals f
      where f.workspace_id = ? and f.merged_into is null
        and (f.held_for = 'capture'
          or not exists (select 1 from outbox o where o.connection_id = ? and o.kind = 'capture_friend' and o.key = f.id)
          or not exists (select 1 from crm_records r where r.person_id = f.person_id and r.connection_id = ?
                            and r.object_type = 'contact'))`,
    [workspaceId, connectionId, connectionId],
  );
  await askForCaptures(tx, { ...input, referralIds: friends.rows.map((row) => row.id) });
}

/** Asks for the friends of these referrals to be found or created as their program says. */
export async function askForCaptures(
  tx: TenantTransaction,
  input: Asking & { readonly referralIds: readonly string[] },
): Promise<void> {
  await ask(tx, { ...input, kind: 'capture_friend', keys: input.referralIds });
}

/** Asks for the deals of these referrals. */
export async function askForDeals(
  tx: TenantTransaction,
  input: Asking & { readonly referralIds: readonly string[] },
): Promise<void> {
  await ask(tx, { ...input, kind: 'ensure_deal', keys: input.referralIds });
}

type Asking = { readonly workspaceId: string; readonly connectionId: string; readonly now: Date };

async function ask(
  tx: TenantTransaction,
  input: Asking & { readonly kind: OutboxKind; readonly keys: readonly string[] },
): Promise<void> {
  if (input.keys.length === 0) return;
  const rows = input.keys.map((key) => ({ id: newId('out'), key }));
  await tx.raw(
    `insert into outbox (id, workspace_id, connection_id, kind, key, payload, due_at, created_at)
     select n.id, ?, ?, ?, n.key, '{}', ?::timestamptz, ?::timestamptz from json_to_recordset(?) as n(id text, key text)
     on conflict (connection_id, kind, key) do update set due_at = excluded.due_at, done_at = null, dead_at = null, attempts = 0
      where outbox.done_at is not null or outbox.dead_at is not null`,
    [input.workspaceId, input.connectionId, input.kind, input.now, input.now, JSON.stringify(rows)],
  );
}

/**
 * Stops what is waiting in an account that leaves. What was asked of referrals is kept, done or resting: nothing else says
 * that a deal is still to be made, or that one was made and must not be made again.
 */
export async function suspendOutbox(tx: TenantTransaction, connectionId: string): Promise<void> {
  await tx('outbox').where({ connection_id: connectionId, kind: 'ensure_contact' }).delete();
  await tx('outbox')
    .where({ connection_id: connectionId, done_at: null, dead_at: null })
    .update({ due_at: null, claimed_until: null });
  // The last account that answers lets a referral go: where only this one had not, the others answer once more.
  await tx.raw(
    `update outbox o set due_at = o.created_at, done_at = null, attempts = 0
       from outbox left_open join referrals r on r.id = left_open.key and r.held_for = 'capture'
      where left_open.connection_id = ? and left_open.kind = 'capture_friend' and left_open.done_at is null
        and o.workspace_id = left_open.workspace_id and o.connection_id <> left_open.connection_id
        and o.kind = 'capture_friend' and o.key = left_open.key and o.done_at is not null
        and exists (select 1 from connections c where c.id = o.connection_id and c.status <> 'disconnected')`,
    [connectionId],
  );
}

/**
 * A person said yes, or mended what was refused: this referral's capture or deal is tried again in this account. What was
 * accepted once stays accepted.
 */
export async function repeatCapture(
  tx: TenantTransaction,
  input: Asking & {
    readonly referralId: string;
    readonly kind: 'capture_friend' | 'ensure_deal';
    readonly accepted: boolean;
  },
): Promise<void> {
  const { workspaceId, connectionId, kind, referralId, now } = input;
  await tx.raw(
    `insert into outbox as o (id, workspace_id, connection_id, kind, key, payload, due_at, created_at)
     select ?, ?, c.id, ?, ?, ?::jsonb, case when c.status <> 'disconnected' then ?::timestamptz end, ?::timestamptz
       from connections c where c.id = ?
     on conflict (connection_id, kind, key) do update
        set due_at = excluded.due_at, done_at = null, dead_at = null, attempts = 0, last_error = null,
            payload = o.payload || case when (excluded.payload ->> 'accepted')::boolean then excluded.payload else '{}' end`,
    [newId('out'), workspaceId, kind, referralId, JSON.stringify({ accepted: input.accepted }), now, now, connectionId],
  );
}

type CaptureRow = {
  id: string;
  kind: 'ensure_contact' | 'capture_friend';
  person_id: string | null;
  referral_id: string | null;
  attempts: number;
  accepted: boolean;
  emails: string[];
  first_name: string | null;
  last_name: string | null;
  phone: string | null;
  details: Record<string, string> | null;
};

type Claim = {
  readonly connectionId: string;
  readonly limit: number;
  readonly now: Date;
  readonly claimedUntil: Date;
};

export async function claimCaptures(tx: TenantTransaction, input: Claim): Promise<PersonToCapture[]> {
  const answer = await tx.raw<{ rows: CaptureRow[] }>(
    `with due as (
       select id from outbox
        where connection_id = ? and due_at <= ? and dead_at is null and coalesce(claimed_until <= ?, true)
          and kind in ('ensure_contact', 'capture_friend')
        order by due_at, id limit ? for update skip locked)
     , claimed as (
       update outbox o set claimed_until = ? from due where o.id = due.id
       returning o.id, o.kind, o.key, o.attempts, coalesce((o.payload ->> 'accepted')::boolean, false) as accepted)
     select c.id, c.kind, c.attempts, c.accepted, r.id as referral_id, p.id as person_id, p.first_name, p.last_name,
            p.phone, p.details, array(select e.email from person_emails e where e.person_id = p.id
                                       order by e.email <> lower(p.email), e.email) as emails
       from claimed c
       left join referrals r on c.kind = 'capture_friend' and r.id = c.key and r.merged_into is null
       left join people p on p.id = case c.kind when 'capture_friend' then r.person_id else c.key end
             and p.erased_at is null and p.merged_into is null
      order by c.id`,
    [input.connectionId, input.now, input.now, input.limit, input.claimedUntil],
  );
  return answer.rows.map((row) => ({
    outboxId: row.id,
    kind: row.kind,
    personId: row.person_id,
    referralId: row.referral_id,
    email: row.emails[0] ?? null,
    emails: row.emails,
    firstName: row.first_name,
    lastName: row.last_name,
    phone: row.phone,
    details: row.details ?? {},
    accepted: row.accepted,
    attempts: row.attempts,
  }));
}

/** How things stand with a claimed person now that the CRM answered. */
export type LiveCapture = {
  /** Null when the person was erased or merged away, or the referral with them. */
  readonly personId: string | null;
  /** Null for advocates. */
  readonly referral: { readonly status: ReferralStatus; readonly heldFor: 'capture' | 'review' | null } | null;
};

/** By outbox id. People merge and leave while the CRM is asked. */
export async function liveCaptures(
  tx: TenantTransaction,
  people: readonly PersonToCapture[],
): Promise<Map<string, LiveCapture>> {
  const answer = await tx.raw<{
    rows: {
      id: string;
      person_id: string | null;
      status: ReferralStatus | null;
      held_for: 'capture' | 'review' | null;
    }[];
  }>(
    `select n.id, p.id as person_id, r.status, r.held_for
       from json_to_recordset(?) as n(id text, person_id text, referral_id text)
       left join referrals r on r.id = n.referral_id and r.merged_into is null
       left join people p on p.id = case when n.referral_id is null then n.person_id else r.person_id end
             and p.erased_at is null and p.merged_into is null`,
    [
      JSON.stringify(
        people.map(({ outboxId, personId, referralId }) => ({
          id: outboxId,
          person_id: personId,
          referral_id: referralId,
        })),
      ),
    ],
  );
  return new Map(
    answer.rows.map(({ id, person_id: personId, status, held_for: heldFor }) => [
      id,
      { personId, referral: status === null ? null : { status, heldFor } },
    ]),
  );
}

export type DealToEnsure = { readonly outboxId: string; readonly referralId: string; readonly attempts: number };

export async function claimDeals(tx: TenantTransaction, input: Claim): Promise<DealToEnsure[]> {
  const answer = await tx.raw<{ rows: { id: string; key: string; attempts: number }[] }>(
    `update outbox o set claimed_until = ?
      where o.id = any(array(
        select id from outbox
         where connection_id = ? and due_at <= ? and dead_at is null and coalesce(claimed_until <= ?, true)
           and kind = 'ensure_deal'
         order by due_at, id limit ? for update skip locked))
     returning o.id, o.key, o.attempts`,
    [input.claimedUntil, input.connectionId, input.now, input.now, input.limit],
  );
  return answer.rows.map((row) => ({ outboxId: row.id, referralId: row.key, attempts: row.attempts }));
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

/** Gives claimed items back untouched: the CRM could not be asked. */
export async function releaseOutbox(tx: TenantTransaction, outboxIds: readonly string[]): Promise<void> {
  await tx('outbox')
    .whereIn('id', [...outboxIds])
    .update({ claimed_until: null });
}
