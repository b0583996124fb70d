import { invalid } from '../errors.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { numberParameter } from '../http/query.ts';
import { positionOf } from '../state/ordered-ids.ts';
import type { CrmRecord, ObjectStore } from '../state/state.ts';
import { renderRecord, wanted } from './render.ts';
import { subjectOf } from './scope.ts';
import { listParameter } from './single.ts';

const LARGEST_PAGE = 100;

/** GET …/{type}: records by ascending id; `after` is the id the next page starts from. */
export function listRecords(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const { store } = subject;
  const { query } = exchange;
  const limit = numberParameter(query, 'limit', { from: 1, to: LARGEST_PAGE, otherwise: 10 });
  const after = query.get('after') ?? '0';
  if (!/^\d+$/.test(after)) throw invalid('after must be a cursor of an earlier answer');
  const archived = query.get('archived') === 'true';
  const { found, next } = pageFrom(store, { start: positionOf(store.order, Number(after)), archived, limit });
  const names = wanted(subject, listParameter(query, 'properties'), listParameter(query, 'propertiesWithHistory'));
  return ok({
    results: found.map((record) => renderRecord(record, names)),
    ...(next && { paging: { next: { after: String(next) } } }),
  });
}

interface PageInput {
  start: number;
  archived: boolean;
  limit: number;
}

/** The records of one page, and the id the next one starts from. */
function pageFrom(
  { order, records }: ObjectStore,
  { start, archived, limit }: PageInput,
): { found: CrmRecord[]; next?: number } {
  const found: CrmRecord[] = [];
  for (let index = start; index < order.length; index += 1) {
    const id = order[index] as number;
    const record = records.get(String(id));
    if (!record || (record.archivedAtMs !== null) !== archived) continue;
    if (found.length === limit) return { found, next: id };
    found.push(record);
  }
  return { found };
}
