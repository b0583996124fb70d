import type { CrmName } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { liveConnections } from './connections-store.ts';
import { openJoinLink, type JoinSigner } from './join-link.ts';
import { workspaceName } from './workspaces-store.ts';

/** What somebody is told about a workspace before they join it: enough to know it again. */
export type Invitation = {
  readonly workspace: string;
  /** Accounts it works with now. */
  readonly accounts: readonly { readonly crm: CrmName; readonly id: string }[];
};

/** Raises `JoinLinkInvalid` for a link that does not open the workspace. */
export async function readInvitation(
  { database, joins }: { readonly database: Database; readonly joins: JoinSigner },
  link: Parameters<typeof openJoinLink>[1],
): Promise<Invitation> {
  const { workspaceId } = await openJoinLink({ database, joins }, link);
  return database.inWorkspace(workspaceId, async (tx) => ({
    workspace: await workspaceName(tx, workspaceId),
    accounts: (await liveConnections(tx, workspaceId)).map(({ crm, externalAccountId: id }) => ({ crm, id })),
  }));
}
