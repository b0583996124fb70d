import type { ProgramObject } from '../../../../shared/person-fields.ts';
import type { CrmAccount, FieldDescription } from '../port.ts';
import { fromSalesforceFieldType } from './field-types.ts';
import type { OrgAccess } from './org-access.ts';

const SOBJECTS: Readonly<Record<ProgramObject, string>> = {
  contact: 'Contact',
  lead: 'Lead',
  company: 'Account',
  deal: 'Opportunity',
};

/** Fields of a deal that the adapter answers in every org. */
const OF_EVERY_DEAL: readonly FieldDescription[] = [
  { name: 'RecordTypeId', label: 'Record type', type: 'text', options: [] },
  { name: 'Amount.home', label: 'Amount in the org’s own currency', type: 'number', options: [] },
];

/** Every field the connected user may see, as the org has it now. */
export async function readFields(
  org: OrgAccess,
  account: CrmAccount,
  object: ProgramObject,
): Promise<readonly FieldDescription[]> {
  const description = await org.descriptions.latest(account, SOBJECTS[object]);
  const fields = description.fields.map(fromSalesforceFieldType);
  const known = new Set(fields.map(({ name }) => name));
  return object === 'deal' ? [...fields, ...OF_EVERY_DEAL.filter(({ name }) => !known.has(name))] : fields;
}
