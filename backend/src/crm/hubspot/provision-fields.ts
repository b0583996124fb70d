import {
  CRM_FIELDS,
  DEAL_FIELDS,
  hubspotProgramField,
  PROGRAM_FIELD_KEYS,
  type CrmField,
} from '../../../../shared/crm-fields.ts';
import type { CrmAccount, ProvisionReport } from '../port.ts';
import type { HubSpotGateway } from './gateway.ts';
import type { HubSpotField } from './property-types.ts';
import { provisionProperties } from './provision-properties.ts';

const ALL_FIELDS: readonly CrmField[] = CRM_FIELDS;
const CONTACT_FIELDS = ALL_FIELDS.filter((field): field is CrmField & HubSpotField => field.hubspot !== null);

/** Creates our group and properties on contacts and on deals, where they are missing. */
export async function provisionFields(gateway: HubSpotGateway, account: CrmAccount): Promise<ProvisionReport> {
  const onContacts = { objectType: 'contact', fields: CONTACT_FIELDS } as const;
  const onDeals = { objectType: 'deal', fields: DEAL_FIELDS } as const;
  const contacts = await provisionProperties(gateway, account, onContacts);
  const deals = await provisionProperties(gateway, account, onDeals);
  return {
    created: [...contacts.created, ...deals.created],
    alreadyThere: [...contacts.alreadyThere, ...deals.alreadyThere],
  };
}

/** Creates on contacts what each program has of its own, where it is missing. Calls nobody for no program. */
export async function provisionProgramFields(
  gateway: HubSpotGateway,
  account: CrmAccount,
  programKeys: readonly string[],
): Promise<ProvisionReport> {
  const fields = [...new Set(programKeys)].flatMap(programFields);
  if (fields.length === 0) return { created: [], alreadyThere: [] };
  return provisionProperties(gateway, account, { objectType: 'contact', fields });
}

function programFields(programKey: string): readonly HubSpotField[] {
  return PROGRAM_FIELD_KEYS.flatMap((key) =>
    CONTACT_FIELDS.filter((field) => field.key === key).map((field) => ({
      ...field,
      hubspot: hubspotProgramField(programKey, key),
      label: `${field.label} (${programKey})`,
    })),
  );
}
