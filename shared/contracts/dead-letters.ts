import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { connectionId, pageOf, pageQuery, time } from './fields.ts';

const deadLetterId = z
  .string()
  .regex(/^(dirty|write|outbox)~[^~]{1,80}(~[^~]{1,40}~[^~]{1,80})?$/, 'Must be an id from the list of dead letters.')
  .meta({ examples: ['write~con_a1s2d3f4g5h6j7k8l9q0~contact~501'] });

export const deadLetterReport = z
  .strictObject({
    id: deadLetterId,
    kind: z.enum(['dirty', 'write', 'outbox']).meta({
      description: 'A record that could not be read, values that could not be written, or anything else that leaves.',
    }),
    connectionId,
    objectType: z.string().nullable(),
    recordId: z.string().nullable(),
    attempts: z.int(),
    lastError: z.unknown().meta({ description: 'Why the last attempt failed.' }),
    deadAt: time,
  })
  .meta({ id: 'DeadLetter', description: 'Work that was given up after its last attempt, and is kept.' });

export type DeadLetterReport = z.output<typeof deadLetterReport>;

const deadLetterExample: DeadLetterReport = {
  id: 'write~con_a1s2d3f4g5h6j7k8l9q0~contact~501',
  kind: 'write',
  connectionId: 'con_a1s2d3f4g5h6j7k8l9q0',
  objectType: 'contact',
  recordId: '501',
  attempts: 12,
  lastError: { code: 'crm_rejected', message: 'Property is read-only' },
  deadAt: '2026-11-20T10:15:00.000Z',
};

const base = { tag: 'Dead letters', auth: 'apiKey' } as const;

export const listDeadLetters = defineEndpoint({
  ...base,
  operationId: 'listDeadLetters',
  method: 'get',
  path: '/api/v1/dead-letters',
  summary: 'Work that was given up, newest first',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of dead letters.',
      schema: pageOf(deadLetterReport),
      example: { items: [deadLetterExample], nextCursor: null },
    },
  },
});

export const replayDeadLetter = defineEndpoint({
  ...base,
  operationId: 'replayDeadLetter',
  method: 'post',
  path: '/api/v1/dead-letters/:deadLetterId/replay',
  summary: 'Put given-up work back in line',
  params: z.strictObject({ deadLetterId }),
  answers: {
    202: {
      description: 'It will be tried again at once.',
      schema: z.strictObject({ deadLetterId, replayed: z.literal(true) }),
      example: { deadLetterId: deadLetterExample.id, replayed: true },
    },
  },
});
