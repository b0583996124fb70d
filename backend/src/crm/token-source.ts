import type { Clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { CrmAuthorizationRevoked, CrmRateLimited, CrmUnavailable } from './errors.ts';
import type { CrmAccount, TokenSource } from './port.ts';
import type { StoredTokens, TokenVault } from './token-vault.ts';

export type TokenSourceInput = {
  readonly vault: TokenVault;
  /** Gets new tokens for a claimed connection out of its present ones and stores them, in its CRM's own way. */
  readonly renew: (account: CrmAccount, claim: RenewalClaim) => Promise<StoredTokens>;
  readonly clock: Clock;
  readonly sleep?: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1; spreads refreshes so that connections installed together do not refresh together. */
  readonly random?: () => number;
  /** Told of every refresh that failed, also when the old token still served. */
  readonly onRefreshFailure?: (account: CrmAccount, error: unknown) => void;
};

export type RenewalClaim = {
  readonly tokens: StoredTokens;
  /** Who holds the lease. */
  readonly holder: string;
};

/** Access tokens, and what is kept beside them. */
export type GrantSource = TokenSource & {
  /** As last read, at most half a minute ago; raises `CrmAuthorizationRevoked` when there are none. */
  grant(account: CrmAccount): Promise<StoredTokens>;
};

/** What this process remembers of one connection. */
type Memory = {
  tokens: StoredTokens | null;
  readAtMs: number;
  refreshAtMs: number;
  /** The token the CRM refused last. */
  discarded: string | null;
  /** The token that came in place of a refused one, and how many such were refused in their turn, one after the other. */
  replacement: string | null;
  /** How many calls it was given to: whoever is given it a second time knows that the first was not refused. */
  uses: number;
  refusals: number;
  loading: Promise<StoredTokens> | null;
  refreshing: Promise<StoredTokens> | null;
  /** No new refresh before `untilMs`: the last one failed, or another process is at it. */
  pause: { readonly untilMs: number; readonly error: Error | null } | null;
};

const REFRESH_AT = 0.8;
/** Small enough that an account which is only polled, every five minutes, meets it within each life of half an hour. */
const REFRESH_SPREAD = 0.03;
const MIN_VALID_MS = 10_000;
const CACHE_MS = 30_000;
const LEASE_MS = 60_000;
const POLL_MS = 100;
const MAX_POLLS = 120;
const OTHERS_REFRESH_PAUSE_MS = 2_000;
const FAILURE_PAUSE_MS = 5_000;
/** A token that was taken this long was a good one. */
const PROVEN_AFTER_MS = 60_000;
const FIRST_REFUSAL_PAUSE_MS = 60_000;
const LONGEST_REFUSAL_PAUSE_MS = 15 * 60_000;

/**
 * Access tokens of connections. Refreshes between 80 and 83 % of a token's life, once per process (shared
 * promise) and once across processes (the vault's lease); while that goes on, a token that is still valid serves.
 * `accessToken` raises `CrmAuthorizationRevoked`, `CrmMisconfigured`, `CrmRateLimited` or `CrmUnavailable`.
 */
export function createTokenSource(input: TokenSourceInput): GrantSource {
  const source = new SharedTokens(input);
  return {
    accessToken: (account) => source.accessToken(account),
    discard: (account, accessToken) => source.discard(account, accessToken),
    grant: (account) => source.grant(account),
  };
}

class SharedTokens {
  readonly #input: TokenSourceInput;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #random: () => number;
  readonly #holder = newId('prc');
  readonly #memories = new Map<string, Memory>();

  constructor(input: TokenSourceInput) {
    this.#input = input;
    this.#sleep = input.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    this.#random = input.random ?? Math.random;
  }

  async accessToken(account: CrmAccount): Promise<string> {
    const memory = this.#memoryOf(account);
    const accessToken = await this.#handedOut(account, memory);
    if (accessToken === memory.replacement) memory.uses += 1;
    return accessToken;
  }

  async #handedOut(account: CrmAccount, memory: Memory): Promise<string> {
    const tokens = await this.#current(account, memory);
    if (!this.#usable(memory, tokens)) return (await this.#refreshed(account, memory)).accessToken;
    if (!this.#mayRefreshAhead(memory)) return tokens.accessToken;
    try {
      return (await this.#refreshed(account, memory)).accessToken;
    } catch (error) {
      if (error instanceof CrmAuthorizationRevoked) throw error;
      return tokens.accessToken;
    }
  }

  grant(account: CrmAccount): Promise<StoredTokens> {
    return this.#current(account, this.#memoryOf(account));
  }

  async discard(account: CrmAccount, accessToken: string): Promise<void> {
    const memory = this.#memoryOf(account);
    // The late answer to a call that left before a refresh says nothing about the token that came of it.
    const { tokens, discarded } = memory;
    const isLate = tokens === null ? discarded !== null : tokens.accessToken !== accessToken;
    if (isLate || discarded === accessToken) return;
    const ageMs = this.#input.clock.now() - (tokens?.obtainedAtMs ?? 0);
    const isFresh = memory.replacement === accessToken && memory.uses <= 1 && ageMs < PROVEN_AFTER_MS;
    memory.refusals = isFresh ? memory.refusals + 1 : 0;
    memory.discarded = accessToken;
    memory.tokens = null;
    if (isFresh) await this.#pauseRenewals(account, memory);
  }

  /** New tokens help nothing where new tokens are refused: each one in a row is waited for twice as long, by everybody. */
  async #pauseRenewals(account: CrmAccount, memory: Memory): Promise<void> {
    const nowMs = this.#input.clock.now();
    const untilMs = nowMs + Math.min(LONGEST_REFUSAL_PAUSE_MS, FIRST_REFUSAL_PAUSE_MS * 2 ** (memory.refusals - 1));
    const error = new CrmUnavailable('The CRM refuses access tokens that it has just issued.', untilMs);
    memory.pause = { untilMs, error };
    const lease = { holder: this.#holder, untilMs: nowMs + LEASE_MS };
    if (await this.#input.vault.claimRefresh(account, lease).catch(() => false))
      await this.#input.vault.releaseRefresh(account, this.#holder, untilMs);
  }

  #memoryOf(account: CrmAccount): Memory {
    const known = this.#memories.get(account.connectionId);
    if (known !== undefined) return known;
    const memory: Memory = {
      tokens: null,
      readAtMs: 0,
      refreshAtMs: 0,
      discarded: null,
      replacement: null,
      uses: 0,
      refusals: 0,
      loading: null,
      refreshing: null,
      pause: null,
    };
    this.#memories.set(account.connectionId, memory);
    return memory;
  }

  async #current(account: CrmAccount, memory: Memory): Promise<StoredTokens> {
    const nowMs = this.#input.clock.now();
    if (memory.tokens !== null && nowMs - memory.readAtMs < CACHE_MS) return memory.tokens;
    memory.loading ??= this.#load(account, memory).finally(() => (memory.loading = null));
    return memory.loading;
  }

  async #load(account: CrmAccount, memory: Memory): Promise<StoredTokens> {
    const tokens = await this.#input.vault.load(account);
    if (tokens === null) {
      this.#memories.delete(account.connectionId);
      throw new CrmAuthorizationRevoked('This connection has no valid authorization.');
    }
    return this.#remember(memory, tokens);
  }

  #remember(memory: Memory, tokens: StoredTokens): StoredTokens {
    if (memory.tokens?.accessToken !== tokens.accessToken) {
      const share = REFRESH_AT + this.#random() * REFRESH_SPREAD;
      memory.refreshAtMs = tokens.obtainedAtMs + (tokens.expiresAtMs - tokens.obtainedAtMs) * share;
    }
    memory.tokens = tokens;
    memory.readAtMs = this.#input.clock.now();
    return tokens;
  }

  #usable(memory: Memory, tokens: StoredTokens): boolean {
    return tokens.accessToken !== memory.discarded && this.#input.clock.now() + MIN_VALID_MS < tokens.expiresAtMs;
  }

  #mayRefreshAhead(memory: Memory): boolean {
    const nowMs = this.#input.clock.now();
    return nowMs >= memory.refreshAtMs && memory.refreshing === null && nowMs >= (memory.pause?.untilMs ?? 0);
  }

  #refreshed(account: CrmAccount, memory: Memory): Promise<StoredTokens> {
    if (memory.refreshing !== null) return memory.refreshing;
    const { pause } = memory;
    if (pause !== null && pause.error !== null && this.#input.clock.now() < pause.untilMs) throw pause.error;
    memory.pause = null;
    memory.refreshing = this.#refresh(account, memory)
      .catch((error: unknown) => this.#failed(account, memory, error))
      .finally(() => (memory.refreshing = null));
    return memory.refreshing;
  }

  #failed(account: CrmAccount, memory: Memory, cause: unknown): never {
    const error = cause instanceof Error ? cause : new CrmUnavailable('A token refresh failed.', null, cause);
    this.#input.onRefreshFailure?.(account, error);
    if (error instanceof CrmAuthorizationRevoked) this.#memories.delete(account.connectionId);
    memory.pause = { untilMs: this.#waitAfter(error) ?? this.#pauseEnd(), error };
    throw error;
  }

  /** When the CRM accepts no call at the moment, no other process is to find that out for itself. */
  #waitAfter(error: unknown): number | null {
    if (error instanceof CrmRateLimited) return error.retryAtMs;
    return error instanceof CrmUnavailable ? (error.retryAtMs ?? this.#pauseEnd()) : null;
  }

  #pauseEnd(): number {
    return this.#input.clock.now() + FAILURE_PAUSE_MS * (0.5 + this.#random() / 2);
  }

  async #refresh(account: CrmAccount, memory: Memory): Promise<StoredTokens> {
    for (let poll = 0; poll < MAX_POLLS; poll += 1) {
      const untilMs = this.#input.clock.now() + LEASE_MS;
      const claimed = await this.#input.vault.claimRefresh(account, { holder: this.#holder, untilMs });
      if (claimed) return this.#refreshClaimed(account, memory);
      const latest = await this.#load(account, memory);
      if (this.#usable(memory, latest)) {
        memory.pause = { untilMs: this.#input.clock.now() + OTHERS_REFRESH_PAUSE_MS, error: null };
        return latest;
      }
      await this.#sleep(POLL_MS * (1 + this.#random()));
    }
    throw new CrmUnavailable('Another process has been refreshing this connection’s token for too long.');
  }

  async #refreshClaimed(account: CrmAccount, memory: Memory): Promise<StoredTokens> {
    const { vault, renew, clock } = this.#input;
    let notBeforeMs: number | undefined;
    try {
      const latest = await this.#load(account, memory);
      if (this.#usable(memory, latest) && clock.now() < memory.refreshAtMs) return latest;
      const renewed = await renew(account, { tokens: latest, holder: this.#holder });
      memory.replacement = latest.accessToken === memory.discarded ? renewed.accessToken : null;
      memory.uses = 0;
      return this.#remember(memory, renewed);
    } catch (error) {
      notBeforeMs = this.#waitAfter(error) ?? undefined;
      throw error;
    } finally {
      await vault.releaseRefresh(account, this.#holder, notBeforeMs);
    }
  }
}
