import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** Opaque, with a hublet prefix, and longer than anybody's VARCHAR(255) wish. */
export const accessTokenText = (): string => `na1-${randomBytes(190).toString('base64url')}`;
export const refreshTokenText = (): string => `na1-${randomUUID().slice(0, 4)}-${randomUUID()}`;
export const codeText = (): string => `na1-${randomUUID().slice(0, 4)}-${randomUUID()}`;

export function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

export function sameText(one: string, two: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(two)];
  return left.length === right.length && timingSafeEqual(left, right);
}
