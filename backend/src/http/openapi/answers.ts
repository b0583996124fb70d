import type { Endpoint, EndpointAnswer } from '../../../../shared/contracts/endpoint.ts';
import type { OpenApiResponse } from './document.ts';
import { headersOf } from './headers.ts';
import { schemaOf, type SchemaComponents } from './schemas.ts';

/** The answers a contract names, by status. */
export function answersOf(endpoint: Endpoint, components: SchemaComponents): Record<string, OpenApiResponse> {
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, answer]) => [
      status,
      { ...answerOf(answer, components), ...headersOf(endpoint, Number(status)) },
    ]),
  );
}

function answerOf(answer: EndpointAnswer, components: SchemaComponents): OpenApiResponse {
  const { description, schema, example, contentType = 'application/json' } = answer;
  if (schema === undefined && example === undefined) return { description };
  const shape = schema === undefined ? { type: 'string' } : schemaOf(schema, 'output', components);
  return { description, content: { [contentType]: { schema: shape, ...(example === undefined ? {} : { example }) } } };
}
