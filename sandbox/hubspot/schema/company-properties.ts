import { standardProperty } from './property-definition.ts';
import type { DefineInput, PropertyDefinition } from './property-definition.ts';
import { LIFECYCLE_STAGES } from './contact-properties.ts';

const GROUP = 'companyinformation';

const PROPERTIES: DefineInput[] = [
  { name: 'hs_object_id', label: 'Record ID', type: 'number', groupName: GROUP, readOnly: true },
  { name: 'createdate', label: 'Create Date', type: 'datetime', groupName: GROUP, readOnly: true },
  { name: 'hs_lastmodifieddate', label: 'Last Modified Date', type: 'datetime', groupName: GROUP, readOnly: true },
  {
    name: 'hs_merged_object_ids',
    label: 'Merged record IDs',
    type: 'enumeration',
    fieldType: 'checkbox',
    groupName: GROUP,
    readOnly: true,
    externalOptions: true,
  },
  { name: 'name', label: 'Company name', groupName: GROUP },
  { name: 'domain', label: 'Company Domain Name', groupName: GROUP },
  { name: 'city', label: 'City', groupName: GROUP },
  { name: 'country', label: 'Country/Region', groupName: GROUP },
  { name: 'phone', label: 'Phone Number', groupName: GROUP, fieldType: 'phonenumber' },
  { name: 'industry', label: 'Industry', groupName: GROUP },
  { name: 'numberofemployees', label: 'Number of Employees', type: 'number', groupName: GROUP },
  { name: 'annualrevenue', label: 'Annual Revenue', type: 'number', groupName: GROUP },
  {
    name: 'lifecyclestage',
    label: 'Lifecycle Stage',
    type: 'enumeration',
    fieldType: 'radio',
    groupName: GROUP,
    options: LIFECYCLE_STAGES,
  },
  { name: 'hubspot_owner_id', label: 'Company owner', type: 'enumeration', groupName: GROUP, externalOptions: true },
];

export function companyProperties(): PropertyDefinition[] {
  return PROPERTIES.map(standardProperty);
}
