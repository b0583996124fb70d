import type { ReferralDetail, ReferralReport } from '../../../shared/contracts/referrals.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import { sortKey } from '../db/sort-key.ts';
import { rewardsOf } from '../rewards/reward-reports-store.ts';

export type ReferralFilter = {
  readonly status?: ReferralStatus | undefined;
  readonly programId?: string | undefined;
  readonly advocateId?: string | undefined;
};

type Row = {
  id: string;
  program_id: string;
  program_version: number | null;
  advocate_id: string;
  code: string;
  advocate_person_id: string;
  advocate_first_name: string | null;
  advocate_last_name: string | null;
  advocate_email: string | null;
  person_id: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  external_id: string | null;
  status: ReferralStatus;
  decided_by: 'rules' | 'person';
  rules_version: number;
  status_reason: string;
  status_at: Date;
  details: Record<string, string | null>;
  source: string;
  merged_into: string | null;
  referred_at: Date;
  created_at: Date;
  sort_at: string;
};

type EventRow = {
  at: Date;
  from_status: ReferralStatus | null;
  to_status: ReferralStatus;
  cause: string;
  actor: string;
  reason: string;
  program_version: number | null;
  entry_id: string | null;
};

/** More changes of one referral than anybody reads; the newest are shown. */
const MAX_HISTORY = 500;

/** Live referrals, newest first; one that was merged into another is found by its id only. */
export function listReferrals(
  database: Database,
  workspaceId: string,
  input: { readonly page: PageInput; readonly filter: ReferralFilter },
): Promise<Page<ReferralReport>> {
  const { page, filter } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = select(tx).where('r.workspace_id', workspaceId).whereNull('r.merged_into');
    if (filter.status) void query.where('r.status', filter.status);
    if (filter.programId) void query.where('r.program_id', filter.programId);
    if (filter.advocateId) void query.where('r.advocate_id', filter.advocateId);
    if (page.after) void query.whereRaw('(r.created_at, r.id) < (?::timestamptz, ?)', [...page.after]);
    const rows = (await query.orderByRaw('r.created_at desc, r.id desc').limit(page.limit + 1)) as Row[];
    return toPage(rows, page.limit, { item: fromRow, key: (row) => [row.sort_at, row.id] });
  });
}

/** One referral with its history and rewards; its newest decision is among the entries. */
export function findReferral(
  database: Database,
  workspaceId: string,
  referralId: string,
): Promise<Omit<ReferralDetail, 'lastEntry'> | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = (await select(tx).where({ 'r.workspace_id': workspaceId, 'r.id': referralId }).first()) as
      Row | undefined;
    if (!row) return null;
    return {
      ...fromRow(row),
      history: await historyOf(tx, referralId),
      rewards: await rewardsOf(tx, referralId),
    };
  });
}

async function historyOf(tx: TenantTransaction, referralId: string): Promise<ReferralDetail['history']> {
  const rows: EventRow[] = await tx('referral_events')
    .where({ referral_id: referralId })
    .orderBy('id', 'desc')
    .limit(MAX_HISTORY)
    .select('at', 'from_status', 'to_status', 'cause', 'actor', 'reason', 'program_version', 'entry_id');
  return rows.reverse().map((row) => ({
    at: row.at.toISOString(),
    from: row.from_status,
    to: row.to_status,
    cause: row.cause,
    actor: row.actor,
    reason: row.reason,
    programVersion: row.program_version,
    entryId: row.entry_id,
  }));
}

function select(tx: TenantTransaction) {
  return tx('referrals as r')
    .join('advocates as a', 'a.id', 'r.advocate_id')
    .join('people as ap', 'ap.id', 'a.person_id')
    .join('people as p', 'p.id', 'r.person_id')
    .select(
      'r.id',
      'r.program_id',
      'r.program_version',
      'r.advocate_id',
      'a.code',
      'a.person_id as advocate_person_id',
      'ap.first_name as advocate_first_name',
      'ap.last_name as advocate_last_name',
      'ap.email as advocate_email',
      'r.person_id',
      'p.first_name',
      'p.last_name',
      'p.email',
      'r.external_id',
      'r.status',
      'r.decided_by',
      'r.rules_version',
      'r.details',
      'r.status_reason',
      'r.status_at',
      'r.source',
      'r.merged_into',
      'r.referred_at',
      'r.created_at',
      tx.raw(`${sortKey('r.created_at')} as sort_at`),
    );
}

function fromRow(row: Row): ReferralReport {
  return {
    id: row.id,
    programId: row.program_id,
    programVersion: row.program_version,
    advocate: {
      advocateId: row.advocate_id,
      code: row.code,
      personId: row.advocate_person_id,
      firstName: row.advocate_first_name,
      lastName: row.advocate_last_name,
      email: row.advocate_email,
    },
    friend: { personId: row.person_id, firstName: row.first_name, lastName: row.last_name, email: row.email },
    externalId: row.external_id,
    status: row.status,
    decidedBy: row.decided_by,
    rulesVersion: row.rules_version,
    statusReason: row.status_reason,
    statusAt: row.status_at.toISOString(),
    details: row.details,
    source: row.source,
    mergedInto: row.merged_into,
    referredAt: row.referred_at.toISOString(),
    createdAt: row.created_at.toISOString(),
  };
}
