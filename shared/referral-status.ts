export const REFERRAL_STATUSES = ['pending', 'qualified', 'approved', 'denied'] as const;
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];

export const REWARD_STATES = ['pending', 'approved', 'issued', 'voided', 'clawback_proposed'] as const;
export type RewardState = (typeof REWARD_STATES)[number];
