import { comparePhones } from '../capture/same-phone.ts';
import type { TenantTransaction } from '../db/database.ts';
import { lookUpKey, type FoundAdvocate, type FoundReferral, type NameCandidate } from './match-look-ups.ts';
import { phoneTail, TAIL } from './phone-digits.ts';

/** A key asked for in one program. */
export type AskedKey = { readonly programId: string; readonly key: string };

type ReferralRow = { asked: string; id: string; program_id: string; advocate_id: string; person_id: string };
type AdvocateRow = { asked: string; id: string; program_id: string; person_id: string; code: string };

const REFERRAL = 'r.id, r.program_id, r.advocate_id, r.person_id';
/** Nothing leads to somebody who asked to be forgotten. */
const LIVE = `r.merged_into is null and not exists (select 1 from people x where x.id = r.person_id and x.erased_at is not null)`;
const LIVE_ADVOCATE = `live.merged_into is null and live.closed_at is null
  and not exists (select 1 from people x where x.id = live.person_id and x.erased_at is not null)`;

/** The referrals of these ids, by id; of one that was merged away, the survivor. */
export async function referralsById(
  tx: TenantTransaction,
  ids: readonly string[],
): Promise<Map<string, FoundReferral[]>> {
  if (ids.length === 0) return new Map();
  const answer = await tx.raw<{ rows: ReferralRow[] }>(
    `with recursive line as (
       select id as asked, id, merged_into from referrals where id = any(?)
       union select l.asked, r.id, r.merged_into from referrals r join line l on r.id = l.merged_into
     )
     select line.asked, ${REFERRAL} from line join referrals r on r.id = line.id where ${LIVE}`,
    [[...new Set(ids)]],
  );
  return grouped(answer.rows, (row) => row.asked);
}

export async function referralsByExternalId(
  tx: TenantTransaction,
  workspaceId: string,
  asked: readonly AskedKey[],
): Promise<Map<string, FoundReferral[]>> {
  if (asked.length === 0) return new Map();
  const answer = await tx.raw<{ rows: ReferralRow[] }>(
    `select r.external_id as asked, ${REFERRAL} from referrals r
      where r.workspace_id = ? and (r.program_id, r.external_id) in (${marks(asked)}) and ${LIVE}`,
    [workspaceId, ...flat(asked)],
  );
  return grouped(answer.rows, (row) => lookUpKey('external_id', row.program_id, row.asked));
}

/** Referrals whose friend has one of these addresses. */
export async function referralsByFriendEmail(
  tx: TenantTransaction,
  workspaceId: string,
  asked: readonly AskedKey[],
): Promise<Map<string, FoundReferral[]>> {
  if (asked.length === 0) return new Map();
  const answer = await tx.raw<{ rows: ReferralRow[] }>(
    `select e.email as asked, ${REFERRAL} from person_emails e join referrals r on r.person_id = e.person_id
      where e.workspace_id = ? and e.email = any(?) and r.program_id = any(?) and ${LIVE}`,
    [workspaceId, ...columns(asked)],
  );
  return grouped(answer.rows, (row) => lookUpKey('friend_email', row.program_id, row.asked));
}

/** Referrals whose friend has one of these telephone numbers, however either is written. */
export async function referralsByFriendPhone(
  tx: TenantTransaction,
  workspaceId: string,
  asked: readonly AskedKey[],
): Promise<Map<string, FoundReferral[]>> {
  const tails = [...new Set(asked.flatMap(({ key }) => phoneTail(key) ?? []))];
  if (tails.length === 0) return new Map();
  const answer = await tx.raw<{ rows: ReferralRow[] }>(
    `select p.phone as asked, ${REFERRAL} from people p join referrals r on r.person_id = p.id
      where p.workspace_id = ? and right(regexp_replace(p.phone, '[^0-9]', '', 'g'), ${String(TAIL)}) = any(?)
        and p.phone is not null and p.erased_at is null and r.program_id = any(?) and r.merged_into is null
      order by r.id limit 1000`,
    [workspaceId, tails, [...new Set(asked.map(({ programId }) => programId))]],
  );
  const found = new Map<string, FoundReferral[]>();
  for (const { programId, key } of asked) {
    const alike = answer.rows.flatMap((row): FoundReferral[] => {
      const likeness = row.program_id === programId ? comparePhones(key, row.asked) : 'different';
      if (likeness === 'different') return [];
      return [likeness === 'same' ? fromRow(row) : { ...fromRow(row), unsure: true }];
    });
    if (alike.length > 0) found.set(lookUpKey('friend_phone', programId, key), alike);
  }
  return found;
}

/** Live referrals in which these people are the friend, by person. */
export async function referralsOfPeople(
  tx: TenantTransaction,
  personIds: readonly string[],
): Promise<Map<string, FoundReferral[]>> {
  if (personIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: ReferralRow[] }>(
    `select r.person_id as asked, ${REFERRAL} from referrals r where r.person_id = any(?) and ${LIVE} order by r.id`,
    [[...new Set(personIds)]],
  );
  return grouped(answer.rows, (row) => row.person_id);
}

const ADVOCATE = 'live.id, live.program_id, live.person_id, live.code';

/** Live advocates by code; the code of one who was merged away leads to the survivor. */
export async function advocatesByCode(
  tx: TenantTransaction,
  asked: readonly AskedKey[],
): Promise<Map<string, FoundAdvocate[]>> {
  if (asked.length === 0) return new Map();
  const answer = await tx.raw<{ rows: AdvocateRow[] }>(
    `select a.code as asked, ${ADVOCATE}
       from advocates a join advocates live on live.id = coalesce(a.merged_into, a.id) and ${LIVE_ADVOCATE}
      where a.code = any(?) and a.program_id = any(?)`,
    columns(asked),
  );
  return advocates(answer.rows, 'advocate_code');
}

export async function advocatesByEmail(
  tx: TenantTransaction,
  workspaceId: string,
  asked: readonly AskedKey[],
): Promise<Map<string, FoundAdvocate[]>> {
  if (asked.length === 0) return new Map();
  const answer = await tx.raw<{ rows: AdvocateRow[] }>(
    `select e.email as asked, ${ADVOCATE} from person_emails e join advocates live on live.person_id = e.person_id
      where e.workspace_id = ? and e.email = any(?) and live.program_id = any(?)
        and ${LIVE_ADVOCATE}`,
    [workspaceId, ...columns(asked)],
  );
  return advocates(answer.rows, 'advocate_email');
}

export async function advocatesByExternalId(
  tx: TenantTransaction,
  workspaceId: string,
  asked: readonly AskedKey[],
): Promise<Map<string, FoundAdvocate[]>> {
  if (asked.length === 0) return new Map();
  const answer = await tx.raw<{ rows: AdvocateRow[] }>(
    `select live.external_id as asked, ${ADVOCATE} from advocates live
      where live.workspace_id = ? and (live.program_id, live.external_id) in (${marks(asked)})
        and ${LIVE_ADVOCATE}`,
    [workspaceId, ...flat(asked)],
  );
  return advocates(answer.rows, 'advocate_external_id');
}

/** More waiting friends than this are not compared with every record that changes; the newest are. */
const MAX_NAMES = 500;

/** Friends of these programs whose referral waits and who have no contact in this account yet. */
export async function waitingFriends(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly connectionId: string; readonly programIds: readonly string[] },
): Promise<NameCandidate[]> {
  const answer = await tx.raw<{ rows: (ReferralRow & { first_name: string | null; last_name: string | null })[] }>(
    `select ${REFERRAL}, p.first_name, p.last_name from referrals r join people p on p.id = r.person_id
      where r.workspace_id = ? and r.program_id = any(?) and r.status = 'pending' and r.merged_into is null
        and p.erased_at is null and coalesce(p.first_name, p.last_name) is not null
        and not exists (select 1 from crm_records c where c.person_id = r.person_id and c.connection_id = ?
                           and c.object_type = 'contact' and c.deleted_at is null and c.merged_into is null)
      order by r.created_at desc, r.id desc limit ${String(MAX_NAMES)}`,
    [input.workspaceId, [...input.programIds], input.connectionId],
  );
  return answer.rows.map((row) => ({
    referral: fromRow(row),
    name: [row.first_name, row.last_name].filter((part) => part !== null).join(' '),
  }));
}

function advocates(rows: readonly AdvocateRow[], holds: 'advocate_code' | 'advocate_email' | 'advocate_external_id') {
  const found = new Map<string, FoundAdvocate[]>();
  for (const row of rows) {
    const key = lookUpKey(holds, row.program_id, row.asked);
    const advocate = { advocateId: row.id, programId: row.program_id, personId: row.person_id, code: row.code };
    found.set(key, [...(found.get(key) ?? []), advocate]);
  }
  return found;
}

function grouped(rows: readonly ReferralRow[], keyOf: (row: ReferralRow) => string): Map<string, FoundReferral[]> {
  const groups = Map.groupBy(rows, keyOf);
  return new Map([...groups].map(([key, members]) => [key, members.map(fromRow)]));
}

function fromRow(row: Omit<ReferralRow, 'asked'>): FoundReferral {
  return { referralId: row.id, programId: row.program_id, advocateId: row.advocate_id, personId: row.person_id };
}

function marks(asked: readonly AskedKey[]): string {
  return asked.map(() => '(?, ?)').join(', ');
}

function flat(asked: readonly AskedKey[]): string[] {
  return asked.flatMap(({ programId, key }) => [programId, key]);
}

/** A key may lead somewhere in a program in which it was not asked for: nobody looks for it there. */
function columns(asked: readonly AskedKey[]): [string[], string[]] {
  return [[...new Set(asked.map(({ key }) => key))], [...new Set(asked.map(({ programId }) => programId))]];
}
