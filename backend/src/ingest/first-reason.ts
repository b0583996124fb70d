import type { TenantTransaction } from '../db/database.ts';
import { evaluateRules } from '../qualification/evaluate-rules.ts';
import { shortReason } from '../qualification/explain.ts';
import { labelsOf } from '../qualification/labels.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { schemaOfWorkspace } from '../workspaces/connections-store.ts';

/** What a new referral waits for, as its first decision would say it: nobody has to wait for that to know. */
export async function firstReason(
  tx: TenantTransaction,
  workspaceId: string,
  { definition: { rules } }: PublishedProgram,
): Promise<string> {
  const { crmSchema, timeZone } = await schemaOfWorkspace(tx, workspaceId);
  const verdict = evaluateRules({ rules, subject: { contacts: [], deals: [] } });
  return shortReason(verdict, labelsOf(crmSchema, timeZone));
}
