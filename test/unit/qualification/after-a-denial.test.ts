import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import { longReason, shortReason, type Labels } from '../../../backend/src/qualification/explain.ts';
import type { DealView } from '../../../backend/src/qualification/subject.ts';
import { NO_ANSWERS, type Answers, type Verdict } from '../../../backend/src/qualification/trace.ts';
import { applyVerdict } from '../../../backend/src/referrals/apply-verdict.ts';
import { contact, contactRule, deal, dealRule, subject } from './build.ts';

const BEFORE = '2026-11-03T08:00:00.000Z';
const DENIED = '2026-11-04T08:00:00.000Z';
const AFTER = '2026-11-05T08:00:00.000Z';
const labels: Labels = { stage: () => 'Closed Won', field: () => null, option: () => null };

const wonAt = (id: string, at: string): DealView => deal({ id, stage: 'closedwon', entered: { closedwon: at } });

function look(deals: readonly DealView[], answers: Answers = NO_ANSWERS): Verdict {
  return evaluateRules({ rules: [dealRule()], subject: subject({ deals, deniedAt: DENIED }), answers });
}
function asked(deals: readonly DealView[]): string | null {
  return applyVerdict({ current: 'denied', verdict: look(deals) }).question?.key.replace(/:[0-9a-f]{8}:/, ':') ?? null;
}

describe('what a denied referral had met when it was denied', () => {
  it('asks nothing, up to the very moment of the denial (E7, E28)', () => {
    expect(asked([wonAt('1', BEFORE), wonAt('2', '2026-11-04T07:59:59.999Z')])).toBeNull();
    expect(asked([wonAt('1', DENIED)])).toBe('denied_meets_rule:rul_won:deal:1');
  });

  it('does not hide what came after it, in whatever order the deals come (E7)', () => {
    const deals = [wonAt('1', BEFORE), wonAt('2', AFTER)];
    for (const given of [deals, deals.toReversed()]) {
      expect([asked(given), look(given).decidingRecord?.recordId]).toEqual(['denied_meets_rule:rul_won:deal:2', '2']);
    }
  });

  it('does not move it where rules may override a denial either (E7)', () => {
    const settings = { reviewDenied: false, overrideDenied: true };
    const move = (at: string) => applyVerdict({ current: 'denied', verdict: look([wonAt('1', at)]), settings });
    expect([move(BEFORE), move(AFTER)]).toMatchObject([
      { changed: false, because: 'denied_stays' },
      { changed: true, to: 'approved', cause: 'override_denied' },
    ]);
  });

  it('is told (RL-03)', () => {
    const verdict = look([wonAt('1', BEFORE)]);
    const told = 'Deal reached Closed Won on 3 Nov 2026, and the referral was denied after that';
    expect(shortReason(verdict, labels)).toBe(told);
    expect(longReason(verdict, labels).slice(0, 2)).toEqual([
      `${told}.`,
      'Rule 1, for approved: a deal has reached Closed Won. Not counted: the referral was denied after it.',
    ]);
  });

  it('is known only of stages, because the CRM dates nothing else (E7)', () => {
    const contacts = [contact({ lifecyclestage: 'customer' }, { modifiedAt: BEFORE })];
    const verdict = evaluateRules({ rules: [contactRule()], subject: subject({ contacts, deniedAt: DENIED }) });
    expect(applyVerdict({ current: 'denied', verdict }).question?.kind).toBe('denied_meets_rule');
  });
});
