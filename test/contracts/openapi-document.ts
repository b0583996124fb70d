import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import {
  operationsOf,
  resolveSchema,
  type JsonSchema,
  type OpenApiDocument,
  type OpenApiMedia,
  type PlacedOperation,
} from '../../backend/src/http/openapi/document.ts';

type Check = (schema: JsonSchema, value: unknown) => string[];

const DOCUMENT = 'https://document.example.com/';

/** What a value breaks of its schema; the components are compiled once, however many examples refer to them. */
function checkOf(document: OpenApiDocument): Check {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: DOCUMENT, components: { schemas: absolute(document.components.schemas) } });
  const compiled = new Map<string, ValidateFunction>();
  return (schema, value) => {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? ajv.compile(absolute(schema) as JsonSchema);
    compiled.set(text, validate);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };
}

function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${DOCUMENT}#/components/`)) as object;
}

/** Everything the document leaves a reader to guess, in words that say what its contract has to add. */
export function gaps(document: OpenApiDocument): string[] {
  const breaks = checkOf(document);
  return [
    ...document.tags.filter(({ description }) => description === '').map(({ name }) => `tag ${name}: no description`),
    ...operationsOf(document).flatMap((placed) =>
      [...words(placed), ...parameters(breaks, placed), ...bodies(breaks, placed), ...answers(breaks, placed)].map(
        (gap) => `${placed.operation.operationId}: ${gap}`,
      ),
    ),
  ];
}

function words({ operation, path }: PlacedOperation): string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const described = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  expect(described).toEqual(inPath);
  return operation.summary.length > 5 ? [] : ['no summary'];
}

function parameters(breaks: Check, { operation }: PlacedOperation): string[] {
  return operation.parameters.flatMap(({ name, description, schema, example }) => [
    ...(description.length > 3 ? [] : [`parameter ${name} has no description`]),
    ...(example === undefined ? [`parameter ${name} has no example`] : []),
    ...(example === undefined ? [] : breaks(schema, example)).map((breach) => `parameter ${name}: ${breach}`),
  ]);
}

function bodies(breaks: Check, { operation }: PlacedOperation): string[] {
  return Object.values(operation.requestBody?.content ?? {}).flatMap((media) => one(breaks, 'request body', media));
}

/** Every status with a body shows one: an answer its example, a refusal one for each code. */
function answers(breaks: Check, { operation }: PlacedOperation): string[] {
  return Object.entries(operation.responses).flatMap(([status, { content, headers = {} }]) => {
    if (content === undefined) {
      const saysNothing = status === '204' || (Number(status) >= 300 && Number(status) < 400 && 'Location' in headers);
      return saysNothing ? [] : [`answer ${status} has neither a schema nor an example`];
    }
    return Object.values(content).flatMap((media) => {
      if (media.examples === undefined) return one(breaks, `answer ${status}`, media);
      const examples = Object.entries(media.examples);
      if (examples.length === 0) return [`refusal ${status} has no example: name its error in operation-errors.ts`];
      return examples.flatMap(([code, { value }]) =>
        breaks(media.schema, value).map((breach) => `refusal ${status} ${code}: ${breach}`),
      );
    });
  });
}

function one(breaks: Check, what: string, { schema, example }: OpenApiMedia): string[] {
  if (example === undefined) return [`${what} has no example`];
  return breaks(schema, example).map((breach) => `${what}: ${breach}`);
}

/** Every schema of the document, wherever it stands. */
export function schemasOf(document: OpenApiDocument): readonly JsonSchema[] {
  const inOperations = operationsOf(document).flatMap(({ operation }) => [
    ...operation.parameters.map(({ schema }) => schema),
    ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((holder) =>
      Object.values(holder?.content ?? {}).map(({ schema }) => schema),
    ),
  ]);
  return [
    ...Object.values(document.components.schemas),
    ...inOperations.map((schema) => resolveSchema(document, schema)),
  ];
}
