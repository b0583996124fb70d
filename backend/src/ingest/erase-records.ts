import { REVIEW_TRIGGER } from '../cards/review-requests-store.ts';
import type { CrmAccount } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { refreshWriteBacks } from '../sync/write-back-store.ts';
import { CAPTURE_TRIGGER, CLOSE_ERASED } from './entries-store.ts';
import { eraseMatches } from './match-entries-store.ts';

export type EraseRecordsInput = {
  readonly account: CrmAccount;
  readonly recordIds: readonly string[];
  readonly now: Date;
  readonly publicUrl: string;
  readonly workspaceCurrency: string;
  readonly programs: readonly PublishedProgram[];
};

/**
 * A privacy deletion in the CRM: everything that says who these people are goes, here and on the records of the friends
 * they referred. Referrals, rewards and amounts stay under a tombstone, so that the books still add up.
 */
export async function eraseRecords(tx: TenantTransaction, input: EraseRecordsInput): Promise<void> {
  const { connectionId, workspaceId } = input.account;
  const rows = await tx<{ connection_id: string; object_type: string; person_id: string | null }>('crm_records')
    .where({ connection_id: connectionId, object_type: 'contact' })
    .whereRaw('(record_id = any(?) or merged_into = any(?))', [[...input.recordIds], [...input.recordIds]])
    .whereNotNull('person_id')
    .select('person_id');
  const personIds = [...new Set(rows.flatMap((row) => row.person_id ?? []))];
  await eraseReadings(tx, input, personIds);
  await eraseMatches(tx, { connectionId, recordIds: input.recordIds, personIds, now: input.now });
  if (personIds.length === 0) return;
  await erasePeople(tx, personIds, input.now);
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: input.now,
    actor: 'crm:privacy_deletion',
    action: 'people.erased',
    detail: JSON.stringify({ people: personIds.length }),
  });
  await refreshWriteBacks(tx, {
    ...input,
    workspaceId,
    personIds: [...personIds, ...(await friendsOf(tx, personIds))],
  });
}

async function eraseReadings(
  tx: TenantTransaction,
  input: EraseRecordsInput,
  personIds: readonly string[],
): Promise<void> {
  const { connectionId } = input.account;
  const linked = await tx<{ connection_id: string; object_type: string; record_id: string }>('crm_records')
    .where({ object_type: 'contact' })
    .whereRaw('person_id = any(?)', [[...personIds]])
    .select('connection_id', 'record_id');
  const records = [
    ...linked,
    ...input.recordIds.map((recordId) => ({ connection_id: connectionId, record_id: recordId })),
  ];
  for (const table of ['snapshots', 'inbox', 'write_backs']) {
    await tx.raw(
      `delete from ${table} t using json_to_recordset(?) as g(connection_id text, record_id text)
        where t.connection_id = g.connection_id and t.object_type = 'contact' and t.record_id = g.record_id`,
      [JSON.stringify(records)],
    );
  }
  // Whoever guesses what stood there could find it confirmed.
  await tx.raw(
    `update crm_records r set read_digest = null from json_to_recordset(?) as g(connection_id text, record_id text)
      where r.connection_id = g.connection_id and r.object_type = 'contact' and r.record_id = g.record_id`,
    [JSON.stringify(records)],
  );
}

const ERASED_REASON = 'Erased with the person';

/** One mailbox whatever its plus-tag, as for self-referrals. */
function mailbox(expression: string): string {
  return `regexp_replace(${expression}, '\\+[^@]*@', '@')`;
}

async function erasePeople(tx: TenantTransaction, personIds: readonly string[], now: Date): Promise<void> {
  // Requests that came to nothing name people too; they hang on no referral, so the address has to find them.
  await tx.raw(
    `update entries e set input = null, edits = '[]', ${CLOSE_ERASED}, updated_at = ?
       from person_emails m
      where m.person_id = any(?) and e.workspace_id = m.workspace_id and ${mailbox("lower(e.input ->> 'email')")} = ${mailbox('m.email')}`,
    [now, [...personIds]],
  );
  // So do corrections that were tried before the last one.
  await tx.raw(
    `update entries e set edits = '[]', updated_at = ?
      where exists (
        select 1 from jsonb_array_elements(e.edits) d
          join person_emails m on ${mailbox("lower(d #>> '{edits,email}')")} = ${mailbox('m.email')}
         where m.workspace_id = e.workspace_id and m.person_id = any(?))`,
    [now, [...personIds]],
  );
  await tx('people')
    .whereRaw('id = any(?)', [[...personIds]])
    .update({ email: null, first_name: null, last_name: null, phone: null, details: '{}', erased_at: now });
  await tx('referrals')
    .whereRaw('person_id = any(?)', [[...personIds]])
    .update({ answers: '{}', details: '{}', external_id: null });
  await tx('person_emails')
    .whereRaw('person_id = any(?)', [[...personIds]])
    .delete();
  await tx.raw(`update advocates set external_id = null, closed_at = coalesce(closed_at, ?) where person_id = any(?)`, [
    now,
    [...personIds],
  ]);
  await tx('outbox')
    .whereRaw('key = any(?)', [[...personIds]])
    .delete();
  // The verdict stays, the values and the request it was taken on go: they may name the person.
  await tx.raw(
    `update entries e set input = null, edits = '[]', ${CLOSE_ERASED}, updated_at = ?,
            reason = case when e.trigger ->> 'kind' = ? and e.state = 'failed' then ? else e.reason end,
            trace = case when e.trace is null then null else jsonb_build_object('erased', true, 'verdict',
                      jsonb_build_object('status', e.trace -> 'verdict' -> 'status',
                                         'decidingRuleId', e.trace -> 'verdict' -> 'decidingRuleId')) end
       from referrals r where r.id = e.referral_id and r.person_id = any(?)`,
    [now, CAPTURE_TRIGGER, ERASED_REASON, [...personIds]],
  );
  await eraseNotes(tx, personIds, now);
  await tx.raw(
    `update review_answers q set note = null
       from referrals r join advocates a on a.id = r.advocate_id
      where q.referral_id = r.id and q.note is not null and (r.person_id = any(?) or a.person_id = any(?))`,
    [[...personIds], [...personIds]],
  );
  // What a rep wrote about a referral may name either side of it.
  await tx.raw(
    `update entries e set reason = ?, updated_at = ?
       from referrals r join advocates a on a.id = r.advocate_id
      where r.id = e.referral_id and e.trigger ->> 'kind' = ? and (r.person_id = any(?) or a.person_id = any(?))`,
    [ERASED_REASON, now, REVIEW_TRIGGER, [...personIds], [...personIds]],
  );
}

/**
 * What a rep heard from an advocate may be about the advocate: the note goes, the rest of the request is the friend's. A
 * request that came to nothing hangs on the code alone.
 */
async function eraseNotes(tx: TenantTransaction, advocatePersonIds: readonly string[], now: Date): Promise<void> {
  await tx.raw(
    `update referrals r set answers = r.answers - 'repNote'
       from advocates a
      where a.id = r.advocate_id and a.person_id = any(?) and r.answers -> 'repNote' is not null`,
    [[...advocatePersonIds]],
  );
  await tx.raw(
    `update entries e set input = e.input #- '{answers,repNote}', updated_at = ?
       from advocates a
      where a.person_id = any(?) and a.workspace_id = e.workspace_id and e.input #> '{answers,repNote}' is not null
        and (e.input ->> 'code' = a.code
             or exists (select 1 from referrals r where r.id = e.referral_id and r.advocate_id = a.id))`,
    [now, [...advocatePersonIds]],
  );
  // Nor is what people wrote when they decided about a friend always about the friend.
  await tx.raw(
    `update entries e
        set edits = (select jsonb_agg(d || '{"note": null}' order by n) from jsonb_array_elements(e.edits) with ordinality as x(d, n)),
            updated_at = ?
       from referrals r join advocates a on a.id = r.advocate_id
      where r.id = e.referral_id and a.person_id = any(?) and e.edits @> '[{}]'
        and exists (select 1 from jsonb_array_elements(e.edits) d where d ->> 'note' is not null)`,
    [now, [...advocatePersonIds]],
  );
}

async function friendsOf(tx: TenantTransaction, advocatePersonIds: readonly string[]): Promise<string[]> {
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `select distinct r.person_id from referrals r join advocates a on a.id = r.advocate_id where a.person_id = any(?)`,
    [[...advocatePersonIds]],
  );
  return answer.rows.map((row) => row.person_id);
}
