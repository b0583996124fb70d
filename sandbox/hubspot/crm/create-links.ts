import { invalid, malformed } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { objectWith, requiredString } from '../http/shape.ts';
import type { CrmRecord, ObjectTypeId } from '../state/state.ts';
import { ASSOCIATION_TYPES } from './association-types.ts';
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
  const typeIds = associationTypeIds(fields['types']);
  const toType = targetOf(type.id, typeIds);
  const record = findRecord(portal.objects[toType], { id: toId });
  if (!record) throw invalid(`Cannot associate with ${toId}, which does not exist`);
  return { toType, toId: record.id, typeIds };
}

export function associationTypeIds(given: unknown): number[] {
  const typeIds = list(given).map((item) => {
    const { associationCategory, associationTypeId } = objectWith(
      item,
      ['associationCategory', 'associationTypeId'],
      'types',
    );
    if (associationCategory !== 'HUBSPOT_DEFINED')
      throw invalid(`There are no ${String(associationCategory)} association types here`);
    if (typeof associationTypeId !== 'number') throw malformed('"associationTypeId" must be a number');
    return associationTypeId;
  });
  if (typeIds.length === 0) throw invalid('At least one association type is needed');
  return typeIds;
}

function targetOf(from: ObjectTypeId, typeIds: readonly number[]): ObjectTypeId {
  for (const [direction, types] of Object.entries(ASSOCIATION_TYPES)) {
    const [start, end] = direction.split('>');
    if (start !== from) continue;
    if (typeIds.every((typeId) => types.some((type) => type.typeId === typeId))) return end as ObjectTypeId;
  }
  throw invalid(`Association types [${typeIds.join(', ')}] do not start at ${from}`);
}
