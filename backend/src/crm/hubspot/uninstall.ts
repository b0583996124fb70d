import { CrmAuthorizationRevoked } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import { API_PATHS } from './api-paths.ts';
import { FreshTokenRefused, type HubSpotGateway } from './gateway.ts';
import { HubSpotRejected } from './rejection.ts';

/** Removes our app from the portal. An account that knows us no longer is the state we want, not a failure. */
export async function uninstall(gateway: HubSpotGateway, account: CrmAccount): Promise<void> {
  try {
    await gateway.call({ account, kind: 'default', method: 'DELETE', path: API_PATHS.externalInstall });
  } catch (error) {
    const gone = error instanceof CrmAuthorizationRevoked || error instanceof FreshTokenRefused;
    if (gone || (error instanceof HubSpotRejected && error.status === 404)) return;
    throw error;
  }
}
