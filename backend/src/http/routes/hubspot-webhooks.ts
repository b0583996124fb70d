import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { readWebhookEvents } from '../../crm/hubspot/webhook-events.ts';
import type { ChangeSignal } from '../../crm/port.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { VerifyHubSpotRequest } from '../authenticate/hubspot-signature.ts';
import { describeError, logError } from '../error-response.ts';
import {
  BodyAmbiguous,
  BodyNotJson,
  BodyTooLarge,
  HubSpotNotConfigured,
  IntakeUnavailable,
  SignatureRefused,
} from '../http-errors.ts';
import { readRawBody, TOO_LARGE } from '../raw-body.ts';
import { repeatsName } from '../repeated-name.ts';
import { newRequestId } from '../request-id.ts';
import { withinMs } from '../../within-ms.ts';

export type SignalCounts = { readonly accepted: number; readonly repeated: number; readonly unknown: number };

/**
 * Stores signals durably; rejects when they are not, so that HubSpot delivers again. Counts that are returned are
 * counted here; an intake that batches several deliveries counts them itself and returns nothing.
 */
export type AcceptSignals = (signals: readonly ChangeSignal[]) => Promise<SignalCounts | void>;

export type HubSpotWebhooksInput = {
  /** Null: the service runs without HubSpot. */
  readonly verify: VerifyHubSpotRequest | null;
  readonly acceptSignals: AcceptSignals;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** (Default: 4500) HubSpot gives up after five seconds and counts it as a failure. */
  readonly patienceMs?: number;
};

/** A hundred events are about 50 kB; this leaves room for long property values. */
const LIMIT_BYTES = 1_500_000;
const ROUTE = '/hubspot/webhooks';

/**
 * The hottest path of the product: stands before every middleware, reads the raw body itself and answers in a few
 * bytes. Verify, store, answer; nothing is interpreted here.
 */
export function hubspotWebhooks(input: HubSpotWebhooksInput): RequestHandler {
  const { metrics } = input;
  return (request, response) => {
    const startedAt = performance.now();
    receive(input, request)
      .then((received) => answer(response, 200, { received }))
      .catch((error: unknown) => refuse(input, response, error))
      .finally(() => {
        const seconds = (performance.now() - startedAt) / 1000;
        metrics.httpAnswered({ method: 'POST', route: ROUTE, status: response.statusCode, seconds });
      });
  };
}

async function receive(input: HubSpotWebhooksInput, request: IncomingMessage): Promise<number> {
  const { verify, metrics } = input;
  const body = await readRawBody(request, LIMIT_BYTES);
  if (body === TOO_LARGE) {
    metrics.webhookRefused('too_large');
    throw new BodyTooLarge(LIMIT_BYTES);
  }
  if (verify === null) throw new HubSpotNotConfigured();
  const verdict = verify(request, body);
  if (!verdict.ok) {
    metrics.webhookRefused(verdict.reason);
    throw new SignatureRefused();
  }
  const { signals, unreadable, echoes } = readWebhookEvents(parse(body, metrics));
  metrics.signals('unreadable', unreadable.length);
  metrics.signals('echo', echoes.length);
  // Reasons come from a fixed list: no value of a record gets into the log.
  if (unreadable.length > 0) input.logger.debug({ unreadable: unreadable.slice(0, 5) }, 'unreadable webhook events');
  if (signals.length > 0) await store(input, signals);
  return signals.length + unreadable.length + echoes.length;
}

function parse(body: Buffer, metrics: Metrics): unknown {
  const text = body.toString('utf8');
  let events: unknown;
  try {
    events = JSON.parse(text);
  } catch (error) {
    metrics.webhookRefused('not_json');
    throw new BodyNotJson(error);
  }
  // A message that names two tenants belongs to neither.
  if (Array.isArray(events) && repeatsName(text, events, 'portalId')) {
    metrics.webhookRefused('ambiguous_portal');
    throw new BodyAmbiguous('portalId');
  }
  return events;
}

async function store(input: HubSpotWebhooksInput, signals: readonly ChangeSignal[]): Promise<void> {
  const { metrics } = input;
  let counts: SignalCounts | void;
  try {
    counts = await withinMs(input.patienceMs ?? 4_500, input.acceptSignals(signals));
  } catch (error) {
    metrics.webhookRefused('intake_unavailable');
    throw new IntakeUnavailable(error);
  }
  if (!counts) return;
  metrics.signals('accepted', counts.accepted);
  metrics.signals('repeated', counts.repeated);
  metrics.signals('unknown', counts.unknown);
}

function refuse(input: HubSpotWebhooksInput, response: ServerResponse, error: unknown): void {
  const requestId = newRequestId();
  logError(input.logger, error, requestId);
  const { status, headers, body } = describeError(error, requestId);
  response.setHeader('X-Request-Id', requestId);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  answer(response, status, body);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
