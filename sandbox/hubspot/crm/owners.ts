import { isoInstant } from '../clock.ts';
import { invalid, notFound } from '../errors.ts';
import { callerOf, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { portalOf } from '../state/lookup.ts';
import type { Owner, Portal } from '../state/state.ts';

function renderOwner(owner: Owner, portal: Portal): Record<string, unknown> {
  const at = isoInstant(portal.createdAtMs);
  return {
    ...owner,
    userIdIncludingInactive: owner.userId,
    type: 'PERSON',
    createdAt: at,
    updatedAt: at,
    archived: false,
  };
}

const portalOfCaller = (exchange: Exchange): Portal => portalOf(exchange.world.state, callerOf(exchange).portalId);

/** GET /crm/owners/2026-09 */
export function listOwners(exchange: Exchange): Reply {
  const portal = portalOfCaller(exchange);
  const { query } = exchange;
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw invalid('limit must be between 1 and 500');
  const skip = Number(query.get('after') ?? 0);
  const email = query.get('email')?.toLowerCase();
  const owners = portal.owners.filter((owner) => email === undefined || owner.email === email);
  const more = owners.length > skip + limit;
  return ok({
    results: owners.slice(skip, skip + limit).map((owner) => renderOwner(owner, portal)),
    ...(more && { paging: { next: { after: String(skip + limit) } } }),
  });
}

/** GET …/{id}, by owner id or, with idProperty=userId, by user */
export function readOwner(exchange: Exchange): Reply {
  const portal = portalOfCaller(exchange);
  const id = exchange.params['ownerId'] ?? '';
  const byUser = exchange.query.get('idProperty') === 'userId';
  const owner = portal.owners.find((one) => (byUser ? String(one.userId) : one.id) === id);
  if (!owner) throw notFound();
  return ok(renderOwner(owner, portal));
}
