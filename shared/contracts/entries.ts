import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import {
  answeredEntryExample,
  entryDetail,
  entryDetailExample,
  entryExample,
  entryReport,
  entryState,
  note,
} from './entry-reports.ts';
import { connectionId, entryId, pageOf, pageQuery, programId, referralId, time } from './fields.ts';

const objectType = z.enum(['contact', 'company', 'deal']);
const flag = z.enum(['true', 'false']);

const base = { tag: 'Entries', auth: 'apiKey' } as const;
const params = z.strictObject({ entryId });

export const listEntries = defineEndpoint({
  ...base,
  operationId: 'listEntries',
  method: 'get',
  path: '/api/v1/entries',
  summary: 'Decisions, newest first',
  description:
    'Filters may be combined. What is new goes on top: the pages after a cursor never skip or repeat an entry.',
  query: z
    .strictObject({
      ...pageQuery,
      state: entryState.optional(),
      reasonCode: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,59}$/, 'Must be a reason code such as rule_met.')
        .optional()
        .meta({ examples: ['rule_met'] }),
      programId: programId.optional(),
      referralId: referralId.optional(),
      connectionId: connectionId.optional(),
      objectType: objectType.optional().meta({ description: 'Together with `recordId`.' }),
      recordId: z
        .string()
        .regex(/^[\w.:-]{1,64}$/, 'Must be the id of a CRM record.')
        .optional()
        .meta({ description: 'Of one CRM record; together with `objectType`.', examples: ['9001'] }),
      from: time.optional().meta({ description: 'Made at this time or later.' }),
      to: time.optional().meta({ description: 'Made before this time.' }),
      notify: flag.optional().meta({ description: 'Whether somebody is to be told of it.' }),
      reviewOpen: flag.optional().meta({ description: 'Whether it waits for a person.' }),
    })
    .refine(({ objectType: type, recordId }) => (type === undefined) === (recordId === undefined), {
      path: ['recordId'],
      message: 'Give objectType and recordId together.',
    })
    .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) <= Date.parse(to), {
      path: ['to'],
      message: 'Must not be before from.',
    }),
  answers: {
    200: {
      description: 'A page of entries.',
      schema: pageOf(entryReport),
      example: { items: [entryExample], nextCursor: null },
    },
  },
});

export const getEntry = defineEndpoint({
  ...base,
  operationId: 'getEntry',
  method: 'get',
  path: '/api/v1/entries/:entryId',
  summary: 'One decision with everything that explains it',
  params,
  answers: { 200: { description: 'The entry.', schema: entryDetail, example: entryDetailExample } },
});

export const retryEntry = defineEndpoint({
  ...base,
  operationId: 'retryEntry',
  method: 'post',
  path: '/api/v1/entries/:entryId/retry',
  summary: 'Run a failed or reviewed entry again',
  description: 'With edits laid over the input as received, when given.',
  params,
  body: z
    .strictObject({
      edits: z.record(z.string().min(1).max(200), z.string().max(5000)).default({}),
    })
    .optional(),
  bodyExample: { edits: { email: 'dana@example.com' } },
  answers: {
    200: {
      description: 'Where the entry stands now.',
      schema: z.strictObject({ entryId, state: entryState }),
      example: { entryId: entryExample.id, state: 'processed' },
    },
  },
  refusals: [503],
});

const answering = {
  ...base,
  method: 'post',
  params,
  body: z.strictObject({ note }).optional(),
  bodyExample: { note: 'Spoke to Dana: the deal came from Ada.' },
} as const;

export const approveEntry = defineEndpoint({
  ...answering,
  operationId: 'approveEntry',
  path: '/api/v1/entries/:entryId/approve',
  summary: 'Say yes to what an entry asks',
  description:
    'What follows (status, rewards, numbers, what the CRM shows) is settled with it. The same answer again changes nothing.',
  answers: { 200: { description: 'The entry as it is now.', schema: entryDetail, example: answeredEntryExample } },
});

export const rejectEntry = defineEndpoint({
  ...answering,
  operationId: 'rejectEntry',
  path: '/api/v1/entries/:entryId/reject',
  summary: 'Say no to what an entry asks',
  description: 'The same question is not asked again. The same answer again changes nothing.',
  answers: { 200: { description: 'The entry as it is now.', schema: entryDetail, example: answeredEntryExample } },
});
