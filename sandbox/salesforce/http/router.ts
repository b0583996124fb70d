import type { Handler } from './exchange.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'HEAD';

export interface Route {
  method: Method;
  /** segments starting with a colon are parameters */
  path: string;
  /** `data`: a call of the data API, counted; `session`: a token is asked for; `none` */
  needs: 'data' | 'session' | 'none';
  handle: Handler;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** The route; or that the path has other methods; or nothing. The table's order decides between two fits. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match | 'wrong method' | null {
  const given = path.replace(/\/$/, '').split('/').slice(1);
  let pathExists = false;
  for (const route of routes) {
    const params = fit(route.path.split('/').slice(1), given);
    if (!params) continue;
    if (route.method === method) return { route, params };
    pathExists = true;
  }
  return pathExists ? 'wrong method' : null;
}

function fit(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (segments.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':')) {
      if (!value) return null;
      params[segment.slice(1)] = decode(value);
    } else if (segment !== value) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
