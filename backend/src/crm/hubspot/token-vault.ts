import type { CrmAccount } from '../port.ts';

/** What is kept, sealed, for one connection. Times are milliseconds on the service's clock. */
export type StoredTokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The client id the grant was issued to. Kept with the tokens, it tells a wrong configuration from a revoked grant. */
  readonly clientId?: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
};

export type RefreshLease = {
  /** Names this process; a lease is given back only by the one who holds it. */
  readonly holder: string;
  /** After this time anybody may take the lease: its holder has died. */
  readonly untilMs: number;
};

/** Where tokens live, shared by every process. Implemented over the database. */
export type TokenVault = {
  /** Null when there is nothing to call with: never connected, disconnected, or marked revoked. */
  load(account: CrmAccount): Promise<StoredTokens | null>;
  /** True for exactly one caller until it releases the lease or the lease runs out. One conditional update of a row. */
  claimRefresh(account: CrmAccount, lease: RefreshLease): Promise<boolean>;
  /** Does nothing when the lease is not this holder's. */
  releaseRefresh(account: CrmAccount, holder: string): Promise<void>;
  /** Keeps what has the later `obtainedAtMs`: a refresh that outlived its lease must not undo a newer one. */
  store(account: CrmAccount, tokens: StoredTokens): Promise<void>;
  /**
   * HubSpot confirmed that this refresh token is dead. Marks the connection and keeps the sealed tokens; does nothing
   * when the connection holds another refresh token by now, because somebody has connected again.
   */
  markRevoked(account: CrmAccount, input: { readonly refreshToken: string; readonly reason: string }): Promise<void>;
};
