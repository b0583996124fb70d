import type { TenantTransaction } from '../db/database.ts';
import type { ClaimingRecord } from './match-claims.ts';

type Row = { asked: string; record_id: string; values: Record<string, string | null>; modified_at: Date };

const NEWEST = (objectType: string, recordId: string): string => `
  cross join lateral (
    select s.record_id, s."values", s.contact_ids, s.modified_at from snapshots s
     where s.connection_id = l.connection_id and s.object_type = '${objectType}' and s.record_id = ${recordId}
     order by s.modified_at desc, s.id desc limit 1) s`;

/** The deals that have exactly one of these contacts and nobody else on them, by contact: a deal of several says nothing of one (RR-60). */
export async function dealsOfContacts(
  tx: TenantTransaction,
  connectionId: string,
  contactIds: readonly string[],
): Promise<Map<string, ClaimingRecord[]>> {
  const answer = await tx.raw<{ rows: Row[] }>(
    `select l.contact_id as asked, s.record_id, s."values", s.modified_at from record_links l ${NEWEST('deal', 'l.deal_id')}
      where l.connection_id = ? and l.contact_id = any(?) and cardinality(s.contact_ids) = 1`,
    [connectionId, [...contactIds]],
  );
  return byAsked(answer.rows, 'deal');
}

/** The companies as last read, by id; one that was never read is absent. */
export async function readCompanies(
  tx: TenantTransaction,
  connectionId: string,
  companyIds: readonly string[],
): Promise<Map<string, ClaimingRecord[]>> {
  if (companyIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: Row[] }>(
    `select l.record_id as asked, s.record_id, s."values", s.modified_at
       from (select ?::text as connection_id, unnest(?::text[]) as record_id) l ${NEWEST('company', 'l.record_id')}`,
    [connectionId, [...new Set(companyIds)]],
  );
  return byAsked(answer.rows, 'company');
}

function byAsked(rows: readonly Row[], object: ClaimingRecord['object']): Map<string, ClaimingRecord[]> {
  const groups = Map.groupBy(rows, ({ asked }) => asked);
  return new Map([...groups].map(([asked, members]) => [asked, members.map((row) => fromRow(row, object))]));
}

function fromRow(
  { record_id: recordId, values, modified_at: at }: Row,
  object: ClaimingRecord['object'],
): ClaimingRecord {
  return { object, recordId, values, at: at.toISOString() };
}
