import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { currency, idOf, programId, referralId, time } from './fields.ts';

export const reEvaluationId = idOf('rev', 'rev_t6y7u8i9o0p1a2s3d4f5');

const STATES = ['reading', 'previewing', 'previewed', 'applying', 'done', 'cancelled'] as const;
const status = z.enum(['pending', 'qualified', 'approved', 'denied']);
const count = z.int().min(0);
/** A sum may need more digits than a single amount. */
const sum = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .meta({ description: 'Decimal string in major units.', examples: ['120.00'] });

const counts = z
  .strictObject({
    total: count.meta({ description: 'Live referrals that are decided by an earlier version.' }),
    unread: count.meta({
      description:
        'Stay with the version they have, because a record of the friend cannot be read; `listDeadLetters` names it. They move with the next re-evaluation after it was read.',
    }),
    unchanged: count.meta({ description: 'Move to the version, and nothing else about them changes.' }),
    qualify: count.meta({ description: 'Become qualified.' }),
    approve: count.meta({ description: 'Become approved.' }),
    goBack: count.meta({ description: 'Lose the status they have, because nothing gives it any more.' }),
    toReview: count.meta({ description: 'Keep their status while a person is asked.' }),
    newRewards: count,
    amountsChanged: count.meta({ description: 'Rewards nobody approved yet, of another amount.' }),
    voidedRewards: count.meta({ description: 'Rewards taken back, or proposed for it where they were paid.' }),
    money: z
      .array(z.strictObject({ currency, added: sum, takenBack: sum }))
      .meta({ description: 'What becomes owed, and what is owed no longer, by currency.' }),
  })
  .meta({ description: 'What moving the referrals does.' });

const sampled = z
  .strictObject({
    referralId,
    from: status,
    to: status,
    question: z.string().nullable().meta({ description: 'What a person is asked; null when nobody is.' }),
    reason: z.string(),
    newRewards: count,
    amountsChanged: count,
    voidedRewards: count,
  })
  .meta({ description: 'One referral that something changes about.' });

export const reEvaluationReport = z
  .strictObject({
    id: reEvaluationId,
    programId,
    version: z.int().min(1).meta({ description: 'The published version the referrals move to.' }),
    state: z.enum(STATES).meta({
      description:
        '`reading`: fields that are new to the version are read from the CRM. `previewing`: every referral is looked at, and nothing is written. `previewed`: waits for somebody to apply it. `applying`, `done`, `cancelled`.',
    }),
    counts: counts.meta({
      description: 'What applying it would have done at `previewedAt`, or what is known of it so far.',
    }),
    applied: counts.nullable().meta({ description: 'What was done so far; null before it is applied.' }),
    sample: z.array(sampled).meta({ description: 'At most 100 of the referrals that something changes about.' }),
    error: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'Why it was cancelled, or why the last attempt failed.' }),
    requestedBy: z.string(),
    appliedBy: z.string().nullable(),
    createdAt: time,
    previewedAt: time.nullable().meta({
      description:
        'When it began to look at the referrals: what changed since then is decided as it is when it is applied.',
    }),
    updatedAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'ReEvaluation', description: 'Live referrals of a program being moved to its published version.' });

export type ReEvaluationReport = z.output<typeof reEvaluationReport>;
export type ReEvaluationCounts = z.output<typeof counts>;
export type SampledReferral = z.output<typeof sampled>;

const exampleCounts: ReEvaluationCounts = {
  total: 120,
  unread: 0,
  unchanged: 115,
  qualify: 0,
  approve: 1,
  goBack: 1,
  toReview: 3,
  newRewards: 1,
  amountsChanged: 0,
  voidedRewards: 1,
  money: [{ currency: 'USD', added: '120.00', takenBack: '25.00' }],
};

const example: ReEvaluationReport = {
  id: 'rev_t6y7u8i9o0p1a2s3d4f5',
  programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
  version: 2,
  state: 'previewed',
  counts: exampleCounts,
  applied: null,
  sample: [
    {
      referralId: 'ref_q1w2e3r4t5y6u7i8o9p0',
      from: 'qualified',
      to: 'qualified',
      question: 'already_there',
      reason: 'Deal was in Closed Won before the rules changed: needs review',
      newRewards: 0,
      amountsChanged: 0,
      voidedRewards: 0,
    },
  ],
  error: null,
  requestedBy: 'api_key:key_1',
  appliedBy: null,
  createdAt: '2026-11-20T10:15:00.000Z',
  previewedAt: '2026-11-20T10:15:05.000Z',
  updatedAt: '2026-11-20T10:15:05.000Z',
  finishedAt: null,
};

const base = { tag: 'Re-evaluations', auth: 'apiKey' } as const;
const params = z.strictObject({ reEvaluationId });

export const startReEvaluation = defineEndpoint({
  ...base,
  operationId: 'startReEvaluation',
  method: 'post',
  path: '/api/v1/programs/:programId/re-evaluations',
  summary: 'Preview moving live referrals to the published version',
  description:
    'A referral is decided by the version it was referred under until somebody moves it. This looks at every one of them and says what moving it would change; nothing is changed before it is applied.',
  params: z.strictObject({ programId }),
  body: z.strictObject({}),
  bodyExample: {},
  answers: {
    201: {
      description: 'It has begun.',
      schema: reEvaluationReport,
      example: {
        ...example,
        state: 'previewing',
        previewedAt: null,
        sample: [],
        counts: { ...exampleCounts, total: 0, unchanged: 0 },
      },
    },
  },
  refusals: [409],
});

export const getReEvaluation = defineEndpoint({
  ...base,
  operationId: 'getReEvaluation',
  method: 'get',
  path: '/api/v1/re-evaluations/:reEvaluationId',
  summary: 'What a re-evaluation would change, or has changed',
  params,
  answers: { 200: { description: 'The re-evaluation.', schema: reEvaluationReport, example } },
});

export const applyReEvaluation = defineEndpoint({
  ...base,
  operationId: 'applyReEvaluation',
  method: 'post',
  path: '/api/v1/re-evaluations/:reEvaluationId/apply',
  summary: 'Move the referrals to the version it previewed',
  description:
    'Each referral is decided by what holds when it is moved: `applied` says what was done, and differs from the preview where records changed since `previewedAt`. Refused while the preview is not finished, and when another version was published since. Applying it again changes nothing.',
  params,
  answers: {
    200: {
      description: 'It is being applied.',
      schema: reEvaluationReport,
      example: { ...example, state: 'applying', appliedBy: 'api_key:key_1' },
    },
  },
  refusals: [409],
});

export const cancelReEvaluation = defineEndpoint({
  ...base,
  operationId: 'cancelReEvaluation',
  method: 'post',
  path: '/api/v1/re-evaluations/:reEvaluationId/cancel',
  summary: 'Stop a re-evaluation',
  description: 'Referrals that were moved already stay moved; the others keep the version they have.',
  params,
  answers: {
    200: {
      description: 'It is cancelled.',
      schema: reEvaluationReport,
      example: { ...example, state: 'cancelled', finishedAt: '2026-11-20T10:20:00.000Z' },
    },
  },
  refusals: [409],
});
