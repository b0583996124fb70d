import { isoInstant } from '../clock.ts';
import { invalid } from '../errors.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { numberParameter, onlyParameters } from '../http/query.ts';
import type { CrmList } from '../state/crm-list.ts';
import { positionOf } from '../state/ordered-ids.ts';
import { listInPath, noSuchList } from './find-list.ts';

const LIMIT = { from: 1, to: 250, otherwise: 100 };

/**
 * GET /crm/lists/2026-09/{listId}/memberships: ascending by record id, or descending with only `before`.
 * A cursor names a record, not a place: records that join or leave meanwhile shift nothing.
 */
export function listMemberships(exchange: Exchange): Reply {
  const { query } = exchange;
  onlyParameters(query, ['limit', 'after', 'before']);
  const list = listInPath(exchange);
  if (list.deletedAtMs !== null) throw noSuchList(list.listId);
  const limit = numberParameter(query, 'limit', LIMIT);
  const [after, before] = [query.get('after'), query.get('before')];
  return after === null && before !== null ? backward(list, before, limit) : forward(list, after, limit);
}

function forward(list: CrmList, after: string | null, limit: number): Reply {
  const start = after === null ? 0 : positionOf(list.order, idOf(after) + 1);
  const ids = list.order.slice(start, start + limit);
  return page(list, ids, {
    ...(start + limit < list.order.length && { next: { after: cursor(ids.at(-1)) } }),
    ...(start > 0 && ids.length > 0 && { prev: { before: cursor(ids[0]) } }),
  });
}

function backward(list: CrmList, before: string, limit: number): Reply {
  const end = positionOf(list.order, idOf(before));
  const ids = list.order.slice(Math.max(0, end - limit), end).reverse();
  return page(list, ids, {
    ...(end < list.order.length && ids.length > 0 && { next: { after: cursor(ids[0]) } }),
    ...(end - limit > 0 && { prev: { before: cursor(ids.at(-1)) } }),
  });
}

function page(list: CrmList, ids: number[], paging: Record<string, unknown>): Reply {
  return ok({
    results: ids.map((id) => ({
      recordId: String(id),
      membershipTimestamp: isoInstant(list.joinedAtMs.get(id) ?? list.createdAtMs),
    })),
    ...(Object.keys(paging).length > 0 && { paging }),
    total: list.order.length,
  });
}

// Opaque on purpose: a client that computes its own cursors has no promise from HubSpot.
const cursor = (id: number | undefined): string => Buffer.from(`record:${id}`).toString('base64url');

function idOf(text: string): number {
  const match = /^record:(\d+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (!match) throw invalid(`${text} is not a cursor of an earlier answer`);
  return Number(match[1]);
}
