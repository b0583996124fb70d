import { setTimeout as delay } from 'node:timers/promises';

import { notFound } from '../errors.ts';
import { appOf } from '../state/lookup.ts';
import { installKey } from '../state/state.ts';
import type { App, Portal } from '../state/state.ts';
import { signV2, signV3 } from '../webhooks/signature.ts';
import type { World } from '../world.ts';
import { callService } from './call-service.ts';
import type { Outcome, ServiceCall } from './call-service.ts';
import { answerTo, refused, tooMany } from './card-answer.ts';
import type { CardAnswer } from './card-answer.ts';
import { cardRequest, CardRequestRefused } from './card-request.ts';
import type { CardFetchInput, CardRequest } from './card-request.ts';

const AT_ONCE = 20;
const ATTEMPTS = 2;

/** Who looks at which account: HubSpot adds it to every request of a card. */
export type Appended = Record<'userId' | 'portalId' | 'userEmail' | 'appId', string>;

/**
 * What stands behind `hubspot.fetch`: checks what the card asks, appends who asks, signs, sends, and tries once more
 * without a word when the service fails. Requires that the app is installed.
 */
export async function cardFetch(world: World, portal: Portal, input: CardFetchInput): Promise<CardAnswer> {
  const { portalId } = portal;
  const app = installedApp(world, portalId, input.appId);
  const appended = appendedFor(app, portalId, input);
  const asked = { input, portalId };
  const log = logger(world, { app, portalId, input, appended });
  let request: CardRequest;
  try {
    request = cardRequest(app, input, appended);
  } catch (error) {
    if (!(error instanceof CardRequestRefused)) throw error;
    return log(refused(asked, error.message), []);
  }
  const leave = enter(world, `${app.appId}:${portalId}`);
  if (leave === null) return log(tooMany(asked), []);
  try {
    const outcomes = await attempts(world, { app, portalId, request });
    return log(answerTo(asked, outcomes.at(-1) ?? 'unreachable'), outcomes);
  } finally {
    leave();
  }
}

function installedApp(world: World, portalId: number, given: number | undefined): App {
  const { apps, installs } = world.state;
  const installed = [...apps.values()].filter(({ appId }) => installs.has(installKey(appId, portalId)));
  const appId = given ?? (installed.length === 1 ? installed[0]?.appId : undefined);
  if (appId === undefined) throw notFound('Say by "appId" which app the card belongs to');
  const app = appOf(world.state, appId);
  if (!installed.includes(app))
    throw notFound(`App ${appId} is not installed in portal ${portalId}: it has no card there`);
  return app;
}

const appendedFor = ({ appId }: App, portalId: number, { userId, userEmail }: CardFetchInput): Appended => ({
  userId: String(userId),
  portalId: String(portalId),
  userEmail,
  appId: String(appId),
});

/** Takes one of the places an app has in an account; null when all are taken. */
function enter({ cardRequests }: World, key: string): (() => void) | null {
  const taken = cardRequests.get(key) ?? 0;
  if (taken >= AT_ONCE) return null;
  cardRequests.set(key, taken + 1);
  return () => void cardRequests.set(key, (cardRequests.get(key) ?? 1) - 1);
}

interface Sending {
  app: App;
  portalId: number;
  request: CardRequest;
}

/** At most two within one window; the second only after a connection failure or a 5xx. */
async function attempts(world: World, sending: Sending): Promise<Outcome[]> {
  const endsAtMs = performance.now() + sending.request.timeoutMs;
  const outcomes: Outcome[] = [];
  while (outcomes.length < ATTEMPTS) {
    const leftMs = endsAtMs - performance.now();
    if (leftMs <= 0) break;
    const outcome = await attempt(world, sending, Math.ceil(leftMs));
    outcomes.push(outcome);
    const failed = outcome === 'unreachable' || (typeof outcome === 'object' && outcome.status >= 500);
    if (!failed) break;
  }
  return outcomes;
}

async function attempt(world: World, { app, portalId, request }: Sending, timeoutMs: number): Promise<Outcome> {
  const { method, url } = request;
  const target = { portalId, method, path: url.pathname, appId: app.appId };
  if (world.faults.strike(['cardDown'], target)) return 'unreachable';
  const slow = world.faults.strike(['cardSlow'], target);
  const lost = world.faults.strike(['cardAnswerLost'], target) !== null;
  const sent = callService(signed(world, app, { request, timeoutMs }));
  const outcome = slow ? await late(sent, { delayMs: slow.delayMs ?? 1000, timeoutMs }) : await sent;
  // The service has done it; only its answer went astray on the way back.
  return lost && typeof outcome === 'object' ? { status: 502, contentType: 'text/plain', text: '' } : outcome;
}

/** The service got the request at once; its answer takes `delayMs`. */
async function late(sent: Promise<Outcome>, times: { delayMs: number; timeoutMs: number }): Promise<Outcome> {
  const { delayMs, timeoutMs } = times;
  const [outcome] = await Promise.all([sent, delay(Math.min(delayMs, timeoutMs))]);
  return delayMs >= timeoutMs ? 'timeout' : outcome;
}

/** Signed over the public address; behind a proxy another one is called. */
function signed(
  world: World,
  app: App,
  { request, timeoutMs }: { request: CardRequest; timeoutMs: number },
): ServiceCall {
  const { method, url, body, authorization } = request;
  const secret = app.clientSecrets[0] ?? '';
  const timestampMs = world.clock.now();
  const uri = url.href;
  const headers = {
    'user-agent': 'HubSpot Connect (local)',
    accept: 'application/json',
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...(authorization !== null && { authorization }),
    'x-hubspot-signature': signV2(secret, { method, uri, body }),
    'x-hubspot-signature-version': 'v2',
    'x-hubspot-signature-v3': signV3(secret, { method, uri, body, timestampMs }),
    'x-hubspot-request-timestamp': String(timestampMs),
  };
  return { method, url: behindProxy(app, url), body, headers, timeoutMs };
}

function behindProxy(app: App, url: URL): URL {
  const called = new URL(app.proxy[url.origin] ?? url.origin);
  // Put in piece by piece: resolved as a text, a path that begins with two slashes would name another host.
  called.pathname = url.pathname;
  called.search = url.search;
  return called;
}

interface LogInput {
  app: App;
  portalId: number;
  input: CardFetchInput;
  appended: Appended;
}

/** No headers, no bodies: what people wrote in a card is nobody's to read in a log. */
function logger(world: World, { app, portalId, input, appended }: LogInput) {
  const [at, beganAtMs] = [world.clock.now(), performance.now()];
  return (answer: CardAnswer, outcomes: readonly Outcome[]): CardAnswer => {
    world.log.cardCall({
      at,
      appId: app.appId,
      portalId,
      method: (input.method ?? 'GET').toUpperCase(),
      url: input.url,
      appended,
      attempts: outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.status)),
      status: answer.status,
      tookMs: performance.now() - beganAtMs,
    });
    return answer;
  };
}
