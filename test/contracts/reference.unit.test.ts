import { expect, test } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { operationsOf } from '../../backend/src/http/openapi/document.ts';
import { refusalsOf } from '../../backend/src/http/reference/errors-table.ts';
import { escapeHtml } from '../../backend/src/http/html-page.ts';
import { referencePage } from '../../backend/src/http/reference/page.ts';
import { prettyJson } from '../../backend/src/http/reference/sample.ts';
import type { Endpoint } from '../../shared/contracts/endpoint.ts';

const document = openApiDocument('https://refer.example.com');
const page = referencePage(document);
const idsOf = (text: string): string[] => [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);

test('every operation is there with its method, path, parameters, fields and errors (SG-37)', () => {
  for (const { method, path, operation } of operationsOf(document)) {
    const [, article = ''] =
      new RegExp(`<article id="${operation.operationId}"([\\s\\S]*?)</article>`).exec(page) ?? [];
    const words = article.replace(/<[^>]+>/g, '');
    expect(words).toContain(escapeHtml(operation.summary));
    expect(article).toContain(`class="method ${method}"`);
    expect(words).toContain(path);
    for (const { name } of operation.parameters) expect(article).toContain(`<code class="name">${name}</code>`);
    for (const { code } of refusalsOf(operation)) expect(words).toContain(code);
    const { properties } = operation.requestBody?.content['application/json']?.schema ?? {};
    for (const name of Object.keys(properties ?? {})) expect(article).toContain(`<code class="name">${name}</code>`);
  }
});

test('every address inside the page leads somewhere, and ids are unique (SG-37)', () => {
  const ids = idsOf(page);
  expect(ids.length).toBeGreaterThan(60);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(100);
  expect(targets.filter((target) => !ids.includes(target ?? ''))).toEqual([]);
});

test('headings go down one level at a time, below one first heading (SG-37)', () => {
  const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.forEach((level, index) => expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1));
});

test('nothing comes from elsewhere and nothing runs (SG-37)', () => {
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i);
  const outward = [...page.matchAll(/(?:href|src)="([^#"][^"]*)"/g)].map(([, target]) => target);
  expect([...new Set(outward)].sort()).toEqual(['/openapi.json', '/postman.json']);
});

test('whatever a contract says stays text (SG-37)', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&`</code></pre><script>';
  const endpoint: Endpoint = {
    operationId: 'hostile',
    method: 'post',
    path: '/api/v1/things/:thing',
    tag: hostile,
    summary: hostile,
    description: hostile,
    auth: 'apiKey',
    params: z.strictObject({ thing: z.string().meta({ description: hostile, examples: [hostile] }) }),
    query: z.strictObject({ kind: z.enum([hostile]).default(hostile) }),
    body: z.strictObject({ [hostile]: z.literal(hostile).meta({ description: hostile, examples: [hostile] }) }),
    bodyExample: { [hostile]: hostile },
    answers: {
      200: { description: hostile, schema: z.strictObject({ [hostile]: z.string() }), example: { [hostile]: hostile } },
      202: { description: hostile, contentType: 'text/plain', example: hostile },
    },
  };
  const text = referencePage(openApiDocument(`https://refer.example.com/${hostile}`, [endpoint]));
  expect(text).not.toMatch(/<img|<script/);
  expect(text.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(15);
});

test('examples are the same JSON, only laid out to be read (SG-37)', () => {
  for (const { operation } of operationsOf(document)) {
    for (const { content = {} } of Object.values(operation.responses)) {
      for (const { example } of Object.values(content)) {
        if (example !== undefined) expect(JSON.parse(prettyJson(example))).toEqual(JSON.parse(JSON.stringify(example)));
      }
    }
  }
});
