import { ALL_ENDPOINTS } from '../../../shared/contracts/all-endpoints.ts';
import type { Endpoint } from '../../../shared/contracts/endpoint.ts';
import { answersOf } from './openapi/answers.ts';
import type { OpenApiDocument, OpenApiOperation } from './openapi/document.ts';
import { HEADERS } from './openapi/headers.ts';
import { introduction } from './openapi/introduction.ts';
import { parametersOf } from './openapi/parameters.ts';
import { errorSchemas, refusalsOf } from './openapi/refusals.ts';
import { schemaOf, type SchemaComponents } from './openapi/schemas.ts';
import { SECURITY, SECURITY_SCHEMES } from './openapi/security.ts';
import { tagsOf } from './openapi/tags.ts';

/** The OpenAPI 3.1 document, made from the contracts the routes validate with. */
export function openApiDocument(publicUrl: string, endpoints: readonly Endpoint[] = ALL_ENDPOINTS): OpenApiDocument {
  const schemas: SchemaComponents = errorSchemas();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method] = operationOf(endpoint, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Passalong API',
      version: '1',
      summary: 'Referral programs inside the CRM: links, referrals, rewards and the reasons behind them.',
      description: introduction(publicUrl),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    externalDocs: { url: `${publicUrl}/reference`, description: 'This document as a page for people.' },
    servers: [{ url: publicUrl, description: 'This deployment.' }],
    tags: tagsOf(endpoints),
    paths,
    components: { schemas, headers: HEADERS, securitySchemes: SECURITY_SCHEMES },
  };
}

function operationOf(endpoint: Endpoint, schemas: SchemaComponents): OpenApiOperation {
  const { operationId, tag, summary, description, auth } = endpoint;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[auth],
    parameters: parametersOf(endpoint, schemas),
    ...requestBodyOf(endpoint, schemas),
    responses: { ...refusalsOf(endpoint), ...answersOf(endpoint, schemas) },
  };
}

function requestBodyOf(endpoint: Endpoint, schemas: SchemaComponents): Pick<OpenApiOperation, 'requestBody'> {
  const { body, bodyExample } = endpoint;
  if (body === undefined) return {};
  const schema = schemaOf(body, 'input', schemas);
  const example = bodyExample === undefined ? {} : { example: bodyExample };
  const required = !body.safeParse(undefined).success;
  return { requestBody: { required, content: { 'application/json': { schema, ...example } } } };
}
