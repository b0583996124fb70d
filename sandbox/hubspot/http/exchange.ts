import type { IncomingHttpHeaders } from 'node:http';

import type { World } from '../world.ts';

/** Who a bearer token speaks for. */
export interface Caller {
  appId: number;
  portalId: number;
  userId: number | null;
  scopes: readonly string[];
}

/** One request, already authenticated where the route asks for it. */
export interface Exchange {
  world: World;
  method: string;
  path: string;
  query: URLSearchParams;
  params: Record<string, string>;
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
  /** parsed JSON, or a plain object of form fields */
  body: unknown;
  /** null only on routes without a bearer token */
  caller: Caller | null;
  now: number;
  /** of real time, for how long the call took */
  beganAtMs: number;
}

export interface Reply {
  status: number;
  /** an object is sent as JSON, a string as HTML */
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>;

export function callerOf(exchange: Exchange): Caller {
  if (!exchange.caller) throw new Error(`${exchange.path} is routed without a bearer token`);
  return exchange.caller;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent = (): Reply => ({ status: 204 });
