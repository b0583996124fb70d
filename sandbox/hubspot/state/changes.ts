import type { PropertyDefinition, PropertyGroup } from '../schema/property-definition.ts';
import type { Pipeline } from '../schema/pipelines.ts';
import type { ListDefinition } from './crm-list.ts';
import type { Filter } from '../schema/filter.ts';
import type {
  App,
  AuthorizationCode,
  CreatedWith,
  Install,
  ObjectTypeId,
  OwnAssociationType,
  Owner,
  PendingEvent,
  Token,
} from './state.ts';

interface OnRecords {
  portalId: number;
  type: ObjectTypeId;
}

/**
 * Every way the sandbox's state can move. A change carries its own ids and times, so replaying the journal
 * gives the same state whatever the clock says then.
 */
export type Change =
  | { kind: 'portal.created'; portalId: number; name: string; timeZone: string; currency: string; atMs: number }
  | { kind: 'app.uploaded'; app: App }
  | { kind: 'app.secretsChanged'; appId: number; clientSecrets: string[] }
  | { kind: 'app.installed'; install: Install }
  | { kind: 'app.uninstalled'; appId: number; portalId: number }
  | { kind: 'code.issued'; code: AuthorizationCode }
  | { kind: 'code.used'; code: string }
  | { kind: 'token.issued'; token: Token }
  | { kind: 'token.dropped'; token: string }
  | ({
      kind: 'record.written';
      id: string;
      atMs: number;
      sourceType: string;
      sourceId: string;
      values: Record<string, string>;
      /** only on the first of a record */
      createdWith?: CreatedWith;
    } & OnRecords)
  | ({ kind: 'record.archived'; id: string; atMs: number } & OnRecords)
  | ({ kind: 'record.restored'; id: string; atMs: number } & OnRecords)
  | ({ kind: 'record.purged'; id: string; atMs: number; blockedEmail: string | null } & OnRecords)
  | ({ kind: 'record.merged'; from: string; into: string; atMs: number; createdAtMs: number } & OnRecords)
  | {
      kind: 'association.added';
      portalId: number;
      from: [ObjectTypeId, string];
      to: [ObjectTypeId, string];
      typeIds: number[];
    }
  | {
      kind: 'association.removed';
      portalId: number;
      from: [ObjectTypeId, string];
      to: [ObjectTypeId, string];
      typeIds: number[] | null;
    }
  | { kind: 'associationTypes.saved'; portalId: number; types: OwnAssociationType[] }
  | ({ kind: 'property.saved'; property: PropertyDefinition } & OnRecords)
  | ({ kind: 'group.saved'; group: PropertyGroup } & OnRecords)
  | { kind: 'pipeline.saved'; portalId: number; pipeline: Pipeline }
  | { kind: 'owner.saved'; portalId: number; owner: Owner }
  | { kind: 'list.created'; portalId: number; list: ListDefinition; atMs: number }
  | {
      kind: 'list.changed';
      portalId: number;
      listId: string;
      name: string | null;
      filters: Filter[] | null;
      atMs: number;
    }
  | { kind: 'list.members'; portalId: number; listId: string; added: string[]; removed: string[]; atMs: number }
  | { kind: 'list.deleted'; portalId: number; listId: string; atMs: number }
  | { kind: 'event.queued'; pending: PendingEvent }
  | { kind: 'event.settled'; keys: number[] }
  | { kind: 'event.retried'; keys: number[]; attemptNumber: number; dueAtMs: number };

export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;
