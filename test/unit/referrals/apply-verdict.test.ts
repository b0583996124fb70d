import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECISION_DEFAULTS } from '../../../shared/decision-settings.ts';
import { REFERRAL_STATUSES, type ReferralStatus } from '../../../shared/referral-status.ts';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import type { Answer, Verdict } from '../../../backend/src/qualification/trace.ts';
import { applyVerdict, type VerdictOutcome } from '../../../backend/src/referrals/apply-verdict.ts';
import { isAllowed } from '../../../backend/src/referrals/referral-transitions.ts';
import { anyRules, anySubject, contact, contactRule, deal, dealRule } from '../qualification/build.ts';

const RANK: Readonly<Record<ReferralStatus, number>> = { denied: -1, pending: 0, qualified: 1, approved: 2 };

type Given = 'pending' | 'qualified' | 'approved' | 'shared' | 'qualified+shared';

/** A real verdict: nothing met, a contact rule met, a deal rule met, or a shared deal without and with the contact. */
function verdictOf(given: Given, sharedStatus: 'qualified' | 'approved' = 'approved'): Verdict {
  const customer = contact({ lifecyclestage: given.startsWith('qualified') ? 'customer' : 'lead' });
  const isShared = given.endsWith('shared');
  const deals = [
    deal({ stage: given === 'approved' || isShared ? 'closedwon' : 'open', others: isShared ? ['55'] : [] }),
  ];
  return evaluateRules({
    rules: [contactRule(), dealRule({ status: sharedStatus })],
    subject: { contacts: [customer], deals },
  });
}

/** `> approved by rule_met ? kind` or the reason it stays, with what is asked. */
function told(outcome: VerdictOutcome): string {
  const asked = outcome.question;
  const words = outcome.changed ? `> ${outcome.to} by ${outcome.cause}` : outcome.because;
  return asked === null ? words : `${words} ? ${asked.kind} for ${asked.status}`;
}

const SHARED = 'several_referred_contacts for approved';

describe('an automatic verdict', () => {
  it.each<[ReferralStatus, Given, string]>([
    ['pending', 'pending', 'rule_not_met'],
    ['pending', 'qualified', '> qualified by rule_met'],
    ['pending', 'approved', '> approved by rule_met'],
    ['pending', 'shared', `needs_review ? ${SHARED}`],
    ['pending', 'qualified+shared', `> qualified by rule_met ? ${SHARED}`],
    ['qualified', 'pending', '> pending by left_stage'],
    ['qualified', 'qualified', 'status_stands'],
    ['qualified', 'approved', '> approved by rule_met'],
    ['qualified', 'shared', `> pending by held_for_review ? ${SHARED}`],
    ['qualified', 'qualified+shared', `needs_review ? ${SHARED}`],
    ['approved', 'pending', '> pending by left_stage'],
    ['approved', 'qualified', '> qualified by left_stage'],
    ['approved', 'approved', 'status_stands'],
    ['approved', 'shared', `> pending by held_for_review ? ${SHARED}`],
    ['approved', 'qualified+shared', `> qualified by held_for_review ? ${SHARED}`],
    ['denied', 'pending', 'denied_stays'],
    ['denied', 'qualified', 'needs_review ? denied_meets_rule for qualified'],
    ['denied', 'approved', 'needs_review ? denied_meets_rule for approved'],
    ['denied', 'shared', 'denied_stays'],
  ])('on a %s referral when the rules say %s: %s (E8, E3, C1)', (current, given, expected) => {
    expect(told(applyVerdict({ current, verdict: verdictOf(given) }))).toBe(expected);
  });

  it('takes back a status whose own record is lost, though another one waits for an answer (E8, E3)', () => {
    const outcome = (current: ReferralStatus, given: Given): string =>
      told(applyVerdict({ current, verdict: verdictOf(given), ownHeldStatus: 'pending' }));
    expect(outcome('approved', 'shared')).toBe(`> pending by held_for_review ? ${SHARED}`);
    expect(outcome('approved', 'qualified+shared')).toBe(`> qualified by held_for_review ? ${SHARED}`);
    expect(outcome('qualified', 'shared')).toBe(`> pending by held_for_review ? ${SHARED}`);
  });

  it('takes a status back until somebody says whose deal it is, whichever of the two was heard of first (E3)', () => {
    const verdict = verdictOf('shared', 'qualified');
    expect(told(applyVerdict({ current: 'pending', verdict }))).toBe(
      'needs_review ? several_referred_contacts for qualified',
    );
    expect(told(applyVerdict({ current: 'qualified', verdict }))).toBe(
      '> pending by held_for_review ? several_referred_contacts for qualified',
    );
  });

  it('moves only as the table allows, never into denied, and comes to rest (E8, E28, C1)', () => {
    const flags = fc.record({ reviewDenied: fc.boolean(), overrideDenied: fc.boolean() });
    const facts = fc.record({
      current: fc.constantFrom(...REFERRAL_STATUSES),
      personFloor: fc.constantFrom(null, 'qualified' as const, 'approved' as const),
      issuedFor: fc.constantFrom(null, 'qualified' as const, 'approved' as const),
      goneRecord: fc.constantFrom(null, { objectType: 'deal' as const, recordId: '9' }),
      ownHeldStatus: fc.constantFrom('pending' as const, 'qualified' as const, 'approved' as const),
    });
    fc.assert(
      fc.property(facts, flags, anyRules, anySubject, (given, settings, rules, subject) => {
        const verdict = evaluateRules({ rules, subject });
        const input = { ...given, verdict, settings: { ...DECISION_DEFAULTS, ...settings } };
        const outcome = applyVerdict(input);
        if (!outcome.changed) return;
        const isLower = RANK[outcome.to] < RANK[given.current];
        const floor = isLower ? RANK[given.personFloor ?? 'pending'] : 0;
        expect(RANK[outcome.to]).toBe(Math.max(RANK[verdict.status], floor));
        expect(isAllowed({ from: given.current, to: outcome.to, cause: outcome.cause })).toBe(true);
        const again = applyVerdict({ ...input, current: outcome.to, goneRecord: null });
        expect(again.changed).toBe(false);
        expect(again.question).toEqual(outcome.question);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a denied referral that meets a rule', () => {
  const KEYS = {
    qualified: 'denied_meets_rule:rul_customer:604213eb:contact:101',
    approved: 'denied_meets_rule:rul_won:da5999dd:deal:9001',
  } as const;
  const BOTH = ['qualified', 'approved'] as const;
  const FLOORS = [null, 'qualified'] as const;

  it.each<[boolean, boolean, string]>([
    [true, true, 'needs_review ? denied_meets_rule for STATUS'],
    [true, false, 'needs_review ? denied_meets_rule for STATUS'],
    [false, true, '> STATUS by override_denied'],
    [false, false, 'denied_stays'],
  ])(
    'with reviewDenied %s and overrideDenied %s: %s, whatever it was before (E7, RR-33, RR-42)',
    (review, override, says) => {
      const settings = { reviewDenied: review, overrideDenied: override };
      for (const status of BOTH) {
        for (const personFloor of FLOORS) {
          const outcome = applyVerdict({ current: 'denied', verdict: verdictOf(status), settings, personFloor });
          expect(told(outcome)).toBe(says.replace('STATUS', status));
          if (review) expect(outcome.question?.key).toBe(KEYS[status]);
        }
      }
    },
  );

  it.each<[Answer, boolean, boolean]>([
    ['counts', true, true],
    ['counts', true, false],
    ['counts', false, true],
    ['counts', false, false],
    ['does_not_count', true, true],
    ['does_not_count', true, false],
    ['does_not_count', false, true],
    ['does_not_count', false, false],
  ])(
    'goes by the answer %s whatever the settings say (E7, E28): review %s, override %s',
    (answer, review, override) => {
      const settings = { reviewDenied: review, overrideDenied: override };
      for (const status of BOTH) {
        const answers = new Map([[KEYS[status], answer]]);
        const outcome = applyVerdict({ current: 'denied', verdict: verdictOf(status), settings, answers });
        expect(told(outcome)).toBe(answer === 'counts' ? `> ${status} by ${status}_by_person` : 'rejected_by_person');
      }
    },
  );

  it('is asked about again only by another rule or record (E28)', () => {
    const answers = new Map([[KEYS.qualified, 'does_not_count' as const]]);
    const ask = (verdict: Verdict): string => told(applyVerdict({ current: 'denied', verdict, answers }));
    expect(ask(verdictOf('qualified'))).toBe('rejected_by_person');
    expect(ask(verdictOf('approved'))).toBe('needs_review ? denied_meets_rule for approved');
    const edited = contactRule({ values: ['customer', 'fan'] });
    const contacts = [contact({ lifecyclestage: 'customer' })];
    expect(ask(evaluateRules({ rules: [edited], subject: { contacts, deals: [] } }))).toBe(
      'needs_review ? denied_meets_rule for qualified',
    );
  });
});

describe('a status the rules would take back', () => {
  const goneRecord = { objectType: 'deal', recordId: '9001' } as const;
  const GONE = 'record_gone:deal:9001';
  const PAID = 'left_after_issue:approved';
  const verdict = verdictOf('pending');
  const lower = (more: Partial<Parameters<typeof applyVerdict>[0]>): string =>
    told(applyVerdict({ current: 'approved', verdict, ...more }));

  it('stays when a person gave it (E28)', () => {
    expect(lower({ personFloor: 'approved' })).toBe('person_decided');
    expect(lower({ personFloor: 'approved', goneRecord, issuedFor: 'approved' })).toBe('person_decided');
    expect(lower({ personFloor: 'qualified' })).toBe('> qualified by left_stage');
  });

  it('still asks about more than a person gave (E28, E3)', () => {
    const outcome = applyVerdict({
      current: 'qualified',
      verdict: verdictOf('shared'),
      personFloor: 'qualified',
      ownHeldStatus: 'pending',
    });
    expect(told(outcome)).toBe(`needs_review ? ${SHARED}`);
  });

  it('is asked about when its record is gone, until a person answers (E8, E5)', () => {
    expect(lower({ goneRecord })).toBe('needs_review ? record_gone for approved');
    expect(lower({ goneRecord, answers: new Map([[GONE, 'counts']]) })).toBe('person_decided');
    expect(lower({ goneRecord, answers: new Map([[GONE, 'does_not_count']]) })).toBe('> pending by left_stage');
  });

  it('is asked about when its reward was paid, until a person answers (E8)', () => {
    expect(lower({ issuedFor: 'approved' })).toBe('needs_review ? left_after_issue for approved');
    expect(lower({ issuedFor: 'approved', answers: new Map([[PAID, 'counts']]) })).toBe('person_decided');
    expect(lower({ issuedFor: 'approved', answers: new Map([[PAID, 'does_not_count']]) })).toBe(
      '> pending by left_stage',
    );
  });

  it('goes back when what was paid is still earned (E8)', () => {
    const outcome = applyVerdict({ current: 'approved', verdict: verdictOf('qualified'), issuedFor: 'qualified' });
    expect(told(outcome)).toBe('> qualified by left_stage');
  });

  it('is asked about one thing after the other, and one yes keeps it (E8, E5)', () => {
    const both = { goneRecord, issuedFor: 'approved' as const };
    expect(lower(both)).toBe('needs_review ? record_gone for approved');
    expect(lower({ ...both, answers: new Map([[GONE, 'does_not_count']]) })).toBe(
      'needs_review ? left_after_issue for approved',
    );
    expect(lower({ ...both, answers: new Map([[PAID, 'counts']]) })).toBe('person_decided');
    const no = new Map([
      [GONE, 'does_not_count'],
      [PAID, 'does_not_count'],
    ] as const);
    expect(lower({ ...both, answers: no })).toBe('> pending by left_stage');
  });
});
