import { describe, expect, it } from 'vitest';
import { DECISION_DEFAULTS } from '../../../shared/decision-settings.ts';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition } from '../../../shared/program-definition.ts';
import { contact, contactRule, deal, dealRule, subject } from '../qualification/build.ts';
import { decide, keep, newReferral, programOf, type Kept } from './small-ledger.ts';

const fixed = (id: string, onStatus: 'qualified' | 'approved') =>
  ({ id, onStatus, recipient: 'advocate', approval: 'manual', kind: 'fixed', amount: '25', currency: 'EUR' }) as const;

const definition: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: null,
  rules: [contactRule(), dealRule({ stages: { reached: ['closedwon'], kept: ['closedwon'] } })],
  rewardRules: [fixed('rwr_first', 'qualified'), fixed('rwr_second', 'approved')],
  decisions: { ...DECISION_DEFAULTS, alreadyMet: 'qualify' },
};
const program = programOf(definition);

/** A customer, whose deal stands in this stage. */
function look(kept: Kept, stage: string) {
  const contacts = [contact({ lifecyclestage: 'customer' })];
  const deals = [deal({ stage, entered: { closedwon: '2026-11-03T08:00:00.000Z' } })];
  return decide(kept, { program, subject: subject({ contacts, deals }) });
}

function paid(...milestones: string[]): Kept {
  const won = keep(newReferral(), look(newReferral(), 'closedwon'));
  const ledger = won.ledger.map((reward) =>
    milestones.includes(reward.milestone) ? { ...reward, state: 'issued' as const, approvedBy: 'finance' } : reward,
  );
  return { ...won, ledger };
}

describe('a deal that is lost after both milestones were earned', () => {
  it('is asked about when the higher one was paid, in whatever order they are kept (E8)', () => {
    const both = paid('qualified', 'approved');
    expect(both.ledger.map(({ milestone }) => milestone).sort()).toEqual(['approved', 'qualified']);
    for (const ledger of [both.ledger, both.ledger.toReversed()]) {
      const { outcome, rewards } = look({ ...both, ledger }, 'closedlost');
      expect(outcome).toMatchObject({ changed: false, question: { kind: 'left_after_issue', status: 'approved' } });
      expect(rewards).toEqual([]);
    }
  });

  it('goes back to the lower one when only that was paid, and voids the higher one (E8)', () => {
    const { outcome, rewards } = look(paid('qualified'), 'closedlost');
    expect(outcome).toMatchObject({ changed: true, to: 'qualified', cause: 'left_stage' });
    expect(rewards.map(({ move }) => move.do)).toEqual(['void']);
  });
});
