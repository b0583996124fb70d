import { describe, expect, test } from 'vitest';

import { signedUri, signV2, signV3 } from '../../sandbox/hubspot/webhooks/signature.ts';

const YS = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const EXAMPLE = {
  method: 'POST',
  uri: 'https://www.example.com/webhook_uri',
  body: "{'example_field':'example_value'}",
};

describe('the local HubSpot signs as HubSpot publishes', () => {
  test.each([
    [
      "a POST of HubSpot's own test suite",
      'f6e94c08-85d0-4608-bcc6-e1850176e7b8',
      { method: 'POST', uri: 'https://www.hubspot.com/webhook', body: 'REQUEST_BODY', timestampMs: 1632188626483 },
      'jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU=',
    ],
    [
      'a GET with appended parameters',
      '12345678-aaaa-bbbb-cccc-ddddeeeeffff',
      { method: 'GET', uri: 'https://hubspot.com/?appId=1&portalId=2&userId=3', body: '', timestampMs: 1111111111 },
      'zTfXjo07jfzGouo4wvyAj3qEMUTVJ0PPYPACrluQtQI=',
    ],
    [
      "the Python library's example",
      YS,
      { ...EXAMPLE, timestampMs: 1693657560000 },
      'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
    ],
    [
      "the Ruby library's example",
      YS,
      { ...EXAMPLE, timestampMs: 1700000300000 },
      'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=',
    ],
  ])('version 3 over %s', (_, secret, signed, expected) => {
    expect(signV3(secret, signed)).toBe(expected);
  });

  test('version 2 over the same POST', () => {
    const signed = { method: 'POST', uri: 'https://www.hubspot.com/webhook', body: 'REQUEST_BODY' };
    expect(signV2('f6e94c08-85d0-4608-bcc6-e1850176e7b8', signed)).toBe(
      '57bb01a6e6ac92919b5e715d68f40265328701bbf1cf3fd73772887069945766',
    );
  });

  test('version 3 signs the decoded address', () => {
    const signed = { method: 'GET', body: '', timestampMs: 1 };
    expect(signV3('s', { ...signed, uri: 'https://a.example.com/?userEmail=a%40b.example.com' })).toBe(
      signV3('s', { ...signed, uri: 'https://a.example.com/?userEmail=a@b.example.com' }),
    );
  });

  test('only the listed sequences of the address are decoded', () => {
    expect(signedUri('https://a.example.com/x?userEmail=a%40b.example.com&name=%20%26%3b')).toBe(
      'https://a.example.com/x?userEmail=a@b.example.com&name=%20%26;',
    );
  });
});
