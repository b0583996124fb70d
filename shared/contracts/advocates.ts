import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import {
  advocateId,
  answers,
  consent,
  currency,
  decimalAmount,
  email,
  externalId,
  personName,
  programId,
  receivedAnswer,
  time,
} from './fields.ts';
import { personReport } from './referrals.ts';

const code = z.string().meta({ description: 'The code inside the link.', examples: ['k7m2x9qdwtz'] });
const link = z
  .url()
  .meta({ description: 'What the advocate shares.', examples: ['https://refer.example.com/r/k7m2x9qdwtz'] });

const count = z.int().min(0);

const metrics = z
  .strictObject({
    referred: count.meta({ description: 'Every live referral, whatever its status.' }),
    qualified: count.meta({ description: 'Referrals now qualified or approved.' }),
    approved: count.meta({ description: 'Referrals now approved.' }),
    rewards: z
      .strictObject({ pending: count, approved: count, issued: count, voided: count, clawback_proposed: count })
      .meta({ description: 'Rewards by the state they are in now.' }),
    rewardStatus: z.enum(['none', 'pending', 'approved', 'issued']),
    rewardTotals: z
      .array(z.strictObject({ amount: decimalAmount, currency }))
      .meta({ description: 'Approved and issued rewards together, per currency.' }),
    lastReferralAt: time.nullable(),
  })
  .meta({ description: 'Absolute numbers, as they are written to the CRM.' });

export const advocateReport = z
  .strictObject({
    id: advocateId,
    programId,
    person: personReport,
    code,
    link,
    externalId: externalId.nullable(),
    mergedInto: advocateId.nullable(),
    closedAt: time.nullable(),
    pausedAt: time.nullable().meta({ description: 'Since when the link rests; null while it is open.' }),
    visits: count.meta({ description: 'How often the link was opened; robots and previews are not counted.' }),
    createdAt: time,
    metrics,
    metricsAt: time.nullable().meta({ description: 'When the numbers last changed; null before the first count.' }),
  })
  .meta({ id: 'Advocate', description: 'A person who refers, in one program.' });

export type AdvocateReport = z.output<typeof advocateReport>;

const base = { tag: 'Advocates', auth: 'apiKey' } as const;

export const getAdvocate = defineEndpoint({
  ...base,
  operationId: 'getAdvocate',
  method: 'get',
  path: '/api/v1/advocates/:advocateId',
  summary: 'One advocate: link, code, numbers',
  params: z.strictObject({ advocateId }),
  answers: {
    200: {
      description: 'The advocate.',
      schema: advocateReport,
      example: {
        id: 'adv_h2n8s4d6f1g3j5k7l9p0',
        programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
        person: {
          personId: 'per_p0o9i8u7y6t5r4e3w2q1',
          firstName: 'Ada',
          lastName: 'Advocate',
          email: 'ada@example.com',
        },
        code: 'k7m2x9qdwtz',
        link: 'https://refer.example.com/r/k7m2x9qdwtz',
        externalId: 'P-77',
        mergedInto: null,
        closedAt: null,
        pausedAt: null,
        visits: 42,
        createdAt: '2026-11-18T09:00:00.000Z',
        metrics: {
          referred: 3,
          qualified: 2,
          approved: 1,
          rewards: { pending: 0, approved: 1, issued: 0, voided: 0, clawback_proposed: 0 },
          rewardStatus: 'approved',
          rewardTotals: [{ amount: '120.00', currency: 'USD' }],
          lastReferralAt: '2026-11-20T10:15:00.000Z',
        },
        metricsAt: '2026-11-20T10:15:00.000Z',
      },
    },
  },
});

const enrolled = z.strictObject({ advocateId, code, link, created: z.boolean() });
const enrolledExample = {
  advocateId: 'adv_h2n8s4d6f1g3j5k7l9p0',
  code: 'k7m2x9qdwtz',
  link: 'https://refer.example.com/r/k7m2x9qdwtz',
  created: true,
};

export const createAdvocate = defineEndpoint({
  ...base,
  auth: 'apiKeyOrFormKey',
  operationId: 'createAdvocate',
  method: 'post',
  path: '/api/v1/programs/:programId/advocates',
  summary: 'Let a person refer others',
  description:
    'With a form key: only from the program’s allowed origins, only while `page.joinOpen`, without `crmRecordId`, and answered with 202. The link is written to the person’s contact.',
  params: z.strictObject({ programId }),
  body: z
    .strictObject({
      email: email.nullable().default(null),
      firstName: personName.nullable().default(null),
      lastName: personName.nullable().default(null),
      phone: z.string().trim().min(3).max(40).nullable().default(null),
      externalId: externalId.nullable().default(null).meta({
        description:
          'Your own id of the advocate, unique in the program: a field of the CRM may name it. Not taken from forms.',
      }),
      answers,
      consent,
      crmRecordId: z
        .string()
        .regex(/^\w{1,40}$/, 'Must be the CRM’s own id of the contact.')
        .nullable()
        .default(null)
        .meta({ description: 'The contact that is this person, where known.', examples: ['501'] }),
    })
    .refine((body) => body.email !== null || body.crmRecordId !== null, {
      path: ['email'],
      message: 'Give an e-mail address or the id of a CRM contact: without one nobody can be recognised.',
    }),
  bodyExample: { email: 'ada@example.com', firstName: 'Ada', lastName: 'Advocate' },
  answers: {
    201: { description: 'Enrolled.', schema: enrolled, example: enrolledExample },
    200: {
      description: 'Was already enrolled; nothing was added.',
      schema: enrolled,
      example: { ...enrolledExample, created: false },
    },
    202: receivedAnswer,
  },
  refusals: [403, 429, 503],
});
