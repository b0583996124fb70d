import { CrmMisconfigured } from '../errors.ts';
import { LoginHostRefused } from './oauth-errors.ts';

/** Which hosts are Salesforce's. Everything else is never called, whoever names it. */
export type SalesforceHosts = {
  /**
   * Where somebody signs in: null or `production`, `sandbox`, or the org's own domain. An origin without a slash. Raises
   * `LoginHostRefused`.
   */
  loginUrl(wanted: string | null): string;
  /** The address of an org's API as a token answer states it. Raises `CrmMisconfigured`. */
  instanceUrl(stated: string): string;
  /** Whom a signed assertion is for: production or sandboxes, whatever the org's own domain is. */
  audience(loginUrl: string): string;
};

const MY_DOMAIN = /^[a-z0-9-]+(\.(sandbox|develop|scratch|demo|patch|trailblaze|free))?\.my\.salesforce\.(com|mil)$/;
const SANDBOX_DOMAIN = /--[a-z0-9-]+(\.sandbox)?\.my\.salesforce\.(com|mil)$|\.sandbox\.my\.salesforce\.(com|mil)$/;
const INSTANCE = /^([a-z0-9-]+\.)+salesforce\.(com|mil)$/;
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
const MAX_CHARACTERS = 255;

/**
 * @param input the configured hosts, which are trusted as they are. Only where production itself is on this machine may
 * others be too: then everything is a local copy.
 */
export function createSalesforceHosts(input: {
  readonly loginUrl: string;
  readonly sandboxLoginUrl: string;
}): SalesforceHosts {
  const production = new URL(input.loginUrl).origin;
  const sandbox = new URL(input.sandboxLoginUrl).origin;
  const isLocal = LOOPBACK.test(new URL(production).hostname);
  const isKnown = (url: URL, pattern: RegExp): boolean =>
    [production, sandbox].includes(url.origin) ||
    (url.protocol === 'https:' && url.port === '' && pattern.test(url.hostname)) ||
    (isLocal && LOOPBACK.test(url.hostname));
  return {
    loginUrl(wanted) {
      if (wanted === null || wanted === 'production') return production;
      if (wanted === 'sandbox') return sandbox;
      const url = parse(wanted.includes('://') ? wanted : `https://${wanted}`);
      if (url === null || !isKnown(url, MY_DOMAIN))
        throw new LoginHostRefused('This is not an address where people sign in to Salesforce.');
      return url.origin;
    },
    instanceUrl(stated) {
      const url = parse(stated);
      if (url === null || !isKnown(url, INSTANCE))
        throw new CrmMisconfigured('Salesforce’s token answer names an org at an address that is not Salesforce’s.');
      return url.origin;
    },
    audience: (loginUrl) =>
      loginUrl === sandbox || SANDBOX_DOMAIN.test(new URL(loginUrl).hostname) ? sandbox : production,
  };
}

/** Null for what is no plain origin: a name, a password, a path or a query have no place in it. */
function parse(text: string): URL | null {
  if (text.length > MAX_CHARACTERS || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && url.pathname === '/' && /^https?:$/.test(url.protocol) ? url : null;
}
