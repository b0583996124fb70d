import type { PermittedUrls } from '../cards/permitted-urls.ts';
import type { ObjectTypeId } from '../schema/object-type-id.ts';
import type { PropertyDefinition, PropertyGroup } from '../schema/property-definition.ts';
import type { Pipeline } from '../schema/pipelines.ts';
import type { CrmList } from './crm-list.ts';

export type { ObjectTypeId };

/** One value a property had, newest last in a history. */
export interface Version {
  value: string;
  atMs: number;
  sourceType: string;
  sourceId: string;
}

/** What one call made a record of, so that a test can tell it from what was added later. */
export interface CreatedWith {
  properties: Record<string, string>;
  /** plural type name -> ids joined in the same call */
  associations: Record<string, string[]>;
}

export interface CrmRecord {
  id: string;
  createdAtMs: number;
  updatedAtMs: number;
  archivedAtMs: number | null;
  values: Record<string, string>;
  history: Record<string, Version[]>;
  createdWith: CreatedWith;
}

export interface ObjectStore {
  records: Map<string, CrmRecord>;
  /** the ids of those records, ascending */
  order: number[];
  /** merged-away id -> the id that survived it (may itself be merged away later) */
  redirects: Map<string, string>;
  /** unique property -> value -> record id, over live records only */
  unique: Map<string, Map<string, string>>;
  properties: Map<string, PropertyDefinition>;
  groups: Map<string, PropertyGroup>;
  nextId: number;
}

export interface Owner {
  id: string;
  userId: number;
  email: string;
  firstName: string;
  lastName: string;
  /** a deactivated user's owner; nothing can be assigned to it any more */
  archivedAtMs: number | null;
}

/** A label an account gave to the bonds of two objects, in one direction. */
export interface OwnAssociationType {
  /** as the API shows it; an account's own ids and HubSpot's overlap */
  typeId: number;
  label: string;
  from: ObjectTypeId;
  to: ObjectTypeId;
  /** the same label seen from the other end */
  inverseTypeId: number;
}

export interface Portal {
  portalId: number;
  name: string;
  timeZone: string;
  currency: string;
  createdAtMs: number;
  objects: Record<ObjectTypeId, ObjectStore>;
  dealPipelines: Map<string, Pipeline>;
  owners: Owner[];
  /** `${fromType}:${fromId}>${toType}` -> to id -> association type ids; those of the account's own are negative */
  associations: Map<string, Map<string, number[]>>;
  /** by the positive id */
  ownAssociationTypes: Map<number, OwnAssociationType>;
  /** e-mail addresses erased for privacy; HubSpot refuses to take them back */
  blockedEmails: Set<string>;
  lists: Map<string, CrmList>;
}

export interface Subscription {
  subscriptionId: number;
  kind: 'creation' | 'deletion' | 'merge' | 'restore' | 'propertyChange' | 'associationChange' | 'privacyDeletion';
  objectTypeId: ObjectTypeId;
  propertyName: string | null;
  /** the legacy lists of the project produce `contact.propertyChange` instead of `object.propertyChange` */
  legacy: boolean;
}

/** A card of an app project: where on which records it may be placed, and the file it begins with. */
export interface CardComponent {
  uid: string;
  /** its title on the record */
  name: string;
  location: 'crm.record.tab' | 'crm.record.sidebar' | 'crm.preview' | 'helpdesk.sidebar';
  /** plural type names */
  objectTypes: string[];
  /** from the project's source directory, such as `/app/cards/x.tsx` */
  entrypoint: string;
}

/** An app project as uploaded: what HubSpot knows about us. */
export interface App {
  appId: number;
  name: string;
  clientId: string;
  /** the first signs; all are accepted at the token endpoint */
  clientSecrets: string[];
  redirectUrls: string[];
  requiredScopes: string[];
  optionalScopes: string[];
  conditionallyRequiredScopes: string[];
  permittedUrls: PermittedUrls;
  cards: CardComponent[];
  /** of the profile it was uploaded with; cards read them as `context.variables` */
  variables: Record<string, string>;
  targetUrl: string | null;
  maxConcurrentRequests: number;
  subscriptions: Subscription[];
  /** public origin -> loopback origin really called; signatures stay over the public one */
  proxy: Record<string, string>;
}

export interface Install {
  appId: number;
  portalId: number;
  userId: number;
  scopes: string[];
  installedAtMs: number;
}

export interface Token {
  token: string;
  use: 'access_token' | 'refresh_token' | 'client_credentials';
  appId: number;
  /** null for a client-credentials token */
  portalId: number | null;
  userId: number | null;
  scopes: string[];
  expiresAtMs: number | null;
  /** access tokens name the refresh token they came from */
  parent: string | null;
}

export interface AuthorizationCode {
  code: string;
  appId: number;
  portalId: number;
  userId: number;
  scopes: string[];
  redirectUri: string;
  codeChallenge: string | null;
  expiresAtMs: number;
  used: boolean;
}

export interface PendingEvent {
  /** our own key; HubSpot's eventId is not unique */
  key: number;
  appId: number;
  portalId: number;
  attemptNumber: number;
  dueAtMs: number;
  /** the wire form, without attemptNumber */
  event: Record<string, unknown>;
}

export interface State {
  portals: Map<number, Portal>;
  apps: Map<number, App>;
  /** `${appId}:${portalId}` */
  installs: Map<string, Install>;
  tokens: Map<string, Token>;
  codes: Map<string, AuthorizationCode>;
  events: Map<number, PendingEvent>;
  nextEventKey: number;
}

export function emptyState(): State {
  return {
    portals: new Map(),
    apps: new Map(),
    installs: new Map(),
    tokens: new Map(),
    codes: new Map(),
    events: new Map(),
    nextEventKey: 1,
  };
}

export const installKey = (appId: number, portalId: number): string => `${appId}:${portalId}`;
