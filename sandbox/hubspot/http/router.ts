import type { Policy } from './rate-limit.ts';
import type { Handler } from './exchange.ts';

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** segments starting with a colon are parameters */
  path: string;
  /** what a bearer token needs: every group must have one member granted. Absent: no bearer token asked. */
  scopes?: (params: Record<string, string>) => string[][];
  /** which of the two limits counts the call; none for OAuth itself */
  limit?: Policy;
  handle: Handler;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

interface Compiled {
  route: Route;
  segments: string[];
}

export class Router {
  readonly #byLength = new Map<number, Compiled[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.path.split('/').slice(1);
      const group = this.#byLength.get(segments.length) ?? [];
      group.push({ route, segments });
      this.#byLength.set(segments.length, group);
    }
  }

  /** The route; or the methods that path has; or nothing. The table's order decides between two fits. */
  find(method: string, path: string): Match | 'wrong method' | null {
    const given = path.split('/').slice(1);
    let pathExists = false;
    for (const { route, segments } of this.#byLength.get(given.length) ?? []) {
      const params = fit(segments, given);
      if (!params) continue;
      if (route.method === method) return { route, params };
      pathExists = true;
    }
    return pathExists ? 'wrong method' : null;
  }
}

function fit(segments: string[], given: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index] ?? '';
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
