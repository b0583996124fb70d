import { signV3 } from './test-server.ts';

/** What HubSpot appends, in its own order. */
export type Appended = {
  readonly userId: string;
  readonly portalId: string;
  readonly userEmail: string;
  readonly appId: string;
};

export const REP = { userId: '77', userEmail: 'robin.rep+eu@example.com' } as const;

/** The path with the four parameters as HubSpot's proxy sends them: the `@` and the `+` arrive encoded. */
export function appendedPath(path: string, appended: Appended): string {
  const url = new URL(path, 'https://any.example');
  for (const [name, value] of Object.entries(appended)) url.searchParams.append(name, value);
  return url.pathname + url.search;
}

/**
 * Headers of HubSpot's proxy for a path that is complete. HubSpot signs the address with some sequences decoded, `%40`
 * among them.
 */
export function cardHeaders(input: {
  readonly method: 'GET' | 'POST';
  readonly publicUrl: string;
  readonly path: string;
  readonly body: string;
  readonly atMs: number;
  readonly secret: string;
}): Record<string, string> {
  const { method, publicUrl, path, body, atMs, secret } = input;
  const uri = `${publicUrl}${path}`.replaceAll('%40', '@').replaceAll('%2F', '/').replaceAll('%3A', ':');
  return {
    ...signV3({ body, atMs, secret, uri, method }),
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
  };
}
