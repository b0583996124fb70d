import type { WriteOutcome, WriteRefusal } from '../../crm/port.ts';
import { newId } from '../../ids.ts';
import { markDirty } from '../../ingest/dirty-store.ts';
import { CAPTURE_TRIGGER, insertEntries, type NewEntry } from '../../ingest/entries-store.ts';
import type { ConnectionWork } from '../connection-work.ts';
import { recordOutbox, type DealToEnsure, type OutboxResult } from '../outbox-store.ts';
import { nextRetryAt } from '../retry-schedule.ts';
import type { PlannedDeal } from './planned-deal.ts';

export type RecordDealsInput = {
  readonly items: readonly DealToEnsure[];
  readonly planned: readonly PlannedDeal[];
  /** By referral id. */
  readonly outcomes: ReadonlyMap<string, WriteOutcome>;
};

/** What became of the deals, in one commit; each deal is then looked at as any other, and decided. */
export async function recordDeals(work: ConnectionWork, input: RecordDealsInput): Promise<void> {
  const { workspaceId, connectionId } = work.connection;
  const now = new Date(work.clock.now());
  const byItem = new Map(input.planned.map((planned) => [planned.item.outboxId, planned]));
  const settled = input.items.map((item) =>
    settle(work, { item, planned: byItem.get(item.outboxId) ?? null, input, now }),
  );
  await work.database.aloneInWorkspace(workspaceId, async (tx) => {
    await recordOutbox(tx, { now, results: settled.map(({ result }) => result) });
    const entries = settled.flatMap(({ entry }) => (entry ? [{ ...entry, id: newId('ent'), connectionId }] : []));
    await insertEntries(tx, { workspaceId, now, entries });
    const hints = settled.flatMap(({ dealId }) =>
      dealId === null ? [] : [{ objectType: 'deal' as const, recordId: dealId }],
    );
    await markDirty(tx, { workspaceId, connectionId, kind: 'captured', now, hints });
  });
}

type Settled = {
  readonly result: OutboxResult;
  readonly dealId: string | null;
  readonly entry: Omit<NewEntry, 'id'> | null;
};

type SettleInput = {
  readonly item: DealToEnsure;
  readonly planned: PlannedDeal | null;
  readonly input: RecordDealsInput;
  readonly now: Date;
};

/** Until a deal whose referral is held is looked at again. */
const HELD_MS = 60_000;

function settle(work: ConnectionWork, { item, planned, input, now }: SettleInput): Settled {
  const done: OutboxResult = { outboxId: item.outboxId, retryAt: null, dead: false, error: null };
  if (planned === null || planned.plan.do === 'nothing') return { result: done, dealId: null, entry: null };
  const { plan } = planned;
  // No try is counted: nothing was tried.
  if (plan.do === 'wait')
    return { result: { ...done, retryAt: new Date(now.getTime() + HELD_MS) }, dealId: null, entry: null };
  if (plan.do === 'keep') return { result: done, dealId: plan.dealId, entry: null };
  if (plan.do === 'review') {
    const reason = `The friend has ${plan.dealIds.length} open deals. Put this referral’s id on the one it brought, or close the others, then retry`;
    const entry = { ...entryBase(planned), state: 'review' as const, reasonCode: 'several_open_deals', reason };
    return { result: done, dealId: null, entry: { ...entry, trace: { dealIds: plan.dealIds } } };
  }
  const outcome = input.outcomes.get(item.referralId);
  if (outcome?.ok) return { result: done, dealId: outcome.recordId, entry: null };
  // The deal is there from an earlier try whose answer was lost.
  if (outcome?.refusal.existingRecordId) return { result: done, dealId: outcome.refusal.existingRecordId, entry: null };
  return refused(work, { item, planned, now, refusal: outcome?.refusal ?? SILENT });
}

const SILENT: WriteRefusal = { code: 'record_rejected', message: 'The CRM did not answer for this deal.', fields: [] };

function refused(
  work: ConnectionWork,
  input: {
    readonly item: DealToEnsure;
    readonly planned: PlannedDeal;
    readonly now: Date;
    readonly refusal: WriteRefusal;
  },
): Settled {
  const { item, planned, now, refusal } = input;
  const canHelp = refusal.code === 'record_locked' || refusal.code === 'record_gone';
  const retryAt = canHelp ? nextRetryAt(now, item.attempts + 1) : null;
  const result = { outboxId: item.outboxId, retryAt, dead: retryAt === null, error: refusal };
  if (retryAt !== null) return { result, dealId: null, entry: null };
  work.counters.deadLettered('outbox');
  const reason = `The CRM refused the referral’s deal. ${refusal.message}`;
  const { code, message, fields } = refusal;
  const entry = { ...entryBase(planned), state: 'failed' as const, reasonCode: 'deal_refused', reason };
  return { result, dealId: null, entry: { ...entry, trace: { refusal: { code, message, fields } } } };
}

function entryBase({ facts, item, contactId }: PlannedDeal) {
  return {
    trigger: { kind: CAPTURE_TRIGGER, referralId: facts.referralId, attempts: item.attempts + 1 },
    programId: facts.program.id,
    programVersion: facts.program.version,
    referralId: facts.referralId,
    objectType: 'contact',
    recordId: contactId,
    input: { referralId: facts.referralId },
  };
}
