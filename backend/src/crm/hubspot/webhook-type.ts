import type { CrmObjectType, SignalKind } from '../port.ts';

export type WebhookType = {
  /** Null for the generic `object.*` types, which name the object in `objectTypeId`. */
  readonly objectType: CrmObjectType | null;
  readonly kind: SignalKind;
};

const KINDS: readonly (readonly [string, SignalKind])[] = [
  ['creation', 'created'],
  ['propertyChange', 'changed'],
  ['deletion', 'deleted'],
  ['restore', 'restored'],
  ['merge', 'merged'],
  ['associationChange', 'association_changed'],
  ['privacyDeletion', 'privacy_deleted'],
];

const SUBJECTS: readonly (readonly [string, CrmObjectType | null])[] = [
  ['object', null],
  ['contact', 'contact'],
  ['company', 'company'],
  ['deal', 'deal'],
];

/** Every subscription type we read, by HubSpot's name: `object.propertyChange`, `contact.creation`, … */
export const WEBHOOK_TYPES: ReadonlyMap<string, WebhookType> = new Map(
  SUBJECTS.flatMap(([subject, objectType]) =>
    KINDS.map(([verb, kind]) => [`${subject}.${verb}`, { objectType, kind }]),
  ),
);

const OBJECT_TYPES: ReadonlyMap<unknown, CrmObjectType> = new Map([
  ['0-1', 'contact'],
  ['0-2', 'company'],
  ['0-3', 'deal'],
]);

/** Our word for an `objectTypeId`, or null for an object we do not follow. */
export function objectTypeOfId(objectTypeId: unknown): CrmObjectType | null {
  return OBJECT_TYPES.get(objectTypeId) ?? null;
}

const ASSOCIATION_ENDS: ReadonlyMap<string, CrmObjectType> = new Map([
  ['CONTACT', 'contact'],
  ['COMPANY', 'company'],
  ['DEAL', 'deal'],
]);

/** Our word for one end of an `associationType` such as `DEAL_TO_CONTACT`, or null. */
export function associationEnd(associationType: unknown, end: 'from' | 'to'): CrmObjectType | null {
  if (typeof associationType !== 'string') return null;
  const middle = associationType.indexOf('_TO_');
  if (middle < 0) return null;
  const name = end === 'from' ? associationType.slice(0, middle) : associationType.slice(middle + 4);
  return ASSOCIATION_ENDS.get(name) ?? null;
}
