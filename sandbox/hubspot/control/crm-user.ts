import { findRecord } from '../crm/find.ts';
import { objectTypeOf } from '../crm/object-types.ts';
import type { ObjectType } from '../crm/object-types.ts';
import { notFound } from '../errors.ts';
import { portalOf } from '../state/lookup.ts';
import type { CrmRecord, Portal } from '../state/state.ts';
import type { Source } from '../webhooks/queue.ts';
import type { World } from '../world.ts';

export interface Actor {
  /** changeSource of the events; a person in the CRM by default */
  sourceType?: 'CRM_UI' | 'IMPORT' | 'API' | 'AUTOMATION_PLATFORM';
  userId?: number;
}

/** Somebody acting inside one account: a person, an import, a workflow. */
export interface CrmUser {
  world: World;
  portal: Portal;
  source: Source;
}

/** A record as people name it: its type and its id. */
export type RecordName = readonly [type: string, id: string];

export function crmUser(world: World, portalId: number, actor: Actor): CrmUser {
  const portal = portalOf(world.state, portalId);
  const userId = actor.userId ?? portal.owners[0]?.userId ?? 1;
  return { world, portal, source: { sourceType: actor.sourceType ?? 'CRM_UI', sourceId: `userId:${userId}` } };
}

export function existing(
  { portal }: CrmUser,
  [typeName, id]: RecordName,
  archived = false,
): { type: ObjectType; record: CrmRecord } {
  const type = objectTypeOf(typeName);
  const record = findRecord(portal.objects[type.id], { id, archived });
  if (!record) throw notFound(`There is no ${type.singular} ${id}`);
  return { type, record };
}
