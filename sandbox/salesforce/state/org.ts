import type { Schema } from '../schema/org-schema.ts';
import type { Row, Value } from './table.ts';
import type { Tables } from './tables.ts';

export type Access = 'hidden' | 'read' | 'edit';

export interface ObjectAccess {
  read: boolean;
  create: boolean;
  edit: boolean;
  delete: boolean;
}

/** Every one has to hold; a function is for tests in the same process. */
export type Condition = { field: string; operator?: Operator; value?: Value } | ((row: Row) => boolean);
export type Operator = 'equals' | 'notEquals' | 'greater' | 'less' | 'blank' | 'notBlank' | 'contains';

export interface DuplicateRule {
  object: 'Lead' | 'Contact';
  /** where it looks for the same value */
  matchObjects: readonly ('Lead' | 'Contact')[];
  /** which value takes two for one */
  by: 'Email' | 'LastName';
  action: 'alert' | 'block';
  name: string;
  message: string;
}

export interface ValidationRule {
  name: string;
  object: string;
  errorWhen: readonly Condition[];
  message: string;
  /** where the page shows it; none: at the top */
  field: string | null;
}

export interface FailingTrigger {
  object: string;
  on: 'insert' | 'update' | 'both';
  when: readonly Condition[];
  message: string;
}

/** A trigger or flow that stores something else than it was given. */
export interface Coercion {
  object: string;
  field: string;
  storedValue: Value;
}

export interface AssignmentRule {
  ownerId: string;
  when: readonly Condition[];
}

/** `Lead.Plan__c` goes to `Contact.Plan__c` when a lead is converted. */
export interface LeadFieldMapping {
  leadField: string;
  object: 'Account' | 'Contact' | 'Opportunity';
  field: string;
}

export interface OrgSettings {
  accessTokenLifetimeSeconds: number;
  /** of both refresh and code exchange; null: from anywhere */
  refreshTokenIpAllowlist: readonly string[] | null;
  /** what a refresh token does that was already rotated away */
  rotatedTokenReuse: 'refuse' | 'revokeGrant';
  /** SystemModstamp and LastModifiedDate without milliseconds */
  wholeSeconds: boolean;
  maxQueryLocators: number;
  /** off: an edition that the app may not call */
  apiEnabled: boolean;
  /** on: nobody can connect an app whose package is not there */
  blocksUninstalledApps: boolean;
}

export interface Session {
  token: string;
  orgId: string;
  userId: string;
  clientId: string;
  grantId: string | null;
  scopes: readonly string[];
  expiresAtMs: number;
}

export interface Grant {
  grantId: string;
  orgId: string;
  userId: string;
  clientId: string;
  scopes: readonly string[];
  refreshToken: string;
  lastUsedAtMs: number;
  revoked: boolean;
}

/** A query's further pages. */
export interface Locator {
  id: string;
  records: readonly unknown[];
  userId: string;
}

export interface Org {
  orgId: string;
  name: string;
  myDomain: string;
  edition: string;
  isSandbox: boolean;
  packageInstalled: boolean;
  namespace: string | null;
  /** the first is the corporate one */
  currencies: readonly { isoCode: string; rate: number }[];
  timeZone: string;
  instanceUrl: string;
  /** who administers it, and whom the connected app works as unless told otherwise */
  adminId: string;
  integrationUserId: string;
  schema: Schema;
  tables: Tables;
  settings: OrgSettings;
  fieldAccess: Map<string, Access>;
  objectAccess: Map<string, ObjectAccess>;
  requiredFields: Set<string>;
  /** `object.column`, in lower case */
  removedFields: Set<string>;
  duplicateRules: DuplicateRule[];
  validationRules: ValidationRule[];
  triggers: FailingTrigger[];
  coercions: Coercion[];
  leadAssignmentRules: AssignmentRule[];
  leadFieldMappings: LeadFieldMapping[];
  /** API values of opportunity stages that a record type offers; absent: all */
  recordTypeStages: Map<string, readonly string[]>;
  sessions: Map<string, Session>;
  grants: Map<string, Grant>;
  /** every refresh token ever issued, dead ones too, to its grant */
  refreshTokens: Map<string, string>;
  /** users an administrator allowed the app to act as without asking them (JWT) */
  preauthorized: Set<string>;
  locators: Locator[];
  apiUsage: { at: number; calls: number }[];
  apiAllowed: number;
}
