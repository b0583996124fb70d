import type { EntryReport, TracedEntry } from '../../../shared/contracts/entry-reports.ts';
import { longReason, type Labels } from '../qualification/explain.ts';
import { readEdit } from './entry-edits-store.ts';
import { isApprovable, isRetryable, type EntryTraits } from './entry-kind.ts';

export type EntryRow = {
  id: string;
  seq: string;
  state: EntryReport['state'];
  reason_code: string;
  reason: string;
  trigger: Record<string, unknown>;
  program_id: string | null;
  program_version: number | null;
  referral_id: string | null;
  connection_id: string | null;
  object_type: string | null;
  record_id: string | null;
  attempts: number;
  review_key: string | null;
  review_due_at: Date | null;
  notify: boolean;
  replay: boolean;
  has_input: boolean;
  created_at: Date;
  updated_at: Date;
};

export type TracedEntryRow = EntryRow & { input: unknown; trace: unknown; edits: unknown[] };

export const ENTRY_COLUMNS = [
  'id',
  'seq',
  'state',
  'reason_code',
  'reason',
  'trigger',
  'program_id',
  'program_version',
  'referral_id',
  'connection_id',
  'object_type',
  'record_id',
  'attempts',
  'review_key',
  'review_due_at',
  'notify',
  'replay',
  'created_at',
  'updated_at',
] as const;

export function traitsOf(row: EntryRow): EntryTraits {
  const { kind } = row.trigger;
  return {
    state: row.state,
    reasonCode: row.reason_code,
    reviewKey: row.review_key,
    triggerKind: typeof kind === 'string' ? kind : null,
    hasInput: row.has_input,
  };
}

export function toEntryReport(row: EntryRow): EntryReport {
  const traits = traitsOf(row);
  return {
    id: row.id,
    state: row.state,
    reasonCode: row.reason_code,
    reason: row.reason,
    trigger: row.trigger,
    programId: row.program_id,
    programVersion: row.program_version,
    referralId: row.referral_id,
    connectionId: row.connection_id,
    objectType: row.object_type,
    recordId: row.record_id,
    attempts: row.attempts,
    reviewDueAt: row.review_due_at?.toISOString() ?? null,
    notify: row.notify,
    replay: row.replay,
    retryable: isRetryable(traits),
    approvable: isApprovable(traits),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function toTracedEntry(row: TracedEntryRow, labels: Labels): TracedEntry {
  return {
    ...toEntryReport(row),
    input: row.input,
    trace: row.trace,
    sentences: sentencesOf(row, labels),
    edits: row.edits.map(readEdit).map(({ asked: _asked, edits, ...edit }) => ({ ...edit, edits: { ...edits } })),
  };
}

/** The decision in words; the reason alone where it was no decision by rules, or an erasure left only its outcome. */
function sentencesOf({ trace, reason }: TracedEntryRow, labels: Labels): string[] {
  const decided = trace as { readonly verdict?: Parameters<typeof longReason>[0]; readonly outcome?: never } | null;
  if (!Array.isArray(decided?.verdict?.trace)) return [`${reason.replace(/\.$/, '')}.`];
  return [...longReason({ ...decided.verdict, outcome: decided.outcome }, labels)];
}
