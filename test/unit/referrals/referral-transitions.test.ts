import { describe, expect, it } from 'vitest';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { isAllowed, REFERRAL_TRANSITIONS } from '../../../backend/src/referrals/referral-transitions.ts';

const RANK: Readonly<Record<ReferralStatus, number>> = { denied: -1, pending: 0, qualified: 1, approved: 2 };

describe('the table of moves', () => {
  it('lets a person leave denied for anything, and a rule only where the program says so (E7, RR-33, C1)', () => {
    const leaving = REFERRAL_TRANSITIONS.filter((row) => row.from === 'denied');
    expect(leaving).toEqual([
      { from: 'denied', to: 'qualified', cause: 'override_denied' },
      { from: 'denied', to: 'approved', cause: 'override_denied' },
      { from: 'denied', to: 'qualified', cause: 'qualified_by_person' },
      { from: 'denied', to: 'approved', cause: 'approved_by_person' },
      { from: 'denied', to: 'pending', cause: 'reopened_by_person' },
    ]);
  });

  it('raises by a rule that is met and lowers by one that is left, and no rule denies (E8, RL-04)', () => {
    for (const { from, to, cause } of REFERRAL_TRANSITIONS) {
      expect(from).not.toBe(to);
      if (cause === 'rule_met' || cause === 'override_denied') expect(RANK[to]).toBeGreaterThan(RANK[from]);
      if (cause === 'left_stage') {
        expect(RANK[to]).toBeLessThan(RANK[from]);
        expect(to).not.toBe('denied');
      }
    }
    const rows = REFERRAL_TRANSITIONS.map((row) => JSON.stringify(row));
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('refuses a move for another cause than its own (C1)', () => {
    expect(isAllowed({ from: 'pending', to: 'denied', cause: 'denied_by_person' })).toBe(true);
    expect(isAllowed({ from: 'pending', to: 'denied', cause: 'rule_met' })).toBe(false);
    expect(isAllowed({ from: 'denied', to: 'approved', cause: 'rule_met' })).toBe(false);
    expect(isAllowed({ from: 'approved', to: 'qualified', cause: 'merged' })).toBe(false);
    expect(isAllowed({ from: 'approved', to: 'denied', cause: 'left_stage' })).toBe(false);
  });
});
