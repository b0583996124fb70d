import type { Authority } from '../../../shared/decision-settings.ts';
import type { CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { dealsOfFriends, othersOnDeals, type DealRow, type OtherReferralRow } from './deal-subjects-store.ts';
import { crmOf, liveContactsOf, snapshotOf, type RecordRow } from './snapshot-of-record.ts';
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
  const frames = await heardFrames(tx, input.frames);
  if (frames.length === 0) return { subjectOf: () => ({ contacts: [], deals: [] }) };
  const keys = frameKeys(frames);
  const contacts = await contactsOfFriends(tx, keys);
  const deals = await dealsOfFriends(tx, keys);
  const companies = input.withCompanies ? await companiesOfFriends(tx, keys) : [];
  const others = await othersOnDeals(tx, deals);
  return toSource({ frames, contacts, deals, companies, others });
}

/** A CRM that was disconnected decides nothing any more: what it said last would stand in the way for ever. */
async function heardFrames(tx: TenantTransaction, frames: readonly SubjectFrame[]): Promise<readonly SubjectFrame[]> {
  const isAsked = frames.some(
    ({ authority }) => authority && Object.values(authority).some((word) => word !== 'either'),
  );
  if (!isAsked) return frames;
  const answer = await tx.raw<{ rows: { crm: Authority }[] }>(
    `select distinct crm from connections where status <> 'disconnected'`,
  );
  const live = new Set<Authority>(answer.rows.map(({ crm }) => crm));
  const heard = (word: Authority): Authority => (live.has(word) ? word : 'either');
  return frames.map((frame) => {
    if (!frame.authority) return frame;
    const { person, company, deal } = frame.authority;
    return { ...frame, authority: { person: heard(person), company: heard(company), deal: heard(deal) } };
  });
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

/** With the ids it had before: a deal as last read may still name one of them. */
type ContactRow = RecordRow & { merged_ids: string[] };

async function contactsOfFriends(tx: TenantTransaction, keys: string): Promise<ContactRow[]> {
  const answer = await tx.raw<{ rows: ContactRow[] }>(
    `select k.frame, c.connection_id, ${crmOf('c')}, c.record_id,
            array(select m.record_id from crm_records m where m.connection_id = c.connection_id and m.object_type = 'contact'
                     and m.merged_into = c.record_id) as merged_ids,
            s."values", coalesce(earlier."values", at_first."values") as before,
            s.modified_at
       from json_to_recordset(?) as k(frame int, person_id text, since timestamptz)
       ${liveContactsOf('k.person_id')} c
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
       ${liveContactsOf('k.person_id')} c
       ${snapshotOf('company', 'c.company_id')}
      where c.company_id is not null
      order by k.frame, c.connection_id, c.company_id`,
    [keys],
  );
  return answer.rows;
}

type Rows = {
  readonly frames: readonly SubjectFrame[];
  readonly contacts: readonly ContactRow[];
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
      const own = new Set(
        (contacts.get(index) ?? []).flatMap((row) =>
          [row.record_id, ...row.merged_ids].map((id) => `${row.connection_id}:${id}`),
        ),
      );
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
  const { crm, home_currency: homeCurrency, record_id: recordId, values, before, modified_at: modifiedAt } = row;
  return { objectType, crm, homeCurrency, recordId, values, before, modifiedAt: modifiedAt.toISOString() };
}
