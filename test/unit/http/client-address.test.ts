import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { addressGroup, clientAddress } from '../../../backend/src/http/public/client-address.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', null],
  ['_hidden', null],
  ['', null],
  ['1.2.3.4.5', null],
])('%s counts as %s', (address, expected) => {
  expect(addressGroup(address)).toBe(expected);
});

function from(remoteAddress: string, forwarded?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
}

test.each([
  [0, '198.51.100.1', '10.0.0.1'],
  [1, '198.51.100.1', '198.51.100.1'],
  [1, 'forged, 198.51.100.1', '198.51.100.1'],
  [2, '203.0.113.66, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  [3, '198.51.100.1', '198.51.100.1'],
  [1, 'nonsense', '10.0.0.1'],
  [1, undefined, '10.0.0.1'],
])('with %i proxies and X-Forwarded-For “%s”, the visitor is %s', (hops, forwarded, expected) => {
  expect(clientAddress(from('10.0.0.1', forwarded), hops)).toBe(expected);
});
