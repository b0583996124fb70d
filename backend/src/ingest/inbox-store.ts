import type { Database } from '../db/database.ts';
import type { ChangeSignal, CrmName } from '../crm/port.ts';

export type ConnectionWithNews = { readonly workspaceId: string; readonly connectionId: string };

export type AcceptedSignals = {
  readonly accepted: number;
  /** Already in the inbox under the same key: nothing to do. */
  readonly repeated: number;
  /** Of accounts nobody connected: counted, not stored. */
  readonly unknown: number;
  /** Connections with something new to look at. */
  readonly connections: readonly ConnectionWithNews[];
};

/** How long hints of one record are gathered before it is read: one read answers them all. */
export const HINT_WINDOW_MS = 100;

const DAY_MS = 86_400_000;
/** A CRM time further away than this is a broken clock; the message then counts as of today. */
const BELIEVABLE_MS = 45 * DAY_MS;

/** Inbox rows and dirty marks in one transaction and one round trip; resolves after the commit. */
export async function insertSignals(
  database: Database,
  input: { readonly crm: CrmName; readonly nowMs: number; readonly signals: readonly ChangeSignal[] },
): Promise<AcceptedSignals> {
  const { crm, nowMs, signals } = input;
  const accounts = new Set<string>();
  const rows: unknown[] = [];
  const moreRecords: unknown[] = [];
  for (const signal of signals) {
    const [first, ...others] = signal.records;
    if (!first) continue;
    accounts.add(signal.externalAccountId);
    rows.push(toInboxRow(signal, first, nowMs));
    for (const other of others) {
      moreRecords.push({ source_key: signal.sourceKey, object_type: other.objectType, record_id: other.recordId });
    }
  }
  const answer = await database.system.raw<{
    rows: { accepted: number; known: number; connections: ConnectionWithNews[] }[];
  }>('select accepted, known, connections from accept_signals(?, ?, ?, ?, ?, ?)', [
    crm,
    new Date(nowMs),
    HINT_WINDOW_MS,
    [...accounts],
    JSON.stringify(rows),
    JSON.stringify(moreRecords),
  ]);
  const { accepted, known, connections } = answer.rows[0] ?? { accepted: 0, known: 0, connections: [] };
  return { accepted, repeated: known - accepted, unknown: signals.length - known, connections };
}

function toInboxRow(signal: ChangeSignal, record: ChangeSignal['records'][number], nowMs: number): unknown {
  const believable = Math.abs(signal.occurredAtMs - nowMs) < BELIEVABLE_MS;
  const occurredAt = new Date(believable ? signal.occurredAtMs : nowMs).toISOString();
  return {
    account: signal.externalAccountId,
    source_key: signal.sourceKey,
    kind: signal.kind,
    occurred_on: occurredAt.slice(0, 10),
    occurred_at: occurredAt,
    object_type: record.objectType,
    record_id: record.recordId,
    raw: signal.raw,
  };
}
