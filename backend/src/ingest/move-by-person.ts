import type { QualificationRule } from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import { askingRule } from '../qualification/look-at.ts';
import { definitionOf, publishedPrograms } from '../qualification/published-programs.ts';
import { questionKey } from '../qualification/trace.ts';
import { isAllowed, type ReferralCause } from '../referrals/referral-transitions.ts';
import { applyReferralChanges, referralsOfFriends, type Referral } from '../referrals/referrals-store.ts';
import { forgetConsent, keepAnswer } from '../referrals/review-answers-store.ts';

const CAUSES: Readonly<Record<ReferralStatus, ReferralCause>> = {
  pending: 'reopened_by_person',
  qualified: 'qualified_by_person',
  approved: 'approved_by_person',
  denied: 'denied_by_person',
};

const SENTENCES: Readonly<Record<ReferralStatus, string>> = {
  pending: 'A person gave this referral back to the rules',
  qualified: 'A person decided that this referral is qualified',
  approved: 'A person decided that this referral is approved',
  denied: 'A person decided that this referral is denied',
};

export type MoveByPerson = {
  readonly workspaceId: string;
  readonly now: Date;
  readonly actor: string;
  readonly referral: Referral;
  readonly to: ReferralStatus;
  /** The entry that says who decided. */
  readonly entryId: string;
};

/** What moving to this status is called, in history and for people. */
export function wordsOf(to: ReferralStatus): { readonly cause: ReferralCause; readonly reason: string } {
  return { cause: CAUSES[to], reason: SENTENCES[to] };
}

/** The rule that gave the status, where the version that decides the referral still has it. */
async function decidingRule(
  tx: TenantTransaction,
  workspaceId: string,
  { programId, rulesVersion, deciding }: Referral,
): Promise<QualificationRule | null> {
  const program = (await publishedPrograms(tx, workspaceId)).find(({ id }) => id === programId);
  const rules = program ? definitionOf(program, rulesVersion).rules : [];
  return rules.find(({ id }) => id === deciding?.ruleId) ?? null;
}

/** The live referral, with its row held until the end of the transaction; null when there is none of that id. */
export async function liveReferral(tx: TenantTransaction, referralId: string): Promise<Referral | null> {
  const row = await tx<{ id: string; person_id: string; merged_into: string | null }>('referrals')
    .where({ id: referralId })
    .forUpdate()
    .first('person_id', 'merged_into');
  if (!row) return null;
  if (row.merged_into !== null) return liveReferral(tx, row.merged_into);
  const referrals = await referralsOfFriends(tx, [row.person_id]);
  return referrals.find(({ id }) => id === referralId) ?? null;
}

/**
 * A person's own decision. It stands against later automatic ones (E28), except that giving it back to the rules is just
 * that. What the referral had met when it was denied is not asked about again.
 */
export async function moveByPerson(tx: TenantTransaction, input: MoveByPerson): Promise<void> {
  const { workspaceId, now, actor, referral, to, entryId } = input;
  const { cause, reason } = wordsOf(to);
  const moves = referral.status !== to;
  if (moves && !isAllowed({ from: referral.status, to, cause })) {
    throw new Error(`the transitions know no move from ${referral.status} by ${cause}`);
  }
  const { deciding } = referral;
  if (to === 'denied') {
    await forgetConsent(tx, referral.id);
    const rule = deciding && (await decidingRule(tx, workspaceId, referral));
    if (rule) {
      const reviewKey = questionKey('denied_meets_rule', askingRule(rule), deciding);
      const answer = { answer: 'does_not_count', reviewKey, actor, note: null, entryId, now } as const;
      await keepAnswer(tx, { ...answer, workspaceId, referralId: referral.id });
    }
  }
  await applyReferralChanges(tx, {
    workspaceId,
    now,
    changes: [
      {
        referralId: referral.id,
        fromStatus: referral.status,
        toStatus: to,
        reason: moves ? reason : referral.statusReason,
        cause,
        programVersion: referral.rulesVersion,
        entryId,
        actor,
        decidedBy: to === 'pending' ? 'rules' : 'person',
        personFloor: to === 'qualified' || to === 'approved' ? to : null,
        deciding: moves ? null : deciding,
        details: referral.details,
      },
    ],
  });
  await tx('referrals').where({ id: referral.id }).whereNotNull('held_for').update({ held_for: null });
}
