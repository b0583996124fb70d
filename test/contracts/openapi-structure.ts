/** OpenAPI 3.1 as far as we use it: what is not named here must not be there. From the specification's own tables. */
const text = { type: 'string', minLength: 1 };
const reference = (kind: string) => ({ $ref: `#/$defs/${kind}` });
const map = (kind: string, names = '^.+$') => ({
  type: 'object',
  patternProperties: { [names]: reference(kind) },
  additionalProperties: false,
});
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const component = '^[a-zA-Z0-9._-]+$';
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export const OPENAPI_STRUCTURE = {
  ...object(
    {
      openapi: { const: '3.1.0' },
      info: reference('info'),
      externalDocs: object({ url: text, description: text }, ['url']),
      servers: { type: 'array', minItems: 1, items: object({ url: text, description: text }, ['url']) },
      tags: { type: 'array', items: object({ name: text, description: text }, ['name']) },
      paths: map('pathItem', '^/'),
      components: object({
        schemas: map('schema', component),
        headers: map('header', component),
        securitySchemes: map('securityScheme', component),
      }),
    },
    ['openapi', 'info', 'paths', 'components'],
  ),
  $defs: {
    info: object(
      {
        title: text,
        version: text,
        summary: text,
        description: text,
        license: object({ name: text, identifier: text }, ['name']),
      },
      ['title', 'version'],
    ),
    pathItem: object(Object.fromEntries(methods.map((method) => [method, reference('operation')]))),
    operation: object(
      {
        operationId: { type: 'string', pattern: '^[a-zA-Z]\\w+$' },
        tags: { type: 'array', items: text },
        summary: text,
        description: text,
        security: { type: 'array', items: { type: 'object', additionalProperties: { type: 'array' } } },
        parameters: { type: 'array', items: reference('parameter') },
        requestBody: object({ required: { type: 'boolean' }, content: map('media') }, ['content']),
        responses: { ...map('response', '^[1-5]\\d\\d$'), minProperties: 1 },
      },
      ['operationId', 'responses'],
    ),
    parameter: {
      ...object(
        {
          name: text,
          in: { enum: ['path', 'query', 'header'] },
          required: { type: 'boolean' },
          description: text,
          schema: reference('schema'),
          example: true,
        },
        ['name', 'in', 'schema'],
      ),
      if: { properties: { in: { const: 'path' } } },
      then: { properties: { required: { const: true } }, required: ['required'] },
    },
    media: {
      ...object({ schema: reference('schema'), example: true, examples: map('example') }, ['schema']),
      // The specification: an example or examples, never both.
      not: { required: ['example', 'examples'] },
    },
    example: object({ summary: text, value: true }, ['value']),
    response: object({ description: text, headers: map('headerOrReference'), content: map('media') }, ['description']),
    header: object({ description: text, schema: reference('schema'), example: true }, ['schema']),
    headerOrReference: { anyOf: [object({ $ref: text }, ['$ref']), reference('header')] },
    securityScheme: {
      ...object({ type: { enum: ['http', 'apiKey'] }, description: text, scheme: text, in: text, name: text }, [
        'type',
      ]),
      if: { properties: { type: { const: 'http' } } },
      then: { required: ['scheme'] },
      else: { required: ['in', 'name'] },
    },
    schema: { type: ['object', 'boolean'] },
  },
};
