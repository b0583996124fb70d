import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { pageOf, pageQuery, programId, time } from './fields.ts';
import { ruleAlarms } from './rule-alarm.ts';
import { programDefinitionFields, programDraft, programDraftExample } from './program-definition.ts';

const published = z
  .strictObject({
    version: z.int().min(1),
    definition: programDraft,
    publishedBy: z.string(),
    publishedAt: time,
  })
  .meta({ description: 'The version that decides now; immutable.' });

export const programReport = z
  .strictObject({
    id: programId,
    key: z.string().meta({ description: 'Made from the name once; never changes.', examples: ['partner_referrals'] }),
    formKey: z.string().meta({
      description:
        'For forms on your own pages: creates referrals and advocates of this program, from `page.allowedOrigins` only. Not a secret.',
      examples: ['pf_h4n8s4d6f2g3j5k7m9p2q4r6t8'],
    }),
    primary: z
      .boolean()
      .meta({ description: 'The first program the workspace published: it owns the unsuffixed CRM fields.' }),
    rowVersion: z.int().meta({ description: 'Send it back when saving, to be told of a change made meanwhile.' }),
    draft: programDraft,
    published: published.nullable(),
    alarms: ruleAlarms,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Program', description: 'A program: its draft and what is published.' });

export type ProgramReport = z.output<typeof programReport>;

const savedProgram = programReport.extend({
  warnings: z
    .array(
      z.strictObject({
        code: z.literal('crm_not_checked').meta({ description: 'The CRM could not be asked.' }),
        message: z.string(),
      }),
    )
    .meta({ description: 'What could not be checked. A draft is saved all the same; publishing is stricter.' }),
});

const programExample = {
  id: 'prg_4k7w0q9zt1m3x8c2v5b6',
  key: 'partner_referrals',
  formKey: 'pf_h4n8s4d6f2g3j5k7m9p2q4r6t8',
  primary: false,
  rowVersion: 1,
  draft: programDraftExample,
  published: null,
  alarms: [],
  createdAt: '2026-11-20T10:15:00.000Z',
  updatedAt: '2026-11-20T10:15:00.000Z',
};
const savedExample = { ...programExample, warnings: [] };
const publishedExample = {
  ...savedExample,
  primary: true,
  rowVersion: 1,
  published: {
    version: 1,
    definition: programDraftExample,
    publishedBy: 'api_key:key_1',
    publishedAt: '2026-11-20T10:20:00.000Z',
  },
};

const params = z.strictObject({ programId });
const base = { tag: 'Programs', auth: 'apiKey' } as const;

export const listPrograms = defineEndpoint({
  ...base,
  operationId: 'listPrograms',
  method: 'get',
  path: '/api/v1/programs',
  summary: 'The workspace’s programs, newest first',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of programs.',
      schema: pageOf(programReport),
      example: { items: [programExample], nextCursor: null },
    },
  },
});

export const createProgram = defineEndpoint({
  ...base,
  operationId: 'createProgram',
  method: 'post',
  path: '/api/v1/programs',
  summary: 'Create a program as a draft',
  description: 'Nothing is decided by a draft. Missing rule ids are given; given ids are kept.',
  body: programDraft,
  bodyExample: programDraftExample,
  answers: { 201: { description: 'The draft.', schema: savedProgram, example: savedExample } },
});

export const getProgram = defineEndpoint({
  ...base,
  operationId: 'getProgram',
  method: 'get',
  path: '/api/v1/programs/:programId',
  summary: 'One program: draft and published version',
  params,
  answers: { 200: { description: 'The program.', schema: programReport, example: programExample } },
});

export const saveProgram = defineEndpoint({
  ...base,
  operationId: 'saveProgram',
  method: 'put',
  path: '/api/v1/programs/:programId',
  summary: 'Replace the draft',
  description:
    'Refused with field errors when the rules contradict each other or name a stage, pipeline or option the CRM account ' +
    'does not have. When the CRM cannot be asked, the draft is saved and `warnings` says so.',
  params,
  body: z.strictObject({
    ...programDefinitionFields,
    rowVersion: z
      .int()
      .optional()
      .meta({ description: 'As last read: refused with 409 when somebody saved meanwhile.' }),
  }),
  bodyExample: { ...programDraftExample, rowVersion: 1 },
  answers: { 200: { description: 'The draft as saved.', schema: savedProgram, example: savedExample } },
});

export const publishProgram = defineEndpoint({
  ...base,
  operationId: 'publishProgram',
  method: 'post',
  path: '/api/v1/programs/:programId/publish',
  summary: 'Make the draft decide',
  description: 'Makes an immutable version. Publishing a draft that is already published changes nothing.',
  params,
  answers: {
    200: { description: 'The program with its new version.', schema: savedProgram, example: publishedExample },
  },
  refusals: [503],
});
