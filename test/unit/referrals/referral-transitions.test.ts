import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REFERRAL_STATUSES } from '../../../shared/referral-status.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import { applyVerdict, isAllowed, REFERRAL_TRANSITIONS } from '../../../backend/src/referrals/referral-transitions.ts';
import { anyRules, anySubject, contact, contactRule, deal, dealRule } from '../qualification/build.ts';

const RANK: Readonly<Record<ReferralStatus, number>> = { denied: -1, pending: 0, qualified: 1, approved: 2 };

type Given = 'pending' | 'qualified' | 'approved' | 'shared';

/** A real verdict: nothing met, a contact rule met, a deal rule met, or a shared deal with and without the contact. */
function verdictOf(
  given: Given,
  sharedStatus: 'qualified' | 'approved' = 'approved',
): ReturnType<typeof evaluateRules> {
  const customer = contact({ lifecyclestage: given === 'qualified' ? 'customer' : 'lead' });
  const others = given === 'shared' ? ['55'] : [];
  const deals = [deal({ stage: given === 'approved' || given === 'shared' ? 'closedwon' : 'open', others })];
  const rules = [contactRule(), dealRule({ status: sharedStatus })];
  return evaluateRules({ rules, subject: { contacts: [customer], deals } });
}

describe('an automatic verdict', () => {
  it.each<[ReferralStatus, Given, string]>([
    ['pending', 'pending', 'rule_not_met'],
    ['pending', 'qualified', '> qualified'],
    ['pending', 'approved', '> approved'],
    ['pending', 'shared', 'needs_review'],
    ['qualified', 'pending', 'never_lowered'],
    ['qualified', 'qualified', 'already_there'],
    ['qualified', 'approved', '> approved'],
    ['qualified', 'shared', 'needs_review'],
    ['approved', 'pending', 'never_lowered'],
    ['approved', 'qualified', 'never_lowered'],
    ['approved', 'approved', 'already_there'],
    ['approved', 'shared', 'never_lowered'],
    ['denied', 'pending', 'denied_stays'],
    ['denied', 'qualified', 'denied_stays'],
    ['denied', 'approved', 'denied_stays'],
    ['denied', 'shared', 'denied_stays'],
  ])('on a %s referral when the rules say %s: %s (RL-04, E3, C1)', (current, given, expected) => {
    const outcome = applyVerdict({ current, verdict: verdictOf(given) });
    expect(outcome.changed ? `> ${outcome.to}` : outcome.because).toBe(expected);
    if (outcome.changed) expect(outcome.cause).toBe('rule_met');
  });

  it('needs no review for a status that is already held (E3)', () => {
    const verdict = verdictOf('shared', 'qualified');
    expect(verdict.reviewReason).toBe('several_referred_contacts');
    expect(applyVerdict({ current: 'pending', verdict })).toEqual({ changed: false, because: 'needs_review' });
    expect(applyVerdict({ current: 'qualified', verdict })).toEqual({ changed: false, because: 'never_lowered' });
  });

  it('never lowers a status, never touches a denied one, and comes to rest (RL-04, C1)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REFERRAL_STATUSES), anyRules, anySubject, (current, rules, subject) => {
        const verdict = evaluateRules({ rules, subject });
        const outcome = applyVerdict({ current, verdict });
        if (!outcome.changed) return;
        expect(current).not.toBe('denied');
        expect(RANK[outcome.to]).toBeGreaterThan(RANK[current]);
        expect(isAllowed({ from: current, to: outcome.to, cause: outcome.cause })).toBe(true);
        expect(applyVerdict({ current: outcome.to, verdict }).changed).toBe(false);
      }),
    );
  });
});

describe('the table of moves', () => {
  it('lets only a person leave denied, and only towards pending (C1)', () => {
    const leaving = REFERRAL_TRANSITIONS.filter((row) => row.from === 'denied');
    expect(leaving).toEqual([{ from: 'denied', to: 'pending', cause: 'reopened_by_person' }]);
  });

  it('has no automatic way down and no rule that denies (RL-04)', () => {
    for (const { from, to, cause } of REFERRAL_TRANSITIONS) {
      expect(from).not.toBe(to);
      if (cause === 'rule_met') expect(RANK[to]).toBeGreaterThan(RANK[from]);
    }
  });

  it('refuses a move for another cause than its own (C1)', () => {
    expect(isAllowed({ from: 'pending', to: 'denied', cause: 'denied_by_person' })).toBe(true);
    expect(isAllowed({ from: 'pending', to: 'denied', cause: 'rule_met' })).toBe(false);
    expect(isAllowed({ from: 'denied', to: 'approved', cause: 'approved_by_person' })).toBe(false);
    expect(isAllowed({ from: 'approved', to: 'qualified', cause: 'merged' })).toBe(false);
  });
});
