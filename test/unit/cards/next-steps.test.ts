import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nextSteps, type NextStepFacts } from '../../../backend/src/cards/next-steps.ts';
import type { AdvocateView, ReferralLine } from '../../../shared/card-view.ts';

const NOW = new Date('2026-11-20T10:00:00.000Z');
const PROGRAM = { id: 'prg_1', name: 'Customer referrals' };
const ADVOCACY: AdvocateView = {
  advocateId: 'adv_1',
  program: PROGRAM,
  link: 'https://refer.example.com/r/k7m2x9qdwtz',
  code: 'k7m2x9qdwtz',
  qrUrl: 'https://refer.example.com/r/k7m2x9qdwtz/qr.png',
  pausedAt: null,
  visits: 0,
  referred: 1,
  qualified: 0,
  approved: 0,
  rewardStatus: 'none',
  pendingTotals: [],
  rewardTotals: [],
  trend: { last30Days: 1, previous30Days: 0, months: [] },
};
const LINE: ReferralLine = {
  id: 'ref_1',
  programName: PROGRAM.name,
  friend: { name: 'Dana Friend', email: null, recordUrl: null },
  advocate: { name: 'Ada Advocate', email: null, recordUrl: null },
  status: 'pending',
  reason: 'Waiting for a deal to reach Closed won',
  referredAt: '2026-11-18T09:00:00.000Z',
  statusAt: '2026-11-18T09:00:00.000Z',
  source: 'link',
  reviewAskedAt: null,
};
const ADA = { firstName: 'Ada', lastName: 'Advocate', email: 'ada@example.com', erased: false };

/** An advocate with nothing to do about: one approved referral of some weeks ago. */
const CALM: NextStepFacts = {
  account: { status: 'connected', behind: false },
  programs: [PROGRAM],
  advocacies: [ADVOCACY],
  enrollable: [],
  referrals: { items: [], total: 1, nextCursor: null },
  referredBy: [],
  person: ADA,
  pending: { count: 0, totals: [] },
  lastReferralAt: '2026-11-01T09:00:00.000Z',
  now: NOW,
};
const STRANGER: NextStepFacts = { ...CALM, advocacies: [], lastReferralAt: null, person: { ...ADA, firstName: null } };

function listed(...items: Partial<ReferralLine>[]): Pick<NextStepFacts, 'referrals'> {
  const line = (item: Partial<ReferralLine>, index: number) => ({ ...LINE, id: `ref_${String(index)}`, ...item });
  return { referrals: { items: items.map(line), total: items.length, nextCursor: null } };
}

describe('one thing to do is said in one plain sentence with its numbers and names (RL-02)', () => {
  it.each<[string, Partial<NextStepFacts>, string, string]>([
    [
      'an account that lost its rights',
      { account: { status: 'needs_reauthorization', behind: false } },
      'reconnect',
      'Ask an admin to connect Passalong again: until then the numbers stay as they are',
    ],
    [
      'a link that rests',
      { advocacies: [{ ...ADVOCACY, pausedAt: '2026-11-03T09:00:00.000Z' }] },
      'link_rests',
      'The link rests since 3 Nov 2026: put Ada back on the list it came from',
    ],
    [
      'one of two links that rests',
      {
        advocacies: [
          { ...ADVOCACY, referred: 3 },
          { ...ADVOCACY, program: { id: 'prg_2', name: 'Partners' }, pausedAt: '2026-11-03T09:00:00.000Z' },
        ],
      },
      'link_rests',
      'The link in Partners rests since 3 Nov 2026: put Ada back on the list it came from',
    ],
    [
      'one reward',
      { pending: { count: 1, totals: [{ amount: '480.00', currency: 'USD' }] } },
      'approve_rewards',
      '1 reward of 480.00 USD waits for approval',
    ],
    [
      'rewards in two currencies',
      {
        pending: {
          count: 3,
          totals: [
            { amount: '20.00', currency: 'EUR' },
            { amount: '480.00', currency: 'USD' },
          ],
        },
      },
      'approve_rewards',
      '3 rewards of 20.00 EUR and 480.00 USD wait for approval',
    ],
    [
      'an open review',
      listed({ reviewAskedAt: '2026-11-19T08:00:00.000Z' }),
      'review_open',
      'Dana Friend waits for a review since 19 Nov 2026',
    ],
    [
      'two open reviews, the older one by name',
      listed(
        { reviewAskedAt: '2026-11-19T08:00:00.000Z' },
        { reviewAskedAt: '2026-11-17T08:00:00.000Z', friend: { ...LINE.friend, name: 'Eve' } },
      ),
      'review_open',
      'Eve waits for a review since 17 Nov 2026, and 1 more',
    ],
    [
      'one open review that stands in both lists',
      {
        ...listed({ reviewAskedAt: '2026-11-19T08:00:00.000Z' }),
        referredBy: listed({ reviewAskedAt: '2026-11-19T08:00:00.000Z' }).referrals?.items ?? [],
      },
      'review_open',
      'Dana Friend waits for a review since 19 Nov 2026',
    ],
    ['a pending friend', listed({}), 'follow_up', 'Dana Friend is waiting for a deal to reach Closed won: follow up'],
    [
      'the pending friend who has waited longest',
      listed({}, { statusAt: '2026-10-01T09:00:00.000Z', friend: { ...LINE.friend, name: 'Eve' }, reason: 'Held' }),
      'follow_up',
      'Eve is pending since 1 Oct 2026: follow up',
    ],
    [
      'a contact who was referred',
      { ...STRANGER, referredBy: [LINE] },
      'follow_up',
      'Referred by Ada Advocate and waiting for a deal to reach Closed won: follow up',
    ],
    [
      'an approval of this week',
      listed({ status: 'approved', statusAt: '2026-11-19T09:00:00.000Z' }),
      'thank_advocate',
      'Dana Friend was approved on 19 Nov 2026: thank Ada',
    ],
    ['a link nobody used', { lastReferralAt: null }, 'share_link', 'Nobody was referred yet: send Ada the link'],
    [
      'two quiet months',
      { lastReferralAt: '2026-09-21T09:00:00.000Z' },
      'share_link',
      'No new referral for 60 days: remind Ada of the link',
    ],
    [
      'somebody who could refer',
      { ...STRANGER, enrollable: [PROGRAM], person: ADA },
      'enrol',
      'Enrol Ada in Customer referrals to get a link',
    ],
    [
      'a stranger who could refer in two programs',
      {
        ...STRANGER,
        enrollable: [PROGRAM, { id: 'prg_2', name: 'Partners' }],
        person: { firstName: null, lastName: null, email: null, erased: false },
      },
      'enrol',
      'Enrol this contact in a program to get a link',
    ],
  ])('%s', (_case, facts, code, text) => {
    expect(nextSteps({ ...CALM, ...facts })).toEqual([{ code, text }]);
  });
});

describe('nothing to do is said too (RL-02)', () => {
  it.each<[string, Partial<NextStepFacts>, string]>([
    ['all is well', {}, 'Nothing to do right now'],
    [
      'an approval of last month',
      listed({ status: 'approved', statusAt: '2026-11-01T09:00:00.000Z' }),
      'Nothing to do right now',
    ],
    ['59 quiet days', { lastReferralAt: '2026-09-22T09:00:00.000Z' }, 'Nothing to do right now'],
    ['a second program for somebody who refers', { enrollable: [PROGRAM] }, 'Nothing to do right now'],
    ['no program', { ...STRANGER, programs: [] }, 'No program is published yet: an admin has to publish one'],
    [
      'an erased person',
      { ...STRANGER, person: { firstName: null, lastName: null, email: null, erased: true } },
      'This person was erased: there is nothing to do',
    ],
  ])('%s', (_case, facts, text) => {
    expect(nextSteps({ ...CALM, ...facts })).toEqual([{ code: 'nothing', text }]);
  });
});

test('of everything at once the three most useful come first: account, link, rewards (RL-02)', () => {
  const facts: NextStepFacts = {
    ...CALM,
    ...listed(
      {},
      { reviewAskedAt: '2026-11-19T08:00:00.000Z' },
      { status: 'approved', statusAt: '2026-11-19T09:00:00.000Z' },
    ),
    account: { status: 'needs_reauthorization', behind: true },
    advocacies: [{ ...ADVOCACY, pausedAt: '2026-11-03T09:00:00.000Z' }, ADVOCACY],
    pending: { count: 1, totals: [] },
    lastReferralAt: null,
  };
  const codes = (more: Partial<NextStepFacts>) => nextSteps({ ...facts, ...more }).map(({ code }) => code);
  expect(codes({})).toEqual(['reconnect', 'link_rests', 'approve_rewards']);
  expect(codes({ account: CALM.account, advocacies: [ADVOCACY] })).toEqual([
    'approve_rewards',
    'review_open',
    'follow_up',
  ]);
  expect(codes({ account: CALM.account, advocacies: [ADVOCACY], pending: CALM.pending })).toEqual([
    'review_open',
    'follow_up',
    'thank_advocate',
  ]);
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });
const anyName = fc.oneof(anyText, fc.string({ minLength: 200, maxLength: 200 }));
const anyTime = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const anyPerson = fc.record({ name: anyName, email: fc.constant(null), recordUrl: fc.constant(null) });
const anyLine: fc.Arbitrary<ReferralLine> = fc.record({
  id: fc.constant('ref_1'),
  programName: anyName,
  friend: anyPerson,
  advocate: anyPerson,
  status: fc.constantFrom('pending', 'qualified', 'approved', 'denied'),
  reason: fc.oneof(
    anyText,
    anyText.map((text) => `Waiting for ${text}`),
  ),
  referredAt: anyTime,
  statusAt: anyTime,
  source: anyText,
  reviewAskedAt: fc.option(anyTime),
});
const anyProgram = fc.record({ id: fc.constant('prg_1'), name: anyName });
const anyMoney = fc.record({
  amount: fc.bigInt({ min: 0n, max: 10n ** 18n }).map((minor) => `${String(minor)}.00`),
  currency: fc.constantFrom('USD', 'EUR', 'JPY', 'BHD', 'GBP'),
});
const maybeName = fc.option(anyName);
const anyFacts: fc.Arbitrary<NextStepFacts> = fc.record({
  account: fc.record({ status: fc.constantFrom('connected', 'needs_reauthorization'), behind: fc.boolean() }),
  programs: fc.array(anyProgram, { maxLength: 3 }),
  advocacies: fc.array(
    fc.record({ pausedAt: fc.option(anyTime), program: anyProgram }).map((some) => ({ ...ADVOCACY, ...some })),
    { maxLength: 3 },
  ),
  enrollable: fc.array(anyProgram, { maxLength: 3 }),
  referrals: fc.array(anyLine, { maxLength: 10 }).map((items) => ({ items, total: items.length, nextCursor: null })),
  referredBy: fc.array(anyLine, { maxLength: 3 }),
  person: fc.record({ firstName: maybeName, lastName: maybeName, email: maybeName, erased: fc.boolean() }),
  pending: fc.record({ count: fc.nat(), totals: fc.array(anyMoney, { maxLength: 5 }) }),
  lastReferralAt: fc.option(anyTime),
  now: anyTime.map((time) => new Date(time)),
});

test('whatever is known, there are one to three sentences of at most 160 characters, each on one line (RL-02)', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const steps = nextSteps(facts);
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.length).toBeLessThanOrEqual(3);
      for (const { text } of steps) {
        expect(text.trim()).not.toBe('');
        expect(text.length).toBeLessThanOrEqual(160);
        expect(text).not.toMatch(/[\n\r\t]/);
      }
    }),
  );
});

test('names of two hundred characters leave room for what is to be done (RL-02)', () => {
  const long = 'N'.repeat(200);
  const [step] = nextSteps({ ...CALM, ...listed({ friend: { ...LINE.friend, name: long } }) });
  expect(step?.text).toMatch(/^N{39}… is waiting for a deal to reach Closed won: follow up$/);
});
