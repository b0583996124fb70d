import type { PropertyDefinition, PropertyGroup } from '../schema/property-definition.ts';
import type { Pipeline } from '../schema/pipelines.ts';
import type { App, AuthorizationCode, Install, ObjectTypeId, PendingEvent, Token } from './state.ts';

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
    } & OnRecords)
  | ({ kind: 'record.archived'; id: string; atMs: number } & OnRecords)
  | ({ kind: 'record.restored'; id: string; atMs: number } & OnRecords)
  | ({ kind: 'record.purged'; id: string; blockedEmail: string | null } & OnRecords)
  | ({ kind: 'record.merged'; from: string; into: string; createdAtMs: number } & OnRecords)
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
  | ({ kind: 'property.saved'; property: PropertyDefinition } & OnRecords)
  | ({ kind: 'group.saved'; group: PropertyGroup } & OnRecords)
  | { kind: 'pipeline.saved'; portalId: number; pipeline: Pipeline }
  | { kind: 'event.queued'; pending: PendingEvent }
  | { kind: 'event.settled'; keys: number[] }
  | { kind: 'event.retried'; keys: number[]; attemptNumber: number; dueAtMs: number };

export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;
