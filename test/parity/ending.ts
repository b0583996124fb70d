import { formatMoney } from '../../backend/src/rewards/money.ts';
import { CRM_FIELDS } from '../../shared/crm-fields.ts';
import type { Play } from './play.ts';
import type { Ending } from './scenario.ts';
import { wordOf } from './vocabulary.ts';

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

/** Where every referral stands at the end, as `scenario.ts` spells it, with the details that are `asked` for. */
export async function endingOf(play: Play, asked: readonly string[]): Promise<Ending> {
  const { world, tenant, programId, referrals } = play;
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
  const details = asked.filter((key) => key.includes(' says ')).map((key) => [key, detailOf(play, key)] as const);
  return {
    ...Object.fromEntries([...endings, ...details]),
    ...(questions.length > 0 ? { '?': questions.join(', ') } : {}),
  };
}

/** `finn says phone`: what the CRM's record of finn holds there. */
function detailOf(play: Play, key: string): string {
  const { crm } = play.world;
  const [name = '', word = ''] = key.split(' says ');
  const own = CRM_FIELDS.find((field) => field.key === word)?.[crm];
  return play.world.read('person', play.id(name))[own ?? wordOf(crm, word)] ?? '';
}
