import { page } from './page.ts';

type Options = { method?: string; timeout?: number; body?: unknown; headers?: Headers | Record<string, string> };

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

/** `hubspot.fetch`: the page stands in for HubSpot's proxy, which appends the user and signs. */
export async function hubspotFetch(url: string | URL, options: Options = {}): Promise<Response> {
  const { method = 'GET', timeout, body } = options;
  if (!METHODS.includes(method)) throw new TypeError(`hubspot.fetch does not know the method ${method}.`);
  if (body !== undefined && !isPlainObject(body)) {
    throw new TypeError('hubspot.fetch takes a plain object as body and sends it as JSON.');
  }
  const headers = options.headers instanceof Headers ? Object.fromEntries(options.headers) : { ...options.headers };
  const answer = await page.hubspotFetch(new URL(url).href, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(timeout === undefined ? {} : { timeout }),
  });
  return new Response([204, 205, 304].includes(answer.status) ? null : answer.body, {
    status: answer.status,
    headers: answer.headers ?? { 'content-type': 'application/json' },
  });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}
