import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition, type RewardRule } from '../../../shared/program-definition.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import { dealRule } from '../qualification/build.ts';
import { decide, keep, newReferral, programOf, type Kept } from './small-ledger.ts';
import { dayText, SINCE_DAY } from './world.ts';

const RUNS = { numRuns: 10_000 };
const TIME = { timeout: 60_000 };
const WON = dealRule({ values: ['won'], stages: { reached: ['won'], kept: ['won'] } });

/** Several rules reward one milestone, and every version has some of them. */
const anyOffers = fc.array(fc.subarray(['rwr_a', 'rwr_b', 'rwr_c'], { minLength: 1 }), { minLength: 2, maxLength: 4 });
const anyStep = fc.record({ version: fc.nat(3), won: fc.boolean() });
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 8 });

function versionOf(ids: readonly string[]): ProgramDefinition {
  const rewardRules = ids.map((id): RewardRule => ({
    id,
    recipient: 'advocate',
    kind: 'fixed',
    amount: '5',
    currency: 'EUR',
    onStatus: 'approved',
    approval: 'manual',
  }));
  return { ...NEW_PROGRAM_SETTINGS, name: 'Friends', landingUrl: null, rules: [WON], rewardRules };
}

function dealIn(dealstage: string): Subject {
  const values = { dealstage, pipeline: 'default' };
  return {
    since: dayText(SINCE_DAY),
    contacts: [],
    companies: [],
    deals: [
      {
        objectType: 'deal',
        recordId: '9001',
        values,
        before: { ...values, dealstage: 'new' },
        modifiedAt: dayText(SINCE_DAY + 1),
        contactIds: ['101'],
        otherReferredContactIds: [],
      },
    ],
  };
}

/** Every step moves the referral to a version and the deal to or from the rewarded stage. */
function afterAll(offers: readonly string[][], steps: readonly { version: number; won: boolean }[]): Kept {
  const program = programOf(...offers.map(versionOf));
  return steps.reduce((kept, { version, won }) => {
    const referral = { ...kept.referral, rulesVersion: 1 + (version % offers.length) };
    const moved = { ...kept, referral };
    return keep(moved, decide(moved, { program, subject: dealIn(won ? 'won' : 'new') }));
  }, newReferral());
}

const liveRules = ({ ledger }: Kept): string[] =>
  ledger.filter(({ state }) => state !== 'voided').map(({ rewardRuleId }) => rewardRuleId);

it('whoever reaches a rewarded milestone is owed something, whatever the rules were before (E8, E29)', TIME, () => {
  fc.assert(
    fc.property(anyOffers, anySteps, (offers, steps) => {
      const kept = afterAll(offers, [...steps, { version: steps.at(-1)?.version ?? 0, won: true }]);
      expect(kept.referral.status).toBe('approved');
      expect(liveRules(kept)).not.toEqual([]);
    }),
    RUNS,
  );
});

it('nobody is owed rewards of one milestone that no version offers together (E29)', TIME, () => {
  fc.assert(
    fc.property(anyOffers, anySteps, (offers, steps) => {
      const live = liveRules(afterAll(offers, steps));
      const together = offers.some((ids) => live.every((id) => ids.includes(id)));
      expect(together).toBe(true);
    }),
    RUNS,
  );
});
