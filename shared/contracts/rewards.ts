import * as z from 'zod';
import { REWARD_STATES } from '../referral-status.ts';
import { defineEndpoint } from './endpoint.ts';
import {
  currency,
  decimalAmount,
  pageOf,
  pageQuery,
  personId,
  programId,
  referralId,
  rewardId,
  time,
} from './fields.ts';

export const rewardReport = z
  .strictObject({
    id: rewardId,
    programId,
    programVersion: z.int().meta({ description: 'The version that decided.' }),
    referralId,
    rewardRuleId: z.string().meta({ examples: ['rwr_ten'] }),
    recipient: z.strictObject({ personId, name: z.string().nullable(), email: z.string().nullable() }),
    milestone: z.enum(['qualified', 'approved']),
    state: z.enum(REWARD_STATES),
    amount: decimalAmount,
    currency,
    basis: z.record(z.string(), z.unknown()).meta({ description: 'How the amount came about.' }),
    createdAt: time,
    stateAt: time,
  })
  .meta({ id: 'Reward', description: 'One row of the reward ledger.' });

export type RewardReport = z.output<typeof rewardReport>;

export const rewardExample: RewardReport = {
  id: 'rwd_z1x2c3v4b5n6m7a8s9d0',
  programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
  programVersion: 1,
  referralId: 'ref_q1w2e3r4t5y6u7i8o9p0',
  rewardRuleId: 'rwr_ten',
  recipient: { personId: 'per_p0o9i8u7y6t5r4e3w2q1', name: 'Ada Advocate', email: 'ada@example.com' },
  milestone: 'approved',
  state: 'pending',
  amount: '120.00',
  currency: 'USD',
  basis: { kind: 'percent', percent: '10', saleValue: '1200.00' },
  createdAt: '2026-11-20T10:15:00.000Z',
  stateAt: '2026-11-20T10:15:00.000Z',
};

const base = { tag: 'Rewards', auth: 'apiKey' } as const;

export const listRewards = defineEndpoint({
  ...base,
  operationId: 'listRewards',
  method: 'get',
  path: '/api/v1/rewards',
  summary: 'The reward ledger, newest first',
  query: z.strictObject({ ...pageQuery, state: z.enum(REWARD_STATES).optional(), referralId: referralId.optional() }),
  answers: {
    200: {
      description: 'A page of rewards.',
      schema: pageOf(rewardReport),
      example: { items: [rewardExample], nextCursor: null },
    },
  },
});

export const approveReward = defineEndpoint({
  ...base,
  operationId: 'approveReward',
  method: 'post',
  path: '/api/v1/rewards/:rewardId/approve',
  summary: 'Approve a pending reward',
  params: z.strictObject({ rewardId }),
  answers: {
    200: {
      description: 'The reward as it is now.',
      schema: rewardReport,
      example: { ...rewardExample, state: 'approved' },
    },
  },
});
