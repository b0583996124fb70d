import { associationKey } from '../state/lookup.ts';
import type { ObjectTypeId, Portal } from '../state/state.ts';
import { note } from '../webhooks/queue.ts';
import type { Source } from '../webhooks/queue.ts';
import type { World } from '../world.ts';
import { defaultTypeIdsBetween, inverseTypeId, isPrimaryType } from './association-types.ts';
import { OBJECT_TYPES } from './object-types.ts';
import { bondOf, demoteOther, keepCompanyId, primaryCompanyOf, withPrimary } from './primary-company.ts';

export type End = [ObjectTypeId, string];

export interface LinkInput {
  portal: Portal;
  from: End;
  to: End;
  typeIds: number[];
  source: Source;
  nowMs: number;
}

export function linkedTypeIds(portal: Portal, from: End, to: End): number[] {
  return portal.associations.get(associationKey(from, to[0]))?.get(to[1]) ?? [];
}

/** Joins two records in both directions. What is joined already makes no event. */
export function link(world: World, input: LinkInput): void {
  const { portal, from, to } = input;
  const bond = bondOf(from, to);
  const wanted = withDefaults(from, to, input.typeIds);
  const typeIds = bond ? withPrimary(portal, bond, wanted) : wanted;
  const missing = typeIds.filter((id) => !linkedTypeIds(portal, from, to).includes(id));
  if (missing.length === 0) return;
  const { portalId } = portal;
  const inverse = missing.map((id) => inverseTypeId(portal, id));
  if (bond && missing.includes(bond.primaryTypeId)) demoteOther(world, portal, bond);
  world.store.commit({ kind: 'association.added', portalId, from, to, typeIds: missing });
  world.store.commit({ kind: 'association.added', portalId, from: to, to: from, typeIds: inverse });
  noteBothWays(world, { ...input, typeIds: missing }, false);
  if (bond) keepCompanyId(world, input, bond.contactId);
}

/** A label of the account's own comes beside the plain association, never instead of it. */
function withDefaults(from: End, to: End, typeIds: number[]): number[] {
  return typeIds.some((id) => id < 0) ? [...new Set([...defaultTypeIdsBetween(from[0], to[0]), ...typeIds])] : typeIds;
}

/** Parts two records; with type ids, only those bonds. */
export function unlink(world: World, input: Omit<LinkInput, 'typeIds'> & { typeIds: number[] | null }): void {
  const { portal, from, to, typeIds } = input;
  const present = linkedTypeIds(portal, from, to);
  const gone = typeIds === null ? present : present.filter((id) => typeIds.includes(id));
  if (gone.length === 0) return;
  const { portalId } = portal;
  const inverse = gone.map((id) => inverseTypeId(portal, id));
  world.store.commit({ kind: 'association.removed', portalId, from, to, typeIds: typeIds === null ? null : gone });
  world.store.commit({
    kind: 'association.removed',
    portalId,
    from: to,
    to: from,
    typeIds: typeIds === null ? null : inverse,
  });
  noteBothWays(world, { ...input, typeIds: gone }, true);
  const bond = bondOf(from, to);
  if (bond) keepCompanyId(world, input, bond.contactId);
}

/** A merge moves bonds without announcing each. */
export function copyAssociations(world: World, { portal, from, to }: Pick<LinkInput, 'portal' | 'from' | 'to'>): void {
  const { portalId } = portal;
  for (const otherType of Object.keys(OBJECT_TYPES) as ObjectTypeId[])
    for (const [otherId, typeIds] of portal.associations.get(associationKey(from, otherType)) ?? []) {
      if (otherType === to[0] && otherId === to[1]) continue;
      const other: End = [otherType, otherId];
      const kept = keptTypeIds(portal, { from: to, to: other }, typeIds);
      world.store.commit({ kind: 'association.added', portalId, from: to, to: other, typeIds: kept });
      const inverse = kept.map((id) => inverseTypeId(portal, id));
      world.store.commit({ kind: 'association.added', portalId, from: other, to, typeIds: inverse });
    }
}

/** Two merged people each had a primary company: the one that came first stays it. */
function keptTypeIds(portal: Portal, { from, to }: Pick<LinkInput, 'from' | 'to'>, typeIds: number[]): number[] {
  const bond = bondOf(from, to);
  if (!bond || [null, bond.companyId].includes(primaryCompanyOf(portal, bond.contactId))) return typeIds;
  return from[0] === '0-1' ? typeIds.filter((id) => id !== bond.primaryTypeId) : typeIds;
}

function noteBothWays(world: World, { portal, from, to, typeIds, source, nowMs }: LinkInput, removed: boolean): void {
  for (const [one, two] of [
    [from, to],
    [to, from],
  ] as const)
    note(world, {
      portalId: portal.portalId,
      kind: 'associationChange',
      type: one[0],
      occurredAtMs: nowMs,
      source,
      fields: {
        associationType: `${OBJECT_TYPES[one[0]].upper}_TO_${OBJECT_TYPES[two[0]].upper}`,
        fromObjectId: Number(one[1]),
        toObjectId: Number(two[1]),
        fromObjectTypeId: one[0],
        toObjectTypeId: two[0],
        associationRemoved: removed,
        isPrimaryAssociation: typeIds.some(isPrimaryType),
      },
    });
}
