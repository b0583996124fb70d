import { invalid, notFound } from '../errors.ts';
import { callerOf } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { CrmList } from '../state/crm-list.ts';
import { portalOf } from '../state/lookup.ts';
import type { Portal } from '../state/state.ts';

export const portalOfCaller = (exchange: Exchange): Portal =>
  portalOf(exchange.world.state, callerOf(exchange).portalId);

export const noSuchList = (listId: string) => notFound(`List does not exist with ID ${listId}.`);

/** The list named in the path, deleted or not: HubSpot goes on answering a deleted one by its id. */
export function listInPath(exchange: Exchange): CrmList {
  const listId = exchange.params['listId'] ?? '';
  if (!/^\d+$/.test(listId)) throw invalid(`${listId} is not the id of a list`);
  const list = portalOfCaller(exchange).lists.get(listId);
  if (!list) throw noSuchList(listId);
  return list;
}
