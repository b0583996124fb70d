import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ALL_ENDPOINTS } from '../../shared/contracts/all-endpoints.ts';
import { apiRoutes } from '../../backend/src/http/api-routes.ts';
import { openApiDocument } from '../../backend/src/http/openapi.ts';

type Content = Record<string, { schema: object; example?: unknown }>;
type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters: { name: string; in: string; description?: string; example?: unknown; schema: object }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};

const document = openApiDocument('https://refer.example.com');
const paths = document['paths'] as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** The names the outside relies on (part 1 of the roadmap), spelled out here so that losing one is seen. */
const PROMISED = [
  'GET /',
  'GET /health',
  'GET /ready',
  'GET /metrics',
  'GET /openapi.json',
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

function compile(schema: object): (value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile({ ...schema, components: document['components'] });
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

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
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  for (const [, name = ''] of references) expect(Object.keys(schemas)).toContain(name);
  expect(JSON.stringify(document)).not.toContain('$defs');
});

describe.each(operations)('$method $path', ({ path, operation }) => {
  test('says what it is, who may call it and what every parameter means', () => {
    expect(operation.summary.length).toBeGreaterThan(5);
    expect(operation.tags).toHaveLength(1);
    expect(operation.security).toEqual(path.startsWith('/api/v1/') ? [{ apiKey: [] }] : expect.any(Array));
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
  });

  test('has an example of every body, and each fits its schema', () => {
    const bodies: Content[] = [
      operation.requestBody?.content,
      ...Object.values(operation.responses).map(({ content }) => content),
    ].filter((content) => content !== undefined);
    for (const content of bodies) {
      for (const { schema, example } of Object.values(content)) {
        // Refusals share one schema, which has its example inside.
        if (JSON.stringify(schema).includes('schemas/Error')) continue;
        expect(example).toBeDefined();
        expect(compile(schema)(example)).toEqual([]);
      }
    }
  });
});
