import type { Portal, State } from './state.ts';

/** A data directory written before a part of the state existed gets that part when it is opened. */
export function complete(state: State): State {
  for (const portal of state.portals.values() as Iterable<Partial<Portal> & Portal>) {
    portal.lists ??= new Map();
    for (const store of Object.values(portal.objects)) {
      store.order ??= [...store.records.keys()].map(Number).sort((one, two) => one - two);
      for (const record of store.records.values()) record.createdWith ??= { properties: {}, associations: {} };
    }
    for (const owner of portal.owners) owner.archivedAtMs ??= null;
  }
  return state;
}
