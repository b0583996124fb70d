import type * as z from 'zod';
import { takesApiKey, type Endpoint } from '../../../../shared/contracts/endpoint.ts';
import type { JsonSchema, OpenApiParameter } from './document.ts';
import { exampleOf, schemaOf, type SchemaComponents } from './schemas.ts';

const IDEMPOTENCY_KEY: OpenApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Unique to this request, such as a UUID; visible ASCII. Sent again with the same request, it gives the first answer and nothing happens twice. Kept for at least 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
  example: '3c5f2c0e-6a55-4d0c-9d6e-2a4a2f3f5b7e',
};

/** For parameters whose contract says nothing: better the plain truth of their name than an empty cell. */
function describe(name: string, place: 'path' | 'query'): string {
  const words = name.replace(/[_-]+/g, ' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return place === 'path' ? `The ${words}.` : `Only those with this ${words}.`;
}

export function takesIdempotencyKey(endpoint: Endpoint): boolean {
  return takesApiKey(endpoint) && endpoint.method !== 'get' && endpoint.answerIsSecret !== true;
}

export function parametersOf(endpoint: Endpoint, components: SchemaComponents): OpenApiParameter[] {
  const read = (place: 'path' | 'query', schema: z.ZodObject | undefined): OpenApiParameter[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = schemaOf(schema, 'input', components) as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => {
      const { description, examples: _examples, ...rest } = property;
      const example = exampleOf(property);
      return {
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        description: typeof description === 'string' ? description : describe(name, place),
        schema: rest,
        ...(example === undefined ? {} : { example }),
      };
    });
  };
  const key = takesIdempotencyKey(endpoint) ? [IDEMPOTENCY_KEY] : [];
  return [...read('path', endpoint.params), ...read('query', endpoint.query), ...key];
}
