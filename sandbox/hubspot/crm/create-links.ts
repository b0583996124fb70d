import { invalid, malformed } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { objectWith, requiredString } from '../http/shape.ts';
import type { CrmRecord, ObjectTypeId, Portal } from '../state/state.ts';
import { ASSOCIATION_TYPES, ownTypeId, typeIdsBetween } from './association-types.ts';
import { findRecord } from './find.ts';
import { link } from './link.ts';
import { OBJECT_TYPES } from './object-types.ts';
import type { Subject } from './scope.ts';

interface Requested {
  toType: ObjectTypeId;
  toId: string;
  typeIds: number[];
}

/** What a create call joins the new record with. */
export interface RequestedLinks {
  /** plural type name -> ids */
  named: Record<string, string[]>;
  /** joins the record once it is there */
  make: (record: CrmRecord) => void;
}

/** Checks the `associations` of a create call. */
export function requestedLinks(exchange: Exchange, subject: Subject, given: unknown): RequestedLinks {
  const requested = given === undefined ? [] : list(given).map((item) => oneLink(subject, item));
  const { portal, type, source } = subject;
  const named: Record<string, string[]> = {};
  for (const { toType, toId } of requested) (named[OBJECT_TYPES[toType].plural] ??= []).push(toId);
  const make = (record: CrmRecord): void => {
    for (const { toType, toId, typeIds } of requested)
      link(exchange.world, {
        portal,
        from: [type.id, record.id],
        to: [toType, toId],
        typeIds,
        source,
        nowMs: exchange.now,
      });
  };
  return { named, make };
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw malformed('"associations" and "types" must be arrays');
  return value;
}

function oneLink({ portal, type }: Subject, item: unknown): Requested {
  const fields = objectWith(item, ['to', 'types'], 'associations');
  const toId = requiredString(objectWith(fields['to'], ['id'], 'to'), 'id');
  const typeIds = associationTypeIds(portal, fields['types']);
  const toType = targetOf(portal, type.id, typeIds);
  const record = findRecord(portal.objects[toType], { id: toId });
  if (!record) throw invalid(`Cannot associate with ${toId}, which does not exist`);
  return { toType, toId: record.id, typeIds };
}

/** As they are kept. */
export function associationTypeIds(portal: Portal, given: unknown): number[] {
  const typeIds = list(given).map((item) => {
    const { associationCategory, associationTypeId } = objectWith(
      item,
      ['associationCategory', 'associationTypeId'],
      'types',
    );
    if (typeof associationTypeId !== 'number') throw malformed('"associationTypeId" must be a number');
    if (associationCategory === 'HUBSPOT_DEFINED') return associationTypeId;
    if (associationCategory !== 'USER_DEFINED' || !portal.ownAssociationTypes.has(associationTypeId))
      throw invalid(`There is no ${String(associationCategory)} association type ${associationTypeId} here`);
    return ownTypeId(associationTypeId);
  });
  if (typeIds.length === 0) throw invalid('At least one association type is needed');
  return typeIds;
}

function targetOf(portal: Portal, from: ObjectTypeId, typeIds: readonly number[]): ObjectTypeId {
  for (const direction of Object.keys(ASSOCIATION_TYPES)) {
    const [start, end] = direction.split('>') as [ObjectTypeId, ObjectTypeId];
    if (start !== from) continue;
    const known = typeIdsBetween(portal, from, end);
    if (typeIds.every((typeId) => known.includes(typeId))) return end;
  }
  throw invalid(`Association types [${typeIds.join(', ')}] do not start at ${from}`);
}
