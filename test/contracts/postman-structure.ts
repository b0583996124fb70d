/** The Postman collection format 2.1 as far as we use it: what is not named here must not be there. */
const text = { type: 'string', minLength: 1 };
const object = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items });
const reference = (kind: string) => ({ $ref: `#/$defs/${kind}` });
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$' };

export const POSTMAN_STRUCTURE = {
  ...object({
    info: object({
      _postman_id: uuid,
      name: text,
      description: text,
      schema: { const: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    }),
    auth: object({ type: { const: 'bearer' }, bearer: list(reference('variable')) }),
    variable: list(reference('variable')),
    item: list(object({ id: uuid, name: text, description: text, item: list(reference('item')) })),
  }),
  $defs: {
    variable: object({ key: text, value: { type: 'string' }, type: { const: 'string' } }),
    pair: object({ key: text, value: { type: 'string' }, description: text }, ['description']),
    query: object({ key: text, value: { type: 'string' }, description: text, disabled: { type: 'boolean' } }),
    request: object(
      {
        method: { enum: ['GET', 'POST', 'PUT', 'DELETE'] },
        description: text,
        auth: object({ type: { const: 'noauth' } }),
        header: list(reference('pair')),
        url: object(
          {
            raw: { type: 'string', pattern: '^\\{\\{baseUrl\\}\\}/' },
            host: { const: ['{{baseUrl}}'] },
            path: list(text),
            query: list(reference('query')),
            variable: list(reference('pair')),
          },
          ['query', 'variable'],
        ),
        body: object({
          mode: { const: 'raw' },
          raw: text,
          options: object({ raw: object({ language: { const: 'json' } }) }),
        }),
      },
      ['auth', 'body'],
    ),
    item: object({
      id: uuid,
      name: text,
      request: reference('request'),
      response: {
        type: 'array',
        minItems: 1,
        items: object({
          id: uuid,
          name: text,
          originalRequest: reference('request'),
          status: text,
          code: { type: 'integer', minimum: 200, maximum: 599 },
          _postman_previewlanguage: { enum: ['json', 'text'] },
          header: list(reference('pair')),
          cookie: { type: 'array', maxItems: 0 },
          body: text,
        }),
      },
    }),
  },
};
