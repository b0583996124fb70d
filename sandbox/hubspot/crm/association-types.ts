import type { ObjectTypeId, Portal } from '../state/state.ts';

export interface AssociationType {
  typeId: number;
  label: string | null;
  /** made when nothing in particular is asked for */
  isDefault: boolean;
  /** at most one per record */
  isPrimary: boolean;
}

const plain = (typeId: number): AssociationType => ({ typeId, label: null, isDefault: true, isPrimary: false });
const primary = (typeId: number): AssociationType => ({ typeId, label: 'Primary', isDefault: false, isPrimary: true });

/** HubSpot's own association types between the three objects, by direction. */
export const ASSOCIATION_TYPES: Record<string, readonly AssociationType[]> = {
  '0-3>0-1': [plain(3)],
  '0-1>0-3': [plain(4)],
  '0-1>0-2': [plain(279), primary(1)],
  '0-2>0-1': [plain(280), primary(2)],
  '0-3>0-2': [plain(341), primary(5)],
  '0-2>0-3': [plain(342), primary(6)],
  '0-1>0-1': [plain(449)],
  '0-1>0-5': [plain(15)],
  '0-5>0-1': [plain(16)],
};

/** The same bond seen from the other side. */
const INVERSE: Record<number, number> = {
  3: 4,
  4: 3,
  279: 280,
  280: 279,
  1: 2,
  2: 1,
  341: 342,
  342: 341,
  5: 6,
  6: 5,
  449: 449,
  15: 16,
  16: 15,
};

/** An account's own id, as it is kept beside HubSpot's: the two overlap. */
export const ownTypeId = (shownId: number): number => -shownId;

const ownType = (portal: Portal, typeId: number) => portal.ownAssociationTypes.get(-typeId);

export function inverseTypeId(portal: Portal, typeId: number): number {
  if (typeId < 0) return ownTypeId(ownType(portal, typeId)?.inverseTypeId ?? -typeId);
  return INVERSE[typeId] ?? typeId;
}

export const typesBetween = (from: ObjectTypeId, to: ObjectTypeId): readonly AssociationType[] =>
  ASSOCIATION_TYPES[`${from}>${to}`] ?? [];

/** HubSpot's and the account's own, as ids are kept. */
export function typeIdsBetween(portal: Portal, from: ObjectTypeId, to: ObjectTypeId): number[] {
  const own = [...portal.ownAssociationTypes.values()].filter((type) => type.from === from && type.to === to);
  return [...typesBetween(from, to).map(({ typeId }) => typeId), ...own.map(({ typeId }) => ownTypeId(typeId))];
}

export const defaultTypeIdsBetween = (from: ObjectTypeId, to: ObjectTypeId): number[] =>
  typesBetween(from, to)
    .filter(({ isDefault }) => isDefault)
    .map(({ typeId }) => typeId);

export interface ShownType {
  category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  typeId: number;
  label: string | null;
}

/** As the API shows it. */
export const shownType = (portal: Portal, typeId: number): ShownType => ({
  category: typeId < 0 ? 'USER_DEFINED' : 'HUBSPOT_DEFINED',
  typeId: Math.abs(typeId),
  label: labelOf(portal, typeId),
});

export function labelOf(portal: Portal, typeId: number): string | null {
  if (typeId < 0) return ownType(portal, typeId)?.label ?? null;
  for (const types of Object.values(ASSOCIATION_TYPES))
    for (const type of types) if (type.typeId === typeId) return type.label;
  return null;
}

export const isPrimaryType = (typeId: number): boolean => [1, 2, 5, 6].includes(typeId);
