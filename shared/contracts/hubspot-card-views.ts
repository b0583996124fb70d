import * as z from 'zod';
import type { CompanyCardView, ContactCardView, DealCardView, ReferralLine } from '../card-view.ts';
import { REFERRAL_STATUSES, REWARD_STATES } from '../referral-status.ts';
import { advocateId, currency, decimalAmount, programId, referralId, rewardId, time } from './fields.ts';

/** The views of `shared/card-view.ts` as contracts; the compiler keeps the two in step, both ways. */
const count = z.int().min(0);
const money = z.strictObject({ amount: decimalAmount, currency });
const person = z.strictObject({ name: z.string().min(1), email: z.string().nullable(), recordUrl: z.url().nullable() });
const program = z.strictObject({ id: programId, name: z.string() });
const account = z.strictObject({ status: z.enum(['connected', 'needs_reauthorization']), behind: z.boolean() });
const milestone = z.enum(['qualified', 'approved']);

const line = z.strictObject({
  id: referralId,
  programName: z.string(),
  friend: person,
  advocate: person,
  status: z.enum(REFERRAL_STATUSES),
  reason: z.string().meta({ description: 'One plain sentence: why this status, or what it waits for.' }),
  referredAt: time,
  statusAt: time,
  source: z.string(),
  reviewAskedAt: time.nullable(),
});

const page = { total: count, nextCursor: z.string().nullable() };
export const referralPage = z.strictObject({ items: z.array(line), ...page });
export const companyReferralPage = z.strictObject({
  items: z.array(line.extend({ direction: z.enum(['made', 'received']) })),
  ...page,
});

const reward = z.strictObject({
  id: rewardId,
  state: z.enum(REWARD_STATES),
  amount: money,
  programName: z.string(),
  friendName: z.string(),
  basis: z.string(),
  stateAt: time,
});

const advocacy = z.strictObject({
  advocateId,
  program,
  link: z.url(),
  code: z.string(),
  qrUrl: z.url(),
  pausedAt: time.nullable(),
  visits: count,
  referred: count,
  qualified: count,
  approved: count,
  rewardStatus: z.enum(['none', 'pending', 'approved', 'issued']),
  pendingTotals: z.array(money),
  rewardTotals: z.array(money),
  trend: z.strictObject({
    last30Days: count,
    previous30Days: count,
    months: z.array(z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/), referred: count })).length(6),
  }),
});

const nextStep = z.strictObject({
  code: z.enum([
    'reconnect',
    'link_rests',
    'approve_rewards',
    'review_open',
    'share_link',
    'follow_up',
    'thank_advocate',
    'enrol',
    'nothing',
  ]),
  text: z.string().min(1),
});

const common = { asOf: time, account, programs: z.array(program) };

export const contactCardView: z.ZodType<ContactCardView, ContactCardView> = z
  .strictObject({
    kind: z.literal('contact'),
    ...common,
    contact: person,
    advocacies: z.array(advocacy),
    enrollable: z.array(program),
    referrals: referralPage,
    rewards: z.strictObject({ items: z.array(reward).max(5), total: count }),
    referredBy: z.array(line),
    nextSteps: z.array(nextStep),
  })
  .meta({ id: 'ContactCard', description: 'What the card shows on a contact.' });

const dealReferral = z.strictObject({
  referral: line,
  progress: z
    .strictObject({
      pipeline: z.string(),
      stages: z.array(z.string()),
      currentIndex: count.nullable(),
      goals: z.array(
        z.strictObject({ status: milestone, stage: z.string(), stageIndex: count.nullable(), reached: z.boolean() }),
      ),
      text: z.string(),
    })
    .nullable(),
  rewards: z.array(
    z.strictObject({
      state: z.enum([...REWARD_STATES, 'expected']),
      milestone,
      amount: money.nullable(),
      text: z.string(),
    }),
  ),
});

export const dealCardView: z.ZodType<DealCardView, DealCardView> = z
  .strictObject({ kind: z.literal('deal'), ...common, referrals: z.array(dealReferral), needsReview: z.boolean() })
  .meta({ id: 'DealCard', description: 'What the card shows on a deal.' });

export const companyCardView: z.ZodType<CompanyCardView, CompanyCardView> = z
  .strictObject({
    kind: z.literal('company'),
    ...common,
    advocates: count,
    referred: count,
    qualified: count,
    approved: count,
    received: count,
    rewardTotals: z.array(money),
    referrals: companyReferralPage,
  })
  .meta({ id: 'CompanyCard', description: 'What the card shows on a company.' });

export const lineExample: ReferralLine = {
  id: 'ref_q1w2e3r4t5y6u7i8o9p0',
  programName: 'Customer referrals',
  friend: {
    name: 'Dana Friend',
    email: 'dana@example.com',
    recordUrl: 'https://app.hubspot.com/contacts/1234567/record/0-1/502',
  },
  advocate: {
    name: 'Ada Advocate',
    email: 'ada@example.com',
    recordUrl: 'https://app.hubspot.com/contacts/1234567/record/0-1/501',
  },
  status: 'qualified',
  reason: 'Lifecycle stage is Customer, as of 20 Nov 2026',
  referredAt: '2026-11-18T09:00:00.000Z',
  statusAt: '2026-11-20T10:15:00.000Z',
  source: 'link',
  reviewAskedAt: null,
};
