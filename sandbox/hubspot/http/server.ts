import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { HubSpotError } from '../errors.ts';
import { REFUSING, refusalOf } from '../faults/refusals.ts';
import type { World } from '../world.ts';
import { authenticate, requireScopes } from './authenticate.ts';
import { parseBody, readBody } from './body.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Match, Router } from './router.ts';

export interface ServerInput {
  world: World;
  router: Router;
  /** paths under /_sandbox/, which are ours and not HubSpot's */
  control: (exchange: Exchange) => Promise<Reply>;
  /** called after each answer, when new webhook events may be waiting */
  afterWork: () => void;
}

/** Thrown to end the connection without an answer. */
class Hangup extends Error {}

export function createHubSpotServer(input: ServerInput): Server {
  return createServer((request, response) => {
    void answer(input, request, response).catch(() => response.destroy());
  });
}

async function answer(input: ServerInput, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world } = input;
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const exchange: Exchange = {
    world,
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    params: {},
    headers: request.headers,
    rawBody: await readBody(request),
    body: undefined,
    caller: null,
    now: world.clock.now(),
    beganAtMs: performance.now(),
  };
  if (exchange.path.startsWith('/_sandbox/')) {
    send(response, await input.control(exchange), world);
    input.afterWork();
    return;
  }
  let reply: Reply;
  try {
    reply = await attempt(input, exchange);
  } catch (error) {
    if (error instanceof Hangup) {
      record(world, exchange, { status: 0 });
      return void response.destroy();
    }
    reply = refusal(error);
  }
  world.store.flush();
  record(world, exchange, reply);
  send(response, reply, world);
  input.afterWork();
}

async function attempt(input: ServerInput, exchange: Exchange): Promise<Reply> {
  const { world } = input;
  const match = input.router.find(exchange.method, exchange.path);
  if (match === null) throw noSuchPath(404, `No API at ${exchange.path}`);
  if (match === 'wrong method') throw noSuchPath(405, `${exchange.method} is not allowed here`);
  exchange.params = match.params;
  const target = { portalId: portalHint(world, exchange), method: exchange.method, path: exchange.path };
  if (world.faults.strike(['down'], target)) throw new Hangup();
  const slow = world.faults.strike(['slow'], target);
  if (slow) {
    await delay(slow.delayMs ?? 1000);
    exchange.now = world.clock.now();
  }
  const headers = admit(world, exchange, match);
  const refusing = world.faults.strike(REFUSING, target);
  if (refusing) throw refusalOf(refusing);
  exchange.body = parseBody(exchange.rawBody, exchange.headers['content-type']);
  const reply = await match.route.handle(exchange);
  // A handler's work counts even when its answer is lost on the way: that is the point of these two.
  if (world.faults.strike(['down'], target, 'after')) {
    world.store.flush();
    throw new Hangup();
  }
  const lost = world.faults.strike(['serverError'], target, 'after');
  if (lost) throw refusalOf(lost);
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

/** Token, scopes, limits, in the order HubSpot checks them. */
function admit(world: World, exchange: Exchange, match: Match): Record<string, string> {
  if (!match.route.scopes) return {};
  const caller = authenticate(world, exchange.headers.authorization, exchange.now);
  exchange.caller = caller;
  requireScopes(match, caller);
  return match.route.limit ? world.limits.take(match.route.limit, caller, exchange.now) : {};
}

/** The portal a token belongs to, even an expired one: faults may be meant for one portal, and the log tells it. */
function portalHint(world: World, exchange: Exchange): number | null {
  const token = /^Bearer (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  return (token && world.state.tokens.get(token)?.portalId) || null;
}

const noSuchPath = (status: number, message: string): HubSpotError =>
  new HubSpotError({ status, category: 'NOT_FOUND', message });

function refusal(error: unknown): Reply {
  if (error instanceof HubSpotError)
    return { status: error.status, body: error.body(), headers: error.input.headers ?? {} };
  // A defect of the sandbox itself must not look like HubSpot being down.
  console.error('local-hubspot defect:', error);
  return {
    status: 500,
    body: { status: 'error', message: `sandbox defect: ${String(error)}`, category: 'SANDBOX_DEFECT' },
  };
}

function record(world: World, exchange: Exchange, reply: Reply): void {
  const { inputs } = (exchange.body ?? {}) as { inputs?: unknown };
  const { results, lists } = (typeof reply.body === 'object' ? (reply.body ?? {}) : {}) as Record<string, unknown>;
  const retryAfter = reply.headers?.['retry-after'];
  world.log.call({
    at: exchange.now,
    portalId: exchange.caller?.portalId ?? portalHint(world, exchange),
    method: exchange.method,
    path: exchange.path,
    status: reply.status,
    inputs: countOf(inputs),
    ...filtersOf(exchange.body),
    results: countOf(results ?? lists),
    tookMs: performance.now() - exchange.beganAtMs,
    ...(retryAfter !== undefined && { retryAfterSeconds: Number(retryAfter) }),
  });
}

const countOf = (value: unknown): number | null => (Array.isArray(value) ? value.length : null);

function send(response: ServerResponse, reply: Reply, { clock }: World): void {
  const { status, body } = reply;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json;charset=utf-8';
  response.writeHead(status, {
    ...(text && { 'content-type': type }),
    'content-length': Buffer.byteLength(text),
    // Node would write the machine's time.
    date: new Date(clock.now()).toUTCString(),
    ...reply.headers,
  });
  response.end(text);
}

function filtersOf(body: unknown): { filters?: string[] } {
  const { filterGroups } = (body ?? {}) as { filterGroups?: unknown };
  if (!Array.isArray(filterGroups)) return {};
  const filters = filterGroups.flatMap((group) => (group as { filters?: { propertyName?: string }[] }).filters ?? []);
  return { filters: filters.flatMap(({ propertyName }) => propertyName ?? []) };
}
