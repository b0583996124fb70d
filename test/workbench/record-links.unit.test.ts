import { expect, test } from 'vitest';

const source = '../../sandbox/workbench/browser/record/links.js';
const { localRecord } = (await import(source)) as { localRecord(href: string, portalId: number): string | null };

test.each([
  ['https://app.hubspot.com/contacts/101/record/0-1/7', '/workbench/record/0-1/7'],
  ['https://app-eu1.hubspot.com/contacts/101/record/0-3/7?eschref=x#top', '/workbench/record/0-3/7'],
  ['http://127.0.0.1:4000/contacts/101/record/0-2/7', '/workbench/record/0-2/7'],
  ['https://app.hubspot.com/contacts/102/record/0-1/7', null],
  ['https://app.hubspot.com/contacts/101/record/0-9/7', null],
  ['https://app.hubspot.com.evil.example/contacts/101/record/0-1/7', null],
  ['https://evil.example/?https://app.hubspot.com/contacts/101/record/0-1/7', null],
  ['https://passalong.example.com/r/ada1', null],
])('%s leads to %s', (href, local) => {
  expect(localRecord(href, 101)).toBe(local);
});
