import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import { longReason, shortReason } from '../../../backend/src/qualification/explain.ts';
import type { Labels } from '../../../backend/src/qualification/explain.ts';
import { anyRules, anySubject, contact, contactRule, deal, dealRule, subject } from './build.ts';

const STAGES: Readonly<Record<string, string>> = {
  closedwon: 'Closed Won',
  closedlost: 'Closed Lost',
  signed: 'Signed',
};
const OPTIONS: Readonly<Record<string, string>> = { customer: 'Customer', lead: 'Lead', evangelist: 'Evangelist' };
const labels: Labels = {
  stage: (pipelineId, stageId) => (pipelineId === 'default' ? (STAGES[stageId] ?? null) : null),
  field: (_object, name) => (name === 'lifecyclestage' ? 'Lifecycle stage' : null),
  option: (_object, _field, value) => OPTIONS[value] ?? null,
};
const won = deal({ stage: 'closedwon', entered: { closedwon: '2026-11-03T23:30:00.000Z' } });

describe('the short reason', () => {
  const short = (input: Parameters<typeof evaluateRules>[0]): string => shortReason(evaluateRules(input), labels);

  it('says which stage the deal reached and when (RL-03, C18)', () => {
    expect(short({ rules: [dealRule()], subject: subject({ deals: [won] }) })).toBe(
      'Deal reached Closed Won on 3 Nov 2026',
    );
    const lost = deal({ stage: 'closedlost', entered: { closedwon: '2026-09-30T10:00:00Z' } });
    expect(short({ rules: [dealRule()], subject: subject({ deals: [lost] }) })).toBe(
      'Deal reached Closed Won on 30 Sep 2026',
    );
  });

  it('does not claim a day that the CRM does not state (RL-03)', () => {
    expect(short({ rules: [dealRule()], subject: subject({ deals: [deal({ stage: 'closedwon' })] }) })).toBe(
      'Deal is in Closed Won, as of 5 Nov 2026',
    );
    const contacts = [contact({ lifecyclestage: 'lead;customer' })];
    expect(short({ rules: [contactRule()], subject: subject({ contacts }) })).toBe(
      'Lifecycle stage is Customer, as of 2 Nov 2026',
    );
  });

  it('says what a pending referral waits for (RL-04, RF-25)', () => {
    const contacts = [contact({ lifecyclestage: 'lead' })];
    expect(short({ rules: [contactRule()], subject: subject({ contacts }) })).toBe(
      'Waiting for Lifecycle stage to become Customer',
    );
    const several = contactRule({ values: ['customer', 'evangelist'] });
    expect(short({ rules: [dealRule(), several], subject: subject({}) })).toBe(
      'Waiting for Lifecycle stage to become Customer or Evangelist, or another rule',
    );
    const three = dealRule({ values: ['closedwon', 'signed', 'paid'] });
    expect(short({ rules: [three], subject: subject({}) })).toBe(
      'Waiting for a deal to reach Closed Won or 2 other values',
    );
    expect(short({ rules: [], subject: subject({}) })).toBe('No rule of this program is switched on');
  });

  it('points at a value that differs only by case or spaces (E11)', () => {
    const contacts = [contact({ lifecyclestage: 'Customer' })];
    expect(short({ rules: [contactRule()], subject: subject({ contacts }) })).toBe(
      'Waiting for Lifecycle stage to become Customer (a value differs only by case or spaces)',
    );
  });

  it('asks for a person when several referred people are on the deal (E3)', () => {
    const deals = [deal({ stage: 'closedwon', others: ['55'] })];
    expect(short({ rules: [dealRule()], subject: subject({ deals }) })).toBe(
      'Several referred people are on this deal: needs review',
    );
  });

  it('shows the id of a stage the CRM no longer knows (E11)', () => {
    const rules = [dealRule({ values: ['8817'] })];
    expect(short({ rules, subject: subject({}) })).toBe('Waiting for a deal to reach 8817');
  });

  it('is one line of at most 120 characters, whatever the labels (RL-03)', () => {
    const wild: Labels = { stage: () => 'x\n'.repeat(200), field: () => '𝄞'.repeat(200), option: () => null };
    fc.assert(
      fc.property(anyRules, anySubject, (rules, anyone) => {
        const reason = shortReason(evaluateRules({ rules, subject: anyone }), wild);
        expect(reason.length).toBeGreaterThan(0);
        expect(reason.length).toBeLessThanOrEqual(120);
        expect(reason).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });
});

describe('the long reason', () => {
  it('tells each rule, what was seen and what is missing (RL-03, RL-04, E3)', () => {
    const shared = deal({ id: '9002', stage: 'closedlost', entered: { closedwon: '2026-11-04' }, others: ['55'] });
    const contacts = [contact({ lifecyclestage: 'customer' })];
    const verdict = evaluateRules({
      rules: [contactRule(), dealRule()],
      subject: { contacts, deals: [shared, deal({ id: '9003', stage: 'closedwon', pipeline: 'renewals' })] },
    });
    expect(longReason(verdict, labels)).toEqual([
      'Several referred people are on this deal: needs review.',
      'Lifecycle stage is Customer, as of 2 Nov 2026.',
      'Rule 1, for qualified: Lifecycle stage is Customer. Met.',
      '  Contact 101: Customer, last changed 2 Nov 2026',
      'Rule 2, for approved: a deal has reached Closed Won. Not counted: several referred people are on the deal. A person has to decide.',
      '  Deal 9002: was in Closed Won from 4 Nov 2026, now in Closed Lost, shared with contact 55',
      '  Deal 9002: Closed Lost, last changed 5 Nov 2026, shared with contact 55',
      '  Deal 9003: closedwon, last changed 5 Nov 2026',
    ]);
  });
});
