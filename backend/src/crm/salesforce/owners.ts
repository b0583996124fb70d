import type { CrmAccount, CrmOwner } from '../port.ts';
import { fromSalesforceUser } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { compare, textLiteral } from './soql.ts';
import { readStandardRows } from './standard-rows.ts';

/** Every active user of the org's own; queues, portal users and integrations own nothing we would name. */
export async function readOwners(org: OrgAccess, account: CrmAccount): Promise<readonly CrmOwner[]> {
  const rows = await readStandardRows(org, account, {
    select: ['Id', 'Name'],
    optional: ['Email'],
    from: 'User',
    where: [compare('IsActive', '=', true), compare('UserType', '=', textLiteral('Standard'))],
    orderBy: ['Name', 'Id'],
    kind: 'default',
  });
  return rows.map(fromSalesforceUser);
}
