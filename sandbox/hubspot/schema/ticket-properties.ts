import { standardProperty } from './property-definition.ts';
import type { DefineInput, PropertyDefinition } from './property-definition.ts';

const GROUP = 'ticketinformation';

const STAGES = [
  ['1', 'New'],
  ['2', 'Waiting on contact'],
  ['3', 'Waiting on us'],
  ['4', 'Closed'],
] as const;

const PRIORITIES = [
  ['LOW', 'Low'],
  ['MEDIUM', 'Medium'],
  ['HIGH', 'High'],
] as const;

// One pipeline of four stages, kept as options: nothing here configures the help desk.
const PROPERTIES: DefineInput[] = [
  { name: 'hs_object_id', label: 'Record ID', type: 'number', groupName: GROUP, readOnly: true },
  { name: 'createdate', label: 'Create Date', type: 'datetime', groupName: GROUP, readOnly: true },
  { name: 'hs_lastmodifieddate', label: 'Last Modified Date', type: 'datetime', groupName: GROUP, readOnly: true },
  { name: 'subject', label: 'Ticket name', groupName: GROUP },
  { name: 'content', label: 'Ticket description', fieldType: 'textarea', groupName: GROUP },
  { name: 'hs_pipeline_stage', label: 'Ticket status', type: 'enumeration', groupName: GROUP, options: STAGES },
  { name: 'hs_ticket_priority', label: 'Priority', type: 'enumeration', groupName: GROUP, options: PRIORITIES },
  { name: 'hubspot_owner_id', label: 'Ticket owner', type: 'enumeration', groupName: GROUP, externalOptions: true },
];

export function ticketProperties(): PropertyDefinition[] {
  return PROPERTIES.map(standardProperty);
}
