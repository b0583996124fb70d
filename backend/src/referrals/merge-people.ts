import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { closeReviews } from '../cards/review-requests-store.ts';
import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';

export type MergedPeople = {
  readonly personId: string;
  /** Advocates whose numbers changed. */
  readonly advocateIds: readonly string[];
  /** Referrals that gave way to an older one in their program, or whose friend is their own advocate. */
  readonly ended: readonly EndedReferral[];
};

export type EndedReferral = {
  readonly referralId: string;
  readonly programId: string;
  readonly reason: string;
  /** The older one that stands; null for who referred themselves. */
  readonly standing: { readonly referralId: string } | null;
};

const OLDER_STANDS = 'The same person was referred earlier; the older referral stands';
const REFERRED_THEMSELVES = 'Friend and advocate are one person';

type ReferralRow = {
  id: string;
  program_id: string;
  advocate_id: string;
  person_id: string;
  status: ReferralStatus;
  person_floor: 'qualified' | 'approved' | null;
  referred_at: Date;
};

type AdvocateRow = { id: string; program_id: string; person_id: string; created_at: Date };

/**
 * Two people turn out to be one (E5). The older attribution stands: of two referrals in one program the younger ends
 * denied and its unpaid rewards are voided; of two advocates in one program the older keeps the numbers and the younger
 * one's code goes on working for it. Nothing is deleted, and everything that moved says so in its history.
 */
export async function mergePeople(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly personIds: readonly [string, string] },
): Promise<MergedPeople> {
  const people = await tx<{ id: string; created_at: Date }>('people')
    .whereIn('id', [...input.personIds])
    .orderBy([{ column: 'created_at' }, { column: 'id' }]);
  const [kept, other] = people;
  if (!kept || !other) return { personId: input.personIds[0], advocateIds: [], ended: [] };
  const scope = { ...input, keptId: kept.id, otherId: other.id };
  const moved = await mergeAdvocates(tx, scope);
  const { touched, ended } = await mergeReferrals(tx, scope);
  const own = await endSelfReferrals(tx, scope);
  const advocateIds = [...moved, ...touched, ...own.touched];
  await moveRewards(tx, scope);
  await tx('person_emails').where({ person_id: other.id }).update({ person_id: kept.id });
  await tx('crm_records').where({ person_id: other.id }).update({ person_id: kept.id });
  await tx.raw(
    `update people k set email = coalesce(k.email, o.email), first_name = coalesce(k.first_name, o.first_name),
            last_name = coalesce(k.last_name, o.last_name), phone = coalesce(k.phone, o.phone)
       from people o where k.id = ? and o.id = ?`,
    [kept.id, other.id],
  );
  await tx('people').where({ id: other.id }).update({ merged_into: kept.id });
  return { personId: kept.id, advocateIds: [...new Set(advocateIds)], ended: [...ended, ...own.ended] };
}

type Scope = {
  readonly workspaceId: string;
  readonly now: Date;
  readonly keptId: string;
  readonly otherId: string;
};

async function mergeAdvocates(tx: TenantTransaction, scope: Scope): Promise<string[]> {
  const rows = await tx<AdvocateRow>('advocates')
    .whereIn('person_id', [scope.keptId, scope.otherId])
    .whereNull('merged_into')
    .orderBy([{ column: 'created_at' }, { column: 'id' }]);
  const touched: string[] = [];
  for (const [older, younger] of Map.groupBy(rows, (row) => row.program_id).values()) {
    if (!older) continue;
    if (younger) {
      await tx('referrals').where({ advocate_id: younger.id }).update({ advocate_id: older.id });
      await tx('advocates').where({ merged_into: younger.id }).update({ merged_into: older.id });
      await tx('advocates').where({ id: younger.id }).update({ merged_into: older.id });
      await keepExternalId(tx, 'advocates', { olderId: older.id, youngerId: younger.id });
      await swapOwner(tx, scope, {
        table: 'advocates',
        olderId: older.id,
        youngerId: younger.id,
        olderOwner: older.person_id,
      });
      touched.push(older.id, younger.id);
    } else if (older.person_id !== scope.keptId) {
      await tx('advocates').where({ id: older.id }).update({ person_id: scope.keptId });
    }
  }
  return touched;
}

type Moved = { readonly touched: readonly string[]; readonly ended: readonly EndedReferral[] };

async function mergeReferrals(tx: TenantTransaction, scope: Scope): Promise<Moved> {
  const rows = await tx<ReferralRow>('referrals')
    .whereIn('person_id', [scope.keptId, scope.otherId])
    .whereNull('merged_into')
    .orderBy([{ column: 'referred_at' }, { column: 'id' }]);
  const touched: string[] = [];
  const ended: EndedReferral[] = [];
  for (const [older, younger] of Map.groupBy(rows, (row) => row.program_id).values()) {
    if (!older) continue;
    if (younger) {
      await endYounger(tx, scope, { older, younger });
      ended.push({
        referralId: younger.id,
        programId: younger.program_id,
        reason: OLDER_STANDS,
        standing: { referralId: older.id },
      });
      await keepExternalId(tx, 'referrals', { olderId: older.id, youngerId: younger.id });
      await swapOwner(tx, scope, {
        table: 'referrals',
        olderId: older.id,
        youngerId: younger.id,
        olderOwner: older.person_id,
      });
      touched.push(older.advocate_id, younger.advocate_id);
    } else if (older.person_id !== scope.keptId) {
      await tx('referrals').where({ id: older.id }).update({ person_id: scope.keptId });
    }
  }
  return { touched, ended };
}

/** The customer's own id of the younger one goes on leading to the older, where that has none of its own. */
async function keepExternalId(
  tx: TenantTransaction,
  table: 'advocates' | 'referrals',
  rows: { readonly olderId: string; readonly youngerId: string },
): Promise<void> {
  await tx.raw(
    `update ${table} o set external_id = y.external_id from ${table} y
      where o.id = ? and y.id = ? and o.external_id is null and y.external_id is not null`,
    [rows.olderId, rows.youngerId],
  );
}

/**
 * One row per person and program is a constraint, so the two change places over a person made for it, who then stands
 * for the ended row. Nothing to do where the older row is the kept person's already.
 */
async function swapOwner(
  tx: TenantTransaction,
  scope: Scope,
  rows: {
    readonly table: 'advocates' | 'referrals';
    readonly olderId: string;
    readonly youngerId: string;
    readonly olderOwner: string;
  },
): Promise<void> {
  if (rows.olderOwner === scope.keptId) return;
  const standIn = newId('per');
  await tx('people').insert({
    id: standIn,
    workspace_id: scope.workspaceId,
    merged_into: scope.keptId,
    created_at: scope.now,
  });
  await tx(rows.table).where({ id: rows.youngerId }).update({ person_id: standIn });
  await tx(rows.table).where({ id: rows.olderId }).update({ person_id: scope.keptId });
}

/** A friend who turns out to be their own advocate was never referred: nothing is owed. */
async function endSelfReferrals(tx: TenantTransaction, scope: Scope): Promise<Moved> {
  const answer = await tx.raw<{ rows: Pick<ReferralRow, 'id' | 'program_id' | 'status' | 'advocate_id'>[] }>(
    `select r.id, r.program_id, r.status, r.advocate_id from referrals r join advocates a on a.id = r.advocate_id
      where r.person_id = ? and a.person_id = ? and r.merged_into is null and r.status <> 'denied'`,
    [scope.keptId, scope.keptId],
  );
  for (const { id, status } of answer.rows) {
    await tx('referrals')
      .where({ id })
      .update({
        status: 'denied',
        status_reason: REFERRED_THEMSELVES,
        status_at: scope.now,
        row_version: tx.raw('row_version + 1'),
      });
    await tx('referral_events').insert({
      workspace_id: scope.workspaceId,
      referral_id: id,
      at: scope.now,
      from_status: status,
      to_status: 'denied',
      cause: 'merged',
      actor: 'system',
      reason: REFERRED_THEMSELVES,
    });
    await voidRewards(tx, scope, { referralId: id });
  }
  await closeReviews(tx, { ...scope, referralIds: answer.rows.map(({ id }) => id) });
  const ended = answer.rows.map(({ id, program_id: programId }) => ({
    referralId: id,
    programId,
    reason: REFERRED_THEMSELVES,
    standing: null,
  }));
  return { touched: answer.rows.map((row) => row.advocate_id), ended };
}

async function endYounger(
  tx: TenantTransaction,
  scope: Scope,
  { older, younger }: { readonly older: ReferralRow; readonly younger: ReferralRow },
): Promise<void> {
  const reason = OLDER_STANDS;
  await tx('referrals')
    .where({ id: younger.id })
    .update({
      merged_into: older.id,
      status: 'denied',
      status_reason: reason,
      status_at: scope.now,
      row_version: tx.raw('row_version + 1'),
    });
  if (younger.status !== 'denied') {
    await tx('referral_events').insert({
      workspace_id: scope.workspaceId,
      referral_id: younger.id,
      at: scope.now,
      from_status: younger.status,
      to_status: 'denied',
      cause: 'merged',
      actor: 'system',
      reason,
    });
  }
  await keepWord(tx, scope, { older, younger });
  await voidRewards(tx, scope, { referralId: younger.id });
  await closeReviews(tx, { ...scope, referralIds: [younger.id] });
}

/** What a person decided about the younger one holds for the referral that is left (E28): it raises, and a denial stays. */
async function keepWord(
  tx: TenantTransaction,
  scope: Scope,
  { older, younger }: { readonly older: ReferralRow; readonly younger: ReferralRow },
): Promise<void> {
  const { person_floor: floor } = younger;
  if (floor === null || older.status === 'denied' || older.status === 'approved' || older.status === floor) return;
  const reason = `A person decided that this referral is ${floor}, before two of one person became one`;
  await tx('referrals')
    .where({ id: older.id })
    .update({ status: floor, status_reason: reason, status_at: scope.now, decided_by: 'person', person_floor: floor });
  await tx('referral_events').insert({
    workspace_id: scope.workspaceId,
    referral_id: older.id,
    at: scope.now,
    from_status: older.status,
    to_status: floor,
    cause: 'merged',
    actor: 'system',
    reason,
  });
}

/**
 * What one of the two earned is owed to the person they are: the recipient is part of what makes a reward unique, and a
 * reward that stayed behind would be earned a second time by the next decision. Where both hold the same one, the kept
 * person's stands.
 */
async function moveRewards(tx: TenantTransaction, { workspaceId, now, keptId, otherId }: Scope): Promise<void> {
  await tx.raw(
    `update rewards w set recipient_person_id = :keptId
      where w.workspace_id = :workspaceId and w.recipient_person_id = :otherId
        and not exists (
          select 1 from rewards k
           where k.referral_id = w.referral_id and k.reward_rule_id = w.reward_rule_id and k.milestone = w.milestone
             and k.recipient_person_id = :keptId)`,
    { workspaceId, keptId, otherId },
  );
  const rest = await tx('rewards')
    .where({ workspace_id: workspaceId, recipient_person_id: otherId })
    .select<{ id: string }[]>('id');
  await voidRewards(tx, { workspaceId, now }, { rewardIds: rest.map(({ id }) => id) });
}

/** Unpaid rewards are voided; for one that was issued a clawback is proposed. */
async function voidRewards(
  tx: TenantTransaction,
  scope: Pick<Scope, 'workspaceId' | 'now'>,
  which: { readonly referralId: string } | { readonly rewardIds: readonly string[] },
): Promise<void> {
  const [column, value] =
    'referralId' in which ? ['referral_id = ?', which.referralId] : ['id = any(?)', [...which.rewardIds]];
  await tx.raw(
    `with moved as (
       select id, state as from_state, amount_minor, currency,
              case when state = 'issued' then 'clawback_proposed' else 'voided' end as to_state
         from rewards where ${column} and state in ('pending', 'approved', 'issued')
     ), history as (
       insert into reward_events (workspace_id, reward_id, at, from_state, to_state, cause, actor, amount_minor, currency)
       select ?, id, ?::timestamptz, from_state, to_state, 'merged', 'system', amount_minor, currency from moved)
     update rewards r set state = m.to_state, state_at = ?::timestamptz, row_version = r.row_version + 1,
            void_cause = case when m.to_state = 'voided' then 'merged' end
       from moved m where r.id = m.id`,
    [value, scope.workspaceId, scope.now, scope.now],
  );
}
