import type { TenantTransaction } from '../db/database.ts';
import type { EntryState } from './entries-store.ts';

export type EventClaim = {
  readonly workspaceId: string;
  readonly type: string;
  readonly eventId: string;
  readonly requestHash: string;
  readonly entryId: string;
  readonly now: Date;
};

/** What was kept when the event came first, and where its entry stands now. */
export type EarlierEvent = {
  readonly requestHash: string;
  readonly entryId: string;
  readonly state: EntryState;
  readonly referralId: string | null;
};

type EarlierRow = { request_hash: string; entry_id: string; state: EntryState; referral_id: string | null };

/** Takes the event's id, decided by the primary key; null when it is taken for this entry, else who has it. */
export async function claimEvent(tx: TenantTransaction, claim: EventClaim): Promise<EarlierEvent | null> {
  const { workspaceId, type, eventId } = claim;
  const claimed = await tx.raw<{ rows: unknown[] }>(
    `insert into inbound_events (workspace_id, type, event_id, request_hash, entry_id, received_at)
     values (?, ?, ?, ?, ?, ?) on conflict do nothing returning entry_id`,
    [workspaceId, type, eventId, claim.requestHash, claim.entryId, claim.now],
  );
  if (claimed.rows.length > 0) return null;
  const answer = await tx.raw<{ rows: EarlierRow[] }>(
    `select i.request_hash, i.entry_id, e.state, e.referral_id
       from inbound_events i join entries e on e.id = i.entry_id
      where i.workspace_id = ? and i.type = ? and i.event_id = ?`,
    [workspaceId, type, eventId],
  );
  const [row] = answer.rows;
  if (!row) throw new Error('an event that conflicts with a new one must have its entry');
  return { requestHash: row.request_hash, entryId: row.entry_id, state: row.state, referralId: row.referral_id };
}

export type Candidate = { readonly referralId: string; readonly programId: string; readonly isOfCode: boolean };

type CandidateRow = { id: string; program_id: string; is_of_code: boolean };

const CANDIDATE = `
  select r.id, r.program_id,
         exists (select 1 from advocates c where c.code = ? and coalesce(c.merged_into, c.id) = r.advocate_id) as is_of_code
    from referrals r`;

/** The live referrals in which this person is the friend. */
export async function referralsOfFriend(
  tx: TenantTransaction,
  { personId, code }: { readonly personId: string; readonly code: string | null },
): Promise<Candidate[]> {
  const answer = await tx.raw<{ rows: CandidateRow[] }>(
    `${CANDIDATE} where r.person_id = ? and r.merged_into is null order by r.id`,
    [code, personId],
  );
  return answer.rows.map(fromRow);
}

/** The referral of this id; of one that was merged away, the survivor. */
export async function referralById(tx: TenantTransaction, referralId: string): Promise<Candidate[]> {
  const answer = await tx.raw<{ rows: CandidateRow[] }>(
    `with recursive line as (
       select id, merged_into from referrals where id = ?
       union select r.id, r.merged_into from referrals r join line on r.id = line.merged_into
     ) ${CANDIDATE} join line on line.id = r.id where r.merged_into is null`,
    [referralId, null],
  );
  return answer.rows.map(fromRow);
}

function fromRow(row: CandidateRow): Candidate {
  return { referralId: row.id, programId: row.program_id, isOfCode: row.is_of_code };
}

/** The program to which a code leads, in this workspace. */
export async function programOfCode(tx: TenantTransaction, code: string): Promise<string | null> {
  const row = await tx<{ code: string; program_id: string }>('advocates').where({ code }).first('program_id');
  return row?.program_id ?? null;
}

export async function programExists(tx: TenantTransaction, programId: string): Promise<boolean> {
  return (await tx('programs').where({ id: programId }).first('id')) !== undefined;
}
