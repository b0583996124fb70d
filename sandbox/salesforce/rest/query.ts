import { badRequest } from '../errors.ts';
import { dataCall, ok } from '../http/exchange.ts';
import type { DataCall, Exchange, Reply } from '../http/exchange.ts';
import { runQuery } from '../soql/run-query.ts';

/** GET /query?q= */
export const query = (exchange: Exchange): Reply => answerQuery(exchange, false);
/** GET /queryAll?q=: rows in the recycle bin too */
export const queryAll = (exchange: Exchange): Reply => answerQuery(exchange, true);

function answerQuery(exchange: Exchange, withDeleted: boolean): Reply {
  const call = dataCall(exchange);
  const soql = exchange.query.get('q');
  if (soql === null) throw badRequest('MALFORMED_QUERY', 'The query parameter q is required');
  const pageSize = pageSizeOf(exchange);
  const { totalSize, records } = runQuery(call.org, { soql, version: call.version, withDeleted });
  const first = records.slice(0, pageSize);
  if (first.length === records.length) return ok({ totalSize, done: true, records });
  const id = keepLocator(call, records);
  return ok({ totalSize, done: false, nextRecordsUrl: pageUrl(call, id, pageSize), records: first });
}

const LARGEST_PAGE = 2000;
const SMALLEST_PAGE = 200;

function pageSizeOf({ headers }: Exchange): number {
  const header = headers['sforce-query-options'];
  if (header === undefined) return LARGEST_PAGE;
  const size = Number(/^\s*batchSize\s*=\s*(\d+)\s*$/i.exec(String(header))?.[1] ?? NaN);
  if (Number.isNaN(size) || size < SMALLEST_PAGE || size > LARGEST_PAGE)
    throw badRequest('INVALID_BATCH_SIZE', `batchSize must be between ${SMALLEST_PAGE} and ${LARGEST_PAGE}`);
  return size;
}

/** A user's oldest result is given up when too many are open. */
function keepLocator({ org, session }: DataCall, records: readonly unknown[]): string {
  const id = org.tables.nextId('0r8');
  const own = org.locators.filter(({ userId }) => userId === session.userId);
  const oldest = own.length >= org.settings.maxQueryLocators ? own[0]?.id : undefined;
  org.locators = [...org.locators.filter((each) => each.id !== oldest), { id, records, userId: session.userId }];
  return id;
}

const pageUrl = ({ version }: DataCall, id: string, from: number): string =>
  `/services/data/v${version}/query/${id}-${from}`;

/** GET /query/:locator: the page that a `nextRecordsUrl` names. */
export function nextRecords(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const [, id = '', from = ''] = /^(\w+)-(\d+)$/.exec(exchange.params['locator'] ?? '') ?? [];
  const locator = call.org.locators.find((each) => each.id === id && each.userId === call.session.userId);
  if (!locator) throw badRequest('INVALID_QUERY_LOCATOR', 'invalid query locator');
  const start = Number(from);
  const end = start + pageSizeOf(exchange);
  const { records } = locator;
  const done = end >= records.length;
  return ok({
    totalSize: records.length,
    done,
    ...(!done && { nextRecordsUrl: pageUrl(call, id, end) }),
    records: records.slice(start, end),
  });
}
