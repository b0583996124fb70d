import type { AccountDetails, CrmAccount } from '../crm/port.ts';
import type { Database } from '../db/database.ts';

/**
 * Keeps name, zone and home currency of the account. The currency becomes the workspace's only when no account has told
 * one yet: amounts already promised must not change their meaning. Safe to repeat, so a failure is made up for later.
 */
export async function describeAccount(
  database: Database,
  account: CrmAccount,
  readAccount: (account: CrmAccount) => Promise<AccountDetails>,
): Promise<void> {
  const details = await readAccount(account);
  await database.inWorkspace(account.workspaceId, async (tx) => {
    const told = await tx<{ id: string; workspace_id: string; currency: string | null }>('connections')
      .where({ workspace_id: account.workspaceId })
      .whereNotNull('currency')
      .first('id');
    await tx('connections')
      .where({ id: account.connectionId })
      .update({ time_zone: details.timeZone, currency: details.currency, ui_domain: details.uiDomain });
    if (!told) await tx('workspaces').where({ id: account.workspaceId }).update({ currency: details.currency });
  });
}
