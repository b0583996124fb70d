import * as z from 'zod';
import { connectionId, entryId, programId, referralId, time } from './fields.ts';

const ENTRY_STATES = ['processed', 'ignored', 'failed', 'review'] as const;
const ENTRY_ANSWERS = ['approve', 'reject'] as const;

export const entryState = z.enum(ENTRY_STATES);

/** What a person says about what they decided; kept with the entry until the people in it are erased. */
export const note = z
  .string()
  .trim()
  .min(1, 'Must not be empty; leave it out instead.')
  .max(1000, 'At most 1000 characters.')
  .nullable()
  .default(null)
  .meta({ description: 'Why, for whoever reads it later.', examples: ['Spoke to Dana: the deal came from Ada.'] });

export const entryReport = z
  .strictObject({
    id: entryId,
    state: entryState,
    reasonCode: z.string().meta({ description: 'All of them are listed in docs/entries.md.', examples: ['rule_met'] }),
    reason: z.string().meta({ description: 'One plain sentence.' }),
    trigger: z.record(z.string(), z.unknown()).meta({ description: 'What made us look.' }),
    programId: programId.nullable(),
    programVersion: z.int().nullable(),
    referralId: referralId.nullable(),
    connectionId: connectionId.nullable(),
    objectType: z.string().nullable(),
    recordId: z.string().nullable(),
    attempts: z.int(),
    reviewDueAt: time.nullable().meta({ description: 'When an open review is settled by the program’s time-out.' }),
    notify: z
      .boolean()
      .meta({ description: 'Whether somebody is to be told of it: a new review, where the program says so.' }),
    replay: z.boolean().meta({ description: 'Decided again from what was kept: never told to anybody.' }),
    retryable: z.boolean().meta({ description: 'Whether it can be run again.' }),
    approvable: z.boolean().meta({
      description:
        'Whether it waits for a yes. What is in review can always be rejected; what asks which one of several is meant is retried with the right one.',
    }),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Entry', description: 'One decision about a record or a request; kept for ever.' });

export type EntryReport = z.output<typeof entryReport>;

const answerOfPerson = z.strictObject({
  at: time,
  actor: z.string().meta({ description: '`system` where the review timed out.', examples: ['api_key:key_1'] }),
  answer: z.enum(ENTRY_ANSWERS),
  note: z.string().nullable(),
});

const entryEdit = answerOfPerson.extend({
  answer: z.enum(ENTRY_ANSWERS).nullable().meta({ description: 'Null of a retry.' }),
  edits: z.record(z.string(), z.string()).meta({ description: 'The fields that were edited, with their new values.' }),
  state: entryState.meta({ description: 'The state it led to.' }),
});

export const tracedEntry = entryReport
  .extend({
    input: z.unknown().meta({ description: 'As received: what a person edits before a retry.' }),
    trace: z.unknown().meta({ description: 'The rules tried, the values seen, what is missing.' }),
    sentences: z.array(z.string()).meta({
      description: 'The decision in words: the outcome, then each rule with what it wanted and what it saw.',
    }),
    edits: z.array(entryEdit).meta({ description: 'What people did to it, oldest first.' }),
  })
  .meta({ id: 'TracedEntry', description: 'An entry with its input, its trace in data and in words, and its edits.' });

export type TracedEntry = z.output<typeof tracedEntry>;

export const entryDetail = tracedEntry
  .extend({
    whatToDo: z.string().nullable().meta({ description: 'One plain sentence; null where nothing is left to do.' }),
    editable: z.array(z.string()).meta({ description: 'The fields a retry may edit.' }),
    review: z
      .strictObject({
        key: z
          .string()
          .nullable()
          .meta({ description: 'The same question has the same key, however often it comes up.' }),
        question: z.string().meta({ description: 'What a person is asked.' }),
        open: z.boolean(),
        dueAt: time.nullable(),
        answers: z.array(answerOfPerson).meta({ description: 'Oldest first; the last one stands.' }),
      })
      .nullable()
      .meta({ description: 'What was asked, and what people said; null where nothing was.' }),
    signals: z
      .array(
        z.strictObject({
          kind: z.string().meta({ examples: ['changed'] }),
          field: z.string().nullable(),
          occurredAt: time,
          receivedAt: time,
          raw: z.unknown().meta({ description: 'The message as received.' }),
        }),
      )
      .meta({
        description:
          'The CRM’s messages about the record around the decision, while they are kept; newest first, at most 50.',
      }),
    values: z
      .array(
        z.strictObject({
          objectType: z.string(),
          recordId: z.string(),
          modifiedAt: time.meta({ description: 'The CRM’s own time.' }),
          readAt: time,
          values: z.record(z.string(), z.string().nullable()),
        }),
      )
      .meta({ description: 'The records as they were read when it was decided; at most 50.' }),
  })
  .meta({ id: 'EntryDetail', description: 'An entry with everything that explains it.' });

export type EntryDetail = z.output<typeof entryDetail>;

export const entryExample: EntryReport = {
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
  reviewDueAt: null,
  notify: false,
  replay: false,
  retryable: false,
  approvable: false,
  createdAt: '2026-11-20T10:15:00.000Z',
  updatedAt: '2026-11-20T10:15:00.000Z',
};

export const tracedEntryExample: TracedEntry = {
  ...entryExample,
  input: null,
  trace: { verdict: { status: 'approved', decidingRuleId: 'rul_won' } },
  sentences: ['Deal reached Closed won on 20 Nov 2026.'],
  edits: [],
};

export const entryDetailExample: EntryDetail = {
  ...tracedEntryExample,
  whatToDo: null,
  editable: [],
  review: null,
  signals: [
    {
      kind: 'changed',
      field: 'dealstage',
      occurredAt: '2026-11-20T10:14:58.000Z',
      receivedAt: '2026-11-20T10:14:59.000Z',
      raw: { subscriptionType: 'object.propertyChange', propertyName: 'dealstage' },
    },
  ],
  values: [
    {
      objectType: 'deal',
      recordId: '9001',
      modifiedAt: '2026-11-20T10:14:58.000Z',
      readAt: '2026-11-20T10:15:00.000Z',
      values: { dealstage: 'closedwon', amount: '1200' },
    },
  ],
};

export const answeredEntryExample: EntryDetail = {
  ...entryDetailExample,
  reasonCode: 'review_approved',
  reason: 'Several referred people are on this deal: needs review',
  edits: [
    {
      at: '2026-11-20T10:20:00.000Z',
      actor: 'api_key:key_1',
      answer: 'approve',
      note: 'Spoke to Dana: the deal came from Ada.',
      edits: {},
      state: 'processed',
    },
  ],
  review: {
    key: 'several_referred_contacts:deal:9001',
    question: 'Several referred people are on one deal. Does it count for this referral?',
    open: false,
    dueAt: null,
    answers: [
      {
        at: '2026-11-20T10:20:00.000Z',
        actor: 'api_key:key_1',
        answer: 'approve',
        note: 'Spoke to Dana: the deal came from Ada.',
      },
    ],
  },
};
