import type { TenantTransaction } from '../db/database.ts';

/** ISO 4217: the currency of reward totals and of sale values that name none. */
export async function workspaceCurrency(tx: TenantTransaction, workspaceId: string): Promise<string> {
  const row = await tx<{ id: string; currency: string }>('workspaces').where({ id: workspaceId }).first('currency');
  return row?.currency ?? 'USD';
}

export async function createWorkspace(
  tx: TenantTransaction,
  input: { readonly id: string; readonly name: string; readonly currency: string; readonly now: Date },
): Promise<void> {
  await tx('workspaces').insert({ id: input.id, name: input.name, currency: input.currency, created_at: input.now });
}

export async function workspaceName(tx: TenantTransaction, workspaceId: string): Promise<string> {
  const row = await tx<{ id: string; name: string }>('workspaces').where({ id: workspaceId }).first('name');
  return row?.name ?? workspaceId;
}
