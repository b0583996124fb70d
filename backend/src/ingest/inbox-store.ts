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

type InsertInput = { readonly crm: CrmName; readonly nowMs: number; readonly signals: readonly ChangeSignal[] };
type AnswerRow = { accepted: number; known: number; connections: ConnectionWithNews[] };

/** Between the values of a column. JSON writes it escaped and ids never hold it (`isPlain`). */
const SEPARATOR = '\u001e';

/** Inbox rows and dirty marks in one transaction and one round trip; resolves after the commit. */
export async function insertSignals(database: Database, input: InsertInput): Promise<AcceptedSignals> {
  const { crm, nowMs } = input;
  const signals = input.signals.filter(isPlain);
  const columns = [...inboxColumns(signals, nowMs), ...markColumns(signals)].map((column) => column.join(SEPARATOR));
  const answer = await database.system.raw<{ rows: AnswerRow[] }>(
    'select * from accept_signals(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    [crm, new Date(nowMs), HINT_WINDOW_MS, ...columns],
  );
  const { accepted, known, connections } = answer.rows[0] ?? { accepted: 0, known: 0, connections: [] };
  return { accepted, repeated: known - accepted, unknown: input.signals.length - known, connections };
}

/** No CRM has ids with control characters: such a signal belongs to no record anybody knows. */
function isPlain({ externalAccountId, records }: ChangeSignal): boolean {
  return records.length > 0 && PLAIN.test(externalAccountId) && records.every((record) => PLAIN.test(record.recordId));
}

const PLAIN = /^[\w.:-]{1,64}$/;

/** Accounts, keys, kinds, times, types, ids and raws: one array a column. */
function inboxColumns(signals: readonly ChangeSignal[], nowMs: number): string[][] {
  const accounts: string[] = [];
  const keys: string[] = [];
  const kinds: string[] = [];
  const times: string[] = [];
  const types: string[] = [];
  const ids: string[] = [];
  const raws: string[] = [];
  for (const signal of signals) {
    const [record] = signal.records;
    if (!record) continue;
    const believable = Math.abs(signal.occurredAtMs - nowMs) < BELIEVABLE_MS;
    accounts.push(signal.externalAccountId);
    keys.push(signal.sourceKey);
    kinds.push(signal.kind);
    times.push(new Date(believable ? signal.occurredAtMs : nowMs).toISOString());
    types.push(record.objectType);
    ids.push(record.recordId);
    raws.push(rawText(signal.raw));
  }
  return [accounts, keys, kinds, times, types, ids, raws];
}

/** A message nested deeper than the stack cannot be written down; what it points at can, and that is what matters. */
function rawText(raw: unknown): string {
  try {
    return JSON.stringify(raw);
  } catch {
    return '{"kept":false}';
  }
}

/**
 * A mark for every message and record: which messages are new only the database knows, and a mark that named a repeated
 * one would be lost with it. There a record takes its newest new message, and a privacy deletion before any other: it is
 * the one message that cannot be read back from the CRM. A company is not looked at for an association: whose it is stands
 * on each contact, the other end of the message. Keys, types, ids and erasures: one array a column.
 */
function markColumns(signals: readonly ChangeSignal[]): string[][] {
  const marks = signals.flatMap(({ sourceKey, kind, records }) =>
    records
      .filter(({ objectType }) => objectType !== 'company' || kind !== 'association_changed')
      .map((record) => ({ ...record, key: sourceKey, erase: kind === 'privacy_deleted' })),
  );
  return [
    marks.map((mark) => mark.key),
    marks.map((mark) => mark.objectType),
    marks.map((mark) => mark.recordId),
    marks.map((mark) => String(mark.erase)),
  ];
}
