import type { RewardReport } from '../../../shared/contracts/rewards.ts';
import type { RewardState } from '../../../shared/referral-status.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import { sortKey } from '../db/sort-key.ts';
import { formatMoney } from './money.ts';

export type RewardFilter = { readonly state?: RewardState | undefined; readonly referralId?: string | undefined };

type Row = {
  id: string;
  program_id: string;
  program_version: number;
  referral_id: string;
  reward_rule_id: string;
  recipient_person_id: string;
  recipient_name: string | null;
  recipient_email: string | null;
  milestone: RewardReport['milestone'];
  state: RewardState;
  amount_minor: string;
  currency: string;
  basis: Record<string, unknown>;
  created_at: Date;
  state_at: Date;
  sort_at: string;
};

/** The reward ledger, newest first. */
export function listRewards(
  database: Database,
  workspaceId: string,
  input: { readonly page: PageInput; readonly filter: RewardFilter },
): Promise<Page<RewardReport>> {
  const { page, filter } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = select(tx).where('w.workspace_id', workspaceId);
    if (filter.state) void query.where('w.state', filter.state);
    if (filter.referralId) void query.where('w.referral_id', filter.referralId);
    if (page.after) void query.whereRaw('(w.created_at, w.id) < (?::timestamptz, ?)', [...page.after]);
    const rows = (await query.orderByRaw('w.created_at desc, w.id desc').limit(page.limit + 1)) as Row[];
    return toPage(rows, page.limit, { item: fromRow, key: (row) => [row.sort_at, row.id] });
  });
}

export function findReward(database: Database, workspaceId: string, rewardId: string): Promise<RewardReport | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = (await select(tx).where({ 'w.workspace_id': workspaceId, 'w.id': rewardId }).first()) as
      Row | undefined;
    return row ? fromRow(row) : null;
  });
}

/** Every reward of one referral, oldest first. There are as many as reward rules, so no page is needed. */
export async function rewardsOf(tx: TenantTransaction, referralId: string): Promise<RewardReport[]> {
  const rows: Row[] = await select(tx).where('w.referral_id', referralId).orderByRaw('w.created_at, w.id');
  return rows.map(fromRow);
}

function select(tx: TenantTransaction) {
  return tx('rewards as w')
    .join('people as p', 'p.id', 'w.recipient_person_id')
    .select(
      'w.id',
      'w.program_id',
      'w.program_version',
      'w.referral_id',
      'w.reward_rule_id',
      'w.recipient_person_id',
      'p.email as recipient_email',
      tx.raw(`nullif(concat_ws(' ', p.first_name, p.last_name), '') as recipient_name`),
      'w.milestone',
      'w.state',
      'w.amount_minor',
      'w.currency',
      'w.basis',
      'w.created_at',
      'w.state_at',
      tx.raw(`${sortKey('w.created_at')} as sort_at`),
    );
}

function fromRow(row: Row): RewardReport {
  return {
    id: row.id,
    programId: row.program_id,
    programVersion: row.program_version,
    referralId: row.referral_id,
    rewardRuleId: row.reward_rule_id,
    recipient: { personId: row.recipient_person_id, name: row.recipient_name, email: row.recipient_email },
    milestone: row.milestone,
    state: row.state,
    amount: formatMoney(BigInt(row.amount_minor), row.currency),
    currency: row.currency,
    basis: row.basis,
    createdAt: row.created_at.toISOString(),
    stateAt: row.state_at.toISOString(),
  };
}
