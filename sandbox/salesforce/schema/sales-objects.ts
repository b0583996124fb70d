import {
  boolean,
  currency,
  date,
  email,
  field,
  longText,
  lookup,
  number,
  phone,
  picklist,
  READ_ONLY,
  REQUIRED,
  text,
  url,
} from './field.ts';
import type { Field } from './field.ts';
import { objectType } from './object-type.ts';
import type { ObjectType } from './object-type.ts';

const SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
const INDUSTRIES = ['Agriculture', 'Banking', 'Consulting', 'Education', 'Retail', 'Technology', 'Other'];
export const STAGES = [
  { value: 'Prospecting', probability: 10 },
  { value: 'Qualification', probability: 10 },
  { value: 'Needs Analysis', probability: 20 },
  { value: 'Proposal/Price Quote', probability: 75 },
  { value: 'Negotiation/Review', probability: 90 },
  { value: 'Closed Won', probability: 100, isClosed: true, isWon: true },
  { value: 'Closed Lost', probability: 0, isClosed: true },
] as const;
export const LEAD_STATUSES = [
  { value: 'Open - Not Contacted' },
  { value: 'Working - Contacted' },
  { value: 'Closed - Converted', isConverted: true },
  { value: 'Closed - Not Converted' },
] as const;
const CONTACT_ROLES = [
  'Business User',
  'Decision Maker',
  'Economic Buyer',
  'Economic Decision Maker',
  'Evaluator',
  'Executive Sponsor',
  'Influencer',
  'Technical Buyer',
  'Other',
];

const mergedInto = (object: string): Field =>
  lookup(['MasterRecordId', 'Master Record ID'], object, { ...READ_ONLY, relationshipName: 'MasterRecord' });

const personName = (): Field[] => [
  text('Name', 'Full Name', { ...READ_ONLY, nillable: false, length: 121, nameField: true }),
  text('FirstName', 'First Name', { length: 40 }),
  text('LastName', 'Last Name', { ...REQUIRED, length: 80 }),
  picklist(['Salutation', 'Salutation'], ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.', 'Mx.'], { length: 40 }),
];

const account = (): ObjectType =>
  objectType({
    name: 'Account',
    label: 'Account',
    keyPrefix: '001',
    owner: 'user',
    fields: [
      mergedInto('Account'),
      text('Name', 'Account Name', { ...REQUIRED, nameField: true }),
      picklist(['Type', 'Account Type'], ['Prospect', 'Customer - Direct', 'Partner', 'Other']),
      lookup(['ParentId', 'Parent Account ID'], 'Account', { childRelationshipName: 'ChildAccounts' }),
      picklist(['Industry', 'Industry'], INDUSTRIES),
      currency('AnnualRevenue', 'Annual Revenue', { scale: 0 }),
      field({ name: 'NumberOfEmployees', label: 'Employees', type: 'int' }),
      phone('Phone', 'Account Phone'),
      url('Website', 'Website'),
      text('BillingCity', 'Billing City', { length: 40 }),
      text('BillingCountry', 'Billing Country', { length: 80 }),
      longText('Description', 'Account Description'),
    ],
  });

const contact = (): ObjectType =>
  objectType({
    name: 'Contact',
    label: 'Contact',
    keyPrefix: '003',
    owner: 'user',
    fields: [
      mergedInto('Contact'),
      lookup(['AccountId', 'Account ID'], 'Account', { childRelationshipName: 'Contacts' }),
      ...personName(),
      email('Email', 'Email'),
      phone('Phone', 'Business Phone'),
      phone('MobilePhone', 'Mobile Phone'),
      text('Title', 'Title', { length: 128 }),
      text('Department', 'Department', { length: 80 }),
      picklist(['LeadSource', 'Lead Source'], SOURCES),
      date('Birthdate', 'Birthdate'),
      text('MailingCity', 'Mailing City', { length: 40 }),
      text('MailingCountry', 'Mailing Country', { length: 80 }),
      boolean('HasOptedOutOfEmail', 'Email Opt Out'),
      lookup(['ReportsToId', 'Reports To ID'], 'Contact'),
      longText('Description', 'Contact Description'),
    ],
  });

const lead = (): ObjectType =>
  objectType({
    name: 'Lead',
    label: 'Lead',
    keyPrefix: '00Q',
    owner: 'queue',
    fields: [
      mergedInto('Lead'),
      ...personName(),
      text('Company', 'Company', REQUIRED),
      email('Email', 'Email'),
      phone('Phone', 'Phone'),
      phone('MobilePhone', 'Mobile Phone'),
      text('Title', 'Title', { length: 128 }),
      picklist(['LeadSource', 'Lead Source'], SOURCES),
      picklist(
        ['Status', 'Status'],
        LEAD_STATUSES.map(({ value }) => value),
        { nillable: false, defaultedOnCreate: true, defaultValue: LEAD_STATUSES[0].value },
      ),
      picklist(['Industry', 'Industry'], INDUSTRIES),
      picklist(['Rating', 'Rating'], ['Hot', 'Warm', 'Cold']),
      currency('AnnualRevenue', 'Annual Revenue', { scale: 0 }),
      field({ name: 'NumberOfEmployees', label: 'Employees', type: 'int' }),
      url('Website', 'Website'),
      text('City', 'City', { length: 40 }),
      text('Country', 'Country', { length: 80 }),
      boolean('HasOptedOutOfEmail', 'Email Opt Out'),
      boolean('IsConverted', 'Converted', READ_ONLY),
      date('ConvertedDate', 'Converted Date', READ_ONLY),
      lookup(['ConvertedAccountId', 'Converted Account ID'], 'Account', READ_ONLY),
      lookup(['ConvertedContactId', 'Converted Contact ID'], 'Contact', READ_ONLY),
      lookup(['ConvertedOpportunityId', 'Converted Opportunity ID'], 'Opportunity', READ_ONLY),
      longText('Description', 'Description'),
    ],
  });

const stagePicklist = (more: Partial<Field> = {}): Field =>
  picklist(
    ['StageName', 'Stage'],
    STAGES.map(({ value }) => value),
    more,
  );

const opportunity = (): ObjectType =>
  objectType({
    name: 'Opportunity',
    label: 'Opportunity',
    labelPlural: 'Opportunities',
    keyPrefix: '006',
    owner: 'user',
    fields: [
      lookup(['AccountId', 'Account ID'], 'Account', { childRelationshipName: 'Opportunities' }),
      text('Name', 'Name', { ...REQUIRED, length: 120, nameField: true }),
      stagePicklist(REQUIRED),
      currency('Amount', 'Amount'),
      field({ name: 'Probability', label: 'Probability (%)', type: 'percent', precision: 3, defaultedOnCreate: true }),
      currency('ExpectedRevenue', 'Expected Amount', { ...READ_ONLY, calculated: true }),
      date('CloseDate', 'Close Date', REQUIRED),
      picklist(['Type', 'Opportunity Type'], ['New Customer', 'Existing Customer - Upgrade', 'Other']),
      text('NextStep', 'Next Step'),
      picklist(['LeadSource', 'Lead Source'], SOURCES),
      boolean('IsClosed', 'Closed', READ_ONLY),
      boolean('IsWon', 'Won', READ_ONLY),
      lookup(['CampaignId', 'Campaign ID'], 'Campaign', { childRelationshipName: 'Opportunities' }),
      // Only creation takes it: it makes the primary contact role, and follows that role from then on.
      lookup(['ContactId', 'Contact ID'], 'Contact', { updateable: false }),
      longText('Description', 'Description'),
    ],
  });

const opportunityHistory = (): ObjectType =>
  objectType({
    name: 'OpportunityHistory',
    label: 'Opportunity History',
    labelPlural: 'Opportunity History',
    keyPrefix: '008',
    createable: false,
    updateable: false,
    deletable: false,
    fields: [
      lookup(['OpportunityId', 'Opportunity ID'], 'Opportunity', {
        ...READ_ONLY,
        childRelationshipName: 'OpportunityHistories',
      }),
      stagePicklist(READ_ONLY),
      currency('Amount', 'Amount', READ_ONLY),
      currency('ExpectedRevenue', 'Expected Revenue', READ_ONLY),
      date('CloseDate', 'Close Date', READ_ONLY),
      field({ name: 'Probability', label: 'Probability', type: 'percent', precision: 3, ...READ_ONLY }),
    ],
  });

const opportunityContactRole = (): ObjectType =>
  objectType({
    name: 'OpportunityContactRole',
    label: 'Opportunity Contact Role',
    keyPrefix: '00K',
    fields: [
      lookup(['OpportunityId', 'Opportunity ID'], 'Opportunity', {
        ...REQUIRED,
        updateable: false,
        childRelationshipName: 'OpportunityContactRoles',
      }),
      lookup(['ContactId', 'Contact ID'], 'Contact', {
        ...REQUIRED,
        childRelationshipName: 'OpportunityContactRoles',
      }),
      picklist(['Role', 'Role'], CONTACT_ROLES, { length: 40 }),
      boolean('IsPrimary', 'Primary'),
    ],
  });

const opportunityStage = (): ObjectType =>
  objectType({
    name: 'OpportunityStage',
    label: 'Opportunity Stage',
    keyPrefix: '01J',
    createable: false,
    updateable: false,
    deletable: false,
    fields: [
      text('MasterLabel', 'Master Label', READ_ONLY),
      text('ApiName', 'API Name', READ_ONLY),
      boolean('IsActive', 'Is Active', READ_ONLY),
      field({ name: 'SortOrder', label: 'Sort Order', type: 'int', ...READ_ONLY }),
      boolean('IsClosed', 'Closed', READ_ONLY),
      boolean('IsWon', 'Won', READ_ONLY),
      number('DefaultProbability', 'Probability (%)', READ_ONLY),
      longText('Description', 'Description', READ_ONLY),
    ],
  });

export const salesObjects = (): ObjectType[] => [
  account(),
  contact(),
  lead(),
  opportunity(),
  opportunityHistory(),
  opportunityContactRole(),
  opportunityStage(),
];
