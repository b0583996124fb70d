import type {
  AdvocateView,
  CompanyCardView,
  ContactCardView,
  DealCardView,
  DealReferral,
  ReferralLine,
  ReferralPage,
  RewardLine,
} from '../../shared/card-view.ts';

export const AS_OF = '2026-11-20T09:15:00.000Z';
const PROGRAM = { id: 'prg_customers', name: 'Customer referrals' };
export const PARTNERS = { id: 'prg_partners', name: 'Partner referrals' };
export const LINK = 'https://refer.example.com/r/k7m2x9qdwtz';

export function sampleLine(changes: Partial<ReferralLine> = {}): ReferralLine {
  return {
    id: 'ref_1',
    programName: PROGRAM.name,
    friend: {
      name: 'Dana Friend',
      email: 'dana@example.com',
      recordUrl: 'https://app.hubspot.com/contacts/1/record/0-1/9',
    },
    advocate: { name: 'Ada Advocate', email: 'ada@example.com', recordUrl: null },
    status: 'pending',
    reason: 'Waits for the deal to reach Contract sent.',
    referredAt: '2026-11-02T10:00:00.000Z',
    statusAt: '2026-11-02T10:00:00.000Z',
    source: 'link',
    reviewAskedAt: null,
    ...changes,
  };
}

export function samplePage(changes: Partial<ReferralPage> = {}): ReferralPage {
  const items = changes.items ?? [sampleLine()];
  return { items, total: items.length, nextCursor: null, ...changes };
}

export function sampleAdvocate(changes: Partial<AdvocateView> = {}): AdvocateView {
  return {
    advocateId: 'adv_1',
    program: PROGRAM,
    link: LINK,
    code: 'k7m2x9qdwtz',
    qrUrl: `${LINK}/qr.png`,
    pausedAt: null,
    visits: 14,
    referred: 3,
    qualified: 2,
    approved: 1,
    rewardStatus: 'pending',
    pendingTotals: [{ amount: '30.00', currency: 'EUR' }],
    rewardTotals: [
      { amount: '480.00', currency: 'EUR' },
      { amount: '1200.50', currency: 'USD' },
    ],
    trend: {
      last30Days: 2,
      previous30Days: 1,
      months: ['06', '07', '08', '09', '10', '11'].map((month, index) => ({ month: `2026-${month}`, referred: index })),
    },
    ...changes,
  };
}

export function sampleReward(changes: Partial<RewardLine> = {}): RewardLine {
  return {
    id: 'rwd_1',
    state: 'pending',
    amount: { amount: '480.00', currency: 'EUR' },
    programName: PROGRAM.name,
    friendName: 'Dana Friend',
    basis: '10 % of the deal amount',
    stateAt: '2026-11-10T10:00:00.000Z',
    ...changes,
  };
}

export function sampleContact(changes: Partial<ContactCardView> = {}): ContactCardView {
  return {
    kind: 'contact',
    asOf: AS_OF,
    account: { status: 'connected', behind: false },
    contact: { name: 'Ada Advocate', email: 'ada@example.com', recordUrl: null },
    programs: [PROGRAM],
    advocacies: [sampleAdvocate()],
    enrollable: [],
    referrals: samplePage(),
    rewards: { items: [sampleReward()], total: 1 },
    referredBy: [],
    nextSteps: [
      { code: 'follow_up', text: 'Follow up with Dana Friend.' },
      { code: 'thank_advocate', text: 'Thank Ada for the approved referral.' },
    ],
    ...changes,
  };
}

export const notEnrolled = (changes: Partial<ContactCardView> = {}): ContactCardView =>
  sampleContact({
    advocacies: [],
    enrollable: [PROGRAM],
    referrals: samplePage({ items: [] }),
    rewards: { items: [], total: 0 },
    nextSteps: [{ code: 'enrol', text: 'Enrol this contact to give them a referral link.' }],
    ...changes,
  });

export function sampleDealReferral(changes: Partial<DealReferral> = {}): DealReferral {
  return {
    referral: sampleLine({ status: 'qualified', reason: 'The deal reached Contract sent.' }),
    progress: {
      pipeline: 'Sales pipeline',
      stages: ['Appointment', 'Contract sent', 'Closed won'],
      currentIndex: 1,
      goals: [
        { status: 'qualified', stage: 'Contract sent', stageIndex: 1, reached: true },
        { status: 'approved', stage: 'Closed won', stageIndex: 2, reached: false },
      ],
      text: '1 stage to go until Closed won',
    },
    rewards: [
      {
        state: 'expected',
        milestone: 'approved',
        amount: { amount: '480.00', currency: 'EUR' },
        text: '10 % of the deal amount, to Ada Advocate, when approved',
      },
    ],
    ...changes,
  };
}

export function sampleDeal(changes: Partial<DealCardView> = {}): DealCardView {
  return {
    kind: 'deal',
    asOf: AS_OF,
    account: { status: 'connected', behind: false },
    programs: [PROGRAM],
    referrals: [sampleDealReferral()],
    needsReview: false,
    ...changes,
  };
}

export function sampleCompany(changes: Partial<CompanyCardView> = {}): CompanyCardView {
  return {
    kind: 'company',
    asOf: AS_OF,
    account: { status: 'connected', behind: false },
    programs: [PROGRAM],
    advocates: 2,
    referred: 5,
    qualified: 3,
    approved: 1,
    received: 4,
    rewardTotals: [{ amount: '90.00', currency: 'EUR' }],
    referrals: {
      items: [
        { ...sampleLine(), direction: 'made' },
        { ...sampleLine({ id: 'ref_2' }), direction: 'received' },
      ],
      total: 2,
      nextCursor: null,
    },
    ...changes,
  };
}

export const REFUSED = {
  error: {
    code: 'card.not_this_account',
    message: 'This record belongs to another account.',
    remedy: 'Open the record in its own account.',
    requestId: 'req_1',
  },
};
export const BROKEN = {
  error: { code: 'internal', message: 'Something broke.', remedy: 'Try again.', requestId: 'req_2' },
};
