import { StatusTag } from '@hubspot/ui-extensions';
import { referralLook, rewardLook } from '../statuses.ts';
import type { StatusLook } from '../statuses.ts';

export function LookTag({ look }: { readonly look: StatusLook }) {
  return <StatusTag variant={look.variant}>{look.label}</StatusTag>;
}
export const ReferralTag = ({ status }: { readonly status: string }) => <LookTag look={referralLook(status)} />;
export const RewardTag = ({ state }: { readonly state: string }) => <LookTag look={rewardLook(state)} />;
