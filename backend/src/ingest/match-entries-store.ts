import type { TenantTransaction } from '../db/database.ts';
import { TAIL } from '../matching/phone-digits.ts';
import { CLOSE_ERASED, type EntryState } from './entries-store.ts';

/** Of an entry's trigger: a CRM record that could not be matched to a referral for certain. */
export const MATCH_TRIGGER = 'match';

/** What was asked or noted about a contact before, the newest of each kind. */
export type EarlierEntry = {
  readonly id: string;
  readonly recordId: string;
  /** What it is about; part of the trigger, because only open ones have a review key. */
  readonly about: string;
  readonly state: EntryState;
  readonly reasonCode: string;
  /** What it rested on. */
  readonly print: string | null;
  /** The reason it had when it was answered last; null when it never was, or who it is about was erased. */
  readonly asked: string | null;
};

type Row = {
  id: string;
  record_id: string;
  about: string;
  state: EntryState;
  reason_code: string;
  print: string | null;
  asked: string | null;
};

/** By record id. */
export async function earlierEntries(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly connectionId: string; readonly recordIds: readonly string[] },
): Promise<Map<string, EarlierEntry[]>> {
  if (input.recordIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: Row[] }>(
    `select distinct on (record_id, about) id, record_id, about, state, reason_code, print, asked
       from (select id, seq, record_id, state, reason_code, trigger ->> 'about' as about, trigger ->> 'print' as print,
                    (select d ->> 'asked' from jsonb_array_elements(edits) with ordinality x(d, n)
                      where d ->> 'asked' is not null order by n desc limit 1) as asked
               from entries
              where workspace_id = ? and connection_id = ? and object_type = 'contact' and record_id = any(?)
                and trigger ->> 'kind' = '${MATCH_TRIGGER}') e
      order by record_id, about, seq desc`,
    [input.workspaceId, input.connectionId, [...input.recordIds]],
  );
  const rows = answer.rows.map((row): EarlierEntry => ({
    id: row.id,
    recordId: row.record_id,
    about: row.about,
    state: row.state,
    reasonCode: row.reason_code,
    print: row.print,
    asked: row.asked,
  }));
  return Map.groupBy(rows, ({ recordId }) => recordId);
}

/** Entries that the CRM itself answered: the record says something else now, or it is known whose it is. */
export async function overtakeEntries(
  tx: TenantTransaction,
  input: {
    readonly now: Date;
    readonly overtaken: readonly {
      readonly id: string;
      readonly state: 'processed' | 'ignored';
      readonly referralId: string | null;
    }[];
  },
): Promise<void> {
  if (input.overtaken.length === 0) return;
  const rows = input.overtaken.map(({ id, state, referralId }) => ({ id, state, referral_id: referralId }));
  await tx.raw(
    `update entries e
        set state = o.state, reason_code = 'match_overtaken', referral_id = coalesce(e.referral_id, o.referral_id),
            review_due_at = null, updated_at = ?
       from json_to_recordset(?) as o(id text, state text, referral_id text)
      where e.id = o.id and e.state in ('review', 'failed')`,
    [input.now, JSON.stringify(rows)],
  );
}

/** The last digits of what may be a telephone number, however it is written; null of what is none. */
function phoneEnd(expression: string): string {
  const digits = `regexp_replace(${expression}, '[^0-9]', '', 'g')`;
  return `case when length(${digits}) > ${String(TAIL)} then right(${digits}, ${String(TAIL)}) end`;
}

/**
 * What these contacts said goes with them, and so does what was asked about people they may have been, and every place
 * where somebody's address was what was seen. Call it while their addresses are still known.
 */
export async function eraseMatches(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly recordIds: readonly string[];
    readonly personIds: readonly string[];
    readonly now: Date;
  },
): Promise<void> {
  const abouts = input.personIds.map((personId) => `match:${personId}`);
  await tx.raw(
    `update entries e set input = null, trace = null, edits = '[]', ${CLOSE_ERASED}, updated_at = ?
      where e.trigger ->> 'kind' = '${MATCH_TRIGGER}'
        and ((e.connection_id = ? and e.object_type = 'contact' and e.record_id = any(?)) or e.trigger ->> 'about' = any(?)
          or exists (
            select 1 from (select e.trace #>> '{match,value}'
                            union all
                           select c ->> 'value' from jsonb_array_elements(e.trace #> '{match,claims}') c) s(said)
             where lower(trim(said)) in (select m.email from person_emails m where m.person_id = any(?))
                or ${phoneEnd('said')} in (select ${phoneEnd('p.phone')} from people p where p.id = any(?))))`,
    [input.now, input.connectionId, [...input.recordIds], abouts, [...input.personIds], [...input.personIds]],
  );
}
