import type { TokenVault } from '../crm/hubspot/token-vault.ts';
import type { CrmAccount } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { markBroken, type ConnectionStatus } from './connections-store.ts';
import type { Seal } from './seal.ts';

type Secrets = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The app that was granted: a service set up for another app must not take its refusals for a revocation. */
  readonly clientId?: string;
};

type TokenRow = {
  id: string;
  status: ConnectionStatus;
  sealed_tokens: string | null;
  token_obtained_at: Date | null;
  token_expires_at: Date | null;
};

/** Sealed tokens in the connection's row; `connections` is the only place a token is ever stored. */
export function createTokenVault(input: {
  readonly database: Database;
  readonly seal: Seal;
  readonly clock: { now(): number };
  /** Called once when a connection turns out to be revoked. */
  readonly onBroken?: (account: CrmAccount, reason: string) => void;
}): TokenVault {
  const { database, seal, clock } = input;
  return {
    load: (account) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        const row = await tx<TokenRow>('connections').where({ id: account.connectionId, status: 'connected' }).first();
        if (!row?.sealed_tokens || !row.token_obtained_at || !row.token_expires_at) return null;
        const secrets = JSON.parse(seal.open(row.sealed_tokens, account.connectionId)) as Secrets;
        return {
          ...secrets,
          obtainedAtMs: row.token_obtained_at.getTime(),
          expiresAtMs: row.token_expires_at.getTime(),
        };
      }),
    claimRefresh: (account, lease) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        const claimed = await tx('connections')
          .where({ id: account.connectionId, status: 'connected' })
          .whereRaw('coalesce(refresh_claimed_until <= ?, true)', [new Date(clock.now())])
          .update({ refresh_holder: lease.holder, refresh_claimed_until: new Date(lease.untilMs) });
        return claimed > 0;
      }),
    releaseRefresh: (account, holder) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        await tx('connections')
          .where({ id: account.connectionId, refresh_holder: holder })
          .update({ refresh_holder: null, refresh_claimed_until: null });
      }),
    store: (account, tokens) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        const { accessToken, refreshToken, clientId } = tokens;
        await tx('connections')
          .where({ id: account.connectionId })
          .whereRaw('coalesce(token_obtained_at <= ?, true)', [new Date(tokens.obtainedAtMs)])
          .update({
            sealed_tokens: seal.seal(JSON.stringify({ accessToken, refreshToken, clientId }), account.connectionId),
            token_obtained_at: new Date(tokens.obtainedAtMs),
            token_expires_at: new Date(tokens.expiresAtMs),
          });
      }),
    async markRevoked(account, { refreshToken, reason }) {
      const news = await database.inWorkspace(account.workspaceId, async (tx) => {
        const row = await tx<TokenRow>('connections').where({ id: account.connectionId }).forUpdate().first();
        if (!row?.sealed_tokens) return false;
        const held = JSON.parse(seal.open(row.sealed_tokens, account.connectionId)) as Secrets;
        if (held.refreshToken !== refreshToken) return false;
        return markBroken(tx, { ...account, reason, now: new Date(clock.now()) });
      });
      if (news) input.onBroken?.(account, reason);
    },
  };
}
