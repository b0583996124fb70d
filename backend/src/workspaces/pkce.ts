import { createHash, randomBytes } from 'node:crypto';

/** A PKCE verifier: 64 characters of base64url out of 48 random bytes. Kept with the `state`, sent with the code. */
export function createCodeVerifier(): string {
  return randomBytes(48).toString('base64url');
}

/** The S256 challenge of a verifier (RFC 7636). */
export function codeChallengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
