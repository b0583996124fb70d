import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProgramDefinition, RewardRule } from '../../../shared/program-definition.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import type { LedgerReward } from '../../../backend/src/rewards/settle-rewards.ts';
import { decide, keep, newReferral, programOf, type Kept } from './small-ledger.ts';
import { anyDefinition, anyHistory, anyRewardRule } from './world.ts';

const RUNS = { numRuns: 10_000 };
const TIME = { timeout: 60_000 };
const MILESTONES = ['qualified', 'approved'] as const;

/**
 * Versions of one program in which each milestone is rewarded by one rule at most, so that a second live reward is always
 * one too many. Rules change their kind and amount, come in later, go, and move between the milestones.
 */
const anyVersions = fc
  .tuple(
    anyDefinition,
    fc.array(fc.record({ rules: fc.tuple(anyRewardRule, anyRewardRule), edit: anyEdit() }), {
      minLength: 2,
      maxLength: 4,
    }),
  )
  .map(([base, versions]): ProgramDefinition[] => {
    let ids = ['rwr_0', 'rwr_1'];
    return versions.map(({ rules, edit }, index) => {
      if (edit.swap) ids = ids.toReversed();
      ids = ids.map((id, place) => (edit.renew[place] ? `rwr_${String(index)}${String(place)}` : id));
      const rewardRules = rules.map((rule, place): RewardRule => ({
        ...rule,
        id: ids[place] ?? '',
        onStatus: MILESTONES[place] ?? 'approved',
      }));
      return { ...base, rewardRules };
    });
  });

function anyEdit() {
  return fc.record({ swap: fc.boolean(), renew: fc.tuple(fc.boolean(), fc.boolean()) });
}

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('re-evaluate' as const), at: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('approve' as const, 'issue' as const, 'void' as const), at: fc.nat(2) }),
  },
);

/** What a person does to one reward. */
function byPerson({ referral, ledger }: Kept, what: 'approve' | 'issue' | 'void', at: number): Kept {
  const acted = (row: LedgerReward): LedgerReward => {
    if (what === 'approve' && row.state === 'pending') return { ...row, state: 'approved', approvedBy: 'usr_1' };
    if (what === 'issue' && row.state === 'approved') return { ...row, state: 'issued' };
    if (what === 'void' && (row.state === 'pending' || row.state === 'approved')) {
      return { ...row, state: 'voided', voidCause: 'voided_by_person' };
    }
    return row;
  };
  return { referral, ledger: ledger.map((row, index) => (index === at ? acted(row) : row)) };
}

const live = ({ ledger }: Kept): LedgerReward[] => ledger.filter(({ state }) => state !== 'voided');

/** Said yes to by a person, or paid: its sum is not ours to change. */
const isSettled = ({ state, approvedBy }: LedgerReward): boolean =>
  state === 'issued' || state === 'clawback_proposed' || (state === 'approved' && approvedBy !== 'system');

it(
  'no edit of the rules makes a second reward of a milestone, and none changes a sum that was agreed or paid (E29, E1, E19)',
  TIME,
  () => {
    let moved = 0;
    fc.assert(
      fc.property(
        anyVersions,
        anyHistory,
        fc.array(anyStep, { minLength: 2, maxLength: 12 }),
        (versions, history, steps) => {
          const program = programOf(...versions);
          let kept = newReferral();
          let subject = history[0] as Subject;
          for (const step of steps) {
            if (step.do === 'read') subject = history[step.at % history.length] as Subject;
            if (step.do === 're-evaluate') {
              kept = { ...kept, referral: { ...kept.referral, rulesVersion: 1 + (step.at % versions.length) } };
            }
            const acted = step.do === 'read' || step.do === 're-evaluate' ? kept : byPerson(kept, step.do, step.at);
            const decision = decide(acted, { program, subject });
            kept = keep(acted, decision);
            moved += decision.rewards.length;
            const perMilestone = Map.groupBy(live(kept), ({ milestone }) => milestone);
            for (const rows of perMilestone.values()) expect(rows.length).toBeLessThanOrEqual(1);
            for (const before of acted.ledger.filter(isSettled)) {
              const { amountMinor, currency } = kept.ledger.find(({ id }) => id === before.id) as LedgerReward;
              expect([amountMinor, currency]).toEqual([before.amountMinor, before.currency]);
            }
          }
        },
      ),
      RUNS,
    );
    expect(moved).toBeGreaterThan(1_000);
  },
);

it('deciding again from its own result changes nothing, whatever people did before (E1, E30)', TIME, () => {
  fc.assert(
    fc.property(
      anyVersions,
      anyHistory,
      fc.array(anyStep, { minLength: 1, maxLength: 8 }),
      (versions, history, steps) => {
        const program = programOf(...versions);
        let kept = newReferral();
        for (const step of steps) {
          const subject = history[step.at % history.length] as Subject;
          if (step.do === 're-evaluate') {
            kept = { ...kept, referral: { ...kept.referral, rulesVersion: 1 + (step.at % versions.length) } };
          }
          if (step.do !== 'read' && step.do !== 're-evaluate') kept = byPerson(kept, step.do, step.at);
          const first = decide(kept, { program, subject });
          kept = keep(kept, first);
          const again = decide(kept, { program, subject });
          expect({ change: again.change, rewards: again.rewards }).toEqual({ change: null, rewards: [] });
          expect(again.outcome.question).toEqual(first.outcome.question);
        }
      },
    ),
    RUNS,
  );
});
