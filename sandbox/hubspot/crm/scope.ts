import { callerOf } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import { portalOf } from '../state/lookup.ts';
import type { ObjectStore, Portal } from '../state/state.ts';
import type { Source } from '../webhooks/queue.ts';
import { objectTypeOf } from './object-types.ts';
import type { ObjectType } from './object-types.ts';

/** What a CRM call is about: the caller's portal and the object type in the path. */
export interface Subject {
  portal: Portal;
  type: ObjectType;
  store: ObjectStore;
  source: Source;
}

export function subjectOf(exchange: Exchange): Subject {
  const caller = callerOf(exchange);
  const portal = portalOf(exchange.world.state, caller.portalId);
  const type = objectTypeOf(exchange.params['type'] ?? '');
  // HubSpot marks what an app writes as INTEGRATION with the app's id.
  const source = { sourceType: 'INTEGRATION', sourceId: String(caller.appId) };
  return { portal, type, store: portal.objects[type.id], source };
}

/** Values HubSpot will store instead of the ones sent, where such a fault is on. */
export function coerced(exchange: Exchange, portalId: number, values: Record<string, string>): Record<string, string> {
  const target = { portalId, method: exchange.method, path: exchange.path };
  const faults = exchange.world.faults.concerning('coerce', target);
  if (faults.length === 0) return values;
  const stored = { ...values };
  for (const { propertyName = '', storedValue = '' } of faults)
    if (propertyName in stored) stored[propertyName] = storedValue;
  return stored;
}
