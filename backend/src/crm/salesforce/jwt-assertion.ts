import jwt from 'jsonwebtoken';
import { CrmMisconfigured } from '../errors.ts';

export type AssertionInput = {
  readonly clientId: string;
  readonly username: string;
  readonly audience: string;
  /** PEM. */
  readonly privateKey: string;
  readonly nowMs: number;
};

/** Salesforce takes none that lives longer. */
const LIFE_S = 180;

/** Says, signed, that our app speaks for this user for three minutes (RFC 7523). */
export function signAssertion({ clientId, username, audience, privateKey, nowMs }: AssertionInput): string {
  const claims = { iss: clientId, sub: username, aud: audience, exp: Math.floor(nowMs / 1000) + LIFE_S };
  try {
    return jwt.sign(claims, privateKey, { algorithm: 'RS256', noTimestamp: true });
  } catch (cause) {
    throw new CrmMisconfigured('SALESFORCE_JWT_PRIVATE_KEY cannot sign.', {}, cause);
  }
}
