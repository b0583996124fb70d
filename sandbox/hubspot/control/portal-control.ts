import type { World } from '../world.ts';
import { accountView } from './account-view.ts';
import { adminActions } from './admin-actions.ts';
import { cardActions } from './card-actions.ts';
import { crmUser } from './crm-user.ts';
import type { Actor } from './crm-user.ts';
import { installActions } from './install-actions.ts';
import { listActions } from './list-actions.ts';
import { ownerActions } from './owner-actions.ts';
import { recordActions } from './record-actions.ts';

/** One account, as somebody in it works with it. */
export function portalControl(world: World, portalId: number, actor: Actor = {}) {
  const user = crmUser(world, portalId, actor);
  return {
    ...recordActions(user),
    ...cardActions(user),
    ...listActions(user),
    ...accountView(user),
    ...adminActions(user),
    ...ownerActions(user),
    ...installActions(world, portalId),
  };
}

export type PortalControl = ReturnType<typeof portalControl>;
