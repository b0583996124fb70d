import type { Request } from 'express';
import type { CrmName } from '../../crm/port.ts';

const BEGUN = 'passalong_install_';
const ASKED = 'passalong_join_';
const TEN_MINUTES_S = 600;
/** Enough to tell the installations of one browser apart. */
const TAG_CHARACTERS = 12;

export type CookieInput = {
  readonly crm: CrmName;
  /** Letters, digits and `-_.` only. */
  readonly value: string;
  readonly publicUrl: string;
};

/**
 * Binds an attempt to one browser, which may have begun others in other tabs: each has a cookie of its own. Lax, because
 * the CRM sends the browser back with a plain link.
 */
export function installCookie(input: CookieInput): string {
  return cookie(input, { name: nameOf(BEGUN, input.value), sameSite: 'Lax', seconds: TEN_MINUTES_S });
}

export function clearedCookie(input: CookieInput): string {
  return cookie({ ...input, value: '' }, { name: nameOf(BEGUN, input.value), sameSite: 'Lax', seconds: 0 });
}

/** This browser was shown what the link leads to. Strict, because nobody else's page may answer in its place. */
export function shownCookie(input: CookieInput): string {
  return cookie(input, { name: nameOf(ASKED, input.value), sameSite: 'Strict', seconds: TEN_MINUTES_S });
}

export function wasShown(request: Request, value: string): boolean {
  return cookiesOf(request).some((pair) => pair === `${nameOf(ASKED, value)}=${value}`);
}

export function readInstallCookies(request: Request): readonly string[] {
  return cookiesOf(request)
    .filter((pair) => pair.startsWith(BEGUN))
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
}

type CookieTerms = { readonly name: string; readonly sameSite: 'Lax' | 'Strict'; readonly seconds: number };

function cookie({ crm, value, publicUrl }: CookieInput, { name, sameSite, seconds }: CookieTerms): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${name}=${value}; Path=/${crm}/oauth; Max-Age=${String(seconds)}; HttpOnly; SameSite=${sameSite}${secure}`;
}

function nameOf(prefix: string, value: string): string {
  return prefix + value.slice(0, TAG_CHARACTERS);
}

function cookiesOf(request: Request): readonly string[] {
  return (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
}
