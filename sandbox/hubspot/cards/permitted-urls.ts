/** Where an app's cards may reach, as its project declares it. */
export interface PermittedUrls {
  fetch: string[];
  iframe: string[];
  img: string[];
}

/** All three lists have to be there. HubSpot takes https alone; the local one also this machine. */
export function permittedUrls(given: unknown): PermittedUrls {
  const lists = (given ?? {}) as Partial<Record<keyof PermittedUrls, unknown>>;
  const read = (kind: keyof PermittedUrls): string[] => {
    const list = lists[kind];
    if (!Array.isArray(list)) throw new Error(`permittedUrls lacks the list "${kind}"`);
    for (const url of list)
      if (typeof url !== 'string' || !isPermissible(url))
        throw new Error(`permittedUrls.${kind}: ${String(url)} must be https or on this machine`);
    return list as string[];
  };
  return { fetch: read('fetch'), iframe: read('iframe'), img: read('img') };
}

export const isLoopback = (hostname: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

function isPermissible(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** By origin: a path in the list neither widens nor narrows it. */
export function isPermitted(url: URL, permitted: readonly string[]): boolean {
  return permitted.some((entry) => new URL(entry).origin === url.origin);
}
