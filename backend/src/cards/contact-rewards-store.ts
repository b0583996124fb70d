import type { RewardLine } from '../../../shared/card-view.ts';
import { REWARD_STATES, type RewardState } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { RewardBasis } from '../rewards/earned-rewards.ts';
import { formatMoney } from '../rewards/money.ts';
import { personName } from './person-name.ts';
import { basisText } from './reward-basis.ts';

const SHOWN = 5;

type Row = {
  id: string;
  state: RewardState;
  amount_minor: string;
  currency: string;
  program_id: string;
  basis: RewardBasis;
  state_at: Date;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  erased: boolean;
};

/** This person's rewards, at most five: those that wait for approval first, then what happened last. By index, state by state. */
export async function readContactRewards(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly personId: string;
    readonly programNames: ReadonlyMap<string, string>;
  },
): Promise<RewardLine[]> {
  const answer = await tx.raw<{ rows: Row[] }>(
    `select w.id, w.state, w.amount_minor, w.currency, w.program_id, w.basis, w.state_at,
            f.first_name, f.last_name, f.email, f.erased_at is not null as erased
       from (select w.* from unnest(?::text[]) s (state)
               cross join lateral (select * from rewards
                                    where workspace_id = ? and recipient_person_id = ? and state = s.state
                                    order by state_at desc, id desc limit ${String(SHOWN)}) w
              order by w.state <> 'pending', w.state_at desc, w.id desc limit ${String(SHOWN)}) w
       cross join lateral (select person_id from referrals where id = w.referral_id offset 0) r
       cross join lateral (select * from people where id = r.person_id offset 0) f
      order by w.state <> 'pending', w.state_at desc, w.id desc`,
    [[...REWARD_STATES], input.workspaceId, input.personId],
  );
  return answer.rows.map((row) => ({
    id: row.id,
    state: row.state,
    amount: { amount: formatMoney(BigInt(row.amount_minor), row.currency), currency: row.currency },
    programName: input.programNames.get(row.program_id) ?? '',
    friendName: personName({
      firstName: row.first_name,
      lastName: row.last_name,
      email: row.email,
      erased: row.erased,
    }),
    basis: basisText(row.basis),
    stateAt: row.state_at.toISOString(),
  }));
}
