import type { EntryDetail } from '../../../shared/contracts/entry-reports.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { EntryRow } from './entry-rows.ts';

type SignalRow = { kind: string; occurred_at: Date; received_at: Date; raw: string };
type Span = { readonly from: Date; readonly to: Date };

const MOST = 50;
/** Messages of one change come within seconds; what came earlier was answered by an earlier look. */
const AROUND_MS = 15 * 60_000;

/**
 * The CRM's messages about the record that came shortly before it was decided, and those around the one that made us look,
 * which may have waited long. Newest first; old ones are not kept.
 */
export async function signalsAround(tx: TenantTransaction, entry: EntryRow): Promise<EntryDetail['signals']> {
  const { connection_id: connectionId, object_type: objectType, record_id: recordId } = entry;
  if (connectionId === null || objectType === null || recordId === null) return [];
  const [first, second] = await spansOf(tx, entry, connectionId);
  const answer = await tx.raw<{ rows: SignalRow[] }>(
    `select kind, occurred_at, received_at, raw from inbox
      where connection_id = ? and object_type = ? and record_id = ?
        and (received_at between ? and ? or received_at between ? and ?)
      order by received_at desc, source_key limit ?`,
    [connectionId, objectType, recordId, first.from, first.to, second.from, second.to, MOST],
  );
  return answer.rows.map(({ kind, occurred_at: occurredAt, received_at: receivedAt, raw }) => {
    const message = readMessage(raw);
    const [at, got] = [occurredAt.toISOString(), receivedAt.toISOString()];
    return { kind, field: fieldOf(message), occurredAt: at, receivedAt: got, raw: message };
  });
}

async function spansOf(tx: TenantTransaction, entry: EntryRow, connectionId: string): Promise<[Span, Span]> {
  const decided = { from: new Date(entry.created_at.getTime() - AROUND_MS), to: entry.created_at };
  const { sourceKey } = entry.trigger;
  if (typeof sourceKey !== 'string' || !/^[0-9a-f-]{32,36}$/i.test(sourceKey)) return [decided, decided];
  const answer = await tx.raw<{ rows: { received_at: Date }[] }>(
    'select received_at from inbox where connection_id = ? and source_key = ?::uuid limit 1',
    [connectionId, sourceKey],
  );
  const came = answer.rows[0]?.received_at;
  if (came === undefined) return [decided, decided];
  return [decided, { from: new Date(came.getTime() - AROUND_MS), to: came }];
}

function readMessage(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/** The field a message is about, where the CRM names one. */
function fieldOf(message: unknown): string | null {
  const name = (message as { readonly propertyName?: unknown } | null)?.propertyName;
  return typeof name === 'string' ? name : null;
}
