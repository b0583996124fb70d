import { invalid, notFound } from '../errors.ts';
import { callerOf, created, noContent, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { inputsOf, objectWith, optionalString, requiredString } from '../http/shape.ts';
import type { Fields } from '../http/shape.ts';
import { associationKey, portalOf } from '../state/lookup.ts';
import type { Portal } from '../state/state.ts';
import type { Source } from '../webhooks/queue.ts';
import { defaultTypeIdsBetween, labelOf, shownType, typeIdsBetween } from './association-types.ts';
import { batchAnswer } from './batch-answer.ts';
import { associationTypeIds } from './create-links.ts';
import { errorEntry } from './error-entry.ts';
import type { ErrorEntry } from './error-entry.ts';
import { findRecord, missingEntry } from './find.ts';
import { link, linkedTypeIds, unlink } from './link.ts';
import type { End } from './link.ts';
import { objectTypeOf } from './object-types.ts';
import type { ObjectType } from './object-types.ts';

const READ_LIMIT = 1000;
const WRITE_LIMIT = 2000;
const PAGE = 500;

interface Pair {
  portal: Portal;
  from: ObjectType;
  to: ObjectType;
  source: Source;
}

function pairOf(exchange: Exchange): Pair {
  const caller = callerOf(exchange);
  return {
    portal: portalOf(exchange.world.state, caller.portalId),
    from: objectTypeOf(exchange.params['from'] ?? ''),
    to: objectTypeOf(exchange.params['to'] ?? ''),
    source: { sourceType: 'INTEGRATION', sourceId: String(caller.appId) },
  };
}

/** POST /crm/associations/2026-09/{from}/{to}/batch/read; a record without associations is an entry in errors. */
export function readAssociations(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  const inputs = inputsOf(objectWith(exchange.body, ['inputs']), READ_LIMIT);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputs) {
    const fields = objectWith(input, ['id', 'after'], 'inputs');
    const id = requiredString(fields, 'id');
    const page = pageOf(pair, id, Number(optionalString(fields, 'after') ?? 0));
    if (page) results.push(page);
    else errors.push(noneFound(pair, id));
  }
  return batchAnswer({ status: 200, results, errors, nowMs: exchange.now });
}

function pageOf({ portal, from, to }: Pair, id: string, skip: number): unknown {
  const record = findRecord(portal.objects[from.id], { id });
  const linked = record && portal.associations.get(associationKey([from.id, record.id], to.id));
  if (!linked) return null;
  const live = [...linked].filter(([otherId]) => portal.objects[to.id].records.get(otherId)?.archivedAtMs === null);
  if (live.length === 0) return null;
  const more = live.length > skip + PAGE;
  return {
    from: { id },
    to: live.slice(skip, skip + PAGE).map(([toObjectId, typeIds]) => ({
      toObjectId,
      associationTypes: typeIds.map((typeId) => shownType(portal, typeId)),
    })),
    ...(more && { paging: { next: { after: String(skip + PAGE) } } }),
  };
}

const noneFound = ({ from, to }: Pair, id: string): ErrorEntry =>
  errorEntry({
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] },
  });

interface Ends {
  from: End;
  to: End;
}

/** The two ends of a bond named in a request, or the one that does not exist. */
function ends({ portal, from, to }: Pair, fromId: string, toId: string): Ends | { missing: ObjectType; id: string } {
  const one = findRecord(portal.objects[from.id], { id: fromId });
  if (!one) return { missing: from, id: fromId };
  const two = findRecord(portal.objects[to.id], { id: toId });
  if (!two) return { missing: to, id: toId };
  return { from: [from.id, one.id], to: [to.id, two.id] };
}

const idIn = (fields: Fields, key: string): string => requiredString(objectWith(fields[key], ['id'], key), 'id');

/** GET /crm/associations/2026-09/{from}/{to}/labels: what bonds of these two may be called */
export function listAssociationLabels(exchange: Exchange): Reply {
  const { portal, from, to } = pairOf(exchange);
  return ok({ results: typeIdsBetween(portal, from.id, to.id).map((typeId) => shownType(portal, typeId)) });
}

/** POST …/batch/create */
export function createAssociations(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  const known = typeIdsBetween(pair.portal, pair.from.id, pair.to.id);
  const typeIdsOf = (fields: Fields) => {
    const typeIds = associationTypeIds(pair.portal, fields['types']);
    const strange = typeIds.find((typeId) => !known.includes(typeId));
    if (strange !== undefined)
      throw invalid(`Association type ${strange} does not lead from ${pair.from.singular} to ${pair.to.singular}`);
    return typeIds;
  };
  return linkEach({
    exchange,
    pair,
    allowed: ['from', 'to', 'types'],
    typeIdsOf,
    render: (found, typeIds) => [labelsBetween(pair, found, typeIds)],
  });
}

/** POST …/batch/associate/default */
export function associateDefault(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  const typeIds = defaultTypeIds(pair);
  return linkEach({ exchange, pair, allowed: ['from', 'to'], typeIdsOf: () => typeIds, render: defaultsMade });
}

export function defaultTypeIds({ from, to }: Pick<Pair, 'from' | 'to'>): number[] {
  const typeIds = defaultTypeIdsBetween(from.id, to.id);
  if (typeIds.length === 0) throw invalid(`There is no default association from ${from.singular} to ${to.singular}`);
  return typeIds;
}

interface LinkEachInput {
  exchange: Exchange;
  pair: Pair;
  allowed: string[];
  typeIdsOf: (fields: Fields) => number[];
  render: (found: Ends, typeIds: number[]) => unknown[];
}

function linkEach({ exchange, pair, allowed, typeIdsOf, render }: LinkEachInput): Reply {
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputsOf(objectWith(exchange.body, ['inputs']), WRITE_LIMIT)) {
    const fields = objectWith(input, allowed, 'inputs');
    const typeIds = typeIdsOf(fields);
    const found = ends(pair, idIn(fields, 'from'), idIn(fields, 'to'));
    if ('missing' in found) {
      errors.push(missingEntry(found.missing, [found.id]));
      continue;
    }
    link(exchange.world, { ...pair, ...found, typeIds, nowMs: exchange.now });
    results.push(...render(found, typeIds));
  }
  return batchAnswer({ status: 200, results, errors, nowMs: exchange.now });
}

const defaultsMade = ({ from, to }: Ends, typeIds: number[]): unknown[] =>
  typeIds.map((associationTypeId) => ({
    from: { id: from[1] },
    to: { id: to[1] },
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId },
  }));

function labelsBetween({ portal, from, to }: Pair, found: Ends, typeIds: number[]) {
  return {
    fromObjectTypeId: from.id,
    fromObjectId: found.from[1],
    toObjectTypeId: to.id,
    toObjectId: found.to[1],
    labels: typeIds.map((typeId) => labelOf(portal, typeId)).filter((label) => label !== null),
  };
}

/** POST …/batch/archive: all bonds from one record to others */
export function archiveAssociations(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  for (const input of inputsOf(objectWith(exchange.body, ['inputs']), WRITE_LIMIT)) {
    const fields = objectWith(input, ['from', 'to'], 'inputs');
    const targets = Array.isArray(fields['to']) ? fields['to'] : [];
    for (const target of targets) {
      const found = ends(pair, idIn(fields, 'from'), requiredString(objectWith(target, ['id'], 'to'), 'id'));
      if (!('missing' in found)) unlink(exchange.world, { ...pair, ...found, typeIds: null, nowMs: exchange.now });
    }
  }
  return batchAnswer({ status: 200, results: [], nowMs: exchange.now });
}

function endsInPath(exchange: Exchange, pair: Pair): Ends {
  const found = ends(pair, exchange.params['fromId'] ?? '', exchange.params['toId'] ?? '');
  if ('missing' in found) throw notFound(`${found.missing.singular} ${found.id} was not found`);
  return found;
}

/** PUT /crm/objects/2026-09/{from}/{fromId}/associations/default/{to}/{toId} */
export function putDefaultAssociation(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  const found = endsInPath(exchange, pair);
  const typeIds = defaultTypeIds(pair);
  link(exchange.world, { ...pair, ...found, typeIds, nowMs: exchange.now });
  return batchAnswer({ status: 200, results: defaultsMade(found, typeIds), nowMs: exchange.now });
}

/** PUT …/{from}/{fromId}/associations/{to}/{toId}: sets the labels named in the body */
export function putAssociation(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  const found = endsInPath(exchange, pair);
  const typeIds = associationTypeIds(pair.portal, exchange.body);
  link(exchange.world, { ...pair, ...found, typeIds, nowMs: exchange.now });
  return created(labelsBetween(pair, found, linkedTypeIds(pair.portal, found.from, found.to)));
}

/** DELETE …/{from}/{fromId}/associations/{to}/{toId} */
export function deleteAssociation(exchange: Exchange): Reply {
  const pair = pairOf(exchange);
  unlink(exchange.world, { ...pair, ...endsInPath(exchange, pair), typeIds: null, nowMs: exchange.now });
  return noContent();
}
