import { CrmRateLimited } from '../crm/errors.ts';
import type { CrmAccount } from '../crm/port.ts';
import {
  areSameTokens,
  type RefreshLease,
  type Renewal,
  type StoredTokens,
  type TokenVault,
} from '../crm/token-vault.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { markBroken, type ConnectionStatus } from './connections-store.ts';
import type { Seal } from './seal.ts';

/** What is sealed. The times stand beside it in the row: which grants are due is asked without opening any. */
type Secrets = Omit<StoredTokens, 'obtainedAtMs' | 'expiresAtMs'>;

type TokenRow = {
  id: string;
  status: ConnectionStatus;
  sealed_tokens: string | null;
  token_obtained_at: Date | null;
  token_expires_at: Date | null;
  refresh_holder: string | null;
};

/** An org forgets a refresh token that was not used for thirty days; it is used at least once in each seven. */
const RENEW_EVERY_MS = 7 * 86_400_000;

export type TokenVaultInput = {
  readonly database: Database;
  readonly seal: Seal;
  readonly clock: { now(): number };
  /** Called once when a connection turns out to be revoked. */
  readonly onBroken?: (account: CrmAccount, reason: string) => void;
};

/** Sealed tokens in the connection's row; `connections` is the only place a token is ever stored. */
export function createTokenVault(input: TokenVaultInput): TokenVault {
  const { database, seal } = input;
  return {
    load: (account) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        const row = await tx<TokenRow>('connections').where({ id: account.connectionId, status: 'connected' }).first();
        return row ? openTokens(seal, row) : null;
      }),
    claimRefresh: (account, lease) => claimRefresh(input, account, lease),
    releaseRefresh: (account, holder, notBeforeMs) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        const notBefore = notBeforeMs === undefined ? {} : { refresh_not_before: new Date(notBeforeMs) };
        await tx('connections')
          .where({ id: account.connectionId, refresh_holder: holder })
          .update({ refresh_holder: null, refresh_claimed_until: null, ...notBefore });
      }),
    store: (account, tokens) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        await tx('connections')
          .where({ id: account.connectionId })
          .whereNotNull('sealed_tokens')
          .whereRaw('coalesce(token_obtained_at <= ?, true)', [new Date(tokens.obtainedAtMs)])
          .update(tokenColumns(seal, account.connectionId, tokens));
      }),
    storeRenewed: (account, renewal) =>
      database.inWorkspace(account.workspaceId, (tx) => storeRenewed(tx, { seal, account, renewal })),
    async markRevoked(account, { refreshToken, accessToken, reason }) {
      const news = await database.inWorkspace(account.workspaceId, async (tx) => {
        const row = await tx<TokenRow>('connections').where({ id: account.connectionId }).forUpdate().first();
        if (!row?.sealed_tokens) return false;
        const held = JSON.parse(seal.open(row.sealed_tokens, account.connectionId)) as Secrets;
        if (held.refreshToken !== refreshToken || held.accessToken !== (accessToken ?? held.accessToken)) return false;
        return markBroken(tx, { ...account, reason, now: new Date(input.clock.now()) });
      });
      if (news) input.onBroken?.(account, reason);
    },
  };
}

/** Null where there are none. Raises `SealBroken`. */
export function openTokens(
  seal: Seal,
  row: Pick<TokenRow, 'id' | 'sealed_tokens' | 'token_obtained_at' | 'token_expires_at'>,
): StoredTokens | null {
  if (!row.sealed_tokens || !row.token_obtained_at || !row.token_expires_at) return null;
  const secrets = JSON.parse(seal.open(row.sealed_tokens, row.id)) as Secrets;
  return { ...secrets, obtainedAtMs: row.token_obtained_at.getTime(), expiresAtMs: row.token_expires_at.getTime() };
}

/** Tokens as `saveConnection` takes them. */
export function grantColumns(seal: Seal, connectionId: string, tokens: StoredTokens) {
  const { obtainedAtMs, expiresAtMs, ...secrets } = tokens;
  const fades = tokens.mode === 'refresh' && tokens.refreshToken !== null;
  return {
    sealedTokens: seal.seal(JSON.stringify(secrets satisfies Secrets), connectionId),
    obtainedAt: new Date(obtainedAtMs),
    expiresAt: new Date(expiresAtMs),
    tokenDueAt: fades ? new Date(obtainedAtMs + RENEW_EVERY_MS) : null,
  };
}

function tokenColumns(seal: Seal, connectionId: string, tokens: StoredTokens) {
  const columns = grantColumns(seal, connectionId, tokens);
  return {
    sealed_tokens: columns.sealedTokens,
    token_obtained_at: columns.obtainedAt,
    token_expires_at: columns.expiresAt,
    token_due_at: columns.tokenDueAt,
    refresh_not_before: null,
  };
}

async function claimRefresh(
  { database, clock }: TokenVaultInput,
  account: CrmAccount,
  lease: RefreshLease,
): Promise<boolean> {
  const now = new Date(clock.now());
  return database.inWorkspace(account.workspaceId, async (tx) => {
    const claimed = await tx('connections')
      .where({ id: account.connectionId, status: 'connected' })
      .whereRaw('coalesce(refresh_claimed_until <= ?, true) and coalesce(refresh_not_before <= ?, true)', [now, now])
      .update({ refresh_holder: lease.holder, refresh_claimed_until: new Date(lease.untilMs) });
    if (claimed > 0) return true;
    const row = await tx<{ id: string; refresh_not_before: Date | null }>('connections')
      .where({ id: account.connectionId })
      .first('refresh_not_before');
    const notBeforeMs = row?.refresh_not_before?.getTime() ?? 0;
    if (notBeforeMs > now.getTime()) throw new CrmRateLimited(notBeforeMs);
    return false;
  });
}

type StoreInput = { readonly seal: Seal; readonly account: CrmAccount; readonly renewal: Renewal };

/**
 * Which tokens these came of decides, not who holds the lease: a slow answer to the very tokens that are still in the row
 * is the only living successor they have, and an answer to any others comes too late.
 */
async function storeRenewed(tx: TenantTransaction, { seal, account, renewal }: StoreInput): Promise<boolean> {
  const { from, tokens, holder } = renewal;
  const row = await tx<TokenRow>('connections')
    .where({ id: account.connectionId, status: 'connected' })
    .forUpdate()
    .first();
  const held = row ? openTokens(seal, row) : null;
  if (!row || held === null || !(areSameTokens(held, from) || areSameTokens(held, tokens))) return false;
  const free = { refresh_holder: null, refresh_claimed_until: null };
  await tx('connections')
    .where({ id: account.connectionId })
    .update({
      ...tokenColumns(seal, account.connectionId, tokens),
      ...(row.refresh_holder === holder ? free : {}),
    });
  return true;
}
