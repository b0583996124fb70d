import { dateTime, email, lookup, number, phone, picklist, text, url } from './field.ts';
import type { Field } from './field.ts';
import { objectType } from './object-type.ts';
import type { ObjectType } from './object-type.ts';

const REWARD_STATUSES = ['none', 'pending', 'approved', 'issued'];
const REFERRAL_STATUSES = ['pending', 'qualified', 'approved', 'denied'];

/** Salesforce compares it letter by letter, and lets one record of each object have it. */
const referralId = (): Field =>
  text('Referral_Id__c', 'Referral ID', { length: 64, unique: true, externalId: true, caseSensitive: true });

const ofPeople = (): Field[] => [
  url('Referral_Link__c', 'Referral link'),
  text('Referral_Code__c', 'Referral code', { length: 64 }),
  number('Referred_Count__c', 'People referred'),
  number('Qualified_Count__c', 'Referrals qualified'),
  number('Approved_Count__c', 'Referrals approved'),
  picklist(['Reward_Status__c', 'Referral reward status'], REWARD_STATUSES, { restrictedPicklist: true }),
  number('Reward_Total__c', 'Referral reward total', { scale: 2 }),
  dateTime('Last_Referral_At__c', 'Last referral'),
  dateTime('Counted_At__c', 'Referral numbers as of'),
  referralId(),
  picklist(['Referral_Status__c', 'Referral status'], REFERRAL_STATUSES, { restrictedPicklist: true }),
  text('Status_Reason__c', 'Referral status reason'),
  text('Referred_By_Name__c', 'Referred by (name)'),
  email('Referred_By_Email__c', 'Referred by (email)'),
  text('Referred_By_Code__c', 'Referred by (code)', { length: 64 }),
  phone('Referred_By_Phone__c', 'Referred by (phone)'),
  text('Referred_By_External_Id__c', 'Referred by (external ID)'),
  text('Referral_Program__c', 'Referral program'),
  text('Referral_Source__c', 'Referral source'),
  text('Source_Note__c', 'Referral source note'),
  url('Referred_By_Url__c', 'Referred by (link)'),
  url('Referral_Url__c', 'Referral (link)'),
];

const ofOpportunities = (): Field[] => [
  referralId(),
  text('Referral_Source_Advocate_Id__c', 'Referral source advocate ID', { length: 64 }),
];

const referral = (): ObjectType =>
  objectType({
    name: 'Referral__c',
    label: 'Referral',
    keyPrefix: 'a00',
    owner: 'user',
    fields: [
      text('Name', 'Referral Name', {
        length: 80,
        nameField: true,
        autoNumber: true,
        nillable: false,
        createable: false,
        updateable: false,
        defaultedOnCreate: true,
      }),
      referralId(),
      text('Friend_Name__c', 'Friend'),
      email('Friend_Email__c', 'Friend’s email'),
      picklist(['Status__c', 'Status'], REFERRAL_STATUSES, { restrictedPicklist: true }),
      text('Status_Reason__c', 'Status reason'),
      text('Program__c', 'Program'),
      picklist(['Reward_Status__c', 'Reward status'], REWARD_STATUSES, { restrictedPicklist: true }),
      number('Reward_Amount__c', 'Reward amount', { scale: 2 }),
      text('Reward_Currency__c', 'Reward currency', { length: 3 }),
      dateTime('Referred_At__c', 'Referred at'),
      text('Source__c', 'Source'),
      lookup(['Advocate__c', 'Advocate'], 'Contact', { childRelationshipName: 'Referrals__r' }),
      lookup(['Advocate_Lead__c', 'Advocate (lead)'], 'Lead', { childRelationshipName: 'Referrals__r' }),
      lookup(['Friend_Contact__c', 'Friend (contact)'], 'Contact', { childRelationshipName: 'Referred_As__r' }),
      lookup(['Friend_Lead__c', 'Friend (lead)'], 'Lead', { childRelationshipName: 'Referred_As__r' }),
      lookup(['Opportunity__c', 'Opportunity'], 'Opportunity', { childRelationshipName: 'Referrals__r' }),
    ],
  });

/** What the managed package adds, by object; names without a namespace. */
export const packageFields = (): Record<string, Field[]> => ({
  Contact: ofPeople(),
  Lead: ofPeople(),
  Opportunity: ofOpportunities(),
});

export const packageObjects = (): ObjectType[] => [referral()];
