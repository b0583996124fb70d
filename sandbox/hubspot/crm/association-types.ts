import type { ObjectTypeId } from '../state/state.ts';

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

export const inverseTypeId = (typeId: number): number => INVERSE[typeId] ?? typeId;

export const typesBetween = (from: ObjectTypeId, to: ObjectTypeId): readonly AssociationType[] =>
  ASSOCIATION_TYPES[`${from}>${to}`] ?? [];

export function labelOf(typeId: number): string | null {
  for (const types of Object.values(ASSOCIATION_TYPES))
    for (const type of types) if (type.typeId === typeId) return type.label;
  return null;
}

export const isPrimaryType = (typeId: number): boolean => [1, 2, 5, 6].includes(typeId);
