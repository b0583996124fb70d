import { conflict, invalid, notFound } from '../errors.ts';
import { created, noContent, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { objectWith, optionalString, requiredString } from '../http/shape.ts';
import type { PropertyGroup } from '../schema/property-definition.ts';
import { subjectOf } from './scope.ts';

function save(exchange: Exchange, group: PropertyGroup): void {
  const { portal, type } = subjectOf(exchange);
  exchange.world.store.commit({ kind: 'group.saved', portalId: portal.portalId, type: type.id, group });
}

function named(exchange: Exchange): PropertyGroup {
  const name = exchange.params['group'] ?? '';
  const group = subjectOf(exchange).store.groups.get(name);
  if (!group || group.archived) throw notFound(`Property group ${name} does not exist`);
  return group;
}

function orderOf(fields: Record<string, unknown>): number {
  const order = fields['displayOrder'] ?? -1;
  if (!Number.isInteger(order)) throw invalid('"displayOrder" must be an integer');
  return order as number;
}

/** GET /crm/properties/2026-09/{type}/groups */
export function listGroups(exchange: Exchange): Reply {
  return ok({ results: [...subjectOf(exchange).store.groups.values()].filter(({ archived }) => !archived) });
}

export const readGroup = (exchange: Exchange): Reply => ok(named(exchange));

/** POST …/groups */
export function createGroup(exchange: Exchange): Reply {
  const fields = objectWith(exchange.body, ['name', 'label', 'displayOrder']);
  const name = requiredString(fields, 'name');
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw invalid(`Property group name '${name}' is invalid`);
  if (subjectOf(exchange).store.groups.get(name)?.archived === false)
    throw conflict(`A property group named '${name}' already exists.`);
  const group = { name, label: requiredString(fields, 'label'), displayOrder: orderOf(fields), archived: false };
  save(exchange, group);
  return created(group);
}

export function updateGroup(exchange: Exchange): Reply {
  const group = named(exchange);
  const fields = objectWith(exchange.body, ['label', 'displayOrder']);
  const displayOrder = fields['displayOrder'] === undefined ? group.displayOrder : orderOf(fields);
  const changed = { ...group, label: optionalString(fields, 'label') ?? group.label, displayOrder };
  save(exchange, changed);
  return ok(changed);
}

export function archiveGroup(exchange: Exchange): Reply {
  save(exchange, { ...named(exchange), archived: true });
  return noContent();
}
