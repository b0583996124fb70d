import {
  boolean,
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
} from './field.ts';
import type { Field } from './field.ts';
import { objectType } from './object-type.ts';
import type { ObjectType, ObjectTypeInput } from './object-type.ts';

/** Rows that administrators make in Setup; the API only reads them here. */
const setupObject = (input: ObjectTypeInput): ObjectType =>
  objectType({ createable: false, updateable: false, deletable: false, ...input });

const readOnly = (...fields: Field[]): Field[] => fields.map((each) => ({ ...each, ...READ_ONLY }));

const organization = (): ObjectType =>
  setupObject({
    name: 'Organization',
    label: 'Organization',
    keyPrefix: '00D',
    fields: readOnly(
      text('Name', 'Name', { nameField: true }),
      text('InstanceName', 'Instance Name'),
      boolean('IsSandbox', 'Is Sandbox'),
      text('OrganizationType', 'Edition'),
      text('TimeZoneSidKey', 'Time Zone'),
      text('DefaultLocaleSidKey', 'Locale'),
      text('LanguageLocaleKey', 'Language'),
      text('NamespacePrefix', 'Namespace Prefix'),
      field({ name: 'FiscalYearStartMonth', label: 'Fiscal Year Starts In', type: 'int' }),
      date('TrialExpirationDate', 'Trial Expiration Date'),
    ),
  });

const user = (): ObjectType =>
  setupObject({
    name: 'User',
    label: 'User',
    keyPrefix: '005',
    fields: readOnly(
      text('Username', 'Username', { length: 80 }),
      text('Name', 'Full Name', { nameField: true }),
      text('FirstName', 'First Name'),
      text('LastName', 'Last Name'),
      email('Email', 'Email', { length: 128 }),
      text('Alias', 'Alias'),
      text('TimeZoneSidKey', 'Time Zone'),
      text('LocaleSidKey', 'Locale'),
      phone('Phone', 'Phone'),
      picklist(['UserType', 'User Type'], ['Standard', 'AutomatedProcess', 'CloudIntegrationUser']),
      boolean('IsActive', 'Active'),
    ),
  });

const group = (): ObjectType =>
  setupObject({
    name: 'Group',
    label: 'Group',
    keyPrefix: '00G',
    fields: readOnly(
      text('Name', 'Name', { nameField: true }),
      text('DeveloperName', 'Developer Name'),
      picklist(['Type', 'Type'], ['Queue', 'Regular', 'Role']),
      email('Email', 'Email'),
    ),
  });

const recordType = (): ObjectType =>
  setupObject({
    name: 'RecordType',
    label: 'Record Type',
    keyPrefix: '012',
    fields: readOnly(
      text('Name', 'Name', { nameField: true }),
      text('DeveloperName', 'Record Type Name'),
      text('NamespacePrefix', 'Namespace Prefix'),
      text('Description', 'Description'),
      picklist(['SobjectType', 'SObject Type Name'], ['Account', 'Contact', 'Lead', 'Opportunity']),
      boolean('IsActive', 'Active'),
    ),
  });

const leadStatus = (): ObjectType =>
  setupObject({
    name: 'LeadStatus',
    label: 'Lead Status Value',
    keyPrefix: '01J',
    fields: readOnly(
      text('MasterLabel', 'Master Label'),
      text('ApiName', 'API Name'),
      field({ name: 'SortOrder', label: 'Sort Order', type: 'int' }),
      boolean('IsDefault', 'Is Default'),
      boolean('IsConverted', 'Converted'),
    ),
  });

const campaign = (): ObjectType =>
  objectType({
    name: 'Campaign',
    label: 'Campaign',
    keyPrefix: '701',
    owner: 'user',
    fields: [
      text('Name', 'Name', { ...REQUIRED, length: 80, nameField: true }),
      picklist(['Type', 'Type'], ['Email', 'Webinar', 'Referral Program', 'Other']),
      picklist(['Status', 'Status'], ['Planned', 'In Progress', 'Completed', 'Aborted']),
      boolean('IsActive', 'Active'),
      date('StartDate', 'Start Date'),
      date('EndDate', 'End Date'),
      field({ name: 'NumberOfLeads', label: 'Leads', type: 'int', ...READ_ONLY, nillable: false, defaultValue: 0 }),
      field({
        name: 'NumberOfContacts',
        label: 'Contacts',
        type: 'int',
        ...READ_ONLY,
        nillable: false,
        defaultValue: 0,
      }),
      longText('Description', 'Description'),
    ],
  });

const campaignMember = (): ObjectType =>
  objectType({
    name: 'CampaignMember',
    label: 'Campaign Member',
    keyPrefix: '00v',
    fields: [
      lookup(['CampaignId', 'Campaign ID'], 'Campaign', {
        ...REQUIRED,
        updateable: false,
        childRelationshipName: 'CampaignMembers',
      }),
      lookup(['LeadId', 'Lead ID'], 'Lead', { updateable: false, childRelationshipName: 'CampaignMembers' }),
      lookup(['ContactId', 'Contact ID'], 'Contact', { updateable: false, childRelationshipName: 'CampaignMembers' }),
      picklist(['Status', 'Status'], ['Sent', 'Responded'], { defaultedOnCreate: true, defaultValue: 'Sent' }),
      boolean('HasResponded', 'Responded', READ_ONLY),
    ],
  });

const task = (): ObjectType =>
  objectType({
    name: 'Task',
    label: 'Task',
    keyPrefix: '00T',
    owner: 'queue',
    fields: [
      lookup(['WhoId', 'Name ID'], ['Contact', 'Lead'], { childRelationshipName: 'Tasks' }),
      lookup(['WhatId', 'Related To ID'], ['Account', 'Opportunity', 'Campaign'], { childRelationshipName: 'Tasks' }),
      text('Subject', 'Subject'),
      date('ActivityDate', 'Due Date Only'),
      picklist(['Status', 'Status'], ['Not Started', 'In Progress', 'Completed'], {
        nillable: false,
        defaultedOnCreate: true,
        defaultValue: 'Not Started',
      }),
      picklist(['Priority', 'Priority'], ['High', 'Normal', 'Low'], {
        nillable: false,
        defaultedOnCreate: true,
        defaultValue: 'Normal',
      }),
      boolean('IsClosed', 'Closed', READ_ONLY),
      longText('Description', 'Description'),
    ],
  });

const pushTopic = (): ObjectType =>
  objectType({
    name: 'PushTopic',
    label: 'Push Topic',
    keyPrefix: '0IF',
    fields: [
      text('Name', 'Topic Name', { ...REQUIRED, length: 25, unique: true, nameField: true }),
      longText('Query', 'SOQL Query', { ...REQUIRED, length: 1300 }),
      number('ApiVersion', 'API Version', { ...REQUIRED, precision: 18, scale: 1 }),
      boolean('IsActive', 'Is Active', { defaultValue: true }),
      text('Description', 'Description', { length: 400 }),
      picklist(['NotifyForFields', 'Notify For Fields'], ['All', 'Referenced', 'Select', 'Where'], {
        nillable: false,
        defaultedOnCreate: true,
        defaultValue: 'Referenced',
        restrictedPicklist: true,
      }),
      picklist(['NotifyForOperations', 'Notify For Operations'], ['All', 'Create', 'Extended', 'Update'], READ_ONLY),
      boolean('NotifyForOperationCreate', 'Create', { defaultValue: true }),
      boolean('NotifyForOperationUpdate', 'Update', { defaultValue: true }),
      boolean('NotifyForOperationDelete', 'Delete', { defaultValue: true }),
      boolean('NotifyForOperationUndelete', 'Undelete', { defaultValue: true }),
    ],
  });

/** There only in an org with several currencies. */
export const currencyType = (): ObjectType =>
  setupObject({
    name: 'CurrencyType',
    label: 'Currency Type',
    keyPrefix: '01L',
    fields: readOnly(
      text('IsoCode', 'Currency ISO Code', { length: 3 }),
      number('ConversionRate', 'Conversion Rate', { scale: 6 }),
      field({ name: 'DecimalPlaces', label: 'Decimal Places', type: 'int' }),
      boolean('IsActive', 'Active'),
      boolean('IsCorporate', 'Corporate'),
    ),
  });

export const otherObjects = (): ObjectType[] => [
  organization(),
  user(),
  group(),
  recordType(),
  leadStatus(),
  campaign(),
  campaignMember(),
  task(),
  pushTopic(),
];
