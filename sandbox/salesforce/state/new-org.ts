import { makeId } from '../ids.ts';
import { LEAD_STATUSES, STAGES } from '../schema/sales-objects.ts';
import { createSchema } from '../schema/org-schema.ts';
import type { Org, OrgSettings } from './org.ts';
import { addRecordType, addSetupRow, addUser } from './setup-rows.ts';
import type { RecordTypeInput } from './setup-rows.ts';
import type { Value } from './table.ts';
import { Tables } from './tables.ts';

export interface CreateOrgInput {
  orgId?: string;
  name?: string;
  myDomain?: string;
  edition?: 'Professional Edition' | 'Enterprise Edition' | 'Unlimited Edition' | 'Developer Edition';
  isSandbox?: boolean;
  packageInstalled?: boolean;
  namespace?: 'passalong' | null;
  /** ISO code of the home currency; more of them make a multi-currency org */
  currency?: string;
  /** with the rate to the corporate currency, which is the first one's and is 1 */
  currencies?: readonly { isoCode: string; rate: number }[];
  timeZone?: string;
  /** of opportunities; none: the org has no record types */
  recordTypes?: readonly RecordTypeInput[];
  /** what is in it at once; nothing unless told */
  seed?: 'empty' | 'believable';
  port?: number;
}

const DAILY_CALLS = {
  'Professional Edition': 110_000,
  'Enterprise Edition': 115_000,
  'Unlimited Edition': 150_000,
  'Developer Edition': 15_000,
} as const;

const settings = (): OrgSettings => ({
  accessTokenLifetimeSeconds: 7200,
  refreshTokenIpAllowlist: null,
  rotatedTokenReuse: 'refuse',
  wholeSeconds: true,
  maxQueryLocators: 10,
  apiEnabled: true,
  blocksUninstalledApps: false,
});

export function createOrg(input: CreateOrgInput, atMs: number, number: number): Org {
  const org = emptyOrg(input, atMs, number);
  furnish(org, input, atMs);
  return org;
}

/** Without a single row. */
export function emptyOrg(input: CreateOrgInput, atMs: number, number: number): Org {
  const currencies = input.currencies ?? [{ isoCode: input.currency ?? 'USD', rate: 1 }];
  const edition = input.edition ?? 'Enterprise Edition';
  const packageInstalled = input.packageInstalled ?? true;
  const namespace = input.namespace ?? null;
  return {
    orgId: input.orgId ?? makeId('00D', 'Qy', 1000 + number),
    name: input.name ?? `Org ${number}`,
    myDomain: input.myDomain ?? `org${number}`,
    edition,
    isSandbox: input.isSandbox ?? false,
    packageInstalled,
    namespace,
    currencies,
    timeZone: input.timeZone ?? 'Europe/Lisbon',
    instanceUrl: '',
    adminId: '',
    integrationUserId: '',
    schema: createSchema({
      packageInstalled,
      namespace,
      currencies: currencies.map(({ isoCode }) => isoCode),
      recordTypeObjects: input.recordTypes?.length ? ['Opportunity'] : [],
      atMs,
    }),
    tables: new Tables(),
    settings: settings(),
    fieldAccess: new Map(),
    objectAccess: new Map(),
    requiredFields: new Set(),
    removedFields: new Set(),
    duplicateRules: [],
    validationRules: [],
    triggers: [],
    coercions: [],
    leadAssignmentRules: [],
    leadFieldMappings: [],
    recordTypeStages: new Map(),
    sessions: new Map(),
    grants: new Map(),
    refreshTokens: new Map(),
    preauthorized: new Set(),
    locators: [],
    apiUsage: [],
    apiAllowed: DAILY_CALLS[edition],
  };
}

/** The rows an org is born with. */
function furnish(org: Org, input: CreateOrgInput, atMs: number): void {
  const add = (object: string, prefix: string, values: Record<string, Value>) =>
    addSetupRow(org, atMs, { object, prefix, values });
  org.adminId = addUser(org, { firstName: 'Ada', lastName: 'Admin' }, atMs);
  org.integrationUserId = addUser(org, { firstName: 'Passalong', lastName: 'Integration' }, atMs);
  const { orgId: Id, name: Name, isSandbox: IsSandbox, edition: OrganizationType, timeZone: TimeZoneSidKey } = org;
  add('Organization', '00D', {
    Id,
    Name,
    IsSandbox,
    OrganizationType,
    TimeZoneSidKey,
    InstanceName: IsSandbox ? 'FRA12S' : 'FRA12',
    DefaultLocaleSidKey: 'en_GB',
    LanguageLocaleKey: 'en_US',
    NamespacePrefix: null,
    FiscalYearStartMonth: 1,
    TrialExpirationDate: null,
  });
  STAGES.forEach((stage, index) =>
    add('OpportunityStage', '01J', {
      MasterLabel: stage.value,
      ApiName: stage.value,
      IsActive: true,
      SortOrder: index + 1,
      IsClosed: 'isClosed' in stage,
      IsWon: 'isWon' in stage,
      DefaultProbability: stage.probability,
      Description: null,
    }),
  );
  LEAD_STATUSES.forEach((status, index) =>
    add('LeadStatus', '01J', {
      MasterLabel: status.value,
      ApiName: status.value,
      SortOrder: index + 1,
      IsDefault: index === 0,
      IsConverted: 'isConverted' in status,
    }),
  );
  if (org.currencies.length > 1)
    org.currencies.forEach(({ isoCode, rate }, index) =>
      add('CurrencyType', '01L', {
        IsoCode: isoCode,
        ConversionRate: rate,
        DecimalPlaces: 2,
        IsActive: true,
        IsCorporate: index === 0,
      }),
    );
  for (const each of input.recordTypes ?? []) addRecordType(org, { ...each, object: 'Opportunity' }, atMs);
}
