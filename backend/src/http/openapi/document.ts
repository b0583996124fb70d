/** The parts of an OpenAPI 3.1 document that we make, and that the reference page and the Postman collection read. */

export type JsonSchema = { readonly [keyword: string]: unknown };

export type Referred = { readonly $ref: string };

export type OpenApiExample = { readonly summary: string; readonly value: unknown };

export type OpenApiMedia = {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  /** Of refusals: by error code. */
  readonly examples?: Readonly<Record<string, OpenApiExample>>;
};

export type OpenApiParameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
};

export type OpenApiHeader = { readonly description: string; readonly schema: JsonSchema; readonly example: unknown };

export type OpenApiResponse = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, OpenApiHeader | Referred>>;
  readonly content?: Readonly<Record<string, OpenApiMedia>>;
};

export type OpenApiOperation = {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: OpenApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, OpenApiMedia>> };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
};

export type OpenApiTag = { readonly name: string; readonly description: string };

export type SecurityScheme = {
  readonly type: string;
  readonly description: string;
  readonly scheme?: string;
  readonly in?: string;
  readonly name?: string;
};

export type OpenApiDocument = {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly summary: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly externalDocs: { readonly url: string; readonly description: string };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly OpenApiTag[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly headers: Readonly<Record<string, OpenApiHeader>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
};

/** An operation with where it stands; in the order of the document. */
export type PlacedOperation = {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiOperation;
};

export function operationsOf(document: OpenApiDocument): readonly PlacedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** What a reference into the components leads to; anything else as it is. */
export function resolveSchema(document: Pick<OpenApiDocument, 'components'>, schema: JsonSchema): JsonSchema {
  const name = referredName(schema);
  return name === null ? schema : (document.components.schemas[name] ?? {});
}

/** The component a schema refers to, or null. */
export function referredName(schema: JsonSchema): string | null {
  const reference = schema['$ref'];
  return typeof reference === 'string' ? (reference.split('/').at(-1) ?? null) : null;
}

/** An example, choice or constant as one would type it: text as it is, anything else as JSON. Nothing is empty text. */
export function plainText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
