import type { App } from '../state/state.ts';
import { isPermitted } from './permitted-urls.ts';

/** What `hubspot.fetch` hands to the proxy, and whose browser it came from. */
export interface CardFetchInput {
  /** who looks at the card */
  userId: number;
  userEmail: string;
  /** which app's card; may be left out where the account has one app */
  appId?: number;
  url: string;
  method?: string;
  /** a plain object, sent as JSON */
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export interface CardRequest {
  method: string;
  /** the public address with what the proxy appended */
  url: URL;
  /** raw JSON; empty where none is sent */
  body: string;
  authorization: string | null;
  timeoutMs: number;
}

/** What HubSpot says about a request before it leaves HubSpot. */
export class CardRequestRefused extends Error {}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const DEFAULT_TIMEOUT_MS = 15_000;
const MOST_TIMEOUT_MS = 120_000;
export const MOST_BYTES = 1_000_000;

const refuse = (reason: string): never => {
  throw new CardRequestRefused(reason);
};

/** Checks what a card asks for and appends who asks. */
export function cardRequest(app: App, input: CardFetchInput, appended: Record<string, string>): CardRequest {
  const method = (input.method ?? 'GET').toUpperCase();
  if (!METHODS.includes(method)) refuse(`hubspot.fetch does not know the method ${method}`);
  const timeoutMs = input.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MOST_TIMEOUT_MS)
    refuse(`timeout must be between 1 and ${MOST_TIMEOUT_MS} milliseconds`);
  const url = permittedUrl(app, input.url);
  append(url, appended);
  const body = method === 'GET' ? '' : bodyText(input.body);
  return { method, url, body, authorization: authorizationOf(input.headers ?? {}), timeoutMs };
}

function permittedUrl(app: App, text: string): URL {
  if (!URL.canParse(text)) return refuse('The address is not an absolute URL');
  const url = new URL(text);
  if (url.username || url.password) refuse('The address carries credentials');
  if (!isPermitted(url, app.permittedUrls.fetch)) refuse(`${url.origin} is not in permittedUrls.fetch of the app`);
  url.hash = '';
  return url;
}

/**
 * Appended to whatever the card wrote, the same names included: the proxy signs both, so a service that reads the
 * first of two believes the card.
 */
function append(url: URL, appended: Record<string, string>): void {
  const added = Object.entries(appended).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = [url.search.slice(1), ...added].filter(Boolean).join('&');
}

function bodyText(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body !== 'object' || Array.isArray(body)) return refuse('The body must be a plain object');
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > MOST_BYTES) refuse('The body is over 1 MB');
  return text;
}

function authorizationOf(headers: Record<string, string>): string | null {
  const entries = Object.entries(headers);
  const [first] = entries;
  if (first === undefined) return null;
  if (entries.length > 1 || first[0].toLowerCase() !== 'authorization')
    refuse('A card may send the Authorization header and no other');
  return first[1];
}
