import type { CrmName } from '../crm/port.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import type { Database } from '../db/database.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { holdConnection } from './account-place.ts';
import { findConnection } from './connections-store.ts';
import type { Grant } from './grant.ts';
import type { Seal } from './seal.ts';

type EndDeps = {
  readonly database: Database;
  readonly seal: Seal;
  readonly install: { readonly crm: CrmName; readonly endGrant?: (tokens: StoredTokens) => Promise<void> };
  readonly onLeftOver: (externalAccountId: string, error: unknown) => void;
};

/**
 * A grant that came to nothing is ended at once where a user may have only a few: left alone, it would push out the one a
 * connection lives on. After a failure of ours the row says whether it came to nothing.
 */
export async function giveBack(deps: EndDeps, grant: Grant, error: unknown): Promise<never> {
  const isUnused = error instanceof PassalongError || (await isKept(deps, grant).catch(() => true)) === false;
  if (isUnused) await end(deps, grant.externalAccountId, grant.tokens);
  throw error;
}

/** After the commit: the grant in whose place another one stands would live on, and nobody could end it any more. */
export async function endReplaced(deps: EndDeps, grant: Grant, former: StoredTokens | null): Promise<void> {
  const token = former?.refreshToken ?? former?.accessToken;
  const isSame = token === grant.tokens.refreshToken || token === grant.tokens.accessToken;
  if (former !== null && !isSame) await end(deps, grant.externalAccountId, former);
}

async function end({ install, onLeftOver }: EndDeps, account: string, tokens: StoredTokens): Promise<void> {
  await install.endGrant?.(tokens).catch((failure: unknown) => onLeftOver(account, failure));
}

async function isKept({ database, seal, install }: EndDeps, grant: Grant): Promise<boolean> {
  const { crm } = install;
  const account = grant.externalAccountId;
  const found = await findConnection(database, { crm, externalAccountId: account });
  if (found === null) return false;
  const { workspaceId } = found;
  const held = await database.inWorkspace(workspaceId, (tx) => holdConnection(tx, { seal, workspaceId, crm, account }));
  return held?.tokens?.accessToken === grant.tokens.accessToken;
}
