import { stageProperties } from '../schema/deal-properties.ts';
import { applyListChanged, applyListCreated, applyListDeleted, applyListMembers } from './apply-lists.ts';
import {
  applyRecordArchived,
  applyRecordMerged,
  applyRecordPurged,
  applyRecordRestored,
  applyRecordWritten,
} from './apply-records.ts';
import type { Change, ChangeOf } from './changes.ts';
import { appOf, associationKey, portalOf } from './lookup.ts';
import { newPortal } from './new-portal.ts';
import { installKey } from './state.ts';
import type { State } from './state.ts';

type Appliers = { [K in Change['kind']]: (state: State, change: ChangeOf<K>) => void };

const APPLIERS: Appliers = {
  'portal.created': (state, change) => state.portals.set(change.portalId, newPortal(change)),
  'app.uploaded': (state, { app }) => state.apps.set(app.appId, app),
  'app.secretsChanged': (state, change) => {
    appOf(state, change.appId).clientSecrets = change.clientSecrets;
  },
  'app.installed': (state, { install }) => state.installs.set(installKey(install.appId, install.portalId), install),
  'app.uninstalled': applyUninstalled,
  'code.issued': (state, { code }) => state.codes.set(code.code, code),
  'code.used': (state, change) => {
    const code = state.codes.get(change.code);
    if (code) code.used = true;
  },
  'token.issued': (state, { token }) => state.tokens.set(token.token, token),
  'token.dropped': (state, change) => state.tokens.delete(change.token),
  'record.written': applyRecordWritten,
  'record.archived': applyRecordArchived,
  'record.restored': applyRecordRestored,
  'record.purged': applyRecordPurged,
  'record.merged': applyRecordMerged,
  'association.added': applyAssociationAdded,
  'association.removed': applyAssociationRemoved,
  'associationTypes.saved': (state, change) => {
    const { ownAssociationTypes } = portalOf(state, change.portalId);
    for (const type of change.types) ownAssociationTypes.set(type.typeId, type);
  },
  'property.saved': applyPropertySaved,
  'group.saved': (state, change) =>
    portalOf(state, change.portalId).objects[change.type].groups.set(change.group.name, change.group),
  'pipeline.saved': applyPipelineSaved,
  'owner.saved': applyOwnerSaved,
  'list.created': applyListCreated,
  'list.changed': applyListChanged,
  'list.members': applyListMembers,
  'list.deleted': applyListDeleted,
  'event.queued': (state, { pending }) => {
    state.events.set(pending.key, pending);
    state.nextEventKey = Math.max(state.nextEventKey, pending.key + 1);
  },
  'event.settled': (state, { keys }) => keys.forEach((key) => state.events.delete(key)),
  'event.retried': applyEventRetried,
};

export function apply(state: State, change: Change): void {
  (APPLIERS[change.kind] as (state: State, change: Change) => unknown)(state, change);
}

function applyUninstalled(state: State, change: ChangeOf<'app.uninstalled'>): void {
  state.installs.delete(installKey(change.appId, change.portalId));
  for (const token of state.tokens.values())
    if (token.appId === change.appId && token.portalId === change.portalId) state.tokens.delete(token.token);
}

function applyAssociationAdded(state: State, change: ChangeOf<'association.added'>): void {
  const { associations } = portalOf(state, change.portalId);
  const key = associationKey(change.from, change.to[0]);
  const targets = associations.get(key) ?? new Map<string, number[]>();
  associations.set(key, targets);
  targets.set(change.to[1], [...new Set([...(targets.get(change.to[1]) ?? []), ...change.typeIds])]);
}

function applyAssociationRemoved(state: State, change: ChangeOf<'association.removed'>): void {
  const targets = portalOf(state, change.portalId).associations.get(associationKey(change.from, change.to[0]));
  if (!targets) return;
  const left = (targets.get(change.to[1]) ?? []).filter((id) => change.typeIds?.includes(id) === false);
  if (left.length > 0) targets.set(change.to[1], left);
  else targets.delete(change.to[1]);
}

function applyPropertySaved(state: State, change: ChangeOf<'property.saved'>): void {
  const store = portalOf(state, change.portalId).objects[change.type];
  const { property } = change;
  store.properties.set(property.name, property);
  if (!property.hasUniqueValue || store.unique.has(property.name)) return;
  store.unique.set(property.name, new Map());
}

function applyPipelineSaved(state: State, change: ChangeOf<'pipeline.saved'>): void {
  const portal = portalOf(state, change.portalId);
  portal.dealPipelines.set(change.pipeline.id, change.pipeline);
  for (const stage of change.pipeline.stages)
    for (const property of stageProperties(change.pipeline, stage))
      portal.objects['0-3'].properties.set(property.name, property);
}

function applyOwnerSaved(state: State, { portalId, owner }: ChangeOf<'owner.saved'>): void {
  const portal = portalOf(state, portalId);
  const place = portal.owners.findIndex(({ id }) => id === owner.id);
  // In its place: the first owner is who acts in an account when nobody in particular is named.
  if (place === -1) portal.owners.push(owner);
  else portal.owners[place] = owner;
}

function applyEventRetried(state: State, change: ChangeOf<'event.retried'>): void {
  for (const key of change.keys) {
    const pending = state.events.get(key);
    if (!pending) continue;
    pending.attemptNumber = change.attemptNumber;
    pending.dueAtMs = change.dueAtMs;
  }
}
