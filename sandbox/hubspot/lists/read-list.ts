import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { flagParameter, onlyParameters } from '../http/query.ts';
import { filterBranch } from './filter-branch.ts';
import { listInPath, portalOfCaller } from './find-list.ts';
import { renderList } from './render-list.ts';

/** GET /crm/lists/2026-09/{listId}; the filters only when asked for */
export function readList(exchange: Exchange): Reply {
  onlyParameters(exchange.query, ['includeFilters']);
  const list = listInPath(exchange);
  const store = portalOfCaller(exchange).objects[list.objectTypeId];
  const withFilters = flagParameter(exchange.query, 'includeFilters') && list.processingType !== 'MANUAL';
  return ok({
    list: {
      ...renderList(list),
      size: list.order.length,
      listPermissions: { teamsWithEditAccess: [], usersWithEditAccess: [] },
      membershipSettings: { membershipTeamId: null, includeUnassigned: null },
      ...(withFilters && { filterBranch: filterBranch(store, list.filters) }),
    },
  });
}
