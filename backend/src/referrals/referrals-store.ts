import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { DecidingRecord } from '../qualification/trace.ts';

/** The rule and the record that gave a referral its status, and since when, where the CRM says so (ISO 8601). */
export type Deciding = DecidingRecord & { readonly ruleId: string; readonly enteredAt?: string };

export type Referral = {
  readonly id: string;
  readonly programId: string;
  readonly advocateId: string;
  readonly advocatePersonId: string;
  readonly personId: string;
  readonly status: ReferralStatus;
  readonly statusReason: string;
  readonly statusAt: Date;
  /** Why it must not be decided yet; null when it may be. */
  readonly heldFor: 'capture' | 'review' | null;
  readonly referredAt: Date;
  /** The program version that decides it (E29), and since when. */
  readonly rulesVersion: number;
  readonly rulesSince: Date;
  readonly decidedBy: 'rules' | 'person';
  /** What a person gave it: rules never take it below. */
  readonly personFloor: 'qualified' | 'approved' | null;
  readonly deciding: Deciding | null;
  readonly details: Readonly<Record<string, string | null>>;
  readonly rowVersion: number;
};

type ReferralRow = {
  id: string;
  program_id: string;
  advocate_id: string;
  advocate_person_id: string;
  person_id: string;
  status: ReferralStatus;
  status_reason: string;
  status_at: Date;
  held_for: 'capture' | 'review' | null;
  referred_at: Date;
  rules_version: number;
  rules_since: Date;
  decided_by: 'rules' | 'person';
  person_floor: 'qualified' | 'approved' | null;
  deciding: Deciding | null;
  details: Record<string, string | null>;
  row_version: number;
};

function fromRow(row: ReferralRow): Referral {
  return {
    id: row.id,
    programId: row.program_id,
    advocateId: row.advocate_id,
    advocatePersonId: row.advocate_person_id,
    personId: row.person_id,
    status: row.status,
    statusReason: row.status_reason,
    statusAt: row.status_at,
    heldFor: row.held_for,
    referredAt: row.referred_at,
    rulesVersion: row.rules_version,
    rulesSince: row.rules_since,
    decidedBy: row.decided_by,
    personFloor: row.person_floor,
    deciding: row.deciding,
    details: row.details,
    rowVersion: row.row_version,
  };
}

/** Live referrals in which these people are the friend. */
export async function referralsOfFriends(tx: TenantTransaction, personIds: readonly string[]): Promise<Referral[]> {
  if (personIds.length === 0) return [];
  const answer = await tx.raw<{ rows: ReferralRow[] }>(
    `select r.id, r.program_id, r.advocate_id, a.person_id as advocate_person_id, r.person_id, r.status, r.status_reason,
            r.status_at, r.held_for, r.referred_at, r.rules_version, coalesce(r.rules_since, r.referred_at) as rules_since, r.decided_by, r.person_floor, r.deciding, r.details, r.row_version
       from referrals r join advocates a on a.id = r.advocate_id
      where r.person_id = any(?) and r.merged_into is null
      order by r.id`,
    [[...personIds]],
  );
  return answer.rows.map(fromRow);
}

/** The people these advocates referred. */
export async function friendsOfAdvocates(tx: TenantTransaction, advocateIds: readonly string[]): Promise<string[]> {
  if (advocateIds.length === 0) return [];
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    'select distinct person_id from referrals where advocate_id = any(?) and merged_into is null',
    [[...advocateIds]],
  );
  return answer.rows.map((row) => row.person_id);
}

/** Those of these friends with a live referral nobody has decided yet. */
export async function undecidedFriends(tx: TenantTransaction, personIds: readonly string[]): Promise<Set<string>> {
  if (personIds.length === 0) return new Set();
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `select distinct person_id from referrals where person_id = any(?) and decided_at is null and merged_into is null`,
    [[...personIds]],
  );
  return new Set(answer.rows.map((row) => row.person_id));
}

export async function markDecided(tx: TenantTransaction, referralIds: readonly string[], now: Date): Promise<void> {
  if (referralIds.length === 0) return;
  await tx.raw('update referrals set decided_at = ? where id = any(?) and decided_at is null', [now, [...referralIds]]);
}

export type ReferralChange = {
  readonly referralId: string;
  readonly fromStatus: ReferralStatus;
  readonly toStatus: ReferralStatus;
  readonly reason: string;
  readonly cause: string;
  readonly programVersion: number;
  readonly entryId: string;
  readonly actor: string;
  /** Who gives the status from here on. (Absent: as before) */
  readonly decidedBy?: 'rules' | 'person';
  /** (Absent: as before) */
  readonly personFloor?: 'qualified' | 'approved' | null;
  /** (Absent: as before) */
  readonly deciding?: Deciding | null;
  /** (Absent: as before) */
  readonly details?: Readonly<Record<string, string | null>>;
};

/** New status, reason or details; history gets a row when the status moved. */
export async function applyReferralChanges(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly changes: readonly ReferralChange[] },
): Promise<void> {
  if (input.changes.length === 0) return;
  const rows = input.changes.map((change) => ({
    referral_id: change.referralId,
    from_status: change.fromStatus,
    to_status: change.toStatus,
    reason: change.reason,
    cause: change.cause,
    program_version: change.programVersion,
    entry_id: change.entryId,
    actor: change.actor,
    decided_by: change.decidedBy ?? null,
    keeps_floor: change.personFloor === undefined,
    person_floor: change.personFloor ?? null,
    keeps_deciding: change.deciding === undefined,
    deciding: change.deciding ?? null,
    details: change.details ?? null,
  }));
  await tx.raw(
    `with changes as (
       select * from json_to_recordset(?) as c(referral_id text, from_status text, to_status text, reason text, cause text,
                                              program_version int, entry_id text, actor text,
                                              decided_by text, keeps_floor boolean, person_floor text, keeps_deciding boolean, deciding jsonb, details jsonb)
     ), history as (
       insert into referral_events (workspace_id, referral_id, at, from_status, to_status, cause, actor, reason, program_version, entry_id)
       select ?, referral_id, ?::timestamptz, from_status, to_status, cause, actor, reason, program_version, entry_id
         from changes where from_status <> to_status)
     update referrals r
        set status = c.to_status, status_reason = c.reason, program_version = c.program_version,
            decided_by = coalesce(c.decided_by, r.decided_by), details = coalesce(c.details, r.details),
            person_floor = case when c.keeps_floor then r.person_floor else c.person_floor end,
            deciding = case when c.keeps_deciding then r.deciding else nullif(c.deciding, 'null'::jsonb) end,
            row_version = r.row_version + 1,
            status_at = case when c.from_status <> c.to_status then ?::timestamptz else r.status_at end
       from changes c where r.id = c.referral_id`,
    [JSON.stringify(rows), input.workspaceId, input.now, input.now],
  );
}
