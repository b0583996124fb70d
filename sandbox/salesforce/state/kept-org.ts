import { completeSchema } from '../schema/complete-schema.ts';
import type { Schema } from '../schema/org-schema.ts';
import { emptyOrg } from './new-org.ts';
import type { Condition, Org } from './org.ts';

type Access = Pick<Org, 'sessions' | 'grants' | 'refreshTokens'>;
type Setup = Omit<Org, keyof Access | 'schema' | 'tables' | 'apiUsage' | 'locators'>;

/** An org in pieces that change at different paces; its rows are kept one by one. Pages of queries are not kept. */
export interface KeptParts {
  setup: Setup;
  schema: Schema;
  access: Access;
  usage: Org['apiUsage'];
  counters: [string, number][];
}

export type PartName = keyof KeptParts;

/** What calls of the API change; the rest only people do. */
export const CHANGED_BY_CALLS: readonly PartName[] = ['access', 'usage', 'counters'];
export const ALL_PARTS: readonly PartName[] = ['setup', 'schema', ...CHANGED_BY_CALLS];

export function keptPart<P extends PartName>(org: Org, part: P): KeptParts[P] {
  return PARTS[part](org);
}

const PARTS: { [P in PartName]: (org: Org) => KeptParts[P] } = {
  setup: setupOf,
  schema: ({ schema }) => schema,
  access: ({ sessions, grants, refreshTokens }) => ({ sessions, grants, refreshTokens }),
  usage: ({ apiUsage }) => apiUsage,
  counters: ({ tables }) => tables.counters(),
};

function setupOf(org: Org): Setup {
  const {
    schema: _1,
    tables: _2,
    apiUsage: _3,
    locators: _4,
    sessions: _5,
    grants: _6,
    refreshTokens: _7,
    ...setup
  } = org;
  const lasting = (conditions: readonly Condition[]): boolean => conditions.every((each) => typeof each !== 'function');
  return {
    ...setup,
    validationRules: setup.validationRules.filter(({ errorWhen }) => lasting(errorWhen)),
    triggers: setup.triggers.filter(({ when }) => lasting(when)),
    leadAssignmentRules: setup.leadAssignmentRules.filter(({ when }) => lasting(when)),
  };
}

/** The org again, without its rows. What this version knows and the one that wrote it did not is added. */
export function orgOfParts({ setup, schema, access, usage, counters }: KeptParts, nowMs: number): Org {
  const { orgId, edition, currencies, packageInstalled, namespace } = setup;
  const input = { orgId, currencies, packageInstalled, namespace: namespace as 'passalong' | null };
  const fresh = emptyOrg({ ...input, edition: edition as 'Enterprise Edition' }, nowMs, 0);
  const settings = { ...fresh.settings, ...setup.settings };
  const org: Org = { ...fresh, ...setup, ...access, settings, schema, apiUsage: usage };
  completeSchema(schema, { fresh: fresh.schema, removed: org.removedFields, nowMs });
  org.tables.resume(counters);
  return org;
}
