import type { Request } from 'express';
import type { CrmName } from '../../crm/port.ts';

const NAME = 'passalong_install';
const TEN_MINUTES_S = 600;

/** Binds an attempt to one browser. Lax, because the CRM sends the browser back with a plain link. */
export function installCookie(input: {
  readonly crm: CrmName;
  readonly value: string;
  readonly publicUrl: string;
}): string {
  const secure = input.publicUrl.startsWith('https:') ? '; Secure' : '';
  const life = input.value === '' ? 0 : TEN_MINUTES_S;
  return `${NAME}=${encodeURIComponent(input.value)}; Path=/${input.crm}/oauth; Max-Age=${life}; HttpOnly; SameSite=Lax${secure}`;
}

export function readInstallCookie(request: Request): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${NAME}=`));
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found.slice(NAME.length + 1));
  } catch {
    return null;
  }
}

/** The address when it is a page of HubSpot’s own, else null: nobody is sent anywhere a stranger chose. */
export function hubspotPage(address: unknown, hubspotAppUrl: string | null): string | null {
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isHubSpot = url.protocol === 'https:' && /^app(-[a-z0-9]+)?\.hubspot\.com$/.test(url.host);
  const isConfigured = hubspotAppUrl !== null && url.origin === new URL(hubspotAppUrl).origin;
  return isHubSpot || isConfigured ? url.href : null;
}
