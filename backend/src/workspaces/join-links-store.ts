import type { CrmName } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';

/** The workspace a link joins an account to. */
export type JoinTarget = { readonly linkId: string; readonly workspaceId: string };

type JoinLinkRow = { id: string; crm: CrmName; used_at: Date | null; expires_at: Date };

export async function createJoinLink(
  tx: TenantTransaction,
  input: JoinTarget & {
    readonly crm: CrmName;
    readonly actor: string;
    readonly now: Date;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await tx('join_links').insert({
    id: input.linkId,
    workspace_id: input.workspaceId,
    crm: input.crm,
    created_by: input.actor,
    created_at: input.now,
    expires_at: input.expiresAt,
  });
}

export async function findJoinLink(
  tx: TenantTransaction,
  linkId: string,
): Promise<{ readonly crm: CrmName; readonly usedAt: Date | null; readonly expiresAt: Date } | null> {
  const row = await tx<JoinLinkRow>('join_links').where({ id: linkId }).first('crm', 'used_at', 'expires_at');
  return row ? { crm: row.crm, usedAt: row.used_at, expiresAt: row.expires_at } : null;
}

/** True for the first who comes in time. */
export async function useJoinLink(
  tx: TenantTransaction,
  input: { readonly linkId: string; readonly connectionId: string; readonly now: Date },
): Promise<boolean> {
  const taken = await tx('join_links')
    .where({ id: input.linkId })
    .whereNull('used_at')
    .where('expires_at', '>', input.now)
    .update({ used_at: input.now, connection_id: input.connectionId });
  return taken > 0;
}
