import type { AdvocateView, DealReward, ReferralLine } from '@passalong/shared/card-view';

export type StatusLook = {
  readonly label: string;
  readonly variant: 'danger' | 'warning' | 'info' | 'success' | 'default';
};

const REFERRALS: Readonly<Record<ReferralLine['status'], StatusLook>> = {
  pending: { label: 'Pending', variant: 'default' },
  qualified: { label: 'Qualified', variant: 'info' },
  approved: { label: 'Approved', variant: 'success' },
  denied: { label: 'Denied', variant: 'danger' },
};

const REWARDS: Readonly<Record<DealReward['state'], StatusLook>> = {
  expected: { label: 'Expected', variant: 'default' },
  pending: { label: 'Waiting for approval', variant: 'warning' },
  approved: { label: 'Approved', variant: 'info' },
  issued: { label: 'Issued', variant: 'success' },
  voided: { label: 'Voided', variant: 'default' },
  clawback_proposed: { label: 'To be taken back', variant: 'danger' },
};

const ADVOCATE_REWARDS: Readonly<Record<AdvocateView['rewardStatus'], StatusLook>> = {
  none: { label: 'No rewards yet', variant: 'default' },
  pending: REWARDS.pending,
  approved: REWARDS.approved,
  issued: REWARDS.issued,
};

/** A word this card does not know yet is shown as it came, rather than hidden. */
function lookIn(looks: Readonly<Record<string, StatusLook>>, word: string): StatusLook {
  return Object.hasOwn(looks, word) && looks[word] ? looks[word] : { label: word, variant: 'default' };
}

export const referralLook = (status: string) => lookIn(REFERRALS, status);
export const rewardLook = (state: string) => lookIn(REWARDS, state);
export const advocateRewardLook = (status: string) => lookIn(ADVOCATE_REWARDS, status);
