import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';

const base = { tag: 'Operations', auth: 'none', method: 'get' } as const;

export const getHealth = defineEndpoint({
  ...base,
  operationId: 'getHealth',
  path: '/health',
  summary: 'Is the process alive?',
  answers: {
    200: { description: 'Alive.', schema: z.strictObject({ status: z.literal('ok') }), example: { status: 'ok' } },
  },
});

const check = z.enum(['ok', 'failing']);
const readiness = z.strictObject({
  status: z.enum(['ready', 'not_ready']),
  checks: z.strictObject({ database: check, queue: check }),
});

export const getReady = defineEndpoint({
  ...base,
  operationId: 'getReady',
  path: '/ready',
  summary: 'Can it serve? (database and queue)',
  answers: {
    200: {
      description: 'Ready.',
      schema: readiness,
      example: { status: 'ready', checks: { database: 'ok', queue: 'ok' } },
    },
    503: {
      description: 'Not ready: send traffic elsewhere.',
      schema: readiness,
      example: { status: 'not_ready', checks: { database: 'failing', queue: 'ok' } },
    },
  },
});

export const getMetrics = defineEndpoint({
  ...base,
  operationId: 'getMetrics',
  path: '/metrics',
  summary: 'Numbers for Prometheus; no tenant data',
  answers: {
    200: {
      description: 'Prometheus text.',
      contentType: 'text/plain',
      example: 'passalong_signals_total{outcome="accepted"} 12',
    },
  },
});

export const getOpenApi = defineEndpoint({
  ...base,
  operationId: 'getOpenApi',
  path: '/openapi.json',
  summary: 'This document',
  answers: {
    200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()), example: { openapi: '3.1.0' } },
  },
});

export const getReference = defineEndpoint({
  ...base,
  operationId: 'getReference',
  path: '/reference',
  summary: 'This document as a page for people',
  description: 'Made from `/openapi.json`: every operation with its fields, examples and errors. Needs no script.',
  answers: {
    200: { description: 'The reference.', contentType: 'text/html', example: '<h1>Passalong API</h1>' },
  },
});

export const getPostmanCollection = defineEndpoint({
  ...base,
  operationId: 'getPostmanCollection',
  path: '/postman.json',
  summary: 'The API as a Postman collection',
  description:
    'Collection format 2.1, made from `/openapi.json`. Import it, then set the variable `apiKey`; `baseUrl` is this deployment.',
  answers: {
    200: {
      description: 'The collection.',
      schema: z.looseObject({
        info: z.looseObject({ name: z.string(), schema: z.url() }),
        item: z.array(z.looseObject({ name: z.string() })),
      }),
      example: {
        info: {
          name: 'Passalong API',
          schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
        },
        item: [{ name: 'Programs', item: [] }],
      },
    },
  },
});

export const getFrontPage = defineEndpoint({
  ...base,
  operationId: 'getFrontPage',
  path: '/',
  summary: 'What this is and where to install from',
  answers: { 200: { description: 'A page for people.', contentType: 'text/html', example: '<h1>Passalong</h1>' } },
});
