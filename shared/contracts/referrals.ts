import * as z from 'zod';
import { REFERRAL_STATUSES } from '../referral-status.ts';
import { defineEndpoint } from './endpoint.ts';
import { note, tracedEntry, tracedEntryExample } from './entry-reports.ts';
import {
  advocateId,
  answers,
  consent,
  externalId,
  friendEmail,
  pageOf,
  pageQuery,
  personId,
  personName,
  programId,
  receivedAnswer,
  referralId,
  time,
} from './fields.ts';
import { rewardExample, rewardReport } from './rewards.ts';

const status = z.enum(REFERRAL_STATUSES);
export const personReport = z.strictObject({
  personId,
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
});

export const referralReport = z
  .strictObject({
    id: referralId,
    programId,
    programVersion: z.int().nullable().meta({ description: 'The version that gave the status; null before any did.' }),
    advocate: personReport.extend({ advocateId, code: z.string() }),
    friend: personReport,
    externalId: z.string().nullable().meta({ description: 'The id it has in the caller’s own system.' }),
    status,
    decidedBy: z.enum(['rules', 'person']).meta({ description: 'Who gave the status it has.' }),
    rulesVersion: z.int().meta({ description: 'The program version that decides it, until a re-evaluation moves it.' }),
    statusReason: z.string().meta({ description: 'One plain sentence, the same that stands in the CRM.' }),
    statusAt: time,
    details: z
      .record(z.string(), z.string().nullable())
      .meta({ description: 'Fields of the CRM that were copied, by the key the program gives them.' }),
    source: z.string().meta({ examples: ['api'] }),
    mergedInto: referralId.nullable(),
    referredAt: time,
    createdAt: time,
  })
  .meta({ id: 'Referral', description: 'One referred person under one advocate and program.' });

export type ReferralReport = z.output<typeof referralReport>;

export const referralDetail = referralReport
  .extend({
    history: z.array(
      z.strictObject({
        at: time,
        from: status.nullable(),
        to: status,
        cause: z.string(),
        actor: z.string(),
        reason: z.string(),
        programVersion: z.int().nullable(),
        entryId: z.string().nullable(),
      }),
    ),
    lastEntry: tracedEntry.nullable().meta({ description: 'The newest decision, with its trace.' }),
    rewards: z.array(rewardReport),
  })
  .meta({ id: 'ReferralDetail', description: 'A referral with its history, newest trace and rewards.' });

export type ReferralDetail = z.output<typeof referralDetail>;

const referralExample: ReferralReport = {
  id: 'ref_q1w2e3r4t5y6u7i8o9p0',
  programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
  programVersion: 1,
  advocate: {
    personId: 'per_p0o9i8u7y6t5r4e3w2q1',
    firstName: 'Ada',
    lastName: 'Advocate',
    email: 'ada@example.com',
    advocateId: 'adv_h2n8s4d6f1g3j5k7l9p0',
    code: 'k7m2x9qdwtz',
  },
  friend: { personId: 'per_f1', firstName: 'Dana', lastName: 'Friend', email: 'dana@example.com' },
  externalId: null,
  status: 'approved',
  decidedBy: 'rules',
  rulesVersion: 1,
  statusReason: 'The deal reached “Closed won”.',
  statusAt: '2026-11-20T10:15:00.000Z',
  details: { saleValue: '1200.00' },
  source: 'api',
  mergedInto: null,
  referredAt: '2026-11-18T09:00:00.000Z',
  createdAt: '2026-11-18T09:00:00.000Z',
};

const referralDetailExample: ReferralDetail = {
  ...referralExample,
  history: [
    {
      at: '2026-11-18T09:00:00.000Z',
      from: null,
      to: 'pending',
      cause: 'recorded',
      actor: 'api_key:key_1',
      reason: 'Referred by Ada Advocate.',
      programVersion: 1,
      entryId: null,
    },
  ],
  lastEntry: tracedEntryExample,
  rewards: [rewardExample],
};

const base = { tag: 'Referrals', auth: 'apiKey' } as const;

export const listReferrals = defineEndpoint({
  ...base,
  operationId: 'listReferrals',
  method: 'get',
  path: '/api/v1/referrals',
  summary: 'Referrals, newest first',
  query: z.strictObject({
    ...pageQuery,
    status: status.optional(),
    programId: programId.optional(),
    advocateId: advocateId.optional(),
  }),
  answers: {
    200: {
      description: 'A page of referrals.',
      schema: pageOf(referralReport),
      example: { items: [referralExample], nextCursor: null },
    },
  },
});

export const getReferral = defineEndpoint({
  ...base,
  operationId: 'getReferral',
  method: 'get',
  path: '/api/v1/referrals/:referralId',
  summary: 'One referral: history, newest trace, rewards',
  params: z.strictObject({ referralId }),
  answers: {
    200: {
      description: 'The referral.',
      schema: referralDetail,
      example: referralDetailExample,
    },
  },
});

export const decideReferral = defineEndpoint({
  ...base,
  operationId: 'decideReferral',
  method: 'post',
  path: '/api/v1/referrals/:referralId/decide',
  summary: 'Settle a referral yourself',
  description:
    'Status, rewards, numbers and what the CRM shows are settled together. Rules do not undo it, unless the program lets them move a denied referral; `pending` gives it back to them, and they decide at once. The same again changes nothing.',
  params: z.strictObject({ referralId }),
  body: z.strictObject({ status: status.meta({ description: 'What it is to be.' }), note }),
  bodyExample: { status: 'approved', note: 'The deal was booked on the parent company.' },
  answers: {
    200: { description: 'The referral as it is now.', schema: referralDetail, example: referralDetailExample },
  },
});

const recorded = z.strictObject({
  referralId,
  advocateId,
  status,
  created: z.boolean().meta({ description: 'False when this advocate had already referred this person here.' }),
});
const recordedExample = {
  referralId: referralExample.id,
  advocateId: referralExample.advocate.advocateId,
  status: 'pending',
  created: true,
};

export const createReferral = defineEndpoint({
  ...base,
  auth: 'apiKeyOrFormKey',
  operationId: 'createReferral',
  method: 'post',
  path: '/api/v1/programs/:programId/referrals',
  summary: 'Record that somebody was referred',
  description:
    'With a form key: only from the program’s allowed origins, always with the source `form`, and answered with 202.',
  params: z.strictObject({ programId }),
  body: z.strictObject({
    code: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .meta({ description: 'The advocate’s code.', examples: ['k7m2x9qdwtz'] }),
    email: friendEmail,
    firstName: personName.nullable().default(null),
    lastName: personName.nullable().default(null),
    phone: z.string().trim().min(3).max(40).nullable().default(null),
    source: z.enum(['api', 'form', 'link', 'rep']).default('api').meta({ description: 'Where it came from.' }),
    externalId: externalId.nullable().default(null).meta({
      description:
        'Your own id of the referral, unique in the program: a field of the CRM may name it. Not taken from forms.',
    }),
    answers,
    consent,
  }),
  bodyExample: {
    code: 'k7m2x9qdwtz',
    email: 'dana@example.com',
    firstName: 'Dana',
    lastName: 'Friend',
    externalId: 'A-1042',
  },
  answers: {
    201: { description: 'Recorded.', schema: recorded, example: recordedExample },
    200: {
      description: 'Was already recorded; nothing was added.',
      schema: recorded,
      example: { ...recordedExample, created: false },
    },
    202: receivedAnswer,
  },
  refusals: [403, 429],
});
