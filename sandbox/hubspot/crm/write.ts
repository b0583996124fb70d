import type { CrmRecord, ObjectTypeId, Portal } from '../state/state.ts';
import { note } from '../webhooks/queue.ts';
import type { Source } from '../webhooks/queue.ts';
import type { World } from '../world.ts';
import { deriveValues } from './derive.ts';

export interface WriteInput {
  portal: Portal;
  type: ObjectTypeId;
  /** null creates */
  record: CrmRecord | null;
  /** validated values */
  values: Record<string, string>;
  source: Source;
  nowMs: number;
  /** of a new record: the ids joined in the same call */
  associations?: Record<string, string[]>;
  /** no events at all, as for what happened before an app was there */
  unannounced?: boolean;
}

/**
 * Stores values, with what follows from them, and queues the events. Values that change nothing leave no
 * version, no event and no new modification date.
 */
export function writeRecord(world: World, input: WriteInput): CrmRecord {
  const { portal, type, source, nowMs } = input;
  const given = changed(input.record, input.values);
  const values = { ...given };
  Object.assign(values, changed(input.record, deriveValues({ portal, type, record: input.record, values, nowMs })));
  const store = portal.objects[type];
  const id = input.record?.id ?? String(store.nextId);
  if (input.record !== null && Object.keys(values).length === 0) return input.record;
  world.store.commit({
    kind: 'record.written',
    portalId: portal.portalId,
    type,
    id,
    atMs: nowMs,
    ...source,
    values,
    ...(input.record === null && {
      createdWith: { properties: given, associations: input.associations ?? {} },
    }),
  });
  if (input.unannounced) return store.records.get(id) as CrmRecord;
  if (input.record === null)
    note(world, {
      portalId: portal.portalId,
      kind: 'creation',
      type,
      occurredAtMs: nowMs,
      source,
      fields: { objectId: Number(id), changeFlag: 'CREATED' },
    });
  notePropertyChanges(world, { ...input, values }, id);
  return store.records.get(id) as CrmRecord;
}

function changed(record: CrmRecord | null, values: Record<string, string>): Record<string, string> {
  const different: Record<string, string> = {};
  for (const name in values) {
    const value = values[name] ?? '';
    if ((record?.values[name] ?? '') !== value) different[name] = value;
  }
  return different;
}

function notePropertyChanges(world: World, input: WriteInput, id: string): void {
  for (const propertyName in input.values)
    note(world, {
      portalId: input.portal.portalId,
      kind: 'propertyChange',
      type: input.type,
      propertyName,
      occurredAtMs: input.nowMs,
      source: input.source,
      fields: { objectId: Number(id), propertyValue: input.values[propertyName] ?? '' },
    });
}
