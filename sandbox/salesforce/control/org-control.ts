import { personWriter } from '../data/writer.ts';
import { orgOf } from '../world.ts';
import type { World } from '../world.ts';
import { adminActions } from './admin-actions.ts';
import { installActions } from './install-actions.ts';
import { orgView } from './org-view.ts';
import { recordActions } from './record-actions.ts';

export interface Actor {
  /** who does it; the administrator by default */
  userId?: string;
}

/** One org, as somebody in it works with it. */
export function orgControl(world: World, orgId: string, actor: Actor = {}) {
  const org = orgOf(world, orgId);
  return {
    ...recordActions(() => personWriter(world, org, actor.userId ?? org.adminId)),
    ...orgView(org),
    ...adminActions(world, org),
    ...installActions(world, org),
  };
}

export type OrgControl = ReturnType<typeof orgControl>;
