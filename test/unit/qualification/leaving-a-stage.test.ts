import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import type { MissingReason } from '../../../backend/src/qualification/trace.ts';
import { deal, dealRule, subject, type DealInput } from './build.ts';

const SIGNED = '2026-11-03T08:00:00.000Z';
const AGAIN = '2026-11-06T08:00:00.000Z';
const NEVER = {};
/** new, signed, won, after, and lost: what is kept lies behind signed and is not lost. */
const known = ['after', 'lost', 'new', 'signed', 'won'];
const stages = { reached: ['signed'], kept: ['signed', 'won', 'after'], known };
const rule = dealRule({ values: ['signed'], stages });

describe('a deal that was in the wanted stage', () => {
  const read = (given: Partial<DealInput>) => {
    const entered = given.entered === NEVER ? {} : { signed: SIGNED, ...given.entered };
    const deals = [deal({ stage: 'signed', ...given, entered })];
    return evaluateRules({ rules: [rule], subject: subject({ deals }) });
  };

  it.each<[string, 'met' | MissingReason, Partial<DealInput>]>([
    ['and stands there', 'met', {}],
    ['and went on to the next one', 'met', { stage: 'won' }],
    ['and went on behind the won one', 'met', { stage: ' after ' }],
    ['and went back', 'left_stage', { stage: 'new' }],
    ['and was lost', 'left_stage', { stage: 'lost' }],
    ['and lost its stage', 'left_stage', { stage: null }],
    ['and stands in a stage that was added since', 'met', { stage: ' onboarding ' }],
    [
      'and stands in one added since without having been there',
      'value_differs',
      { stage: 'onboarding', entered: NEVER },
    ],
    ['and was moved to another pipeline', 'other_pipeline', { stage: 'signed', pipeline: 'renewals' }],
    ['and went on in another pipeline', 'other_pipeline', { stage: 'won', pipeline: 'renewals' }],
    ['and is there again', 'met', { stage: 'signed', entered: { signed: AGAIN } }],
    ['and went on again after it went back', 'met', { stage: 'won', entered: { signed: AGAIN } }],
  ])('%s: %s (E8)', (_what, expected, given) => {
    const verdict = read(given);
    expect(verdict.trace[0]?.missing ?? 'met').toBe(expected);
    expect(verdict.status).toBe(expected === 'met' ? 'approved' : 'pending');
  });

  it('dates from when it entered the stage last, as the CRM says (E8)', () => {
    expect(read({ stage: 'won' }).reachedAt).toBe(SIGNED);
    expect(read({ stage: 'won', entered: { signed: AGAIN } }).reachedAt).toBe(AGAIN);
  });

  it('has not reached it when it only passed by, which the CRM does not date (E8, RL-22)', () => {
    const deals = [deal({ stage: 'won' })];
    const passed = evaluateRules({ rules: [rule], subject: subject({ deals }) });
    expect(passed).toMatchObject({ status: 'pending', trace: [{ missing: 'value_differs' }] });
    const ordered = dealRule({
      operator: 'at_or_after',
      values: ['signed'],
      stages: { reached: stages.kept, kept: stages.kept },
    });
    expect(evaluateRules({ rules: [ordered], subject: subject({ deals }) }).status).toBe('approved');
  });

  it('has left in a stage that is not kept, under rules that were kept without all stages (E8, E29)', () => {
    const old = dealRule({ values: ['signed'], stages: { reached: stages.reached, kept: stages.kept } });
    const deals = [deal({ stage: 'onboarding', entered: { signed: SIGNED } })];
    expect(evaluateRules({ rules: [old], subject: subject({ deals }) }).trace[0]?.missing).toBe('left_stage');
  });

  it('still counts where another deal has not left (E8, E3)', () => {
    const left = deal({ id: '1', stage: 'lost', entered: { signed: SIGNED } });
    const holds = deal({ id: '2', stage: 'won', entered: { signed: AGAIN } });
    const verdict = evaluateRules({ rules: [rule], subject: subject({ deals: [left, holds] }) });
    expect(verdict).toMatchObject({ status: 'approved', decidingRecord: { recordId: '2' }, reachedAt: AGAIN });
  });

  it('keeps counting under rules that were kept without an order (E8, E29)', () => {
    const old = dealRule({ values: ['signed'] });
    const deals = [deal({ stage: 'lost', entered: { signed: SIGNED } })];
    expect(evaluateRules({ rules: [old], subject: subject({ deals }) }).status).toBe('approved');
  });
});
