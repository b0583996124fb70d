import { describe, expect, it } from 'vitest';
import { createSeal, SealBroken } from '../../backend/src/workspaces/seal.ts';

const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');
const PLAIN = '{"refreshToken":"na1-secret-öäü"}';
const ROW = 'con_1';

/** The sealed text with one bit of its payload turned. */
function turned(sealed: string, byte: number): string {
  const [version, keyId, payload = ''] = sealed.split('.');
  const bytes = Buffer.from(payload, 'base64url');
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  return [version, keyId, bytes.toString('base64url')].join('.');
}

describe('a sealed secret', () => {
  it('opens to what was sealed, shows nothing of it, and never looks the same twice', () => {
    const seal = createSeal([NEW_KEY]);
    const first = seal.seal(PLAIN, ROW);
    const second = seal.seal(PLAIN, ROW);
    expect(seal.open(first, ROW)).toBe(PLAIN);
    expect(first).not.toBe(second);
    expect(first).not.toContain('secret');
    expect(Buffer.from(first.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('secret');
    expect(first).not.toContain(NEW_KEY);
  });

  it('of an empty text and of a long one opens as well', () => {
    const seal = createSeal([NEW_KEY]);
    for (const plain of ['', 'x'.repeat(100_000)]) expect(seal.open(seal.seal(plain, ROW), ROW)).toBe(plain);
  });

  it('opens under a key that moved back in the list, while new ones are sealed by the first', () => {
    const before = createSeal([OLD_KEY]);
    const rotated = createSeal([NEW_KEY, OLD_KEY]);
    const after = createSeal([NEW_KEY]);
    const old = before.seal(PLAIN, ROW);
    expect(rotated.open(old, ROW)).toBe(PLAIN);
    expect(after.open(rotated.seal(PLAIN, ROW), ROW)).toBe(PLAIN);
    expect(() => before.open(rotated.seal(PLAIN, ROW), ROW)).toThrow(SealBroken);
    expect(() => after.open(old, ROW)).toThrow(SealBroken);
  });

  it('of an unknown key says which setting to mend, and nothing of the text', () => {
    const sealed = createSeal([OLD_KEY]).seal(PLAIN, ROW);
    try {
      createSeal([NEW_KEY]).open(sealed, ROW);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SealBroken);
      expect((error as SealBroken).details.remedy).toContain('SECRET_KEYS');
      expect(String(error)).not.toContain(sealed.split('.')[2]);
    }
  });

  it('does not open in another row than its own', () => {
    const seal = createSeal([NEW_KEY]);
    const sealed = seal.seal(PLAIN, ROW);
    for (const other of ['con_2', '', 'con_1 ', 'CON_1']) expect(() => seal.open(sealed, other)).toThrow(SealBroken);
  });

  it('does not open when a single bit of it was turned, wherever', () => {
    const seal = createSeal([NEW_KEY]);
    const sealed = seal.seal(PLAIN, ROW);
    const length = Buffer.from(sealed.split('.')[2] ?? '', 'base64url').length;
    for (let byte = 0; byte < length; byte += 1) {
      expect(() => seal.open(turned(sealed, byte), ROW), `byte ${String(byte)}`).toThrow(SealBroken);
    }
  });

  it('does not open with a shortened tag, which would be easier to guess', () => {
    const seal = createSeal([NEW_KEY]);
    const [, keyId = '', payload = ''] = seal.seal('', ROW).split('.');
    const bytes = Buffer.from(payload, 'base64url');
    for (const tagBytes of [4, 8, 12, 13, 14, 15]) {
      const short = bytes.subarray(0, 12 + tagBytes).toString('base64url');
      expect(() => seal.open(`v1.${keyId}.${short}`, ROW), `${String(tagBytes)} bytes`).toThrow(SealBroken);
    }
  });

  it('does not open cut short, under another version or as something else altogether', () => {
    const seal = createSeal([NEW_KEY]);
    const sealed = seal.seal(PLAIN, ROW);
    const [, keyId = '', payload = ''] = sealed.split('.');
    const cut = Buffer.from(payload, 'base64url');
    const broken = [
      ...[0, 1, 11, 12, 20, 27, 28, cut.length - 1].map(
        (length) => `v1.${keyId}.${cut.subarray(0, length).toString('base64url')}`,
      ),
      `v2.${keyId}.${payload}`,
      `v1.${keyId}`,
      payload,
      PLAIN,
      '',
      '..',
    ];
    for (const text of broken) expect(() => seal.open(text, ROW), text).toThrow(SealBroken);
  });
});

describe('a secret key', () => {
  it('must be 32 bytes of base64, and there must be one', () => {
    for (const key of ['', 'short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')]) {
      expect(() => createSeal([key]), key).toThrow(RangeError);
      expect(() => createSeal([NEW_KEY, key]), key).toThrow(RangeError);
    }
    expect(() => createSeal([])).toThrow(RangeError);
  });
});
