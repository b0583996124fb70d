import { hubspotProgramField, PROGRAM_FIELD_KEYS, type CrmFieldKey } from '../../../shared/crm-fields.ts';
import type { AdvocateFact } from '../../../shared/enrolment-settings.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { CrmName } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { combineMetrics } from '../metrics/advocate-metrics.ts';
import {
  advocateValues,
  friendValues,
  mappedKey,
  valuesForCrm,
  type CrmValues,
  type FriendsAdvocate,
} from '../metrics/crm-values.ts';
import { fromStoredMetrics, type StoredMetrics } from '../metrics/metrics-store.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { recordPageUrl } from '../referrals/record-page-store.ts';
import { referralLink } from '../referrals/referral-code.ts';

type AdvocateRow = {
  person_id: string;
  program_id: string;
  code: string;
  metrics: StoredMetrics | null;
  counted_at: Date;
};

type FriendRow = {
  person_id: string;
  referral_id: string;
  program_id: string;
  status: ReferralStatus;
  status_reason: string;
  source: string;
  note: string | null;
  code: string;
  advocate_id: string;
  advocate_external_id: string | null;
  advocate_email: string | null;
  advocate_first_name: string | null;
  advocate_last_name: string | null;
  advocate_phone: string | null;
  advocate_erased_at: Date | null;
};

export type DesiredValuesInput = {
  readonly personIds: readonly string[];
  /** Primary program first: the unsuffixed fields show its link and its referral. */
  readonly programs: readonly PublishedProgram[];
  readonly publicUrl: string;
  readonly workspaceCurrency: string;
};

/** What the CRM should say about each of these people, in every field we own. People nobody refers or knows are absent. */
export async function desiredValues(
  tx: TenantTransaction,
  input: DesiredValuesInput,
): Promise<Map<string, (crm: CrmName) => CrmValues>> {
  const advocates = Map.groupBy(await readAdvocates(tx, input.personIds), (row) => row.person_id);
  const friends = Map.groupBy(await readFriends(tx, input.personIds), (row) => row.person_id);
  const desired = new Map<string, (crm: CrmName) => CrmValues>();
  for (const personId of input.personIds) {
    const asAdvocate = advocates.get(personId) ?? [];
    const asFriend = friends.get(personId) ?? [];
    if (asAdvocate.length === 0 && asFriend.length === 0) continue;
    const values: CrmValues = { ...advocatePart(asAdvocate, input), ...friendPart(asFriend, input) };
    desired.set(personId, (crm) => valuesForCrm(crm, values));
  }
  return desired;
}

function advocatePart(rows: readonly AdvocateRow[], input: DesiredValuesInput): CrmValues {
  const shown = ofPrimaryProgram(rows, input.programs);
  if (!shown) return {};
  return {
    ...valuesOf([shown, ...rows.filter((row) => row !== shown)], input),
    ...rows.reduce<CrmValues>((values, row) => ({ ...values, ...mappedPart(row, input) }), {}),
  };
}

/** Link and code of the first of these rows, numbers over all of them. */
function valuesOf(rows: readonly [AdvocateRow, ...AdvocateRow[]], input: DesiredValuesInput): CrmValues {
  return advocateValues({
    link: referralLink(input.publicUrl, rows[0].code),
    code: rows[0].code,
    metrics: combineMetrics(rows.map((row) => fromStoredMetrics(row.metrics))),
    countedAt: new Date(Math.max(...rows.map((row) => row.counted_at.getTime()))).toISOString(),
    workspaceCurrency: input.workspaceCurrency,
  });
}

const FACT_KEYS: Readonly<Record<AdvocateFact, CrmFieldKey>> = {
  link: 'referralLink',
  code: 'referralCode',
  referredCount: 'referredCount',
  qualifiedCount: 'qualifiedCount',
  approvedCount: 'approvedCount',
  rewardStatus: 'rewardStatus',
  rewardTotal: 'rewardTotal',
  lastReferralAt: 'lastReferralAt',
};

/** What one program's map, and its own fields, say about its advocate (RF-15). */
function mappedPart(row: AdvocateRow, input: DesiredValuesInput): CrmValues {
  const program = input.programs.find(({ id }) => id === row.program_id);
  const { mapOut = [], ownFields = false } = program?.definition.enrolment ?? {};
  if (!program || (mapOut.length === 0 && !ownFields)) return {};
  const values = valuesOf([row], input);
  const own = ownFields ? PROGRAM_FIELD_KEYS.map((key) => ({ key, field: hubspotProgramField(program.key, key) })) : [];
  const lines = [...own, ...mapOut.map(({ from, field }) => ({ key: FACT_KEYS[from], field }))];
  return Object.fromEntries(lines.map(({ key, field }) => [mappedKey(field), values[key] ?? null]));
}

function friendPart(rows: readonly FriendRow[], input: DesiredValuesInput): CrmValues {
  const shown = ofPrimaryProgram(rows, input.programs);
  if (!shown) return {};
  const definition = input.programs.find((program) => program.id === shown.program_id)?.definition;
  return friendValues({
    referralId: shown.referral_id,
    status: shown.status,
    reason: shown.status_reason,
    advocate: shown.advocate_erased_at === null ? advocateOf(shown, input.publicUrl) : 'erased',
    ...(definition && { referrer: definition.capture.referrer }),
    programName: definition?.name ?? '',
    source: shown.source,
    note: shown.note,
    url: recordPageUrl(input.publicUrl, 'referrals', shown.referral_id),
  });
}

function advocateOf(row: FriendRow, publicUrl: string): FriendsAdvocate {
  const name = [row.advocate_first_name, row.advocate_last_name].filter(Boolean).join(' ');
  return {
    name: name === '' ? null : name,
    email: row.advocate_email,
    code: row.code,
    phone: row.advocate_phone,
    externalId: row.advocate_external_id,
    url: recordPageUrl(publicUrl, 'advocates', row.advocate_id),
  };
}

function ofPrimaryProgram<Row extends { program_id: string }>(
  rows: readonly Row[],
  programs: readonly PublishedProgram[],
): Row | undefined {
  for (const program of programs) {
    const row = rows.find((candidate) => candidate.program_id === program.id);
    if (row) return row;
  }
  return rows[0];
}

async function readAdvocates(tx: TenantTransaction, personIds: readonly string[]): Promise<AdvocateRow[]> {
  const answer = await tx.raw<{ rows: AdvocateRow[] }>(
    // Zeros that nobody counted yet hold since the advocate is there.
    `select a.person_id, a.program_id, a.code, m.metrics, coalesce(m.updated_at, a.created_at) as counted_at
       from advocates a left join advocate_metrics m on m.advocate_id = a.id
      where a.person_id = any(?) and a.merged_into is null and a.closed_at is null
      order by a.created_at, a.id`,
    [[...personIds]],
  );
  return answer.rows;
}

async function readFriends(tx: TenantTransaction, personIds: readonly string[]): Promise<FriendRow[]> {
  const answer = await tx.raw<{ rows: FriendRow[] }>(
    // A rep's words, else those of a question the program keeps under that key.
    `select r.person_id, r.id as referral_id, r.program_id, r.status, r.status_reason, r.source,
            coalesce(nullif(trim(r.answers ->> 'repNote'), ''), r.answers ->> 'note') as note,
            a.code, a.id as advocate_id, a.external_id as advocate_external_id,
            p.email as advocate_email, p.first_name as advocate_first_name, p.last_name as advocate_last_name,
            p.phone as advocate_phone, p.erased_at as advocate_erased_at
       from referrals r join advocates a on a.id = r.advocate_id join people p on p.id = a.person_id
      where r.person_id = any(?) and r.merged_into is null
      order by r.referred_at, r.id`,
    [[...personIds]],
  );
  return answer.rows;
}
