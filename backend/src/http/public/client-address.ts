import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whom tries are counted for: an IPv4 address, or the /64 of an IPv6 address, because a household or a rented machine
 * owns a whole /64. `trustedHops` proxies in front of us are believed, and each adds the address it was called from at
 * the end of X-Forwarded-For: what stands further left was written by the caller and is never read.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const peer = request.socket.remoteAddress ?? '';
  const header = request.headers['x-forwarded-for'];
  const forwarded = String(header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const chain = [peer, ...forwarded.reverse()];
  const chosen = chain[Math.min(trustedHops, chain.length - 1)] ?? peer;
  return addressGroup(chosen) ?? addressGroup(peer) ?? 'unknown';
}

/** `203.0.113.7`, `2001:db8:0:1::/64`; null for what is no address. Ports, brackets and zones are cut off. */
export function addressGroup(text: string): string | null {
  const bare = text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/%.*$/, '');
  const address = /^[\d.]+:\d+$/.test(bare) ? bare.replace(/:\d+$/, '') : bare;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const groups = expand(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [6, 7].map((at) => `${(groups[at] ?? 0) >> 8}.${(groups[at] ?? 0) & 255}`).join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of a valid IPv6 address. */
function expand(address: string): number[] {
  // The parser of web addresses writes an embedded IPv4 part as two groups.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const parse = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const first = parse(head);
  const last = tail === undefined ? [] : parse(tail);
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}
