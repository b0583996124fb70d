import { OBJECT_TYPES } from '../crm/object-types.ts';
import { installKey } from '../state/state.ts';
import type { App, ObjectTypeId, Subscription } from '../state/state.ts';
import type { World } from '../world.ts';

/** Who made a change, as it stands in histories and events: CRM_UI + userId:1, INTEGRATION + an app id. */
export interface Source {
  sourceType: string;
  sourceId: string;
}

export interface Happening {
  portalId: number;
  kind: Subscription['kind'];
  type: ObjectTypeId;
  /** only for property changes */
  propertyName?: string;
  occurredAtMs: number;
  source: Source;
  /** the part of the event that depends on its kind */
  fields: Record<string, unknown>;
}

/** Queues one event per subscription that wants this; portals without the app get none. */
export function note(world: World, happening: Happening): void {
  const key = wish(happening.kind, happening.type, happening.propertyName ?? null);
  for (const app of world.state.apps.values()) {
    const subscriptions = wishesOf(app).get(key);
    if (!subscriptions || !world.state.installs.has(installKey(app.appId, happening.portalId))) continue;
    for (const subscription of subscriptions)
      for (const legacy of shapes(world, subscription)) queue(world, happening, { subscription, app, legacy });
  }
}

const wish = (kind: string, type: string, propertyName: string | null): string =>
  `${kind} ${type} ${propertyName ?? ''}`;

/** Most changes interest nobody, and a batch makes hundreds: one look-up each. */
const wishes = new WeakMap<App, Map<string, Subscription[]>>();

function wishesOf(app: App): Map<string, Subscription[]> {
  const known = wishes.get(app);
  if (known) return known;
  const found = new Map<string, Subscription[]>();
  for (const subscription of app.subscriptions) {
    const key = wish(subscription.kind, subscription.objectTypeId, subscription.propertyName);
    found.set(key, [...(found.get(key) ?? []), subscription]);
  }
  wishes.set(app, found);
  return found;
}

function shapes(world: World, subscription: Subscription): boolean[] {
  // There is no `object.privacyDeletion`: that kind has one shape only.
  if (subscription.legacy || subscription.kind === 'privacyDeletion') return [true];
  const { eventShape } = world.settings;
  return eventShape === 'both' ? [false, true] : [eventShape === 'legacy'];
}

interface Recipient {
  app: App;
  subscription: Subscription;
  legacy: boolean;
}

function queue(world: World, happening: Happening, { app, subscription, legacy }: Recipient): void {
  const { kind, type, source } = happening;
  const subscriptionType = `${legacy ? OBJECT_TYPES[type].singular : 'object'}.${kind}`;
  world.store.commit({
    kind: 'event.queued',
    pending: {
      key: world.state.nextEventKey,
      appId: app.appId,
      portalId: happening.portalId,
      attemptNumber: 0,
      dueAtMs: happening.occurredAtMs,
      event: {
        eventId: freshEventId(world),
        subscriptionId: subscription.subscriptionId,
        portalId: happening.portalId,
        appId: app.appId,
        occurredAt: happening.occurredAtMs,
        subscriptionType,
        ...happening.fields,
        ...(!legacy && kind !== 'associationChange' && { objectTypeId: type }),
        ...(happening.propertyName !== undefined && { propertyName: happening.propertyName }),
        ...(!legacy && kind === 'propertyChange' && { isSensitive: false }),
        changeSource: source.sourceType,
        sourceId: source.sourceId,
      },
    },
  });
}

/** Not unique, by chance as at HubSpot: nobody may dedupe by it. */
export const freshEventId = (world: World): number => world.random.integer(1, 4_294_967_295);
