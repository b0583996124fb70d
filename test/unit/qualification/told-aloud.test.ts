import { describe, expect, it } from 'vitest';
import { DECISION_DEFAULTS, type DecisionSettings } from '../../../shared/decision-settings.ts';
import type { QualificationRule } from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import {
  asksForReview,
  leftReason,
  settledReason,
  shortReason,
  type Labels,
} from '../../../backend/src/qualification/explain.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import { NO_ANSWERS, type Answers } from '../../../backend/src/qualification/trace.ts';
import { applyVerdict, type ApplyVerdictInput } from '../../../backend/src/referrals/apply-verdict.ts';
import { contact, contactRule, deal, dealRule, subject } from './build.ts';

/** Every sentence a rep may find on a record, as it is read there. */
const STAGES: Readonly<Record<string, string>> = {
  new: 'New',
  talk: 'In talks',
  closedwon: 'Closed Won',
  closedlost: 'Closed Lost',
};
const FIELDS: Readonly<Record<string, string>> = {
  lifecyclestage: 'Lifecycle stage',
  seats: 'Seats',
  nps: 'NPS score',
};
const labels: Labels = {
  stage: (_pipeline, id) => STAGES[id] ?? null,
  field: (_object, name) => FIELDS[name] ?? null,
  option: (_object, _field, value) => (value === 'customer' ? 'Customer' : null),
};
const WON = { closedwon: '2026-11-03T23:30:00.000Z' };
const SINCE = '2026-11-04T00:00:00.000Z';
const won = deal({ stage: 'closedwon', entered: WON });
const ordered = dealRule({
  operator: 'at_or_after',
  values: ['talk'],
  stages: { reached: ['talk', 'closedwon'], kept: ['talk', 'closedwon'] },
});
const kept = dealRule({ stages: { reached: ['closedwon'], kept: ['closedwon'] } });

type Case = {
  readonly rules: readonly QualificationRule[];
  readonly subject: Subject;
  readonly settings?: Partial<DecisionSettings>;
  readonly answers?: Answers;
  readonly current?: ReferralStatus;
  readonly applied?: Partial<ApplyVerdictInput>;
};

function tell({ rules, subject: of, answers = NO_ANSWERS, current = 'pending', ...more }: Case): string {
  const settings = { ...DECISION_DEFAULTS, ...more.settings };
  const verdict = evaluateRules({ rules, subject: of, settings, answers });
  const outcome = applyVerdict({ current, verdict, settings, answers, ...more.applied });
  const isLeft = outcome.changed && outcome.cause === 'left_stage';
  return isLeft ? leftReason(verdict, labels) : shortReason({ ...verdict, outcome }, labels);
}

const size = (value: string): QualificationRule => ({
  ...contactRule({ operator: 'at_least', field: 'seats', values: [value] }),
  object: 'company',
});
const of = (...deals: Subject['deals']): Subject => subject({ deals });
const shared = { stage: 'closedwon', entered: WON, others: ['55'] } as const;

describe('a rep reads', () => {
  it.each<[string, Case]>([
    ['Deal reached Closed Won on 3 Nov 2026', { rules: [dealRule()], subject: of(won) }],
    ['Waiting for a deal to reach In talks or later', { rules: [ordered], subject: of(deal({ stage: 'new' })) }],
    ['Waiting for the company’s Seats to reach 50', { rules: [size('50')], subject: subject({}) }],
    [
      'Seats is 75, as of 2 Nov 2026',
      {
        rules: [size('50')],
        subject: subject({ companies: [{ ...contact({ seats: '75' }), objectType: 'company', recordId: '31' }] }),
      },
    ],
    [
      'Deal reached Closed Won on 3 Nov 2026, referred first of those on it',
      {
        rules: [dealRule()],
        settings: { severalContacts: 'first_attribution' },
        subject: of(deal({ ...shared, isFirst: true })),
      },
    ],
    [
      'Deal reached Closed Won on 3 Nov 2026, but somebody else on it was referred first',
      {
        rules: [dealRule()],
        settings: { severalContacts: 'first_attribution' },
        subject: of(deal({ ...shared, isFirst: false })),
      },
    ],
    [
      'Deal reached Closed Won on 3 Nov 2026, and this is its primary contact',
      {
        rules: [dealRule()],
        settings: { severalContacts: 'primary' },
        subject: of(deal({ ...shared, isPrimary: true })),
      },
    ],
    [
      'Deal reached Closed Won on 3 Nov 2026, but another contact is the primary one of the deal',
      {
        rules: [dealRule()],
        settings: { severalContacts: 'primary' },
        subject: of(deal({ ...shared, isPrimary: false })),
      },
    ],
    [
      'Deal reached Closed Won on 3 Nov 2026, the only one referred of its 2 contacts',
      { rules: [dealRule()], subject: of({ ...won, contactIds: ['101', '102'] }) },
    ],
    [
      'Several referred people are on this deal, so it counts for nobody',
      { rules: [dealRule()], settings: { severalContacts: 'exactly_one' }, subject: of(deal(shared)) },
    ],
    ['Several referred people are on this deal: needs review', { rules: [dealRule()], subject: of(deal(shared)) }],
    [
      'Deal reached Closed Won on 3 Nov 2026; a person decided that it does not count',
      {
        rules: [dealRule()],
        subject: of(deal(shared)),
        answers: new Map([['several_referred_contacts:deal:9001', 'does_not_count']]),
      },
    ],
    [
      'Deal was in Closed Won before the referral: needs review',
      { rules: [dealRule()], subject: { ...of(won), since: SINCE } },
    ],
    [
      'Deal was in Closed Won before the rules changed: needs review',
      { rules: [dealRule()], subject: { ...of(won), since: SINCE, referredAt: '2026-11-01T00:00:00.000Z' } },
    ],
    [
      'Deal was in Closed Won before the referral: needs review',
      { rules: [dealRule()], subject: { ...of(won), since: SINCE, referredAt: '2026-11-03T23:30:00.001Z' } },
    ],
    [
      'Deal was in Closed Won before the referral, so it does not count',
      { rules: [dealRule()], settings: { alreadyMet: 'ignore' }, subject: { ...of(won), since: SINCE } },
    ],
    [
      'Lifecycle stage was Customer before the referral: needs review',
      {
        rules: [contactRule()],
        subject: subject({
          contacts: [contact({ lifecyclestage: 'customer' }, { before: { lifecyclestage: 'customer' } })],
        }),
      },
    ],
    [
      'Lifecycle stage was Customer before the rules changed, so it does not count',
      {
        rules: [contactRule()],
        settings: { alreadyMet: 'ignore' },
        subject: subject({
          since: SINCE,
          referredAt: '2026-11-03T23:59:59.999Z',
          contacts: [contact({ lifecyclestage: 'customer' }, { before: { lifecyclestage: 'customer' } })],
        }),
      },
    ],
    [
      'Lifecycle stage was Customer before the referral: needs review',
      {
        rules: [contactRule()],
        subject: subject({
          since: SINCE,
          referredAt: SINCE,
          contacts: [contact({ lifecyclestage: 'customer' }, { before: { lifecyclestage: 'customer' } })],
        }),
      },
    ],
    [
      'Denied, but deal reached Closed Won on 3 Nov 2026: needs review',
      { rules: [dealRule()], subject: of(won), current: 'denied' },
    ],
    [
      'Denied, but NPS score is 9, as of 2 Nov 2026: needs review',
      {
        rules: [contactRule({ field: 'nps', operator: 'at_least', values: ['9'] })],
        subject: subject({ contacts: [contact({ nps: '9' })] }),
        current: 'denied',
      },
    ],
    [
      'The record that counted is gone from the CRM: needs review',
      {
        rules: [dealRule()],
        subject: subject({}),
        current: 'approved',
        applied: { goneRecord: { objectType: 'deal', recordId: '9001' } },
      },
    ],
    [
      'The rule is not met any more, and the reward was paid: needs review',
      { rules: [dealRule()], subject: subject({}), current: 'approved', applied: { issuedFor: 'approved' } },
    ],
    [
      'Not met any more: deal left Closed Won and is now in Closed Lost',
      { rules: [kept], subject: of(deal({ stage: 'closedlost', entered: WON })), current: 'approved' },
    ],
    [
      'Not met any more: deal left Closed Won',
      { rules: [kept], subject: of(deal({ stage: null, entered: WON })), current: 'approved' },
    ],
    [
      'Not met any more: deal is in another pipeline now',
      {
        rules: [kept],
        subject: of(deal({ stage: 'closedwon', pipeline: 'renewals', entered: WON })),
        current: 'approved',
      },
    ],
    [
      'Not met any more: waiting for Lifecycle stage to become Customer',
      {
        rules: [contactRule()],
        subject: subject({ contacts: [contact({ lifecyclestage: 'lead' })] }),
        current: 'qualified',
      },
    ],
    [
      'Not met any more: deal left Closed Won and is now in New',
      {
        rules: [contactRule(), kept],
        subject: { ...of(deal({ stage: 'new', entered: WON })), contacts: [contact({ lifecyclestage: 'customer' })] },
        current: 'approved',
      },
    ],
    [
      'Not met any more: no rule of this program gives more',
      {
        rules: [contactRule()],
        subject: subject({ contacts: [contact({ lifecyclestage: 'customer' })] }),
        current: 'approved',
      },
    ],
  ])('%s (RL-03, G1)', (sentence, given) => {
    const told = tell(given);
    expect(told).toBe(sentence);
    expect(told.length).toBeLessThanOrEqual(120);
  });

  it('that a person is needed, however long a label is (RL-03)', () => {
    const long: Labels = { ...labels, field: () => 'A very long label '.repeat(20) };
    const verdict = evaluateRules({
      rules: [contactRule()],
      subject: subject({ contacts: [contact({ lifecyclestage: 'customer' })] }),
    });
    const outcome = applyVerdict({ current: 'denied', verdict });
    const told = shortReason({ ...verdict, outcome }, long);
    expect(told).toMatch(/^Denied, but A very long label .*…: needs review$/);
    expect(told.length).toBeLessThanOrEqual(120);
  });

  it('no question that is over (RL-03, E28)', () => {
    const asking = tell({ rules: [dealRule()], subject: of(deal(shared)) });
    expect([asksForReview(asking), asksForReview('Deal reached Closed Won on 3 Nov 2026')]).toEqual([true, false]);
    const settled = [
      settledReason('denied', false),
      settledReason('qualified', true),
      settledReason('approved', false),
    ];
    expect(settled).toEqual([
      'Denied, and that stands',
      'A person decided that this referral stays qualified',
      'It counted before, and that stands',
    ]);
    expect(settled.filter(asksForReview)).toEqual([]);
  });
});
