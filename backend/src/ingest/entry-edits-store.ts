import type { TenantTransaction } from '../db/database.ts';
import type { EntryState } from './entries-store.ts';

/** What somebody did to an entry; kept with it until the person it is about is erased. */
export type EntryEdit = {
  /** ISO 8601. */
  readonly at: string;
  /** `system`: the time to answer ran out. */
  readonly actor: string;
  /** Null of a retry and of a note. */
  readonly answer: 'approve' | 'reject' | null;
  readonly note: string | null;
  readonly edits: Readonly<Record<string, string>>;
  /** Of an answer: the reason the entry had, which says what was asked. */
  readonly asked?: string;
  /** The state it led to. */
  readonly state: EntryState;
};

/** Writes down who did what, with what the entry says since. */
export async function appendEdit(
  tx: TenantTransaction,
  input: {
    readonly entryId: string;
    readonly edit: EntryEdit;
    readonly columns: Readonly<Record<string, unknown>>;
    readonly now: Date;
  },
): Promise<void> {
  const { entryId, edit, columns, now } = input;
  await tx('entries')
    .where({ id: entryId })
    .update({
      ...columns,
      state: edit.state,
      ...(edit.state === 'review' ? {} : { review_due_at: null }),
      edits: tx.raw('edits || ?::jsonb', [JSON.stringify([edit])]),
      updated_at: now,
    });
}

/** An edit as any version of ours wrote it. */
export function readEdit(stored: unknown): EntryEdit {
  const {
    at = '',
    actor = 'system',
    answer = null,
    note = null,
    edits = {},
    asked,
    state,
  } = stored as Partial<EntryEdit>;
  return { at, actor, answer, note, edits, ...(asked === undefined ? {} : { asked }), state: state ?? 'processed' };
}
