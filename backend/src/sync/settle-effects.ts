import type { TenantTransaction } from '../db/database.ts';
import { markDirty } from '../ingest/dirty-store.ts';
import { recountMetrics } from '../metrics/metrics-store.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { askForCaptures, askForContacts } from './outbox-store.ts';
import { refreshWriteBacks } from './write-back-store.ts';
import { liveConnections } from '../workspaces/connections-store.ts';
import { workspaceCurrency } from '../workspaces/workspaces-store.ts';

export type EffectsInput = {
  readonly workspaceId: string;
  readonly now: Date;
  readonly publicUrl: string;
  readonly advocateIds: readonly string[];
  /** People whose CRM records may have to say something new. */
  readonly personIds: readonly string[];
  /** People who must exist in every connected CRM and be looked at. */
  readonly captureIds: readonly string[];
  /** New referrals whose friend must be found or created there, as their program says. */
  readonly newReferralIds?: readonly string[];
};

/** What follows from a change made by a request: numbers counted, records refreshed, people captured. One place, one order. */
export async function settleEffects(tx: TenantTransaction, input: EffectsInput): Promise<string[]> {
  const { workspaceId, now } = input;
  await recountMetrics(tx, { workspaceId, now, advocateIds: input.advocateIds });
  const connections = await liveConnections(tx, workspaceId);
  for (const { connectionId } of connections) {
    await askForContacts(tx, { workspaceId, connectionId, now, personIds: input.captureIds });
    await askForCaptures(tx, { workspaceId, connectionId, now, referralIds: input.newReferralIds ?? [] });
    const known = await tx<{ connection_id: string; object_type: string; record_id: string }>('crm_records')
      .where({ connection_id: connectionId, object_type: 'contact' })
      .whereNull('deleted_at')
      .whereNull('merged_into')
      .whereRaw('person_id = any(?)', [[...input.captureIds]])
      .select('record_id');
    await markDirty(tx, {
      workspaceId,
      connectionId,
      kind: 'captured',
      now,
      hints: known.map((row) => ({ objectType: 'contact', recordId: row.record_id })),
    });
  }
  await refreshWriteBacks(tx, {
    workspaceId,
    now,
    publicUrl: input.publicUrl,
    programs: await publishedPrograms(tx, workspaceId),
    workspaceCurrency: await workspaceCurrency(tx, workspaceId),
    personIds: input.personIds,
  });
  return connections.map((connection) => connection.connectionId);
}
