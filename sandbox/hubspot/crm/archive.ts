import { conflict } from '../errors.ts';
import type { CrmRecord, ObjectTypeId, Portal } from '../state/state.ts';
import { note } from '../webhooks/queue.ts';
import type { Source } from '../webhooks/queue.ts';
import type { World } from '../world.ts';
import { keepCompanyIdsAt } from './primary-company.ts';

export interface OneRecord {
  portal: Portal;
  type: ObjectTypeId;
  record: CrmRecord;
  source: Source;
  nowMs: number;
}

/** Deletes so that a person can restore. */
export function archiveRecord(world: World, { portal, type, record, source, nowMs }: OneRecord): void {
  if (record.archivedAtMs !== null) return;
  const { portalId } = portal;
  world.store.commit({ kind: 'record.archived', portalId, type, id: record.id, atMs: nowMs });
  const fields = { objectId: Number(record.id), changeFlag: 'DELETED' };
  note(world, { portalId, kind: 'deletion', type, occurredAtMs: nowMs, source, fields });
  if (type === '0-2') keepCompanyIdsAt(world, { portal, source, nowMs }, record.id);
}

/** Only people restore, and HubSpot does not let a restored record steal an e-mail address back. */
export function restoreRecord(world: World, { portal, type, record, source, nowMs }: OneRecord): void {
  if (record.archivedAtMs === null) return;
  const { portalId } = portal;
  for (const [name, index] of portal.objects[type].unique) {
    const holder = index.get(record.values[name] ?? '');
    if (holder !== undefined) throw conflict(`Record ${holder} has this ${name} now`);
  }
  world.store.commit({ kind: 'record.restored', portalId, type, id: record.id, atMs: nowMs });
  const fields = { objectId: Number(record.id), changeFlag: 'RESTORED' };
  note(world, { portalId, kind: 'restore', type, occurredAtMs: nowMs, source, fields });
  if (type === '0-2') keepCompanyIdsAt(world, { portal, source, nowMs }, record.id);
}

/**
 * Erases for privacy: the record is gone for good and its address blocked. HubSpot sends an ordinary deletion
 * beside the privacyDeletion, in no particular order; here the seeded generator decides.
 */
export function eraseRecord(world: World, { portal, type, record, source, nowMs }: OneRecord): void {
  const { portalId } = portal;
  const blockedEmail = type === '0-1' ? (record.values['email'] ?? null) || null : null;
  world.store.commit({ kind: 'record.purged', portalId, type, id: record.id, atMs: nowMs, blockedEmail });
  const objectId = Number(record.id);
  const both = [
    { kind: 'deletion', fields: { objectId, changeFlag: 'DELETED' } },
    { kind: 'privacyDeletion', fields: { objectId } },
  ] as const;
  for (const { kind, fields } of world.random.shuffle(both))
    note(world, { portalId, kind, type, occurredAtMs: nowMs, source, fields });
}
