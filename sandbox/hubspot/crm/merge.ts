import { isoInstant } from '../clock.ts';
import { invalid } from '../errors.ts';
import type { CrmRecord, ObjectTypeId, Portal } from '../state/state.ts';
import { note } from '../webhooks/queue.ts';
import type { Source } from '../webhooks/queue.ts';
import type { World } from '../world.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import { copyAssociations } from './link.ts';
import { keepCompanyId, keepCompanyIdsAt } from './primary-company.ts';

export interface MergeInput {
  portal: Portal;
  type: ObjectTypeId;
  primary: CrmRecord;
  other: CrmRecord;
  /** a third id for the result, or the primary's */
  createsNewId: boolean;
  source: Source;
  nowMs: number;
}

/** Joins two records into one; both old ids go on leading to it. */
export function mergeRecords(world: World, input: MergeInput): CrmRecord {
  const { portal, type, primary, other, source, nowMs } = input;
  if (primary.id === other.id) throw invalid('A record cannot be merged with itself');
  const { portalId } = portal;
  const store = portal.objects[type];
  const survivorId = input.createsNewId ? String(store.nextId) : primary.id;
  const values = mergedValues(input);
  const moved = Object.keys(values).filter((name) => (primary.values[name] ?? '') !== values[name]);
  const createdAtMs = Math.min(primary.createdAtMs, other.createdAtMs);
  const gone = input.createsNewId ? [primary, other] : [other];
  // The survivor takes over before the others go, so that no id ever leads nowhere.
  world.store.commit({
    kind: 'record.written',
    portalId,
    type,
    id: survivorId,
    atMs: nowMs,
    ...source,
    values: input.createsNewId ? values : pick(values, moved),
  });
  for (const record of gone) {
    copyAssociations(world, { portal, from: [type, record.id], to: [type, survivorId] });
    world.store.commit({
      kind: 'record.merged',
      portalId,
      type,
      from: record.id,
      into: survivorId,
      atMs: nowMs,
      createdAtMs,
    });
  }
  const survivor = store.records.get(survivorId) as CrmRecord;
  noteMerge(world, { ...input, survivor, moved });
  if (type === '0-1') keepCompanyId(world, input, survivorId);
  if (type === '0-2') keepCompanyIdsAt(world, input, survivorId);
  return survivor;
}

function noteMerge(world: World, input: MergeInput & { survivor: CrmRecord; moved: string[] }): void {
  const { type, primary, other, survivor, moved, source, nowMs } = input;
  const { portalId } = input.portal;
  note(world, {
    portalId,
    kind: 'merge',
    type,
    occurredAtMs: nowMs,
    source,
    fields: {
      objectId: Number(survivor.id),
      primaryObjectId: Number(primary.id),
      mergedObjectIds: [Number(other.id)],
      newObjectId: Number(survivor.id),
      numberOfPropertiesMoved: moved.length,
    },
  });
  for (const propertyName of moved)
    note(world, {
      portalId,
      kind: 'propertyChange',
      type,
      propertyName,
      occurredAtMs: nowMs,
      source,
      fields: { objectId: Number(survivor.id), propertyValue: survivor.values[propertyName] ?? '' },
    });
}

/** The primary's values, the other's where the primary has none, and the further of two lifecycle stages. */
function mergedValues({ primary, other, type, nowMs }: MergeInput): Record<string, string> {
  const values: Record<string, string> = {};
  for (const record of [other, primary])
    for (const name in record.values) if (record.values[name]) values[name] = record.values[name];
  values['hs_merged_object_ids'] = ids(primary, other).join(';');
  if (type !== '0-1') return values;
  const stage = furthest(primary.values['lifecyclestage'], other.values['lifecyclestage']);
  if (stage) values['lifecyclestage'] = stage;
  if (stage && stage !== primary.values['lifecyclestage']) values[`hs_v2_date_entered_${stage}`] ??= isoInstant(nowMs);
  const emails = [primary, other].flatMap(({ values: held }) => [
    held['email'] ?? '',
    ...(held['hs_additional_emails'] ?? '').split(';'),
  ]);
  const additional = [...new Set(emails)].filter((email) => email && email !== values['email']);
  if (additional.length > 0) values['hs_additional_emails'] = additional.join(';');
  return values;
}

function ids(primary: CrmRecord, other: CrmRecord): string[] {
  const earlier = [primary, other].flatMap(({ values }) => (values['hs_merged_object_ids'] ?? '').split(';'));
  return [...new Set([...earlier, primary.id, other.id])].filter(Boolean);
}

function furthest(one = '', two = ''): string {
  const order: string[] = LIFECYCLE_STAGES.map(([stage]) => stage);
  return order.indexOf(one) >= order.indexOf(two) ? one : two;
}

const pick = (values: Record<string, string>, names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? '']));
