import type { Express } from 'express';
import type { Logger } from '../observability/logger.ts';
import { HubSpotNotConfigured, SalesforceNotConfigured } from './http-errors.ts';
import type { InstallUseCase } from './install-use-case.ts';
import { acceptInvitation } from './routes/install-invitation.ts';
import { finishInstall } from './routes/oauth-callback.ts';
import type { InstallRouteInput } from './routes/install-route.ts';
import { startInstall } from './routes/oauth-install.ts';

export type MountInstallsInput = {
  readonly publicUrl: string;
  readonly logger: Logger;
  readonly hubspot: { readonly appUrl: string; readonly installs: InstallUseCase } | null;
  readonly salesforce: { readonly installs: InstallUseCase } | null;
};

/** The pages on which administrators connect their accounts. Without a CRM its addresses exist all the same, and say so. */
export function mountInstalls(app: Express, input: MountInstallsInput): void {
  for (const route of [hubspotRoutes(input), salesforceRoutes(input)]) {
    app.get(`/${route.crm}/oauth/install`, startInstall(route));
    app.post(`/${route.crm}/oauth/install`, acceptInvitation(route));
    app.get(`/${route.crm}/oauth/callback`, finishInstall(route));
  }
}

function hubspotRoutes({ hubspot, publicUrl, logger }: MountInstallsInput): InstallRouteInput {
  return {
    crm: 'hubspot',
    title: 'HubSpot',
    installs: hubspot?.installs ?? null,
    notConfigured: () => new HubSpotNotConfigured(),
    publicUrl,
    logger,
    connected: 'Its contact properties are being set up now; that takes less than a minute. You can close this page.',
  };
}

function salesforceRoutes({ salesforce, publicUrl, logger }: MountInstallsInput): InstallRouteInput {
  return {
    crm: 'salesforce',
    title: 'Salesforce',
    installs: salesforce?.installs ?? null,
    notConfigured: () => new SalesforceNotConfigured(),
    publicUrl,
    logger,
    connected:
      'Its fields come with the Passalong package; whether they are there is checked now. You can close this page.',
  };
}
