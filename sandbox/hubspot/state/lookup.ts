import { notFound } from '../errors.ts';
import type { App, CrmRecord, ObjectStore, ObjectTypeId, Portal, State } from './state.ts';

export function portalOf(state: State, portalId: number): Portal {
  const portal = state.portals.get(portalId);
  if (!portal) throw notFound(`There is no portal ${portalId}`);
  return portal;
}

export function appOf(state: State, appId: number): App {
  const app = state.apps.get(appId);
  if (!app) throw notFound(`There is no app ${appId}`);
  return app;
}

/** Follows merges to the id that still exists. */
export function survivingId(store: ObjectStore, id: string): string {
  let current = id;
  for (let next = store.redirects.get(current); next !== undefined; next = store.redirects.get(current)) current = next;
  return current;
}

/** The live or archived record behind an id, through merges. */
export function recordOf(store: ObjectStore, id: string): CrmRecord | undefined {
  return store.records.get(id) ?? store.records.get(survivingId(store, id));
}

export const associationKey = (from: readonly [ObjectTypeId, string], to: ObjectTypeId): string =>
  `${from[0]}:${from[1]}>${to}`;
