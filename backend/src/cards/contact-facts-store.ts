import type { TenantTransaction } from '../db/database.ts';
import type { AdvocateMetrics } from '../metrics/advocate-metrics.ts';
import { fromStoredMetrics, type StoredMetrics } from '../metrics/metrics-store.ts';
import type { CardInput } from './card-input.ts';
import { trendEdges, type EdgeCount } from './contact-trend.ts';
import type { NamedPerson } from './person-name.ts';

/** Somebody as an advocate of one program, as counted. */
export type AdvocacyFacts = {
  readonly advocateId: string;
  readonly programId: string;
  readonly code: string;
  readonly pausedAt: Date | null;
  readonly visits: number;
  readonly metrics: AdvocateMetrics;
  readonly trend: readonly EdgeCount[];
};

/** The person behind a contact, and where they refer; oldest advocacy first. */
export type ContactFacts = {
  readonly personId: string;
  readonly person: NamedPerson;
  readonly advocacies: readonly AdvocacyFacts[];
};

type Row = {
  person_id: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  erased: boolean;
} & (AdvocateRow | { advocate_id: null });

type AdvocateRow = {
  advocate_id: string;
  program_id: string;
  code: string;
  paused_at: Date | null;
  visits: number;
  metrics: StoredMetrics | null;
  trend: EdgeCount[];
};

/**
 * Everything counted about this contact; null while nobody we know stands behind it. Numbers are the stored ones: only
 * the trend is counted here, over the advocate's part of an index. Fenced: by key from contact to advocate to counts.
 */
export async function readContactFacts(tx: TenantTransaction, input: CardInput): Promise<ContactFacts | null> {
  const { workspaceId, connectionId, recordId, now } = input;
  const edges = trendEdges(now).map((edge) => edge.toISOString());
  const answer = await tx.raw<{ rows: Row[] }>(
    `select p.id as person_id, p.first_name, p.last_name, p.email, p.erased_at is not null as erased,
            a.id as advocate_id, a.program_id, a.code, a.paused_at,
            (select coalesce(sum(v.visits), 0)::int from link_visits v where v.advocate_id = a.id) as visits,
            (select m.metrics from advocate_metrics m where m.advocate_id = a.id) as metrics,
            (select coalesce(json_agg(t), '[]')
               from (select width_bucket(r.referred_at, :edges::timestamptz[]) as edge, count(*)::int as referred
                       from referrals r
                      where r.workspace_id = :workspaceId and r.advocate_id = a.id and r.merged_into is null
                        and r.referred_at >= :from group by 1) t) as trend
       from crm_records k
       cross join lateral (select * from people where id = k.person_id offset 0) p
       left join lateral (select * from advocates
                           where workspace_id = :workspaceId and person_id = p.id
                             and merged_into is null and closed_at is null offset 0) a on true
      where k.connection_id = :connectionId and k.object_type = 'contact' and k.record_id = :recordId
      order by a.created_at, a.id`,
    { workspaceId, connectionId, recordId, edges, from: edges[0] ?? now },
  );
  const [first] = answer.rows;
  if (!first) return null;
  return {
    personId: first.person_id,
    person: { firstName: first.first_name, lastName: first.last_name, email: first.email, erased: first.erased },
    advocacies: answer.rows.flatMap((row) => (row.advocate_id === null ? [] : [fromRow(row)])),
  };
}

function fromRow(row: AdvocateRow): AdvocacyFacts {
  return {
    advocateId: row.advocate_id,
    programId: row.program_id,
    code: row.code,
    pausedAt: row.paused_at,
    visits: row.visits,
    metrics: fromStoredMetrics(row.metrics),
    trend: row.trend,
  };
}
