import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { operationsOf } from '../../backend/src/http/openapi/document.ts';
import { postmanCollection, type PostmanItem } from '../../backend/src/http/reference/postman-collection.ts';
import { postmanFile } from '../../scripts/postman.ts';
import { POSTMAN_STRUCTURE } from './postman-structure.ts';

const document = openApiDocument('https://refer.example.com');
const collection = postmanCollection(document);
const items = collection.item.flatMap(({ item }) => item);
const operations = operationsOf(document);

/** As the document writes it: `POST /api/v1/programs/{programId}`. */
function addressOf({ request: { method, url } }: PostmanItem): string {
  return `${method} /${url.path.map((part) => part.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}

const addresses = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

test('docs/passalong.postman_collection.json is what the contracts make (scripts/postman.ts --write makes it) (SG-37)', async () => {
  const file = join(resolve(import.meta.dirname, '../..'), 'docs/passalong.postman_collection.json');
  expect(readFileSync(file, 'utf8') === (await postmanFile())).toBe(true);
});

test('the collection has the form Postman imports, version 2.1 (SG-37)', () => {
  const validate = new Ajv2020({ strict: false }).compile(POSTMAN_STRUCTURE);
  expect(validate(JSON.parse(JSON.stringify(collection))) || validate.errors).toBe(true);
  expect(validate({ ...collection, info: { name: 'x' } })).toBe(false);
});

test('every request of the collection is an operation, and every operation of the API is a request (SG-37)', () => {
  expect(addresses).toEqual(expect.arrayContaining(items.map(addressOf)));
  const wanted = addresses.filter((address) => / (\/api\/v1\/.*|\/health|\/ready)$/.test(address));
  expect(items.map(addressOf).sort()).toEqual(wanted.sort());
  expect(wanted.length).toBeGreaterThan(20);
});

test('folders are the tags, in the document’s order, and ids are the same for every deployment (SG-37)', () => {
  const tags = document.tags.map(({ name }) => name);
  const folders = collection.item.map(({ name }) => name);
  expect(folders).toEqual(tags.filter((tag) => folders.includes(tag)));
  const idsOf = ({ item }: typeof collection): string[] =>
    item.flatMap((folder) => [
      folder.id,
      ...folder.item.flatMap(({ id, response }) => [id, ...response.map((r) => r.id)]),
    ]);
  expect(idsOf(postmanCollection(openApiDocument('https://other.example.com')))).toEqual(idsOf(collection));
  expect(new Set(idsOf(collection)).size).toBe(idsOf(collection).length);
});

test('the base address is the deployment’s, and no key is in it (SG-37)', () => {
  const values = Object.fromEntries(collection.variable.map(({ key, value }) => [key, value]));
  expect(values).toEqual({ baseUrl: 'https://refer.example.com', apiKey: '' });
  expect(collection.auth.bearer).toEqual([{ key: 'token', value: '{{apiKey}}', type: 'string' }]);
});

describe.each(items.map((item) => ({ address: addressOf(item), item })))('$address (SG-37)', ({ address, item }) => {
  const { operation } = operations[addresses.indexOf(address)] ?? {};
  const { request, response } = item;
  const { url } = request;

  test('fills in what the path needs, and leaves to choice what is optional', () => {
    const named = (place: string): string[] =>
      (operation?.parameters ?? []).filter((parameter) => parameter.in === place).map(({ name }) => name);
    expect((url.variable ?? []).map(({ key }) => key)).toEqual(named('path'));
    expect((url.query ?? []).map(({ key }) => key)).toEqual(named('query'));
    for (const { key, value } of [...(url.variable ?? []), ...(url.query ?? [])])
      expect([key, value]).not.toContain('');
    for (const { key, disabled } of url.query ?? []) {
      expect(disabled).toBe(!operation?.parameters.find(({ name }) => name === key)?.required);
    }
    const sent = (url.query ?? []).filter(({ disabled }) => !disabled);
    expect(url.raw.split('?')[0]).toBe(['{{baseUrl}}', ...url.path].join('/'));
    expect(url.raw.includes('?')).toBe(sent.length > 0);
  });

  test('sends the key where it is asked for, and a fresh idempotency key with every write that takes one', () => {
    expect(request.auth).toEqual(address.includes('/api/v1/') ? undefined : { type: 'noauth' });
    const key = request.header.find((header) => header.key === 'Idempotency-Key')?.value;
    const takesNone = request.method === 'GET' || address === 'POST /api/v1/connections/join-links';
    expect(key).toBe(takesNone ? undefined : '{{$guid}}');
  });

  test('carries the example body, and the answers as saved examples', () => {
    const body = operation?.requestBody?.content['application/json']?.example;
    expect(request.body === undefined ? undefined : JSON.parse(request.body.raw)).toEqual(body);
    const codes = response.map(({ code }) => code);
    const answers = Object.entries(operation?.responses ?? {}).filter(([status]) => Number(status) < 300);
    expect(codes).toEqual(expect.arrayContaining(answers.map(([status]) => Number(status))));
    for (const { body: saved, originalRequest } of response) {
      expect(() => JSON.parse(saved) as unknown).not.toThrow();
      expect(originalRequest).toEqual(request);
    }
  });
});
