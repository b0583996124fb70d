import type { Clock } from '../clock.ts';
import type { TokenSource } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { claimTokenRenewal, type Connection } from './connections-store.ts';

const TRY_AGAIN_MS = 3_600_000;

/**
 * A grant that nobody uses dies, and an account in which nothing happens uses none. Asking for a token that is a week old
 * renews it; that moves the due time on. When the CRM does not answer, an hour passes before the next try.
 */
export async function renewUnusedGrant(
  deps: { readonly database: Database; readonly clock: Clock; readonly tokens: Pick<TokenSource, 'accessToken'> },
  connection: Connection,
): Promise<void> {
  const { workspaceId, connectionId, tokenDueAt } = connection;
  const nowMs = deps.clock.now();
  if (tokenDueAt === null || tokenDueAt.getTime() > nowMs) return;
  const claimed = await deps.database.inWorkspace(workspaceId, (tx) =>
    claimTokenRenewal(tx, { connectionId, wasDueAt: tokenDueAt, dueAt: new Date(nowMs + TRY_AGAIN_MS) }),
  );
  if (claimed) await deps.tokens.accessToken(connection);
}
