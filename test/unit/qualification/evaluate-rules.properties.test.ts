import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isStageRule, type QualificationRule } from '../../../shared/program-definition.ts';
import { evaluateRules, verdictFromTrace } from '../../../backend/src/qualification/evaluate-rules.ts';
import { MAX_SEEN, type TraceFacts, type TraceStep, type Verdict } from '../../../backend/src/qualification/trace.ts';
import type { DealView, Subject } from '../../../backend/src/qualification/subject.ts';
import { anyRules, anySubject } from './build.ts';

const RUNS = { numRuns: 500 };

function withoutJudgement({ passed: _passed, missing: _missing, held: _held, ...facts }: TraceStep): TraceFacts {
  return facts;
}

function withoutTrace({ trace: _trace, ...decision }: Verdict): Omit<Verdict, 'trace'> {
  return decision;
}

/** The law in the plainest words we can find, over the subject itself: a second opinion on the status. */
function meets(
  rule: QualificationRule,
  { contacts, deals }: Subject,
): { readonly alone: boolean; readonly shared: boolean } {
  if (!isStageRule(rule)) {
    const parts = contacts.flatMap(({ values }) => (values[rule.field] ?? '').split(';').map((part) => part.trim()));
    return { alone: rule.values.some((value) => parts.includes(value)), shared: false };
  }
  const reached = deals.filter(
    ({ values }) =>
      values['pipeline'] === rule.pipelineId &&
      rule.values.some(
        (stage) => values['dealstage']?.trim() === stage || values[`hs_v2_date_entered_${stage}`] !== undefined,
      ),
  );
  const isShared = (deal: DealView): boolean => deal.otherReferredContactIds.length > 0;
  return { alone: reached.some((deal) => !isShared(deal)), shared: reached.some(isShared) };
}

it('the verdict and its trace are the same whatever order the records come in (E3, RL-03)', () => {
  const shuffled = anySubject.chain((original) =>
    fc.record({
      original: fc.constant(original),
      contacts: fc.shuffledSubarray([...original.contacts], { minLength: original.contacts.length }),
      deals: fc.shuffledSubarray([...original.deals], { minLength: original.deals.length }),
    }),
  );
  fc.assert(
    fc.property(anyRules, shuffled, (rules, { original, contacts, deals }) => {
      const verdict = evaluateRules({ rules, subject: original });
      expect(evaluateRules({ rules, subject: { contacts, deals } })).toEqual(verdict);
    }),
    RUNS,
  );
});

it('the decision is the same whatever order the rules stand in (RL-03)', () => {
  const shuffled = anyRules.chain((rules) =>
    fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
  );
  fc.assert(
    fc.property(shuffled, anySubject, ([rules, other], subject) => {
      const decision = withoutTrace(evaluateRules({ rules, subject }));
      expect(withoutTrace(evaluateRules({ rules: other, subject }))).toEqual(decision);
    }),
    RUNS,
  );
});

it('the verdict follows from the stored trace with every judgement stripped and from JSON (RL-04, E3)', () => {
  fc.assert(
    fc.property(anyRules, anySubject, (rules, subject) => {
      const verdict = evaluateRules({ rules, subject });
      const stored = JSON.parse(JSON.stringify(verdict.trace.map(withoutJudgement))) as TraceFacts[];
      expect(verdictFromTrace({ rules, trace: stored })).toEqual(verdict);
    }),
    RUNS,
  );
});

it('the status is the highest that a record of the friend alone gives (RL-03, RL-04, E3)', () => {
  fc.assert(
    fc.property(anyRules, anySubject, (rules, subject) => {
      const verdict = evaluateRules({ rules, subject });
      const gives = (status: string, how: 'alone' | 'shared'): boolean =>
        rules.some((rule) => rule.enabled && rule.status === status && meets(rule, subject)[how]);
      const expected = gives('approved', 'alone') ? 'approved' : gives('qualified', 'alone') ? 'qualified' : 'pending';
      const review =
        (expected !== 'approved' && gives('approved', 'shared')) ||
        (expected === 'pending' && gives('qualified', 'shared'));
      expect(verdict.status).toBe(expected);
      expect(verdict.question?.kind ?? null).toBe(review ? 'several_referred_contacts' : null);
    }),
    RUNS,
  );
});

it('the deciding record is one the trace keeps, and the trace keeps a bounded number (E3)', () => {
  fc.assert(
    fc.property(anyRules, anySubject, (rules, subject) => {
      const verdict = evaluateRules({ rules, subject });
      for (const step of verdict.trace) expect(step.seen.length).toBeLessThanOrEqual(MAX_SEEN);
      const deciding = verdict.trace.find((step) => step.ruleId === verdict.decidingRuleId);
      expect(deciding?.seen[0]?.recordId).toBe(verdict.decidingRecord?.recordId);
    }),
    RUNS,
  );
});
