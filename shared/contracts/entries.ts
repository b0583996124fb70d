import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { connectionId, entryId, pageOf, pageQuery, programId, referralId, time } from './fields.ts';

const ENTRY_STATES = ['processed', 'ignored', 'failed', 'review'] as const;

export const entryReport = z
  .strictObject({
    id: entryId,
    state: z.enum(ENTRY_STATES),
    reasonCode: z.string().meta({ examples: ['rule_met'] }),
    reason: z.string().meta({ description: 'One plain sentence.' }),
    trigger: z.record(z.string(), z.unknown()).meta({ description: 'What made us look.' }),
    programId: programId.nullable(),
    programVersion: z.int().nullable(),
    referralId: referralId.nullable(),
    connectionId: connectionId.nullable(),
    objectType: z.string().nullable(),
    recordId: z.string().nullable(),
    attempts: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Entry', description: 'One decision about a record or a request; kept for ever.' });

export type EntryReport = z.output<typeof entryReport>;

export const entryDetail = entryReport
  .extend({
    input: z.unknown().meta({ description: 'As received: what a person edits before a retry.' }),
    trace: z.unknown().meta({ description: 'The rules tried, the values seen, what is missing.' }),
    edits: z.array(z.unknown()).meta({ description: 'Edits people made, oldest first.' }),
  })
  .meta({ id: 'EntryDetail', description: 'An entry with its input, trace and edits.' });

export type EntryDetail = z.output<typeof entryDetail>;

const entryExample: EntryReport = {
  id: 'ent_m4n3b2v1c0x9z8l7k6j5',
  state: 'processed',
  reasonCode: 'rule_met',
  reason: 'The deal reached “Closed won”.',
  trigger: { kind: 'signal' },
  programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
  programVersion: 1,
  referralId: 'ref_q1w2e3r4t5y6u7i8o9p0',
  connectionId: 'con_a1s2d3f4g5h6j7k8l9q0',
  objectType: 'deal',
  recordId: '9001',
  attempts: 1,
  createdAt: '2026-11-20T10:15:00.000Z',
  updatedAt: '2026-11-20T10:15:00.000Z',
};

export const entryDetailExample: EntryDetail = {
  ...entryExample,
  input: null,
  trace: { rules: [{ id: 'rul_won', met: true }] },
  edits: [],
};

const base = { tag: 'Entries', auth: 'apiKey' } as const;
const params = z.strictObject({ entryId });

export const listEntries = defineEndpoint({
  ...base,
  operationId: 'listEntries',
  method: 'get',
  path: '/api/v1/entries',
  summary: 'Decisions, newest first',
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(ENTRY_STATES).optional(),
    referralId: referralId.optional(),
    programId: programId.optional(),
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
  summary: 'One decision with its trace',
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
      schema: z.strictObject({ entryId, state: z.enum(ENTRY_STATES) }),
      example: { entryId: entryExample.id, state: 'processed' },
    },
  },
  refusals: [503],
});
