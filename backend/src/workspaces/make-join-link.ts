import type { CrmName } from '../crm/port.ts';
import { newId } from '../ids.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { liveConnections } from './connections-store.ts';
import { CrmAlreadyConnected } from './install-errors.ts';
import type { JoinSigner } from './join-link.ts';
import { createJoinLink } from './join-links-store.ts';

export type JoinLink = { readonly url: string; readonly expiresAt: Date };

const LIFE_MS = 10 * 60_000;

/** A link that joins one account of `crm` to the workspace (G4): whoever opens it there decides which. */
export async function makeJoinLink(
  deps: UseCaseDeps & { readonly joins: JoinSigner },
  { workspaceId, actor }: Caller,
  crm: CrmName,
): Promise<JoinLink> {
  const now = new Date(deps.clock.now());
  const expiresAt = new Date(now.getTime() + LIFE_MS);
  const linkId = newId('jnl');
  await deps.database.inWorkspace(workspaceId, async (tx) => {
    const live = (await liveConnections(tx, workspaceId)).find((connection) => connection.crm === crm);
    if (live)
      throw new CrmAlreadyConnected(
        `The workspace is connected to the account ${live.externalAccountId} of this CRM already.`,
        { connectionId: live.connectionId },
      );
    await createJoinLink(tx, { linkId, workspaceId, crm, actor, now, expiresAt });
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: now,
      actor,
      action: 'join_link.created',
      subject: linkId,
      detail: JSON.stringify({ crm }),
    });
  });
  const token = deps.joins.sign({ linkId, workspaceId, crm }, { now, expiresAt });
  return { url: `${deps.publicUrl}/${crm}/oauth/install?join=${token}`, expiresAt };
}
