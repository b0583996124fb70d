import { invalid } from '../errors.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { renderRecord, wanted } from './render.ts';
import { subjectOf } from './scope.ts';
import { listParameter } from './single.ts';

const LARGEST_PAGE = 100;

/** GET …/{type}: every record by ascending id; `after` is the id the next page starts from. */
export function listRecords(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const { store } = subject;
  const { query } = exchange;
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE)
    throw invalid(`limit must be between 1 and ${LARGEST_PAGE}`);
  const after = Number(query.get('after') ?? 0);
  if (!Number.isFinite(after)) throw invalid('after must be a cursor of an earlier answer');
  const archived = query.get('archived') === 'true';
  const rest = [...store.records.values()]
    .filter((record) => Number(record.id) >= after && (record.archivedAtMs !== null) === archived)
    .sort((one, two) => Number(one.id) - Number(two.id));
  const names = wanted(subject, listParameter(query, 'properties'), listParameter(query, 'propertiesWithHistory'));
  const next = rest[limit];
  return ok({
    results: rest.slice(0, limit).map((record) => renderRecord(record, names)),
    ...(next && { paging: { next: { after: next.id } } }),
  });
}
