import pg from 'pg';

export type LedgerInput = {
  readonly superuserUrl: string;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly programId: string;
  readonly rewardRuleId: string;
};

/** Referrals in all; the first advocate holds ten thousand of them, everybody else fifty. */
export const REFERRALS = 1_000_000;
export const OF_THE_BUSIEST = 10_000;
const EACH = 50;
export const ADVOCATES = 1 + (REFERRALS - OF_THE_BUSIEST) / EACH;

/** The contact of an advocate, counted from 0, the busiest one. */
export function contactOf(advocate: number): string {
  return String(9_000_000_000 + advocate);
}

/** Ids as random as real ones, so that an index is read here and there as in real life. */
function id(prefix: string, number: string): string {
  return `('${prefix}_' || substr(md5('${prefix}' || (${number})::text), 1, 20))`;
}

const ADVOCATE = `(case when n < ${OF_THE_BUSIEST} then 0 else 1 + (n - ${OF_THE_BUSIEST}) / ${EACH} end)`;
/** A year back, evenly. */
const REFERRED = `(now() - (n::bigint * 7919 % 525600) * interval '1 minute')`;
const STATUS = `(array['pending', 'qualified', 'approved', 'denied', 'approved'])[1 + n % 5]`;
/** Every referral of the busiest advocate has a reward; of the others those that were approved. */
const REWARDED = `(n < ${OF_THE_BUSIEST} or n % 5 in (2, 4))`;
const REWARD_STATE = `(array['pending', 'approved', 'issued', 'voided'])[1 + n % 4]`;

/** $1 workspace, $2 connection, $3 program, $4 reward rule; a statement takes those it names. */
const STATEMENTS: readonly string[] = [
  `insert into people (id, workspace_id, email, first_name, last_name, created_at)
   select ${id('per', '-1 - a')}, $1, 'ledger-advocate-' || a || '@example.com', 'Ada', 'Advocate ' || a, now() - interval '1 year'
     from generate_series(0, ${ADVOCATES - 1}) a`,
  `insert into people (id, workspace_id, email, first_name, last_name, created_at)
   select ${id('per', 'n')}, $1, 'ledger-friend-' || n || '@example.org', 'Dana', 'Friend ' || n, ${REFERRED}
     from generate_series(0, ${REFERRALS - 1}) n`,
  `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
   select $2, 'contact', (9000000000 + a)::text, $1, ${id('per', '-1 - a')}, now() from generate_series(0, ${ADVOCATES - 1}) a`,
  `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
   select $2, 'contact', (5000000000 + n)::text, $1, ${id('per', 'n')}, now() from generate_series(0, ${REFERRALS - 1}) n`,
  `insert into advocates (id, workspace_id, program_id, person_id, code, created_at)
   select ${id('adv', 'a')}, $1, $3, ${id('per', '-1 - a')}, substr(md5('code' || a), 1, 11), now() - interval '1 year'
     from generate_series(0, ${ADVOCATES - 1}) a`,
  `insert into referrals (id, workspace_id, program_id, advocate_id, person_id, status, status_reason, status_at,
                          program_version, source, decided_at, referred_at, created_at)
   select ${id('ref', 'n')}, $1, $3, ${id('adv', ADVOCATE)}, ${id('per', 'n')}, ${STATUS},
          'Waiting for a deal to reach Closed won', ${REFERRED}, 1, 'link', ${REFERRED}, ${REFERRED}, ${REFERRED}
     from generate_series(0, ${REFERRALS - 1}) n`,
  `insert into rewards (id, workspace_id, program_id, program_version, referral_id, reward_rule_id, recipient_person_id,
                        milestone, state, amount_minor, currency, basis, created_at, state_at)
   select ${id('rwd', 'n')}, $1, $3, 1, ${id('ref', 'n')}, $4, ${id('per', `-1 - ${ADVOCATE}`)}, 'approved', ${REWARD_STATE},
          5000, 'EUR', '{"kind":"fixed","amount":"50.00","currency":"EUR"}', ${REFERRED}, ${REFERRED}
     from generate_series(0, ${REFERRALS - 1}) n where ${REWARDED}`,
  `insert into link_visits (workspace_id, advocate_id, day, visits)
   select $1, ${id('adv', '0')}, current_date - d, 1 + d % 40 from generate_series(0, 364) d`,
  `insert into advocate_metrics (advocate_id, workspace_id, version, metrics, updated_at)
   select r.advocate_id, $1, 1, jsonb_build_object(
            'referred', r.referred, 'qualified', r.qualified, 'approved', r.approved,
            'rewards', jsonb_build_object('pending', w.pending, 'approved', w.approved, 'issued', w.issued,
                                          'voided', w.voided, 'clawback_proposed', 0),
            'totals', jsonb_build_object('EUR', ((w.approved + w.issued) * 5000)::text),
            'pendingTotals', jsonb_build_object('EUR', (w.pending * 5000)::text),
            'lastReferralAt', to_char(r.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), now()
     from (select advocate_id, count(*) as referred, max(referred_at) as last_at,
                  count(*) filter (where status in ('qualified', 'approved')) as qualified,
                  count(*) filter (where status = 'approved') as approved
             from referrals where program_id = $3 group by 1) r
     join (select r.advocate_id, count(*) filter (where w.state = 'pending') as pending,
                  count(*) filter (where w.state = 'approved') as approved,
                  count(*) filter (where w.state = 'issued') as issued,
                  count(*) filter (where w.state = 'voided') as voided
             from rewards w join referrals r on r.id = w.referral_id where w.program_id = $3 group by 1) w using (advocate_id)`,
];

/**
 * A million referrals as a few busy years leave them, put in by SQL alone; foreign keys are not checked meanwhile, which
 * would take most of the time. @returns seconds it took.
 */
export async function seedLedger(input: LedgerInput): Promise<number> {
  const superuser = new pg.Client({ connectionString: input.superuserUrl });
  await superuser.connect();
  const startedAt = performance.now();
  try {
    await superuser.query('set session_replication_role = replica; set synchronous_commit = off');
    for (const sql of STATEMENTS) {
      const all = [input.workspaceId, input.connectionId, input.programId, input.rewardRuleId];
      await superuser.query(
        renumber(sql),
        all.filter((_, index) => sql.includes(`$${index + 1}`)),
      );
    }
  } finally {
    await superuser.end();
  }
  return (performance.now() - startedAt) / 1000;
}

/** PostgreSQL wants to know the type of every parameter, so one that is not used must not be there. */
function renumber(sql: string): string {
  const used = [1, 2, 3, 4].filter((number) => sql.includes(`$${number}`));
  return used.reduce((text, number, index) => text.replaceAll(`$${number}`, `$${index + 1}::text`), sql);
}

/** What autovacuum does within minutes of such a load, done before the clock starts. */
export async function vacuumLedger({ superuserUrl }: Pick<LedgerInput, 'superuserUrl'>): Promise<void> {
  const superuser = new pg.Client({ connectionString: superuserUrl });
  await superuser.connect();
  await superuser.query('vacuum (analyze)');
  await superuser.query('checkpoint');
  await superuser.end();
}
