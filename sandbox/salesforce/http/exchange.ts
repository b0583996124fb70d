import type { IncomingHttpHeaders } from 'node:http';

import type { Org, Session } from '../state/org.ts';
import type { World } from '../world.ts';

/** Which of Salesforce's hosts a server plays: where people log in, or one org's own. */
export type Site = { kind: 'login'; sandbox: boolean } | { kind: 'instance'; orgId: string };

/** One request, already authenticated where the route asks for it. */
export interface Exchange {
  world: World;
  site: Site;
  /** whose instance this is */
  org: Org | null;
  method: string;
  path: string;
  query: URLSearchParams;
  params: Record<string, string>;
  headers: IncomingHttpHeaders;
  remoteAddress: string;
  rawBody: Buffer;
  /** parsed JSON, or a plain object of form fields */
  body: unknown;
  session: Session | null;
  now: number;
  /** of real time, for how long the call took */
  beganAtMs: number;
  /** whether it counted against the daily allowance */
  counted: boolean;
}

export interface Reply {
  status: number;
  /** an object is sent as JSON, a string as HTML */
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>;

/** The org and the session of a call to the data API. */
export interface DataCall {
  exchange: Exchange;
  org: Org;
  session: Session;
  /** such as 67.0 */
  version: string;
}

export function dataCall(exchange: Exchange): DataCall {
  const { org, session } = exchange;
  if (!org || !session) throw new Error(`${exchange.path} is routed without a session`);
  return { exchange, org, session, version: exchange.params['version']?.replace(/^v/, '') ?? '' };
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent = (): Reply => ({ status: 204 });
