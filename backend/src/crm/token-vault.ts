import type { CrmAccount } from './port.ts';

/** What is kept, sealed, for one connection. Times are milliseconds on the service's clock. */
export type StoredTokens = {
  readonly accessToken: string;
  /** Null where we prove ourselves with a certificate each time, and nothing has to be kept. */
  readonly refreshToken: string | null;
  /** The client id the grant was issued to. Kept with the tokens, it tells a wrong configuration from a revoked grant. */
  readonly clientId?: string;
  /** Where the account's API is, where each account has an address of its own. */
  readonly instanceUrl?: string;
  /** Where its people sign in, and so where its tokens are renewed. */
  readonly loginUrl?: string;
  /** How new access tokens are got. (Default: refresh) */
  readonly mode?: 'refresh' | 'jwt';
  /** Whom the certificate speaks for. */
  readonly username?: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
};

/** Whether both came of the same answer of the CRM. Where nothing is kept to renew with, only all of it together says so. */
export function areSameTokens(one: StoredTokens, other: StoredTokens): boolean {
  return (
    one.refreshToken === other.refreshToken &&
    one.accessToken === other.accessToken &&
    (one.mode ?? 'refresh') === (other.mode ?? 'refresh') &&
    one.username === other.username &&
    one.obtainedAtMs === other.obtainedAtMs
  );
}

export type RefreshLease = {
  /** Names this process; a lease is given back only by the one who holds it. */
  readonly holder: string;
  /** After this time anybody may take the lease: its holder has died. */
  readonly untilMs: number;
};

/** Tokens that come of others. */
export type Renewal = { readonly tokens: StoredTokens; readonly from: StoredTokens; readonly holder: string };

/** Where tokens live, shared by every process. Implemented over the database. */
export type TokenVault = {
  /** Null when there is nothing to call with: never connected, disconnected, or marked revoked. */
  load(account: CrmAccount): Promise<StoredTokens | null>;
  /**
   * True for exactly one caller until it releases the lease or the lease runs out. One conditional update of a row.
   * Raises `CrmRateLimited` while the last holder asked for patience.
   */
  claimRefresh(account: CrmAccount, lease: RefreshLease): Promise<boolean>;
  /** Does nothing when the lease is not this holder's. With `notBeforeMs`, nobody gets it before then. */
  releaseRefresh(account: CrmAccount, holder: string, notBeforeMs?: number): Promise<void>;
  /** Keeps what has the later `obtainedAtMs`: a refresh that outlived its lease must not undo a newer one. */
  store(account: CrmAccount, tokens: StoredTokens): Promise<void>;
  /**
   * For refresh tokens that work once: in one transaction the new tokens are kept and the lease is given back. False, and
   * nothing is changed, when the row no longer holds the tokens these came of: somebody connected again, or ended the
   * connection. Safe to repeat when it is not known whether it was done.
   */
  storeRenewed(account: CrmAccount, renewal: Renewal): Promise<boolean>;
  /**
   * The CRM said that the grant of these tokens is dead. Marks the connection and keeps the sealed tokens; does nothing
   * when the connection holds another grant by now, because somebody has connected again.
   */
  markRevoked(
    account: CrmAccount,
    input: {
      readonly refreshToken: string | null;
      /** Tells the grants apart that keep no refresh token. (Default: any) */
      readonly accessToken?: string;
      readonly reason: string;
    },
  ): Promise<void>;
};
