import type { Exchange } from '../http/exchange.ts';
import type { Org } from '../state/org.ts';
import { rowOf } from '../state/find-row.ts';

/** Whose people can log in here: production orgs at one login host, sandboxes at the other, its own at an org's address. */
export function hostedOrgs({ world, site, org }: Exchange): Org[] {
  if (site.kind === 'instance') return org ? [org] : [];
  return [...world.orgs.values()].filter(({ isSandbox }) => isSandbox === site.sandbox);
}

export const isActiveUser = (org: Org, userId: string): boolean => rowOf(org, userId)?.['IsActive'] === true;
