import { CrmAuthorizationRevoked } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import { FreshTokenRefused } from './gateway.ts';
import type { OrgAccess } from './org-access.ts';

/** Gives our grant back. An org that knows us no longer is the state we want, not a failure. */
export async function uninstall(org: OrgAccess, account: CrmAccount): Promise<void> {
  try {
    await org.endGrant(account);
  } catch (error) {
    if (error instanceof CrmAuthorizationRevoked || error instanceof FreshTokenRefused) return;
    throw error;
  }
}
