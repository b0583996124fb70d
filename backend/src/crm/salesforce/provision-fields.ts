import {
  CRM_FIELDS,
  DEAL_ADVOCATE_FIELD,
  DEAL_FIELDS,
  REFERRAL_FIELDS,
  REFERRAL_OBJECT,
  type CrmField,
} from '../../../../shared/crm-fields.ts';
import { CrmPackageMissing, CrmPermissionMissing } from '../errors.ts';
import type { CrmAccount, ProvisionReport } from '../port.ts';
import type { ObjectDescription } from './object-description.ts';
import type { OrgAccess } from './org-access.ts';
import { REFERRAL_KEY } from './referral-records.ts';

const ALL_FIELDS: readonly CrmField[] = CRM_FIELDS;
const ON_PEOPLE = ALL_FIELDS.flatMap(({ salesforce }) => salesforce ?? []);
const ON_DEALS = [...DEAL_FIELDS.map(({ salesforce }) => salesforce), DEAL_ADVOCATE_FIELD.salesforce];
const ON_REFERRALS = [REFERRAL_KEY, ...REFERRAL_FIELDS.map(({ salesforce }) => salesforce)];

/**
 * Our fields come with the managed package: this looks whether they are all there and ours to write. Raises
 * `CrmPackageMissing` with the names of those that are not.
 */
export async function provisionFields(org: OrgAccess, account: CrmAccount): Promise<ProvisionReport> {
  const missing = [
    ...(await missingOf(org, account, { sobject: 'Contact', names: ON_PEOPLE })),
    ...(await missingOf(org, account, { sobject: 'Lead', names: ON_PEOPLE })),
    ...(await missingOf(org, account, { sobject: 'Opportunity', names: ON_DEALS })),
  ];
  if (missing.length === 0) {
    const referrals = await org.descriptions.ofReferrals(account);
    missing.push(...unwritable(referrals, { sobject: REFERRAL_OBJECT, names: ON_REFERRALS }));
  }
  if (missing.length === 0) return { created: [], alreadyThere: [...ON_PEOPLE, ...ON_DEALS] };
  const some = missing.slice(0, 5).join(', ');
  throw new CrmPackageMissing(`The Salesforce org has no such field for us to write: ${some}.`, { missing });
}

type Needed = { readonly sobject: string; readonly names: readonly string[] };

/** Afresh: permissions may have been given since, which to Salesforce is no change of the object. */
async function missingOf(org: OrgAccess, account: CrmAccount, needed: Needed): Promise<readonly string[]> {
  org.descriptions.forget(account, needed.sobject);
  try {
    return unwritable(await org.descriptions.of(account, needed.sobject), needed);
  } catch (error) {
    if (error instanceof CrmPermissionMissing) return unwritable(null, needed);
    throw error;
  }
}

function unwritable(description: ObjectDescription | null, { sobject, names }: Needed): readonly string[] {
  const isWritable = (name: string): boolean => {
    const field = description?.find(name) ?? null;
    return field !== null && field.createable && field.updateable;
  };
  return names.filter((name) => !isWritable(name)).map((name) => `${sobject}.${name}`);
}
