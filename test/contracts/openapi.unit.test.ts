import { Ajv2020 } from 'ajv/dist/2020.js';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { apiRoutes } from '../../backend/src/http/api-routes.ts';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { operationsOf } from '../../backend/src/http/openapi/document.ts';
import { OPERATION_ERRORS } from '../../backend/src/http/openapi/operation-errors.ts';
import { refusalsOf } from '../../backend/src/http/reference/errors-table.ts';
import { collectErrors } from '../../scripts/error-catalogue.ts';
import { ALL_ENDPOINTS } from '../../shared/contracts/all-endpoints.ts';
import { defineEndpoint, type Endpoint } from '../../shared/contracts/endpoint.ts';
import { gaps, schemasOf } from './openapi-document.ts';
import { OPENAPI_STRUCTURE } from './openapi-structure.ts';

const document = openApiDocument('https://refer.example.com');
const operations = operationsOf(document);
const strict = new Ajv2020({ strict: false, validateFormats: false });

/** The names the outside relies on (part 1 of the roadmap), spelled out here so that losing one is seen. */
const PROMISED = [
  'GET /',
  'GET /health',
  'GET /ready',
  'GET /metrics',
  'GET /openapi.json',
  'GET /reference',
  'GET /postman.json',
  'GET /hubspot/oauth/install',
  'GET /hubspot/oauth/callback',
  'POST /hubspot/webhooks',
  'GET /r/{code}',
  'GET /api/v1/connections',
  'DELETE /api/v1/connections/{connectionId}',
  'GET /api/v1/programs',
  'POST /api/v1/programs',
  'GET /api/v1/programs/{programId}',
  'PUT /api/v1/programs/{programId}',
  'POST /api/v1/programs/{programId}/publish',
  'POST /api/v1/programs/{programId}/referrals',
  'POST /api/v1/programs/{programId}/advocates',
  'GET /api/v1/referrals',
  'GET /api/v1/referrals/{referralId}',
  'GET /api/v1/advocates/{advocateId}',
  'GET /api/v1/entries',
  'GET /api/v1/entries/{entryId}',
  'POST /api/v1/entries/{entryId}/retry',
  'GET /api/v1/rewards',
  'POST /api/v1/rewards/{rewardId}/approve',
  'GET /api/v1/dead-letters',
  'POST /api/v1/dead-letters/{deadLetterId}/replay',
];

test('every promised route is there', () => {
  const there = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(there).toEqual(expect.arrayContaining(PROMISED));
});

test('every API contract has a route and every route a contract', () => {
  const routes = apiRoutes({} as Parameters<typeof apiRoutes>[0]).map(({ endpoint }) => endpoint.operationId);
  const contracts = ALL_ENDPOINTS.filter(({ path }) => path.startsWith('/api/v1/')).map(
    ({ operationId }) => operationId,
  );
  expect([...routes].sort()).toEqual([...contracts].sort());
});

test('operation ids are unique, and every reference leads somewhere', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(100);
  for (const [, kind = '', name = ''] of references) {
    expect(Object.keys((document.components as Record<string, object>)[kind] ?? {})).toContain(name);
  }
  expect(JSON.stringify(document)).not.toContain('$defs');
});

describe('the document is OpenAPI 3.1', () => {
  const validate = strict.compile(OPENAPI_STRUCTURE);

  test('as it is', () => {
    expect(validate(JSON.parse(JSON.stringify(document))) || validate.errors).toBe(true);
  });

  test('and the check would see a broken one', () => {
    const broken = JSON.parse(JSON.stringify(document)) as { paths: Record<string, any> };
    delete broken.paths['/health'].get.responses;
    expect(validate(broken)).toBe(false);
  });

  test('with schemas that are JSON Schema 2020-12', () => {
    const schemas = schemasOf(document);
    expect(schemas.length).toBeGreaterThan(100);
    for (const schema of schemas) expect(strict.validateSchema(schema) || strict.errors).toBe(true);
  });

  test('with security that is described, and an API key for everything below /api/v1', () => {
    for (const { path, operation } of operations) {
      const names = operation.security.flatMap((requirement) => Object.keys(requirement));
      for (const name of names)
        expect(document.components.securitySchemes[name]?.description.length).toBeGreaterThan(20);
      expect([path, names.includes('apiKey')]).toEqual([path, path.startsWith('/api/v1/')]);
    }
  });
});

describe('the document as a product (SG-37)', () => {
  test('nothing is left to guess: words, parameters, and examples that fit their schemas', () => {
    expect(gaps(document)).toEqual([]);
  });

  test('every operation shows an error for every status it refuses with, worded as the service words it', () => {
    const catalogue = new Set(
      collectErrors(resolve(import.meta.dirname, '../..')).flatMap(({ code, status }) =>
        status.split(' or ').map((each) => `${each} ${code}`),
      ),
    );
    for (const { operation } of operations) {
      const refusals = refusalsOf(operation);
      expect(refusals.map(({ status }) => status)).toContain(500);
      for (const { status, code, body } of refusals) {
        expect(catalogue).toContain(`${status} ${code}`);
        if (body === null) continue;
        const { error } = body as { error: Record<string, string> };
        expect([error['code'], error['requestId']]).toEqual([code, expect.stringMatching(/^req_/)]);
        expect([error['message'], error['remedy']].every((words = '') => words.length > 10)).toBe(true);
      }
    }
  });

  test('statuses a contract names are refusals of its operation, and errors are only told of operations there are', () => {
    for (const { operationId, refusals = [] } of ALL_ENDPOINTS) {
      const shown = operations.find(({ operation }) => operation.operationId === operationId)?.operation.responses;
      expect([operationId, ...Object.keys(shown ?? {})]).toEqual(expect.arrayContaining(refusals.map(String)));
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(OPERATION_ERRORS)));
  });

  test('the introduction teaches what every caller has to know', () => {
    const { description } = document.info;
    const headings = [...description.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Authentication', 'Idempotency', 'Errors', 'Pagination', 'Money', 'Times and ids']);
    for (const fact of ['Bearer pk_', 'Idempotency-Key', 'Retry-After', 'nextCursor', '"120.00"', 'UTC']) {
      expect(description).toContain(fact);
    }
    expect(description.split('\n').length).toBeLessThan(80);
  });

  test('the errors the introduction names are real ones', () => {
    const named = [...document.info.description.matchAll(/\b(\d{3})\*{0,2}\s+`([a-z_]+)`/g)];
    const shown = operations
      .flatMap(({ operation }) => refusalsOf(operation))
      .map(({ status, code }) => `${status} ${code}`);
    expect(named.length).toBeGreaterThan(2);
    for (const [, status, code] of named) expect(shown).toContain(`${status} ${code}`);
  });
});

describe('a contract that is not complete is told what it lacks (SG-37)', () => {
  const complete = {
    operationId: 'paintReward',
    method: 'post',
    path: '/api/v1/paints/:paintId',
    tag: 'Rewards',
    auth: 'apiKey',
    summary: 'Paint a reward',
    params: z.strictObject({ paintId: z.string().meta({ description: 'Which paint.', examples: ['pnt_1'] }) }),
    query: z.strictObject({ shade: z.enum(['light', 'dark']).optional() }),
    body: z.strictObject({ colour: z.string() }),
    bodyExample: { colour: 'red' },
    answers: { 200: { description: 'Painted.', schema: z.strictObject({ ok: z.boolean() }), example: { ok: true } } },
    refusals: [503],
  } satisfies Endpoint;
  const gapsOf = (change: Partial<Endpoint>): string[] =>
    gaps(openApiDocument('https://refer.example.com', [defineEndpoint({ ...complete, ...change })]));

  test('nothing, when it has all', () => {
    expect(gapsOf({})).toEqual([]);
  });

  test.each<[string, Partial<Endpoint>, string]>([
    ['the example of a body', { bodyExample: undefined }, 'request body has no example'],
    ['a body example that fits', { bodyExample: { colour: 1 } }, 'request body: /colour must be string'],
    ['the example of an answer', { answers: { 200: { description: 'Ok.', schema: z.string() } } }, 'answer 200 has no'],
    ['anything about an answer', { answers: { 200: { description: 'Ok.' } } }, 'answer 200 has neither'],
    ['the example of a parameter', { query: z.strictObject({ shade: z.string() }) }, 'parameter shade has no example'],
    ['an error for a status', { refusals: [418] }, 'refusal 418 has no example'],
    ['a described tag', { tag: 'Paints' }, 'tag Paints: no description'],
  ])('%s', (_what, change, expected) => {
    expect(gapsOf(change).join('\n')).toContain(expected);
  });
});
