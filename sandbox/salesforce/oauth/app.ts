/** An external client app, as its developer set it up. */
export interface App {
  clientId: string;
  clientSecret: string;
  redirectUris: readonly string[];
  name: string;
  scopes: readonly string[];
  /** PEM certificate or public key, for JWT bearer */
  certificate: string | null;
  refreshTokenRotation: boolean;
  /** a refresh token that nobody uses for so long is dead */
  refreshTokenIdleMs: number;
}

export interface Code {
  code: string;
  clientId: string;
  redirectUri: string;
  orgId: string;
  userId: string;
  scopes: readonly string[];
  codeChallenge: string;
  expiresAtMs: number;
  used: boolean;
}
