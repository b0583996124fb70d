import type { World } from '../world.ts';
import { accountView } from './account-view.ts';
import { adminActions } from './admin-actions.ts';
import { crmUser } from './crm-user.ts';
import type { Actor } from './crm-user.ts';
import { installActions } from './install-actions.ts';
import { recordActions } from './record-actions.ts';

/** One account, as somebody in it works with it. */
export function portalControl(world: World, portalId: number, actor: Actor = {}) {
  const user = crmUser(world, portalId, actor);
  return { ...recordActions(user), ...accountView(user), ...adminActions(user), ...installActions(world, portalId) };
}

export type PortalControl = ReturnType<typeof portalControl>;
