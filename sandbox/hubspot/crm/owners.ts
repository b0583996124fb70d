import { isoInstant } from '../clock.ts';
import { invalid, notFound } from '../errors.ts';
import { callerOf, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { flagParameter, numberParameter, onlyParameters } from '../http/query.ts';
import { portalOf } from '../state/lookup.ts';
import type { Owner, Portal } from '../state/state.ts';

const LIMIT = { from: 1, to: 500, otherwise: 100 };

function renderOwner(owner: Owner, portal: Portal): Record<string, unknown> {
  const { id, email, firstName, lastName, userId, archivedAtMs } = owner;
  return {
    id,
    email,
    type: 'PERSON',
    firstName,
    lastName,
    // A deactivated user is told only under the second name.
    ...(archivedAtMs === null && { userId }),
    userIdIncludingInactive: userId,
    createdAt: isoInstant(portal.createdAtMs),
    updatedAt: isoInstant(archivedAtMs ?? portal.createdAtMs),
    archived: archivedAtMs !== null,
  };
}

const portalOfCaller = (exchange: Exchange): Portal => portalOf(exchange.world.state, callerOf(exchange).portalId);

/** GET /crm/owners/2026-09: those that can be assigned, or with `archived` those that no longer can */
export function listOwners(exchange: Exchange): Reply {
  const portal = portalOfCaller(exchange);
  const { query } = exchange;
  onlyParameters(query, ['limit', 'after', 'email', 'archived']);
  const limit = numberParameter(query, 'limit', LIMIT);
  const after = query.get('after') ?? '0';
  if (!/^\d+$/.test(after)) throw invalid('after must be a cursor of an earlier answer');
  const archived = flagParameter(query, 'archived');
  const email = query.get('email')?.toLowerCase();
  const owners = portal.owners
    .filter((owner) => (owner.archivedAtMs !== null) === archived)
    .filter((owner) => email === undefined || owner.email === email)
    .sort((one, two) => Number(one.id) - Number(two.id));
  const rest = owners.filter((owner) => Number(owner.id) > Number(after));
  const page = rest.slice(0, limit);
  return ok({
    results: page.map((owner) => renderOwner(owner, portal)),
    ...(rest.length > limit && { paging: { next: { after: page.at(-1)?.id } } }),
  });
}

/** GET …/{id}, by owner id or, with idProperty=userId, by user */
export function readOwner(exchange: Exchange): Reply {
  const portal = portalOfCaller(exchange);
  const { query } = exchange;
  onlyParameters(query, ['archived', 'idProperty']);
  const id = exchange.params['ownerId'] ?? '';
  const idProperty = query.get('idProperty') ?? 'id';
  if (idProperty !== 'id' && idProperty !== 'userId') throw invalid('idProperty must be id or userId');
  const archived = flagParameter(query, 'archived');
  const owner = portal.owners.find(
    (one) => (idProperty === 'userId' ? String(one.userId) : one.id) === id && (one.archivedAtMs !== null) === archived,
  );
  if (!owner) throw notFound();
  return ok(renderOwner(owner, portal));
}
