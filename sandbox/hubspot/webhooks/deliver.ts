import type { App, PendingEvent } from '../state/state.ts';
import type { World } from '../world.ts';
import { post } from './post.ts';
import { freshEventId } from './queue.ts';
import { MOST_RETRIES, retryDueAt } from './retry-schedule.ts';
import { signV1, signV3 } from './signature.ts';

const BATCH_EVENTS = 100;
/** How often a clock that only tests move is looked at again while events wait for their time. */
const POLL_MS = 50;

export interface Disorder {
  /** every event is sent this many times in all */
  copies: number;
  /** copies look like new events: another eventId, a later occurredAt */
  freshCopies: boolean;
  shuffle: boolean;
  /** at most this many events in one POST */
  batchSize: number;
}

interface Waiting {
  values(): Iterable<PendingEvent>;
}

const ORDERLY: Disorder = { copies: 1, freshCopies: false, shuffle: false, batchSize: BATCH_EVENTS };

/** Sends what is due: batches of mixed portals, a limit of requests per portal, retries by the sandbox's clock. */
export class Deliverer {
  readonly #world: World;
  readonly #inFlight = new Map<number, number>();
  readonly #sending = new Set<number>();
  #requests = 0;
  #held = false;
  #closed = false;
  #disorder: Disorder = { ...ORDERLY };
  #scheduled = false;
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.kick();
  }

  setDisorder(disorder: Partial<Disorder>): void {
    this.#disorder = { ...ORDERLY, ...disorder };
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Looks for due events soon; cheap to call after every request. */
  kick(): void {
    if (this.#scheduled || this.#closed || this.#world.state.events.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  /** Resolves when nothing is due and nothing is on its way. Retries due later are not waited for. */
  async idle(): Promise<void> {
    this.kick();
    if (!this.#held) this.#pump();
    while (!this.#closed && (this.#requests > 0 || (!this.#held && this.#anyDue())))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** What is not delivered yet; `sending` is on its way now. */
  pending(): (PendingEvent & { sending: boolean })[] {
    const { events } = this.#world.state;
    return [...events.values()].map((pending) => ({ ...pending, sending: this.#sending.has(pending.key) }));
  }

  #isDue({ key, dueAtMs }: PendingEvent): boolean {
    return dueAtMs <= this.#world.clock.now() && !this.#sending.has(key);
  }

  #anyDue(): boolean {
    for (const pending of this.#world.state.events.values()) if (this.#isDue(pending)) return true;
    return false;
  }

  #pump(): void {
    if (this.#held || this.#closed) return;
    const { apps, events } = this.#world.state;
    const waiting = this.#disorder.shuffle ? this.#world.random.shuffle([...events.values()]) : events;
    for (const app of apps.values())
      for (let batch = this.#nextBatch(app, waiting); batch.length > 0; batch = this.#nextBatch(app, waiting))
        void this.#send(app, batch);
    if (events.size > 0 && this.#timer === null)
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.kick();
      }, POLL_MS).unref();
  }

  /** The first events that may go out together. An import leaves tens of thousands: no look further than a batch. */
  #nextBatch(app: App, waiting: Waiting): PendingEvent[] {
    const isFree = (portalId: number): boolean => (this.#inFlight.get(portalId) ?? 0) < app.maxConcurrentRequests;
    if (![...this.#world.state.portals.keys()].some(isFree)) return [];
    const batch: PendingEvent[] = [];
    for (const pending of waiting.values()) {
      if (pending.appId !== app.appId || !isFree(pending.portalId) || !this.#isDue(pending)) continue;
      // A retry goes out with those that failed with it: attempts do not mix within a POST.
      if (batch[0] && batch[0].attemptNumber !== pending.attemptNumber) continue;
      batch.push(pending);
      if (batch.length >= this.#disorder.batchSize) break;
    }
    return batch;
  }

  async #send(app: App, batch: PendingEvent[]): Promise<void> {
    const portalIds = [...new Set(batch.map(({ portalId }) => portalId))];
    this.#occupy(portalIds, 1);
    for (const { key } of batch) this.#sending.add(key);
    const outcome = await this.#post(app, batch, portalIds);
    for (const { key } of batch) this.#sending.delete(key);
    if (!this.#closed) {
      this.#settle(batch, typeof outcome === 'number' && outcome >= 200 && outcome < 300);
      this.#world.store.flush();
    }
    this.#occupy(portalIds, -1);
    this.#pump();
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((resolve) => resolve());
  }

  #occupy(portalIds: number[], by: 1 | -1): void {
    this.#requests += by;
    for (const portalId of portalIds) this.#inFlight.set(portalId, (this.#inFlight.get(portalId) ?? 0) + by);
  }

  /** Sends the batch, split where copies make it too long, and reports the worst answer. */
  async #post(app: App, batch: PendingEvent[], portalIds: number[]): Promise<number | 'timeout' | 'unreachable'> {
    const events = this.#wireForm(batch);
    let outcome: number | 'timeout' | 'unreachable' = 200;
    for (let start = 0; start < events.length; start += BATCH_EVENTS) {
      const part = events.slice(start, start + BATCH_EVENTS);
      const answer = await this.#postSigned(app, part);
      const attemptNumber = batch[0]?.attemptNumber ?? 0;
      this.#world.log.delivery({
        at: this.#world.clock.now(),
        appId: app.appId,
        portalIds,
        url: app.targetUrl ?? '',
        status: answer,
        attemptNumber,
        events: part,
      });
      if (typeof answer !== 'number' || answer < 200 || answer >= 300) outcome = answer;
    }
    return outcome;
  }

  #wireForm(batch: PendingEvent[]): Record<string, unknown>[] {
    const { copies, freshCopies, shuffle } = this.#disorder;
    const events: Record<string, unknown>[] = [];
    for (const { event, attemptNumber } of batch)
      for (let copy = 0; copy < copies; copy += 1) {
        const isFresh = freshCopies && copy > 0;
        const renewed = isFresh
          ? { eventId: freshEventId(this.#world), occurredAt: Number(event['occurredAt']) + copy }
          : {};
        events.push({ ...event, ...renewed, attemptNumber });
      }
    return shuffle ? this.#world.random.shuffle(events) : events;
  }

  #postSigned(app: App, events: Record<string, unknown>[]): Promise<number | 'timeout' | 'unreachable'> {
    const uri = app.targetUrl ?? '';
    const url = URL.canParse(uri) ? new URL(uri) : null;
    if (!url) return Promise.resolve('unreachable');
    const body = JSON.stringify(events);
    const timestampMs = this.#world.clock.now();
    const secret = app.clientSecrets[0] ?? '';
    const behind = app.proxy[url.origin];
    return post({
      // The signature is over the public URL; behind a proxy another address is called.
      url: behind === undefined ? url : new URL(url.pathname + url.search, behind),
      body,
      timeoutMs: this.#world.settings.deliveryTimeoutMs,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'HubSpot Webhooks (local)',
        'x-hubspot-signature': signV1(secret, body),
        'x-hubspot-signature-version': 'v1',
        'x-hubspot-signature-v3': signV3(secret, { method: 'POST', uri, body, timestampMs }),
        'x-hubspot-request-timestamp': String(timestampMs),
      },
    });
  }

  #settle(batch: PendingEvent[], accepted: boolean): void {
    const { store, clock, random } = this.#world;
    const attempted = batch[0]?.attemptNumber ?? 0;
    const dueAtMs = accepted ? null : retryDueAt(attempted, clock.now(), random);
    const keys = batch.map(({ key }) => key);
    if (dueAtMs === null) store.commit({ kind: 'event.settled', keys });
    else store.commit({ kind: 'event.retried', keys, attemptNumber: Math.min(attempted + 1, MOST_RETRIES), dueAtMs });
  }
}
