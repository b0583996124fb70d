import type { Clock } from '../../../backend/src/clock.ts';
import { CrmRateLimited } from '../../../backend/src/crm/errors.ts';
import {
  areSameTokens,
  type RefreshLease,
  type StoredTokens,
  type TokenVault,
} from '../../../backend/src/crm/token-vault.ts';

export type MemoryVault = TokenVault & {
  /** What the row holds now; null once it is marked revoked. */
  tokens(): StoredTokens | null;
  replace(tokens: StoredTokens): void;
  readonly revocations: readonly string[];
  readonly loads: () => number;
  lease(): RefreshLease | null;
};

/** One connection's row, shared by every "process" of a test; each call takes a turn of the event loop. */
export function memoryVault(clock: Clock, initial: StoredTokens): MemoryVault {
  let tokens: StoredTokens | null = initial;
  let lease: RefreshLease | null = null;
  let loads = 0;
  let notBeforeMs = 0;
  const revocations: string[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    tokens: () => tokens,
    replace: (next) => {
      tokens = next;
    },
    revocations,
    loads: () => loads,
    lease: () => lease,
    async load() {
      loads += 1;
      await turn();
      return tokens;
    },
    async claimRefresh(_account, wanted) {
      await turn();
      if (notBeforeMs > clock.now()) throw new CrmRateLimited(notBeforeMs);
      if (lease !== null && lease.untilMs > clock.now()) return false;
      lease = wanted;
      return true;
    },
    async releaseRefresh(_account, holder, untilMs = 0) {
      await turn();
      if (lease?.holder !== holder) return;
      lease = null;
      notBeforeMs = untilMs;
    },
    async storeRenewed(_account, renewal) {
      await turn();
      const held = tokens;
      if (held === null || ![renewal.from, renewal.tokens].some((known) => areSameTokens(held, known))) return false;
      tokens = renewal.tokens;
      if (lease?.holder === renewal.holder) lease = null;
      return true;
    },
    async store(_account, next) {
      await turn();
      if (tokens === null || next.obtainedAtMs >= tokens.obtainedAtMs) tokens = next;
    },
    async markRevoked(_account, { refreshToken, reason }) {
      await turn();
      if (tokens?.refreshToken !== refreshToken) return;
      tokens = null;
      revocations.push(reason);
    },
  };
}
