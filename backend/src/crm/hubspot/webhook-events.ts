import { hash } from 'node:crypto';
import type { ChangeSignal, CrmObjectType } from '../port.ts';
import { isJsonObject, type JsonObject } from './answer-shape.ts';
import { associationEnd, objectTypeOfId, WEBHOOK_TYPES, type WebhookType } from './webhook-type.ts';

export type UnreadableReason =
  | 'not_a_list'
  | 'not_an_object'
  | 'unknown_type'
  | 'unknown_object_type'
  | 'missing_portal'
  | 'missing_time'
  | 'missing_record';

/** An event we could not use; its batch-mates stand. */
export type UnreadableEvent = { readonly index: number; readonly reason: UnreadableReason };

/** HubSpot telling us what we wrote ourselves. Counted, never followed: following it would be a loop. */
export type OwnEcho = { readonly index: number; readonly externalAccountId: string };

export type WebhookEvents = {
  readonly signals: readonly ChangeSignal[];
  readonly unreadable: readonly UnreadableEvent[];
  readonly echoes: readonly OwnEcho[];
};

type RecordReference = ChangeSignal['records'][number];

const OWN_PROPERTY_PREFIX = 'passalong_';

/**
 * Reads the parsed body of a webhook delivery: a list of at most 100 events of any portals and types. Never throws.
 * Checks are written out by hand and `raw` is the element itself: this runs before we answer HubSpot.
 */
export function readWebhookEvents(body: unknown): WebhookEvents {
  const signals: ChangeSignal[] = [];
  const unreadable: UnreadableEvent[] = [];
  const echoes: OwnEcho[] = [];
  if (!Array.isArray(body)) return { signals, unreadable: [{ index: 0, reason: 'not_a_list' }], echoes };
  for (let index = 0; index < body.length; index += 1) {
    const signal = readEvent(body[index]);
    if (typeof signal === 'string') unreadable.push({ index, reason: signal });
    else if (signal.field?.startsWith(OWN_PROPERTY_PREFIX) === true) {
      echoes.push({ index, externalAccountId: signal.externalAccountId });
    } else signals.push(signal);
  }
  return { signals, unreadable, echoes };
}

function readEvent(event: unknown): ChangeSignal | UnreadableReason {
  if (!isJsonObject(event)) return 'not_an_object';
  const typeName = event['subscriptionType'] ?? event['eventType'];
  const type = typeof typeName === 'string' ? WEBHOOK_TYPES.get(typeName) : undefined;
  if (type === undefined) return 'unknown_type';
  const externalAccountId = idText(event['portalId']);
  if (externalAccountId === null) return 'missing_portal';
  const occurredAtMs = timeMs(event['occurredAt']);
  if (occurredAtMs === null) return 'missing_time';
  const records = type.kind === 'association_changed' ? readEnds(type, event) : readSubjects(type, event);
  if (typeof records === 'string') return records;
  const field = typeof event['propertyName'] === 'string' ? event['propertyName'] : null;
  const sourceKey = sourceKeyOf(event, { externalAccountId, typeName: String(typeName), occurredAtMs, records });
  return { externalAccountId, sourceKey, kind: type.kind, records, occurredAtMs, field, raw: event };
}

/** The changed record; of a merge, every record that took part and the one that is left. */
function readSubjects(type: WebhookType, event: JsonObject): readonly RecordReference[] | UnreadableReason {
  const objectType = type.objectType ?? objectTypeOfId(event['objectTypeId']);
  if (objectType === null) return 'unknown_object_type';
  const records: RecordReference[] = [];
  addRecord(records, objectType, event['objectId']);
  if (type.kind === 'merged') {
    addRecord(records, objectType, event['primaryObjectId']);
    addRecord(records, objectType, event['newObjectId']);
    const merged = event['mergedObjectIds'];
    if (Array.isArray(merged)) for (const id of merged) addRecord(records, objectType, id);
  }
  return records.length === 0 ? 'missing_record' : records;
}

/** Both ends of an association; an end of a kind we do not follow is left out. */
function readEnds(type: WebhookType, event: JsonObject): readonly RecordReference[] | UnreadableReason {
  const associationType = event['associationType'];
  const from = objectTypeOfId(event['fromObjectTypeId']) ?? associationEnd(associationType, 'from') ?? type.objectType;
  const to = objectTypeOfId(event['toObjectTypeId']) ?? associationEnd(associationType, 'to');
  if (from === null && to === null) return 'unknown_object_type';
  const records: RecordReference[] = [];
  if (from !== null) addRecord(records, from, event['fromObjectId'] ?? event['objectId']);
  if (to !== null) addRecord(records, to, event['toObjectId']);
  return records.length === 0 ? 'missing_record' : records;
}

function addRecord(records: RecordReference[], objectType: CrmObjectType, id: unknown): void {
  const recordId = idText(id);
  if (recordId === null) return;
  for (const known of records) if (known.recordId === recordId && known.objectType === objectType) return;
  records.push({ objectType, recordId });
}

/** An id past 2^53 has lost digits in JSON.parse and would name another record: it counts as missing. */
function idText(id: unknown): string | null {
  if (typeof id === 'number') return Number.isSafeInteger(id) && id > 0 ? String(id) : null;
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : null;
}

function timeMs(value: unknown): number | null {
  const ms = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof ms === 'number' && Number.isSafeInteger(ms) && ms >= 0 ? ms : null;
}

type Identity = {
  readonly externalAccountId: string;
  readonly typeName: string;
  readonly occurredAtMs: number;
  readonly records: readonly RecordReference[];
};

/** `attemptNumber` and `subscriptionId` stay out: a repeated delivery is the same message. */
function sourceKeyOf(event: JsonObject, identity: Identity): string {
  let text = `${identity.externalAccountId}|${identity.typeName}|${String(identity.occurredAtMs)}`;
  for (const { objectType, recordId } of identity.records) text += `|${objectType}:${recordId}`;
  text += `|${keyPart(event['propertyName'])}|${keyPart(event['eventId'])}|${keyPart(event['associationType'])}`;
  return hash('md5', `${text}|${keyPart(event['associationRemoved'])}`, 'hex');
}

function keyPart(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
