import type { CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';

/** Always walked; companies only while a program decides by them. */
export const POLLED_OBJECTS = ['contact', 'deal'] as const;

/** The walk of one window of changes, by record id. */
export type PollCursor = {
  readonly objectType: CrmObjectType;
  readonly caughtUpTo: Date;
  readonly windowFrom: Date | null;
  readonly windowTo: Date | null;
  readonly afterId: string | null;
};

type CursorRow = {
  object_type: CrmObjectType;
  caught_up_to: Date;
  window_from: Date | null;
  window_to: Date | null;
  after_id: string | null;
};

/** Starts polling from now: what was before is looked at when somebody is linked. A cursor that is there goes on. */
export async function startPolling(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly connectionId: string; readonly now: Date; readonly dueAt: Date },
): Promise<void> {
  await tx('poll_cursors')
    .insert(
      POLLED_OBJECTS.map((objectType) => ({
        connection_id: input.connectionId,
        object_type: objectType,
        workspace_id: input.workspaceId,
        caught_up_to: input.now,
        due_at: input.dueAt,
      })),
    )
    .onConflict(['connection_id', 'object_type'])
    .ignore();
}

/** Follows companies too from then on. A cursor that is there goes on from where it was. */
export async function startCompanyPoll(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    /** Changes since then are found. */
    readonly from: Date;
    readonly dueAt: Date;
  },
): Promise<void> {
  await tx('poll_cursors')
    .insert({
      connection_id: input.connectionId,
      object_type: 'company',
      workspace_id: input.workspaceId,
      caught_up_to: input.from,
      due_at: input.dueAt,
    })
    .onConflict(['connection_id', 'object_type'])
    .ignore();
}

export async function claimPoll(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly now: Date;
    /** Only walks that are due since then. */
    readonly dueBefore: Date;
    readonly claimedUntil: Date;
  },
): Promise<PollCursor | null> {
  const answer = await tx.raw<{ rows: CursorRow[] }>(
    // Materialized: a sub-select would be run again for each row, and two walks due at once would both be claimed.
    `with due as materialized (
       select object_type from poll_cursors
        where connection_id = ? and due_at <= ? and coalesce(claimed_until <= ?, true)
        order by due_at limit 1 for update skip locked)
     update poll_cursors p set claimed_until = ?
       from due
      where p.connection_id = ? and p.object_type = due.object_type
     returning p.*`,
    [input.connectionId, input.dueBefore, input.now, input.claimedUntil, input.connectionId],
  );
  const row = answer.rows[0];
  return row
    ? {
        objectType: row.object_type,
        caughtUpTo: row.caught_up_to,
        windowFrom: row.window_from,
        windowTo: row.window_to,
        afterId: row.after_id,
      }
    : null;
}

export async function savePoll(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly cursor: PollCursor; readonly dueAt: Date },
): Promise<void> {
  const { cursor } = input;
  await tx('poll_cursors').where({ connection_id: input.connectionId, object_type: cursor.objectType }).update({
    caught_up_to: cursor.caughtUpTo,
    window_from: cursor.windowFrom,
    window_to: cursor.windowTo,
    after_id: cursor.afterId,
    due_at: input.dueAt,
    claimed_until: null,
    last_error: null,
  });
}

export async function postponePoll(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly objectType: CrmObjectType;
    readonly dueAt: Date;
    readonly error: unknown;
  },
): Promise<void> {
  await tx('poll_cursors')
    .where({ connection_id: input.connectionId, object_type: input.objectType })
    .update({ due_at: input.dueAt, claimed_until: null, last_error: JSON.stringify(input.error) });
}
