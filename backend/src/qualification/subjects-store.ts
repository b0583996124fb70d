import type { CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { dealsOfFriends, othersOnDeals, type DealRow, type OtherReferralRow } from './deal-subjects-store.ts';
import { crmOf, snapshotOf, type RecordRow } from './snapshot-of-record.ts';
import type { Authorities, DealView, RecordView, Subject } from './subject.ts';

/** Whose records are looked at, and from when on they count. */
export type SubjectFrame = {
  readonly personId: string;
  readonly programId: string;
  readonly referredAt: Date;
  /** What was so before this was so already; null: it does not matter. */
  readonly since: Date | null;
  /** (Absent: either CRM counts) */
  readonly authority?: Authorities;
  /** The role that makes a contact a deal's primary one; null: it does not matter. */
  readonly primaryRole: string | null;
};

/** Everything the CRM is known to say about these friends, and who else is referred on their deals. */
export type SubjectSource = {
  subjectOf(personId: string, programId: string): Subject;
};

export async function loadSubjects(
  tx: TenantTransaction,
  input: { readonly frames: readonly SubjectFrame[]; readonly withCompanies: boolean },
): Promise<SubjectSource> {
  const { frames } = input;
  if (frames.length === 0) return { subjectOf: () => ({ contacts: [], deals: [] }) };
  const keys = frameKeys(frames);
  const contacts = await contactsOfFriends(tx, keys);
  const deals = await dealsOfFriends(tx, keys);
  const companies = input.withCompanies ? await companiesOfFriends(tx, keys) : [];
  const others = await othersOnDeals(tx, deals);
  return toSource({ frames, contacts, deals, companies, others });
}

/** The frames as rows `k(frame, person_id, since)`. */
function frameKeys(frames: readonly SubjectFrame[]): string {
  return JSON.stringify(
    frames.map(({ personId, since }, frame) => ({
      frame,
      person_id: personId,
      since: since === null ? null : since.toISOString(),
    })),
  );
}

async function contactsOfFriends(tx: TenantTransaction, keys: string): Promise<RecordRow[]> {
  const answer = await tx.raw<{ rows: RecordRow[] }>(
    `select k.frame, c.connection_id, ${crmOf('c')}, c.record_id, s."values", coalesce(earlier."values", at_first."values") as before,
            s.modified_at
       from json_to_recordset(?) as k(frame int, person_id text, since timestamptz)
       join crm_records c on c.person_id = k.person_id and c.object_type = 'contact' and c.deleted_at is null and c.merged_into is null
       ${snapshotOf('contact', 'c.record_id')}`,
    [keys],
  );
  return answer.rows;
}

async function companiesOfFriends(tx: TenantTransaction, keys: string): Promise<RecordRow[]> {
  const answer = await tx.raw<{ rows: RecordRow[] }>(
    `select distinct on (k.frame, c.connection_id, c.company_id) k.frame, c.connection_id, ${crmOf('c')}, c.company_id as record_id,
            s."values", coalesce(earlier."values", at_first."values") as before, s.modified_at
       from json_to_recordset(?) as k(frame int, person_id text, since timestamptz)
       join crm_records c on c.person_id = k.person_id and c.object_type = 'contact' and c.deleted_at is null
        and c.merged_into is null and c.company_id is not null
       ${snapshotOf('company', 'c.company_id')}
      order by k.frame, c.connection_id, c.company_id`,
    [keys],
  );
  return answer.rows;
}

type Rows = {
  readonly frames: readonly SubjectFrame[];
  readonly contacts: readonly RecordRow[];
  readonly deals: readonly DealRow[];
  readonly companies: readonly RecordRow[];
  readonly others: readonly OtherReferralRow[];
};

function toSource({ frames, ...rows }: Rows): SubjectSource {
  const contacts = Map.groupBy(rows.contacts, (row) => row.frame);
  const deals = Map.groupBy(rows.deals, (row) => row.frame);
  const companies = Map.groupBy(rows.companies, (row) => row.frame);
  const referred = Map.groupBy(rows.others, (row) => `${row.connection_id}:${row.record_id}`);
  const frameOf = new Map(frames.map((frame, index) => [`${frame.personId}:${frame.programId}`, index]));
  return {
    subjectOf(personId, programId) {
      const index = frameOf.get(`${personId}:${programId}`) ?? -1;
      const frame = frames[index];
      if (!frame) return { contacts: [], deals: [] };
      const own = new Set((contacts.get(index) ?? []).map((row) => `${row.connection_id}:${row.record_id}`));
      return {
        contacts: (contacts.get(index) ?? []).map((row) => toView('contact', row)),
        deals: (deals.get(index) ?? []).map((row) => toDealView(row, { frame, own, referred })),
        companies: (companies.get(index) ?? []).map((row) => toView('company', row)),
        since: frame.since?.toISOString() ?? null,
        referredAt: frame.referredAt.toISOString(),
        ...(frame.authority && { authority: frame.authority }),
      };
    },
  };
}

type DealContext = {
  readonly frame: SubjectFrame;
  readonly own: ReadonlySet<string>;
  readonly referred: ReadonlyMap<string, readonly OtherReferralRow[]>;
};

function toDealView(row: DealRow, { frame, own, referred }: DealContext): DealView {
  const { personId, programId, referredAt, primaryRole } = frame;
  const others = row.contact_ids.flatMap((contactId) =>
    (referred.get(`${row.connection_id}:${contactId}`) ?? []).filter(
      (other) => other.program_id === programId && other.person_id !== personId,
    ),
  );
  const primaries = row.contact_ids.filter(
    (contactId) => primaryRole !== null && row.contact_roles[contactId]?.includes(primaryRole),
  );
  const isPrimary =
    primaries.length === 0 ? null : primaries.some((contactId) => own.has(`${row.connection_id}:${contactId}`));
  return {
    ...toView('deal', row),
    contactIds: row.contact_ids,
    otherReferredContactIds: [...new Set(others.map((other) => other.record_id))],
    isFirst: others.every((other) => isEarlier({ referredAt, personId }, other)),
    ...(primaryRole === null ? {} : { isPrimary }),
  };
}

/** Of two referred in the same moment the order of their ids decides, so that never both or neither is first. */
function isEarlier(own: { referredAt: Date; personId: string }, other: OtherReferralRow): boolean {
  const difference = own.referredAt.getTime() - other.referred_at.getTime();
  return difference < 0 || (difference === 0 && own.personId < other.person_id);
}

function toView(objectType: CrmObjectType, row: RecordRow): RecordView {
  const { crm, record_id: recordId, values, before, modified_at: modifiedAt } = row;
  return { objectType, crm, recordId, values, before, modifiedAt: modifiedAt.toISOString() };
}
