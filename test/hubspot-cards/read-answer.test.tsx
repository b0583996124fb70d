import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../hubspot-app/src/app/cards/read-answer.ts';
import { REFUSED } from './sample-views.ts';

const isValue = (body: unknown): body is { kind: string } =>
  typeof body === 'object' && body !== null && 'kind' in body;
const read = (status: number, body: unknown) => readAnswer({ status, body, isValue });
const envelope = (status: unknown, responseBody: unknown) => ({
  category: 'BAD_GATEWAY',
  context: { appServerStatusCode: status },
  responseBody,
});

describe('an answer of the service', () => {
  test.each([
    [400, 'refused'],
    [401, 'refused'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [408, 'unavailable'],
    [409, 'refused'],
    [422, 'invalid'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [302, 'outdated'],
    [200, 'outdated'],
  ])('with status %i is %s, whether it comes directly or in the envelope of HubSpot’s proxy', (status, outcome) => {
    expect(read(status, null).outcome).toBe(outcome);
    expect(read(502, envelope([String(status)], null)).outcome).toBe(outcome);
    expect(read(502, envelope(String(status), null)).outcome).toBe(outcome);
  });

  test('an envelope without the service’s own status is an outage', () => {
    expect(read(502, envelope([], null)).outcome).toBe('unavailable');
    expect(read(502, { category: 'BAD_GATEWAY', context: {} }).outcome).toBe('unavailable');
  });

  test('E33 the reason of a refusal is read from inside the envelope, also where it is text', () => {
    const wanted = { outcome: 'forbidden', message: REFUSED.error.message, requestId: 'req_1' };
    expect(read(502, envelope(['403'], REFUSED))).toMatchObject(wanted);
    expect(read(502, envelope(['403'], JSON.stringify(REFUSED)))).toMatchObject(wanted);
  });

  test('a value is found directly and in an envelope of success', () => {
    const ok = { outcome: 'ok', value: { kind: 'x' } };
    expect(read(200, { kind: 'x' })).toEqual(ok);
    expect(read(200, { context: { appServerStatusCode: ['201'] }, responseBody: { kind: 'x' } })).toEqual(ok);
  });

  test.each([null, 'text', [], { error: 'no' }, { error: { message: 7, fields: 'x' } }, { error: { fields: [null] } }])(
    'a refusal of an unexpected shape (%j) still says what to do',
    (body) => {
      const answer = read(422, body);
      expect(answer).toMatchObject({ outcome: 'invalid', fields: [], requestId: null });
      expect(answer).toHaveProperty('remedy', 'Correct what is marked or named here, then send again.');
    },
  );
});

describe('what the cards are made of', () => {
  const root = join(import.meta.dirname, '../../hubspot-app/src/app/cards');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

  test('only api.ts calls out, so that every answer is read the same way', () => {
    const calling = sources.filter(({ text }) => text.includes('hubspot.fetch(')).map(({ name }) => name);
    expect(calling).toEqual(['api.ts']);
  });

  test('nothing experimental and no component that sidebars refuse is used', () => {
    expect(sources.length).toBeGreaterThan(20);
    const refused = sources.filter(({ text }) => /ui-extensions\/(experimental|hs-internal)|<Crm[A-Z]/.test(text));
    expect(refused.map(({ name }) => name)).toEqual([]);
  });
});
