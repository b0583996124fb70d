import { randomFillSync } from 'node:crypto';

/** Kinds of our own ids; the prefix makes a stray id in a log or a ticket recognisable. */
export type IdPrefix =
  | 'ws'
  | 'con'
  | 'prg'
  | 'adv'
  | 'ref'
  | 'rwd'
  | 'rwr'
  | 'ent'
  | 'per'
  | 'key'
  | 'out'
  | 'rev'
  | 'rul'
  | 'enr'
  | 'prc'
  | 'jnl';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new id such as `ref_1f0k…`: 20 characters of base 36, about 100 bits, so unguessable and unique without asking. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomText(20, ALPHABET)}`;
}

/**
 * Uniform text over an alphabet of at most 256 characters (rejection sampling, so no letter is likelier).
 */
export function randomText(length: number, alphabet: string): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    const byte = randomByte();
    if (byte < limit) text += alphabet.charAt(byte % alphabet.length);
  }
  return text;
}

/** Asked for by the page: one question for each id costs as much as everything else about it. */
const RANDOM = Buffer.alloc(4096);
let used = RANDOM.length;

function randomByte(): number {
  if (used === RANDOM.length) {
    randomFillSync(RANDOM);
    used = 0;
  }
  const byte = RANDOM[used] ?? 0;
  // Nobody finds later what became an id or a code.
  RANDOM[used] = 0;
  used += 1;
  return byte;
}
