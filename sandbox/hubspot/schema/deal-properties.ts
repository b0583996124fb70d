import { BOOLEAN_OPTIONS, standardProperty } from './property-definition.ts';
import type { DefineInput, PropertyDefinition } from './property-definition.ts';
import type { Pipeline, Stage } from './pipelines.ts';

const GROUP = 'dealinformation';

const CURRENCIES = [
  ['USD', 'US Dollar'],
  ['EUR', 'Euro'],
  ['GBP', 'British Pound'],
  ['JPY', 'Japanese Yen'],
] as const;

const DEAL_TYPES = [
  ['newbusiness', 'New Business'],
  ['existingbusiness', 'Existing Business'],
] as const;

const calculated = (input: Omit<DefineInput, 'groupName'>): DefineInput => ({
  ...input,
  groupName: GROUP,
  readOnly: true,
  calculated: true,
});

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
  { name: 'dealname', label: 'Deal Name', groupName: GROUP },
  { name: 'amount', label: 'Amount', type: 'number', groupName: GROUP },
  { name: 'deal_currency_code', label: 'Currency', type: 'enumeration', groupName: GROUP, options: CURRENCIES },
  {
    name: 'dealstage',
    label: 'Deal Stage',
    type: 'enumeration',
    fieldType: 'radio',
    groupName: GROUP,
    externalOptions: true,
  },
  { name: 'pipeline', label: 'Pipeline', type: 'enumeration', groupName: GROUP, externalOptions: true },
  {
    name: 'dealtype',
    label: 'Deal Type',
    type: 'enumeration',
    fieldType: 'radio',
    groupName: GROUP,
    options: DEAL_TYPES,
  },
  { name: 'closedate', label: 'Close Date', type: 'datetime', groupName: GROUP },
  { name: 'description', label: 'Deal Description', fieldType: 'textarea', groupName: GROUP },
  { name: 'hubspot_owner_id', label: 'Deal owner', type: 'enumeration', groupName: GROUP, externalOptions: true },
  calculated({ name: 'hs_is_closed', label: 'Is Deal Closed?', type: 'bool', options: BOOLEAN_OPTIONS }),
  calculated({ name: 'hs_is_closed_won', label: 'Is Closed Won', type: 'bool', options: BOOLEAN_OPTIONS }),
  calculated({ name: 'hs_is_closed_lost', label: 'Is closed lost', type: 'bool', options: BOOLEAN_OPTIONS }),
  calculated({ name: 'hs_deal_stage_probability', label: 'Deal probability', type: 'number' }),
];

/** Two calculated times per stage; HubSpot adds them when a stage is made. */
export function stageProperties(pipeline: Pipeline, stage: Stage): PropertyDefinition[] {
  const place = `${stage.label} (${pipeline.label})`;
  return [
    calculated({ name: `hs_v2_date_entered_${stage.id}`, label: `Date entered "${place}"`, type: 'datetime' }),
    calculated({ name: `hs_v2_date_exited_${stage.id}`, label: `Date exited "${place}"`, type: 'datetime' }),
  ].map(standardProperty);
}

export function dealProperties(pipelines: Iterable<Pipeline>): PropertyDefinition[] {
  const properties = PROPERTIES.map(standardProperty);
  for (const pipeline of pipelines)
    for (const stage of pipeline.stages) properties.push(...stageProperties(pipeline, stage));
  return properties;
}
