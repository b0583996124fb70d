import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { referralLink } from '../referrals/referral-code.ts';
import type { ReferralFacts } from './capture-subject.ts';

type FactsRow = {
  id: string;
  program_id: string;
  person_id: string;
  status: ReferralStatus;
  held_for: 'capture' | 'review' | null;
  source: string;
  referred_at: Date;
  answers: Record<string, string>;
  f_email: string | null;
  f_first_name: string | null;
  f_last_name: string | null;
  f_phone: string | null;
  f_details: Record<string, string>;
  a_person_id: string;
  a_code: string;
  a_email: string | null;
  a_first_name: string | null;
  a_last_name: string | null;
  a_phone: string | null;
  a_details: Record<string, string>;
};

export type FactsInput = {
  /** Primary program first. */
  readonly programs: readonly PublishedProgram[];
  readonly publicUrl: string;
};

/** Live referrals of these friends with everything a map may take a value from, by person; the primary program's first. */
export async function referralFactsOfFriends(
  tx: TenantTransaction,
  input: FactsInput & { readonly personIds: readonly string[] },
): Promise<Map<string, ReferralFacts[]>> {
  const rows = await readFacts(tx, 'r.person_id = any(?)', input.personIds);
  const order = new Map(input.programs.map(({ id }, index) => [id, index]));
  const sorted = rows.sort((a, b) => (order.get(a.program_id) ?? 0) - (order.get(b.program_id) ?? 0));
  const found = new Map<string, ReferralFacts[]>();
  for (const row of sorted) {
    const facts = fromRow(row, input);
    if (facts) found.set(row.person_id, [...(found.get(row.person_id) ?? []), facts]);
  }
  return found;
}

/** The same by referral id, with the friend's person. */
export async function referralFacts(
  tx: TenantTransaction,
  input: FactsInput & { readonly referralIds: readonly string[] },
): Promise<Map<string, { readonly facts: ReferralFacts; readonly personId: string }>> {
  const rows = await readFacts(tx, 'r.id = any(?)', input.referralIds);
  return new Map(
    rows.flatMap((row) => {
      const facts = fromRow(row, input);
      return facts ? [[row.id, { facts, personId: row.person_id }] as const] : [];
    }),
  );
}

async function readFacts(tx: TenantTransaction, where: string, ids: readonly string[]): Promise<FactsRow[]> {
  if (ids.length === 0) return [];
  const answer = await tx.raw<{ rows: FactsRow[] }>(
    `select r.id, r.program_id, r.person_id, r.status, r.held_for, r.source, r.referred_at, r.answers,
            f.email as f_email, f.first_name as f_first_name, f.last_name as f_last_name, f.phone as f_phone,
            f.details as f_details, a.person_id as a_person_id, a.code as a_code, p.email as a_email,
            p.first_name as a_first_name, p.last_name as a_last_name, p.phone as a_phone, p.details as a_details
       from referrals r
       join people f on f.id = r.person_id
       join advocates a on a.id = r.advocate_id
       join people p on p.id = a.person_id
      where ${where} and r.merged_into is null and f.merged_into is null and f.erased_at is null
      order by r.referred_at, r.id`,
    [[...ids]],
  );
  return answer.rows;
}

function fromRow(row: FactsRow, { programs, publicUrl }: FactsInput): ReferralFacts | null {
  const program = programs.find(({ id }) => id === row.program_id);
  if (!program) return null;
  return {
    referralId: row.id,
    status: row.status,
    heldFor: row.held_for,
    source: row.source,
    referredAt: row.referred_at,
    answers: row.answers,
    program,
    friend: {
      firstName: row.f_first_name,
      lastName: row.f_last_name,
      email: row.f_email,
      phone: row.f_phone,
      details: row.f_details,
    },
    advocate: {
      personId: row.a_person_id,
      code: row.a_code,
      link: referralLink(publicUrl, row.a_code),
      firstName: row.a_first_name,
      lastName: row.a_last_name,
      email: row.a_email,
      phone: row.a_phone,
      details: row.a_details,
    },
  };
}

/** In which programs these people are advocates, by person. */
export async function programsOfAdvocates(
  tx: TenantTransaction,
  personIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (personIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: { person_id: string; program_ids: string[] }[] }>(
    `select person_id, array_agg(program_id order by created_at, id) as program_ids from advocates
      where person_id = any(?) and merged_into is null and closed_at is null group by person_id`,
    [[...personIds]],
  );
  return new Map(answer.rows.map((row) => [row.person_id, row.program_ids]));
}

/** The live contacts of each of these people in one account, the first one seen first. */
export async function contactsOfPeople(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly personIds: readonly string[] },
): Promise<Map<string, readonly [string, ...string[]]>> {
  if (input.personIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: { person_id: string; record_ids: [string, ...string[]] }[] }>(
    `select person_id, array_agg(record_id order by first_seen_at, record_id) as record_ids from crm_records
      where person_id = any(?) and connection_id = ? and object_type = 'contact'
        and deleted_at is null and merged_into is null
      group by person_id`,
    [[...input.personIds], input.connectionId],
  );
  return new Map(answer.rows.map((row) => [row.person_id, row.record_ids]));
}

/** All addresses of each of these people. */
export async function emailsOfPeople(
  tx: TenantTransaction,
  personIds: readonly string[],
): Promise<Map<string, readonly string[]>> {
  if (personIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: { person_id: string; emails: string[] }[] }>(
    `select person_id, array_agg(email order by email) as emails from person_emails
      where person_id = any(?) group by person_id`,
    [[...personIds]],
  );
  return new Map(answer.rows.map((row) => [row.person_id, row.emails]));
}

export type HoldChange = {
  readonly referralId: string;
  readonly heldFor: 'review' | null;
  /** Null: stays as it is. */
  readonly reason: string | null;
  /** A person let it go. */
  readonly accepted: boolean;
};

/**
 * Lets referrals go that were held until the CRM was asked, or keeps them for a person to look at: who waits for a person
 * is let go by one only. With several accounts the last one that answers lets go.
 */
export async function changeHolds(
  tx: TenantTransaction,
  { connectionId, changes }: { readonly connectionId: string; readonly changes: readonly HoldChange[] },
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ referralId, heldFor, reason, accepted }) => ({
    id: referralId,
    held_for: heldFor,
    reason,
    accepted,
  }));
  await tx.raw(
    `update referrals r
        set held_for = n.held_for, status_reason = coalesce(n.reason, r.status_reason),
            decided_at = case when n.held_for is null then null else r.decided_at end, row_version = r.row_version + 1
       from json_to_recordset(?) as n(id text, held_for text, reason text, accepted boolean)
      where r.id = n.id and r.held_for is not null
        and (n.held_for is not null or r.held_for = 'capture' or n.accepted)
        and (n.held_for is not null or not exists (
              select 1 from outbox o join connections c on c.id = o.connection_id and c.status <> 'disconnected'
               where o.kind = 'capture_friend' and o.key = r.id and o.done_at is null and o.connection_id <> ?))`,
    [JSON.stringify(rows), connectionId],
  );
}
