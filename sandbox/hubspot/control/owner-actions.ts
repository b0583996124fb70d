import { notFound } from '../errors.ts';
import type { Owner } from '../state/state.ts';
import type { CrmUser } from './crm-user.ts';

export interface AddOwnerInput {
  firstName: string;
  lastName: string;
  email: string;
}

/** Users an administrator invites and deactivates: each is an owner records can be assigned to. */
export function ownerActions({ world, portal }: CrmUser) {
  const { portalId } = portal;
  const save = (owner: Owner): void => world.store.commit({ kind: 'owner.saved', portalId, owner });
  const highest = (key: 'id' | 'userId'): number => Math.max(0, ...portal.owners.map((owner) => Number(owner[key])));
  return {
    owners: (): Owner[] => portal.owners.map((owner) => ({ ...owner })),
    /** answers the owner's id */
    addOwner({ firstName, lastName, email }: AddOwnerInput): string {
      const id = String(highest('id') + 1);
      const userId = highest('userId') + 1;
      save({ id, userId, email: email.toLowerCase(), firstName, lastName, archivedAtMs: null });
      return id;
    },
    /** records keep a deactivated owner; no new one can be given to it */
    deactivateOwner(ownerId: string): void {
      const owner = portal.owners.find(({ id }) => id === ownerId);
      if (!owner) throw notFound(`There is no owner ${ownerId}`);
      save({ ...owner, archivedAtMs: world.clock.now() });
    },
  };
}
