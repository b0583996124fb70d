import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type SignalOutcome = 'accepted' | 'repeated' | 'unknown' | 'unreadable' | 'echo';

/** Everything the service counts, as functions, so that no caller needs a label's name. No tenant ever is a label. */
export type Metrics = {
  httpAnswered(input: { method: string; route: string; status: number; seconds: number }): void;
  webhookRefused(reason: string): void;
  /** A card's request that was refused, with the reason its caller is not told. */
  cardRefused(reason: string): void;
  signals(outcome: SignalOutcome, count: number): void;
  /** A decision about one record: `processed`, `ignored`, `failed`, `review`. */
  decided(state: string, count?: number): void;
  /** Records written back: `written`, `unchanged`, `refused`, `failed`. */
  writtenBack(outcome: string, count?: number): void;
  crmCalled(input: { crm: string; status: number | null; seconds: number }): void;
  /** `dirty`, `write` or `outbox`. */
  deadLettered(kind: string): void;
  apiKeyRefused(reason: 'missing' | 'malformed' | 'unknown'): void;
  idempotency(outcome: 'first' | 'replayed' | 'conflict' | 'in_progress'): void;
  /** Sampled when Prometheus asks. */
  observeGauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** Prometheus text and its content type. */
  text(): Promise<string>;
  readonly contentType: string;
};

const HTTP_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** 2xx … 5xx, or `none` when nobody answered. */
function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / 100)}xx`;
}

/** A registry of our own: two servers in one test process must not share counters. */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry, prefix: 'passalong_' });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
    new Counter({ name: `passalong_${name}`, help, labelNames, registers: [registry] });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> =>
    new Histogram({ name: `passalong_${name}`, help, labelNames, buckets: HTTP_BUCKETS, registers: [registry] });

  const http = histogram('http_request_seconds', 'Time to answer, by route pattern.', ['method', 'route', 'status']);
  const refused = counter('webhook_refused_total', 'Webhook deliveries refused, by reason.', ['reason']);
  const refusedCards = counter('card_refused_total', 'Requests of CRM cards refused, by reason.', ['reason']);
  const signals = counter('signals_total', 'Inbound messages, by what became of them.', ['outcome']);
  const decisions = counter('decisions_total', 'Decisions, by state of their entry.', ['state']);
  const writeBacks = counter('write_backs_total', 'CRM records written back, by outcome.', ['outcome']);
  const crmCalls = histogram('crm_call_seconds', 'Calls to a CRM, by status class.', ['crm', 'status']);
  const deadLetters = counter('dead_letters_total', 'Work given up, by kind.', ['kind']);
  const apiKeys = counter('api_key_refused_total', 'API calls refused for their key.', ['reason']);
  const idempotency = counter('idempotency_total', 'Idempotency keys, by what became of the request.', ['outcome']);

  return {
    httpAnswered: ({ method, route, status, seconds }) => http.observe({ method, route, status }, seconds),
    webhookRefused: (reason) => refused.inc({ reason }),
    cardRefused: (reason) => refusedCards.inc({ reason }),
    signals: (outcome, count) => {
      if (count > 0) signals.inc({ outcome }, count);
    },
    decided: (state, count = 1) => decisions.inc({ state }, count),
    writtenBack: (outcome, count = 1) => writeBacks.inc({ outcome }, count),
    crmCalled: ({ crm, status, seconds }) => crmCalls.observe({ crm, status: statusClass(status) }, seconds),
    deadLettered: (kind) => deadLetters.inc({ kind }),
    apiKeyRefused: (reason) => apiKeys.inc({ reason }),
    idempotency: (outcome) => idempotency.inc({ outcome }),
    observeGauge: (name, help, read) => {
      new Gauge({
        name: `passalong_${name}`,
        help,
        registers: [registry],
        async collect() {
          this.set(await read());
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
