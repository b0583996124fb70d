import { BOOLEAN_OPTIONS, standardProperty } from './property-definition.ts';
import type { DefineInput, PropertyDefinition } from './property-definition.ts';

export const LIFECYCLE_STAGES = [
  ['subscriber', 'Subscriber'],
  ['lead', 'Lead'],
  ['marketingqualifiedlead', 'Marketing Qualified Lead'],
  ['salesqualifiedlead', 'Sales Qualified Lead'],
  ['opportunity', 'Opportunity'],
  ['customer', 'Customer'],
  ['evangelist', 'Evangelist'],
  ['other', 'Other'],
  // A stage the account's admin added: numeric id, label of their own.
  ['198374465', 'Partner'],
] as const;

const LEAD_STATUSES = [
  ['NEW', 'New'],
  ['OPEN', 'Open'],
  ['IN_PROGRESS', 'In Progress'],
  ['OPEN_DEAL', 'Open Deal'],
  ['UNQUALIFIED', 'Unqualified'],
  ['ATTEMPTED_TO_CONTACT', 'Attempted to Contact'],
  ['CONNECTED', 'Connected'],
  ['BAD_TIMING', 'Bad Timing'],
] as const;

const TEXT = {
  firstname: 'First Name',
  lastname: 'Last Name',
  company: 'Company Name',
  jobtitle: 'Job Title',
  address: 'Street Address',
  city: 'City',
  state: 'State/Region',
  zip: 'Postal Code',
  country: 'Country/Region',
  website: 'Website URL',
  message: 'Message',
  hs_language: 'Preferred language',
} as const;

const SYSTEM: DefineInput[] = [
  { name: 'hs_object_id', label: 'Record ID', type: 'number', groupName: 'contactinformation', readOnly: true },
  { name: 'createdate', label: 'Create Date', type: 'datetime', groupName: 'contactinformation', readOnly: true },
  {
    name: 'lastmodifieddate',
    label: 'Last Modified Date',
    type: 'datetime',
    groupName: 'contactinformation',
    readOnly: true,
  },
  {
    name: 'hs_merged_object_ids',
    label: 'Merged record IDs',
    type: 'enumeration',
    fieldType: 'checkbox',
    groupName: 'contactinformation',
    readOnly: true,
    externalOptions: true,
  },
  {
    name: 'hs_additional_emails',
    label: 'Additional email addresses',
    type: 'enumeration',
    fieldType: 'checkbox',
    groupName: 'contactinformation',
    readOnly: true,
    externalOptions: true,
  },
  {
    name: 'associatedcompanyid',
    label: 'Primary Associated Company ID',
    type: 'number',
    groupName: 'contactinformation',
    readOnly: true,
  },
  {
    name: 'num_unique_conversion_events',
    label: 'Number of Unique Forms Submitted',
    type: 'number',
    groupName: 'conversioninformation',
    readOnly: true,
    calculated: true,
  },
];

const EDITABLE: DefineInput[] = [
  { name: 'email', label: 'Email', groupName: 'contactinformation', unique: true },
  { name: 'phone', label: 'Phone Number', fieldType: 'phonenumber', groupName: 'contactinformation' },
  { name: 'mobilephone', label: 'Mobile Phone Number', fieldType: 'phonenumber', groupName: 'contactinformation' },
  {
    name: 'lifecyclestage',
    label: 'Lifecycle Stage',
    type: 'enumeration',
    fieldType: 'radio',
    groupName: 'contactinformation',
    options: LIFECYCLE_STAGES,
  },
  {
    name: 'hs_lead_status',
    label: 'Lead Status',
    type: 'enumeration',
    fieldType: 'radio',
    groupName: 'sales_properties',
    options: LEAD_STATUSES,
  },
  {
    name: 'hubspot_owner_id',
    label: 'Contact owner',
    type: 'enumeration',
    groupName: 'sales_properties',
    externalOptions: true,
  },
  {
    name: 'hs_email_optout',
    label: 'Unsubscribed from all email',
    type: 'bool',
    groupName: 'emailinformation',
    options: BOOLEAN_OPTIONS,
  },
  { name: 'date_of_birth', label: 'Date of birth', groupName: 'contactinformation' },
  { name: 'closedate', label: 'Close Date', type: 'datetime', groupName: 'contactinformation' },
  { name: 'annualrevenue', label: 'Annual Revenue', groupName: 'contactinformation' },
  // Properties an account's admin made; rules of customers point at ones like these.
  {
    name: 'plan_tier',
    label: 'Plan tier',
    type: 'enumeration',
    groupName: 'contactinformation',
    options: [
      ['free', 'Free'],
      ['pro', 'Pro'],
      ['enterprise', 'Enterprise'],
    ],
  },
  { name: 'trial_end', label: 'Trial end', type: 'date', groupName: 'contactinformation' },
  { name: 'seats', label: 'Seats', type: 'number', groupName: 'contactinformation' },
  {
    name: 'interests',
    label: 'Interests',
    type: 'enumeration',
    fieldType: 'checkbox',
    groupName: 'contactinformation',
    options: [
      ['product', 'Product news'],
      ['events', 'Events'],
      ['partners', 'Partner offers'],
    ],
  },
];

function stageTimes(): DefineInput[] {
  return LIFECYCLE_STAGES.flatMap(([stage, label]) => [
    stageTime(`hs_v2_date_entered_${stage}`, `Date entered "${label} (Lifecycle Stage Pipeline)"`),
    stageTime(`hs_v2_date_exited_${stage}`, `Date exited "${label} (Lifecycle Stage Pipeline)"`),
    stageTime(`hs_lifecyclestage_${stage}_date`, `Became a ${label} Date`),
  ]);
}

const stageTime = (name: string, label: string): DefineInput => ({
  name,
  label,
  type: 'datetime',
  groupName: 'contactinformation',
  readOnly: true,
  calculated: true,
});

export function contactProperties(): PropertyDefinition[] {
  const text = Object.entries(TEXT).map(([name, label]) => ({ name, label, groupName: 'contactinformation' }));
  return [...SYSTEM, ...EDITABLE, ...text, ...stageTimes()].map(standardProperty);
}
