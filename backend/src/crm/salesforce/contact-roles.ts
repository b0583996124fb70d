import type { ContactRole, CrmAccount } from '../port.ts';
import type { OrgAccess } from './org-access.ts';

/** Not one of the org's roles: Salesforce marks one contact of an opportunity. */
export const PRIMARY_ROLE: ContactRole = { id: 'primary', label: 'Primary' };

/** The roles as the org has them now. */
export async function readContactRoles(org: OrgAccess, account: CrmAccount): Promise<readonly ContactRole[]> {
  const description = await org.descriptions.latest(account, 'OpportunityContactRole');
  const roles = description.find('Role')?.options ?? [];
  return [PRIMARY_ROLE, ...roles.map(({ value, label }) => ({ id: value, label }))];
}
