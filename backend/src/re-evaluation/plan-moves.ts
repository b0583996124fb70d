import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { TenantTransaction } from '../db/database.ts';
import { considerReferrals, type ConsiderInput } from '../ingest/decide-referrals.ts';
import type { DecideInput, DecisionTrigger } from '../ingest/decision-input.ts';
import type { Decision } from '../ingest/decide-referral.ts';
import { openQuestions } from '../ingest/questions-store.ts';
import { judgeFact } from '../qualification/judge-fact.ts';
import { questionKey, STATUS_RANK } from '../qualification/trace.ts';
import type { Referral } from '../referrals/referrals-store.ts';
import { ledgerOf } from '../rewards/ledger-store.ts';
import type { Considered } from './count-effects.ts';

/** One referral on its way to the version. */
export type Move = Considered & {
  readonly referral: Referral;
  /** From when on something counts as new. */
  readonly rulesSince: Date;
  /** What counted before and goes on counting, by the key of the question that is not asked about it. */
  readonly counting: readonly string[];
};

export type PlanInput = Omit<DecideInput, 'triggers'> & {
  readonly referrals: readonly Referral[];
  readonly version: number;
  /** Of that version. */
  readonly definition: ProgramDefinition;
  readonly trigger: DecisionTrigger;
};

/**
 * What moving these referrals to the version does; the preview shows it and the application does it, so both say the same.
 * A referral that the version does not raise keeps the time from which things count. One that it would raise counts anew
 * from now, so that the policy for what is already there decides (E12); what gave it its status goes on counting.
 */
export async function planMoves(tx: TenantTransaction, input: PlanInput): Promise<readonly Move[]> {
  const { referrals, version, definition, now } = input;
  const atVersion = referrals.map((referral) => ({ ...referral, rulesVersion: version }));
  const first = await consider(tx, { ...input, referrals: atVersion });
  const rising = definition.decisions.alreadyMet === 'qualify' ? [] : [...first.values()].filter(rises);
  const counting = new Map(rising.map((decision) => [decision.referral.id, countedBefore(decision, definition)]));
  const again = await consider(tx, {
    ...input,
    referrals: rising.map(({ referral }) => ({ ...referral, rulesSince: now })),
    moreAnswers: new Map([...counting].map(([id, keys]) => [id, new Map(keys.map((key) => [key, 'counts' as const]))])),
  });
  const ids = referrals.map(({ id }) => id);
  const ledger = await ledgerOf(tx, input.workspaceId, ids);
  const open = await openQuestions(tx, input.workspaceId, ids);
  return referrals.map((referral): Move => {
    const decision = again.get(referral.id) ?? first.get(referral.id) ?? null;
    return {
      referral,
      rulesSince: again.has(referral.id) ? now : referral.rulesSince,
      counting: counting.get(referral.id) ?? [],
      decision,
      ledger: ledger.get(referral.id) ?? [],
      isAsked: decision !== null && open.has(`${referral.id} ${decision.entry.reviewKey ?? ''}`),
    };
  });
}

async function consider(
  tx: TenantTransaction,
  input: PlanInput & Pick<ConsiderInput, 'moreAnswers'>,
): Promise<Map<string, Decision>> {
  const triggers = new Map(input.referrals.map(({ personId }) => [personId, input.trigger]));
  const decisions = await considerReferrals(tx, { ...input, triggers });
  return new Map(decisions.map((decision) => [decision.referral.id, decision]));
}

function rises({ referral, outcome }: Decision): boolean {
  if (!outcome.changed || outcome.to === 'denied') return false;
  return referral.status === 'denied' || STATUS_RANK[outcome.to] > STATUS_RANK[referral.status];
}

/** Every fact that gives the status the referral has, or a lower one: nobody has to be asked about it again. */
function countedBefore({ referral, verdict }: Decision, { rules, decisions }: ProgramDefinition): string[] {
  const { status } = referral;
  if (status === 'denied') return [];
  const keys = verdict.trace.flatMap((step) => {
    const rule = rules.find(({ id }) => id === step.ruleId);
    if (!rule || STATUS_RANK[step.status] > STATUS_RANK[status]) return [];
    return step.seen
      .filter((fact) => judgeFact(rule, fact, decisions).word === 'met')
      .map((fact) => questionKey('already_there', step, fact));
  });
  return [...new Set(keys)];
}
