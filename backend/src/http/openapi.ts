import * as z from 'zod';
import { ALL_ENDPOINTS } from '../../../shared/contracts/all-endpoints.ts';
import type { Endpoint, EndpointAnswer } from '../../../shared/contracts/endpoint.ts';
import { errorAnswer } from '../../../shared/contracts/error-answer.ts';

type Json = Record<string, unknown>;

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The body is not JSON, or the request cannot be understood.',
  401: 'No valid API key or signature.',
  404: 'Unknown id, or an id of another workspace.',
  409: 'The Idempotency-Key belongs to another request or is busy, or the state does not allow this.',
  413: 'The body is too large.',
  415: 'The body is not declared as JSON.',
  422: 'Fields were refused; `error.fields` lists them.',
  500: 'A fault of ours.',
  503: 'The database or the CRM does not answer; try again.',
};

const SECURITY: Readonly<Record<Endpoint['auth'], readonly Json[]>> = {
  none: [],
  apiKey: [{ apiKey: [] }],
  hubspotSignature: [{ hubspotSignature: [] }],
  oauthState: [{ oauthState: [] }],
};

const SECURITY_SCHEMES = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the workspace: `Authorization: Bearer pk_…`.' },
  hubspotSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-HubSpot-Signature-v3',
    description: 'Made by HubSpot over method, address, body and X-HubSpot-Request-Timestamp.',
  },
  oauthState: {
    type: 'apiKey',
    in: 'query',
    name: 'state',
    description:
      'Single-use state, bound to the browser that began. Absent in installs that begin in HubSpot’s marketplace.',
  },
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Any text unique to this request, such as a UUID. The same key and request again gives the first answer; another request with the same key is refused with 409. Kept for at least 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  example: '3c5f2c0e-6a55-4d0c-9d6e-2a4a2f3f5b7e',
};

/** The OpenAPI 3.1 document, made from the contracts the routes validate with. */
export function openApiDocument(publicUrl: string, endpoints: readonly Endpoint[] = ALL_ENDPOINTS): Json {
  const components: Json = { Error: schemaOf(errorAnswer, 'output', {}) };
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method] = operation(endpoint, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Passalong',
      version: '1',
      description:
        'Referrals, rewards and the reasons behind them. Lists are newest first and stable; money is a decimal string.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas: components, securitySchemes: SECURITY_SCHEMES },
  };
}

function operation(endpoint: Endpoint, components: Json): Json {
  const { operationId, tag, summary, description, auth, body } = endpoint;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[auth],
    parameters: parametersOf(endpoint, components),
    ...(body === undefined ? {} : { requestBody: requestBodyOf(endpoint, body, components) }),
    responses: { ...refusalsOf(endpoint), ...answersOf(endpoint, components) },
  };
}

function parametersOf(endpoint: Endpoint, components: Json): Json[] {
  const read = (place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = schemaOf(schema, 'input', components) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, examples, ...rest }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
      ...(Array.isArray(examples) ? { example: examples[0] as unknown } : {}),
    }));
  };
  const key = takesIdempotencyKey(endpoint) ? [IDEMPOTENCY_KEY] : [];
  return [...read('path', endpoint.params), ...read('query', endpoint.query), ...key];
}

function takesIdempotencyKey({ auth, method }: Endpoint): boolean {
  return auth === 'apiKey' && method !== 'get';
}

function requestBodyOf(endpoint: Endpoint, body: z.ZodType, components: Json): Json {
  const schema = schemaOf(body, 'input', components);
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema, example: endpoint.bodyExample } },
  };
}

function answersOf(endpoint: Endpoint, components: Json): Json {
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, answer]) => [status, answerOf(answer, components)]),
  );
}

function answerOf(answer: EndpointAnswer, components: Json): Json {
  const { description, schema, example, contentType = 'application/json' } = answer;
  if (schema === undefined && example === undefined) return { description };
  const shape = schema === undefined ? { type: 'string' } : schemaOf(schema, 'output', components);
  return { description, content: { [contentType]: { schema: shape, example } } };
}

/** What every endpoint of its kind may refuse with, and what this one adds. */
function refusalsOf(endpoint: Endpoint): Json {
  const statuses = new Set([500, ...(endpoint.refusals ?? [])]);
  if (endpoint.auth === 'apiKey') [401, 503].forEach((status) => statuses.add(status));
  if (endpoint.auth === 'hubspotSignature') [401, 413].forEach((status) => statuses.add(status));
  if (endpoint.auth === 'apiKey' && endpoint.params) [404, 422].forEach((status) => statuses.add(status));
  if (endpoint.auth === 'apiKey' && endpoint.query) statuses.add(422);
  if (endpoint.auth === 'apiKey' && endpoint.body) [400, 413, 415, 422].forEach((status) => statuses.add(status));
  if (takesIdempotencyKey(endpoint)) statuses.add(409);
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(
    [...statuses].map((status) => [status, { description: REFUSALS[status] ?? 'Refused.', content }]),
  );
}

/** A JSON Schema; schemas with an id move to the components, where each stands once. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const suffix = io === 'input' ? 'Input' : '';
  const json = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as Json;
  const { $defs = {}, $schema: _dialect, ...root } = json as { $defs?: Record<string, Json>; $schema?: string };
  for (const [id, definition] of Object.entries($defs)) components[id + suffix] = relink(definition, suffix);
  return relink(root, suffix);
}

/** References into `$defs` become references into the components. Our ids and zod's patterns hold no such text. */
function relink(value: Json, suffix: string): Json {
  const text = JSON.stringify(value).replace(/"#\/\$defs\/(\w+)"/g, `"#/components/schemas/$1${suffix}"`);
  const { id: _id, ...rest } = JSON.parse(text) as Json;
  return rest;
}
