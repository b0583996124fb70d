import { formatMoney } from '../../backend/src/rewards/money.ts';
import type { Play } from './play.ts';
import type { Ending } from './scenario.ts';

type Standing = {
  id: string;
  name: string;
  status: string;
  rewards: { minor: string; currency: string; state: string }[];
};

const STANDING = `
  select r.id, r.status, coalesce(split_part(p.email, '@', 1), lower(p.last_name), '') as name,
         (select coalesce(json_agg(json_build_object('minor', w.amount_minor::text, 'currency', w.currency, 'state', w.state)
                                   order by w.reward_rule_id, w.milestone), '[]')
            from rewards w where w.referral_id = r.id and w.state <> 'voided') as rewards
    from referrals r join people p on p.id = r.person_id where r.workspace_id = $1 order by r.referred_at, r.id`;

/** Where every referral stands at the end, as `scenario.ts` spells it. */
export async function endingOf({ world, tenant, programId, referrals }: Play): Promise<Ending> {
  const standings = await world.stage.rows<Standing>(STANDING, [tenant.workspaceId]);
  const named = new Map([...referrals].map(([name, id]) => [id, name]));
  const endings = standings.map(({ id, name, status, rewards }) => {
    const money = rewards.map((one) => `${formatMoney(BigInt(one.minor), one.currency)} ${one.currency} ${one.state}`);
    return [named.get(id) ?? (referrals.has(name) ? `${name} too` : name), [status, ...money].join(', ')] as const;
  });
  const open = await world.stage.rows<{ reason_code: string }>(
    `select reason_code from entries where workspace_id = $1 and state = 'review' and $2 <> '' order by seq`,
    [tenant.workspaceId, programId],
  );
  const questions = open.map(({ reason_code: code }) => code).sort();
  return { ...Object.fromEntries(endings), ...(questions.length > 0 ? { '?': questions.join(', ') } : {}) };
}
