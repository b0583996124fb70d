import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** Sealed text cannot be opened: the key that sealed it is not in SECRET_KEYS any more, or the text was changed. */
export class SealBroken extends PassalongError {
  readonly details: ErrorDetails = {
    code: 'seal_broken',
    status: 500,
    retry: 'never',
    remedy: 'Put the key that sealed the secret back into SECRET_KEYS (any position but the first), then start again.',
  };
}

export type Seal = {
  /** AES-256-GCM under the first key; `context` is bound in, so that a sealed secret cannot be moved to another row. */
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
};

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * @param secretKeys base64 keys of 32 bytes; the first seals, all open, so keys rotate by putting a new one in front.
 */
export function createSeal(secretKeys: readonly string[]): Seal {
  const keys = secretKeys.map((text) => {
    const key = Buffer.from(text, 'base64');
    if (key.length !== KEY_BYTES) throw new RangeError(`a secret key must be ${KEY_BYTES} bytes of base64`);
    return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
  });
  const sealing = keys[0];
  if (!sealing) throw new RangeError('at least one secret key is needed');
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing.key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `v1.${sealing.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed, context) {
      const [version, keyId, payload] = sealed.split('.');
      const key = keys.find((candidate) => candidate.id === keyId)?.key;
      if (version !== 'v1' || !payload || !key) throw new SealBroken('The key that sealed this secret is not known.');
      try {
        const bytes = Buffer.from(payload, 'base64url');
        const nonce = bytes.subarray(0, NONCE_BYTES);
        // Without the length, a tag cut down to four bytes would pass for a whole one.
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new SealBroken('The sealed secret was changed or moved.', {}, cause);
      }
    },
  };
}
