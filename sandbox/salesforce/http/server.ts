import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { notFound, RecordRefusal, SalesforceError, wrongMethod } from '../errors.ts';
import { faultRefusal } from '../faults/refusals.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { refusedWrite } from '../rest/refused-write.ts';
import type { World } from '../world.ts';
import { admit, limitInfo, sessionOf } from './admit.ts';
import { parseBody, readBody } from './body.ts';
import type { Exchange, Reply, Site } from './exchange.ts';
import { recordCall } from './record-call.ts';
import { findRoute } from './router.ts';
import type { Route } from './router.ts';

export interface ServerInput {
  world: World;
  site: Site;
  routes: readonly Route[];
  /** paths under /_sandbox/, which are ours and not Salesforce's */
  control: (exchange: Exchange) => Promise<Reply>;
}

/** Thrown to end the connection without an answer. */
class Hangup extends Error {}

/** Longer than that, and Salesforce's servers do not read the line at all. */
const MAX_URI_LENGTH = 16_384;

export function createSalesforceServer(input: ServerInput): Server {
  const server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    void answer(input, request, response).catch(() => response.destroy());
  });
  // Longer than any client pools a connection: a reset here would be our doing, not a fault asked for.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function exchangeOf({ world, site }: ServerInput, request: IncomingMessage): Promise<Exchange> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  return {
    world,
    site,
    org: site.kind === 'instance' ? (world.orgs.get(site.orgId) ?? null) : null,
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    params: {},
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress ?? '',
    rawBody: await readBody(request),
    body: undefined,
    session: null,
    now: world.clock.now(),
    beganAtMs: performance.now(),
    counted: false,
  };
}

async function answer(input: ServerInput, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = await exchangeOf(input, request);
  if (exchange.path.startsWith('/_sandbox/')) return send(response, await input.control(exchange), exchange);
  let reply: Reply;
  try {
    if ((request.url ?? '').length > MAX_URI_LENGTH) throw uriTooLong();
    reply = await attempt(input, exchange);
  } catch (error) {
    if (error instanceof Hangup) {
      // Maybe only the answer is lost.
      input.world.journal?.flush('calls');
      recordCall(exchange, { status: 0 });
      return void response.destroy();
    }
    reply = refusal(error);
  }
  const limits = exchange.org && exchange.session ? limitInfo(exchange.org, exchange.now) : {};
  const full = { ...reply, headers: { ...limits, ...reply.headers } };
  recordCall(exchange, full);
  input.world.journal?.flush('calls');
  send(response, full, exchange);
}

async function attempt({ world, routes }: ServerInput, exchange: Exchange): Promise<Reply> {
  const match = findRoute(routes, exchange.method, exchange.path);
  if (match === null) throw notFound();
  if (match === 'wrong method') throw wrongMethod(exchange.method);
  exchange.params = match.params;
  const target = { orgId: orgIdOf(exchange), method: exchange.method, path: exchange.path };
  if (world.faults.strike(['down'], target)) throw new Hangup();
  const slow = world.faults.strike(['slow'], target);
  if (slow) {
    await delay(slow.delayMs ?? 1000);
    exchange.now = world.clock.now();
  }
  admit(exchange, match);
  const refusing = world.faults.strike(['requestLimit', 'serverError'], target);
  if (refusing) throw faultRefusal(refusing);
  exchange.body = parseBody(exchange.rawBody, exchange.headers['content-type']);
  const reply = await match.route.handle(exchange);
  // A handler's work counts even when its answer is lost on the way: that is the point of these two.
  if (world.faults.strike(['down'], target, 'after')) throw new Hangup();
  const lost = world.faults.strike(['serverError'], target, 'after');
  if (lost) throw faultRefusal(lost);
  return reply;
}

/** Faults may be meant for one org, also at the login host: there, the token that is refreshed names it. */
function orgIdOf(exchange: Exchange): string | null {
  if (exchange.org) return exchange.org.orgId;
  const session = sessionOf([...exchange.world.orgs.values()], exchange.headers.authorization);
  if (session) return session.orgId;
  const refreshToken = new URLSearchParams(exchange.rawBody.toString('utf8')).get('refresh_token') ?? '';
  return [...exchange.world.orgs.values()].find((org) => org.refreshTokens.has(refreshToken))?.orgId ?? null;
}

const uriTooLong = (): SalesforceError =>
  new SalesforceError({
    status: 414,
    errorCode: 'URI_TOO_LONG',
    message: 'URI Too Long',
    body: '<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>',
  });

function refusal(error: unknown): Reply {
  if (error instanceof SalesforceError)
    return { status: error.status, body: error.body(), headers: error.input.headers ?? {} };
  if (error instanceof OAuthError) return { status: error.status, body: error.body() };
  if (error instanceof RecordRefusal) return refusal(refusedWrite(error));
  // A defect of the sandbox itself must not look like Salesforce being down.
  console.error('local-salesforce defect:', error);
  return { status: 500, body: [{ errorCode: 'SANDBOX_DEFECT', message: `sandbox defect: ${String(error)}` }] };
}

function send(response: ServerResponse, reply: Reply, { world, method }: Exchange): void {
  const { status, body } = reply;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json;charset=UTF-8';
  response.writeHead(status, {
    ...(text && { 'content-type': type }),
    ...(status !== 204 && status !== 304 && { 'content-length': Buffer.byteLength(text) }),
    // Node would write the machine's time.
    date: new Date(world.clock.now()).toUTCString(),
    ...reply.headers,
  });
  response.end(method === 'HEAD' ? '' : text);
}
