import type { TenantTransaction } from '../db/database.ts';
import { combineMetrics, type AdvocateMetrics } from '../metrics/advocate-metrics.ts';
import { fromStoredMetrics, type StoredMetrics } from '../metrics/metrics-store.ts';
import type { CardInput } from './card-input.ts';
import { ADVOCATES_OF_COMPANY, PEOPLE_OF_COMPANY } from './company-people.ts';

export type CompanyFigures = {
  /** People of the company who refer others, however many programs they do it in. */
  readonly advocates: number;
  /** People of the company who were referred. */
  readonly received: number;
  /** Referrals that people of the company made or are. */
  readonly total: number;
  readonly metrics: AdvocateMetrics;
};

type Row = { advocates: number; received: number; received_only: number; metrics: StoredMetrics[] };

/** Read from the numbers kept per advocate: a company's card costs the same whatever its people brought. */
export async function readCompanyFigures(tx: TenantTransaction, input: CardInput): Promise<CompanyFigures> {
  const { workspaceId, connectionId, recordId: companyId } = input;
  const answer = await tx.raw<{ rows: Row[] }>(
    `with people_of_company as materialized (${PEOPLE_OF_COMPANY}),
          advocates_of_company as materialized (${ADVOCATES_OF_COMPANY}),
          received as materialized (
            select c.person_id, r.advocate_id
              from people_of_company c
             cross join lateral (select advocate_id from referrals
                                  where workspace_id = :workspaceId and person_id = c.person_id
                                    and merged_into is null offset 0) r)
     select (select count(distinct person_id) from advocates_of_company)::int as advocates,
            (select count(distinct person_id) from received)::int as received,
            (select count(*) from received
              where advocate_id not in (select id from advocates_of_company))::int as received_only,
            (select coalesce(json_agg(m.metrics), '[]')
               from advocates_of_company a
              cross join lateral (select metrics from advocate_metrics where advocate_id = a.id offset 0) m) as metrics`,
    { workspaceId, connectionId, companyId },
  );
  const row = answer.rows[0] ?? { advocates: 0, received: 0, received_only: 0, metrics: [] };
  const metrics = combineMetrics(row.metrics.map(fromStoredMetrics));
  return { advocates: row.advocates, received: row.received, total: metrics.referred + row.received_only, metrics };
}
