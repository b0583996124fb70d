import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { connectionId, idOf, pageOf, pageQuery, programId, time } from './fields.ts';

export const enrolmentId = idOf('enr', 'enr_c3v2b1n0m9l8k7j6h5g4');

const ENROLMENT_STATES = ['running', 'paused', 'watching', 'done', 'cancelled', 'failed'] as const;
const SOURCES = ['all', 'list'] as const;

const count = z.int().min(0);

const progress = z
  .strictObject({
    total: count.nullable().meta({ description: 'How many the source has, where the CRM says so.' }),
    seen: count.meta({ description: 'Contacts of the source read so far.' }),
    enrolled: count.meta({ description: 'Became advocates by this enrolment.' }),
    already: count.meta({ description: 'Were advocates of the program before; nothing was added.' }),
    skipped: count.meta({ description: 'Could not become advocates: gone or erased meanwhile.' }),
    departed: count.meta({ description: 'Left the list of an ongoing enrolment since.' }),
    remaining: count.nullable(),
    perSecond: z
      .number()
      .min(0)
      .nullable()
      .meta({ description: 'Contacts per second over the last moments; null before there is a rate.' }),
    secondsLeft: count.nullable().meta({ description: 'An estimate from the rate; null without one.' }),
  })
  .meta({ description: 'How far the walk through the source is.' });

export const enrolmentReport = z
  .strictObject({
    id: enrolmentId,
    programId,
    connectionId,
    source: z.enum(SOURCES),
    list: z
      .strictObject({
        id: z.string().meta({ examples: ['17'] }),
        name: z.string(),
        kind: z.enum(['static', 'active']).meta({ description: 'Active lists change by themselves.' }),
      })
      .nullable()
      .meta({ description: 'The list as it was called when the enrolment began; null with `all`.' }),
    ongoing: z.boolean().meta({ description: 'Joins and leaves are looked for after the first walk.' }),
    state: z.enum(ENROLMENT_STATES).meta({
      description:
        '`watching`: everybody is enrolled, and the source is looked at again at `nextCheckAt`. `done`: everybody is enrolled.',
    }),
    progress,
    pass: z.int().min(1).meta({ description: 'Which walk through the source is under way or next.' }),
    nextCheckAt: time.nullable(),
    error: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'Why it failed, or why the last attempt did.' }),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Enrolment', description: 'Contacts of the CRM becoming advocates of a program.' });

export type EnrolmentReport = z.output<typeof enrolmentReport>;

const example: EnrolmentReport = {
  id: 'enr_c3v2b1n0m9l8k7j6h5g4',
  programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
  connectionId: 'con_a1s2d3f4g5h6j7k8l9q0',
  source: 'list',
  list: { id: '17', name: 'Happy customers', kind: 'active' },
  ongoing: true,
  state: 'running',
  progress: {
    total: 1200,
    seen: 400,
    enrolled: 390,
    already: 8,
    skipped: 2,
    departed: 0,
    remaining: 800,
    perSecond: 40,
    secondsLeft: 20,
  },
  pass: 1,
  nextCheckAt: null,
  error: null,
  createdAt: '2026-11-20T10:15:00.000Z',
  finishedAt: null,
};

const base = { tag: 'Enrolments', auth: 'apiKey' } as const;
const ofProgram = z.strictObject({ programId });
const params = z.strictObject({ enrolmentId });

export const startEnrolment = defineEndpoint({
  ...base,
  operationId: 'startEnrolment',
  method: 'post',
  path: '/api/v1/programs/:programId/enrolments',
  summary: 'Enrol contacts of the CRM as advocates',
  description:
    'All contacts or those of one list. Nobody is notified. One enrolment per program and source is live at a time: starting it again answers with that one.',
  params: ofProgram,
  body: z
    .strictObject({
      connectionId: connectionId.optional().meta({ description: 'May be left out while there is only one.' }),
      source: z.enum(SOURCES),
      listId: z
        .string()
        .regex(/^\w{1,40}$/, 'Must be the CRM’s own id of the list.')
        .nullable()
        .default(null)
        .meta({ description: 'With `list`: which one.', examples: ['17'] }),
      ongoing: z.boolean().default(false),
    })
    .refine((body) => (body.source === 'list') === (body.listId !== null), {
      path: ['listId'],
      message: 'Name the list when the source is a list, and only then.',
    }),
  bodyExample: { source: 'list', listId: '17', ongoing: true },
  answers: {
    201: { description: 'Started.', schema: enrolmentReport, example },
    200: { description: 'One for this source is live already; nothing was started.', schema: enrolmentReport, example },
  },
  refusals: [409, 503],
});

export const listEnrolments = defineEndpoint({
  ...base,
  operationId: 'listEnrolments',
  method: 'get',
  path: '/api/v1/programs/:programId/enrolments',
  summary: 'A program’s enrolments, newest first',
  params: ofProgram,
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of enrolments.',
      schema: pageOf(enrolmentReport),
      example: { items: [example], nextCursor: null },
    },
  },
});

export const getEnrolment = defineEndpoint({
  ...base,
  operationId: 'getEnrolment',
  method: 'get',
  path: '/api/v1/enrolments/:enrolmentId',
  summary: 'One enrolment with its progress',
  params,
  answers: { 200: { description: 'The enrolment.', schema: enrolmentReport, example } },
});

export const saveEnrolment = defineEndpoint({
  ...base,
  operationId: 'saveEnrolment',
  method: 'put',
  path: '/api/v1/enrolments/:enrolmentId',
  summary: 'Switch an enrolment’s ongoing part on or off',
  params,
  body: z.strictObject({ ongoing: z.boolean() }),
  bodyExample: { ongoing: false },
  answers: {
    200: {
      description: 'The enrolment as it is now.',
      schema: enrolmentReport,
      example: { ...example, ongoing: false },
    },
  },
});

export const pauseEnrolment = defineEndpoint({
  ...base,
  operationId: 'pauseEnrolment',
  method: 'post',
  path: '/api/v1/enrolments/:enrolmentId/pause',
  summary: 'Pause an enrolment where it stands',
  params,
  answers: {
    200: {
      description: 'The enrolment as it is now.',
      schema: enrolmentReport,
      example: { ...example, state: 'paused' },
    },
  },
});

export const resumeEnrolment = defineEndpoint({
  ...base,
  operationId: 'resumeEnrolment',
  method: 'post',
  path: '/api/v1/enrolments/:enrolmentId/resume',
  summary: 'Go on with a paused enrolment',
  params,
  answers: { 200: { description: 'The enrolment as it is now.', schema: enrolmentReport, example } },
});

export const cancelEnrolment = defineEndpoint({
  ...base,
  operationId: 'cancelEnrolment',
  method: 'post',
  path: '/api/v1/enrolments/:enrolmentId/cancel',
  summary: 'End an enrolment',
  description: 'Who became an advocate stays one.',
  params,
  answers: {
    200: {
      description: 'The enrolment as it is now.',
      schema: enrolmentReport,
      example: { ...example, state: 'cancelled', finishedAt: '2026-11-20T10:20:00.000Z' },
    },
  },
});
