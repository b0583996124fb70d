import type { SalesforceConfig } from '../../backend/src/config.ts';
import type { LocalSalesforce } from '../../sandbox/salesforce/local-salesforce.ts';

export const SALESFORCE_CLIENT = { clientId: 'local-consumer-key', clientSecret: 'local-consumer-secret' } as const;

/** The service's settings for the local Salesforce. */
export function salesforceConfig(salesforce: LocalSalesforce): SalesforceConfig {
  return {
    ...SALESFORCE_CLIENT,
    loginUrl: salesforce.url,
    sandboxLoginUrl: salesforce.sandboxLoginUrl,
    jwtPrivateKey: null,
    pubsubEndpoint: '127.0.0.1:1',
    changeSources: ['poll'],
  };
}

/** What a developer does once: an app that may come back to the service. */
export function registerSalesforceApp(salesforce: LocalSalesforce, publicUrl: string): void {
  salesforce.control.registerApp({
    ...SALESFORCE_CLIENT,
    redirectUris: [`${publicUrl}/salesforce/oauth/callback`],
  });
}

/**
 * Walks the real consent: our install page, the org's consent, our callback.
 * @param query of the install page: `join` is the token of a join link.
 */
export async function consentOfOrg(
  publicUrl: string,
  orgId: string,
  query: Readonly<Record<string, string>> = {},
): Promise<void> {
  const install = `${publicUrl}/salesforce/oauth/install?${new URLSearchParams(query).toString()}`;
  const opened = await fetch(install, { redirect: 'manual' });
  const begun = 'join' in query ? await agree(opened, query) : opened;
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = new URL(begun.headers.get('location') ?? '');
  consent.searchParams.set('orgId', orgId);
  consent.searchParams.set('decision', 'grant');
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const { pathname, search } = new URL(granted.headers.get('location') ?? '');
  const finished = await fetch(publicUrl + pathname + search, { headers: { cookie }, redirect: 'manual' });
  if (finished.status >= 400) throw new Error(`the installation failed: ${finished.status} ${await finished.text()}`);
}

/** A join link asks first whose workspace it should be. */
function agree(page: Response, query: Readonly<Record<string, string>>): Promise<Response> {
  const cookie = (page.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const body = new URLSearchParams(query);
  return fetch(page.url.split('?')[0] ?? '', { method: 'POST', body, headers: { cookie }, redirect: 'manual' });
}
