import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QualificationRule } from '../../../shared/program-definition.ts';
import { evaluateRules, verdictFromTrace } from '../../../backend/src/qualification/evaluate-rules.ts';
import { askingRule } from '../../../backend/src/qualification/look-at.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import {
  questionKey,
  type Answer,
  type DecidingRecord,
  type HoldKind,
  type TraceFacts,
  type TraceStep,
  type Verdict,
} from '../../../backend/src/qualification/trace.ts';
import { anyHistory, anyRules, anySettings } from './world.ts';

const RUNS = { numRuns: 10_000 };
const TIME = { timeout: 60_000 };

const anySubject = anyHistory.map((history) => history.at(-1) as Subject);

const RECORDS: readonly DecidingRecord[] = [
  { objectType: 'deal', recordId: '9000' },
  { objectType: 'deal', recordId: '9001' },
  { objectType: 'contact', recordId: '101' },
  { objectType: 'company', recordId: '31' },
];

const anyAnswersTo = (rules: readonly QualificationRule[]) =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom<HoldKind>('already_there', 'several_referred_contacts'),
        rule: fc.constantFrom(...rules),
        record: fc.constantFrom(...RECORDS),
        answer: fc.constantFrom<Answer>('counts', 'does_not_count'),
      }),
      { maxLength: 6 },
    )
    .map((given) => {
      const keyed = given.map(
        ({ kind, rule, record, answer }) => [questionKey(kind, askingRule(rule), record), answer] as const,
      );
      return new Map(keyed);
    });

const anySituation = anyRules.chain((rules) =>
  fc.record({
    rules: fc.constant(rules),
    settings: anySettings,
    subject: anySubject,
    answers: anyAnswersTo(rules),
  }),
);

function shuffled<T>(all: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...all], { minLength: all.length });
}

function withoutTrace({ trace: _trace, ...decision }: Verdict): Omit<Verdict, 'trace'> {
  return decision;
}

function withoutJudgement({ passed: _passed, missing: _missing, held: _held, ...facts }: TraceStep): TraceFacts {
  return facts;
}

it(
  'the verdict is the same in any order of records and rules, and so is each step of its trace (E3, RL-03)',
  TIME,
  () => {
    const both = anySituation.chain((given) =>
      fc.record({
        given: fc.constant(given),
        rules: shuffled(given.rules),
        contacts: shuffled(given.subject.contacts),
        deals: shuffled(given.subject.deals),
      }),
    );
    fc.assert(
      fc.property(both, ({ given, rules, contacts, deals }) => {
        const verdict = evaluateRules(given);
        const other = evaluateRules({ ...given, rules, subject: { ...given.subject, contacts, deals } });
        expect(withoutTrace(other)).toEqual(withoutTrace(verdict));
        const inOrder = given.rules.map(({ id }) => other.trace.find(({ ruleId }) => ruleId === id));
        expect(inOrder).toEqual(verdict.trace);
      }),
      RUNS,
    );
  },
);

it(
  'the verdict follows from the trace alone, stripped of every judgement and read back from JSON (G1, RL-04)',
  TIME,
  () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        const verdict = evaluateRules(given);
        const stored = JSON.parse(JSON.stringify(verdict.trace.map(withoutJudgement))) as TraceFacts[];
        const { rules, settings } = given;
        expect(verdictFromTrace({ rules, settings, trace: stored })).toEqual(verdict);
      }),
      RUNS,
    );
  },
);

it(
  'every answer yes to what is asked raises the verdict to what it said it would, or asks the next thing (E3, E12)',
  TIME,
  () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        const verdict = evaluateRules(given);
        expect(verdict.heldStatus).toBe(verdict.question?.status ?? verdict.status);
        if (verdict.question === null) return;
        const { key, status, ruleId } = verdict.question;
        const yes = evaluateRules({ ...given, answers: new Map([...given.answers, [key, 'counts' as const]]) });
        const no = evaluateRules({ ...given, answers: new Map([...given.answers, [key, 'does_not_count' as const]]) });
        const step = yes.trace.find((one) => one.ruleId === ruleId);
        // Whose deal it is concerns every rule: another one than the one it was asked for may be met by the answer.
        expect(yes.status === status || yes.question !== null).toBe(true);
        if (step?.passed) expect(yes.status).toBe(status);
        expect(no.status).toBe(verdict.status);
        expect([yes.question?.key, no.question?.key]).not.toContain(key);
      }),
      RUNS,
    );
  },
);
