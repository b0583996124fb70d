import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HUBSPOT_SCOPES } from '../../backend/src/crm/hubspot/scopes.ts';
import {
  CRM_FIELDS,
  DEAL_ADVOCATE_FIELD,
  DEAL_FIELDS,
  HUBSPOT_PROPERTY_GROUP,
  hubspotProgramField,
  PROGRAM_FIELD_KEYS,
  REFERRAL_FIELDS,
  REFERRAL_OBJECT,
  type CrmField,
} from '../../shared/crm-fields.ts';
import { REFERRAL_STATUSES } from '../../shared/referral-status.ts';

const project = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(project, file), 'utf8');
const fields: readonly CrmField[] = CRM_FIELDS;

/** Reports and workflows of customers hang on these, so they stand here once more: losing or renaming one is seen. */
const HUBSPOT_NAMES = [
  'passalong_referral_link',
  'passalong_referral_code',
  'passalong_referred_count',
  'passalong_qualified_count',
  'passalong_approved_count',
  'passalong_reward_status',
  'passalong_reward_total',
  'passalong_last_referral_at',
  'passalong_counted_at',
  'passalong_referral_id',
  'passalong_referral_status',
  'passalong_status_reason',
  'passalong_referred_by_name',
  'passalong_referred_by_email',
  'passalong_referred_by_code',
  'passalong_program',
  'passalong_source',
];
const SALESFORCE_NAMES = [
  'Referral_Link__c',
  'Referral_Code__c',
  'Referred_Count__c',
  'Qualified_Count__c',
  'Approved_Count__c',
  'Reward_Status__c',
  'Reward_Total__c',
  'Last_Referral_At__c',
  'Counted_At__c',
  'Referral_Id__c',
  'Referral_Status__c',
  'Status_Reason__c',
  'Referred_By_Name__c',
  'Referred_By_Email__c',
  'Referred_By_Code__c',
  'Referred_By_Phone__c',
  'Referred_By_External_Id__c',
  'Referral_Program__c',
  'Referral_Source__c',
  'Source_Note__c',
  'Referred_By_Url__c',
  'Referral_Url__c',
];

describe('the field list', () => {
  test('has every promised name and no other', () => {
    const namesIn = (crm: 'hubspot' | 'salesforce'): string[] => fields.flatMap((field) => field[crm] ?? []).sort();
    expect(namesIn('hubspot')).toEqual([...HUBSPOT_NAMES].sort());
    expect(namesIn('salesforce')).toEqual([...SALESFORCE_NAMES].sort());
  });

  test('has one promised name on a deal, unique', () => {
    expect(DEAL_FIELDS.map(({ hubspot, salesforce, unique }) => [hubspot, salesforce, unique])).toEqual([
      ['passalong_referral_id', 'Referral_Id__c', true],
    ]);
  });

  test('has promised names in Salesforce alone: whose an opportunity is, and our record of a referral (SG-26, SG-27)', () => {
    expect(DEAL_ADVOCATE_FIELD.salesforce).toBe('Referral_Source_Advocate_Id__c');
    expect([REFERRAL_OBJECT, ...REFERRAL_FIELDS.map(({ salesforce }) => salesforce).sort()]).toEqual([
      'Referral__c',
      'Advocate__c',
      'Friend_Contact__c',
      'Friend_Email__c',
      'Friend_Name__c',
      'Opportunity__c',
      'Program__c',
      'Referred_At__c',
      'Reward_Amount__c',
      'Reward_Currency__c',
      'Reward_Status__c',
      'Source__c',
      'Status_Reason__c',
      'Status__c',
    ]);
  });

  test('has promised names for a program of its own, which no other program and no common field has', () => {
    const namesOf = (programKey: string) => PROGRAM_FIELD_KEYS.map((key) => hubspotProgramField(programKey, key));
    expect(namesOf('partner_referrals')).toEqual([
      'passalong_partner_referrals_referral_link',
      'passalong_partner_referrals_referral_code',
      'passalong_partner_referrals_referred_count',
      'passalong_partner_referrals_qualified_count',
      'passalong_partner_referrals_approved_count',
    ]);
    const all = [...HUBSPOT_NAMES, ...['a', 'referral', 'referred', 'a_referral'].flatMap(namesOf)];
    expect(new Set(all).size).toBe(all.length);
  });

  test('keeps to names the CRMs take, in the group passalong', () => {
    expect(HUBSPOT_PROPERTY_GROUP.name).toBe('passalong');
    for (const { hubspot, salesforce } of fields) {
      if (hubspot !== null) expect(hubspot).toMatch(/^passalong_[a-z]+(_[a-z]+)*$/);
      // 40 characters before __c is Salesforce's limit.
      if (salesforce !== null) expect(salesforce).toMatch(/^(?=.{1,40}__c$)[A-Z][A-Za-z]*(_[A-Z][A-Za-z]*)*__c$/);
    }
    expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length);
  });

  test('has one unique field, the referral id', () => {
    expect(fields.filter(({ unique }) => unique).map(({ key }) => key)).toEqual(['referralId']);
  });

  test('offers options exactly where a value is chosen, and every status a referral may hold', () => {
    for (const { type, options } of fields) expect(options !== undefined).toBe(type === 'choice');
    const statuses = fields.find(({ key }) => key === 'referralStatus')?.options ?? [];
    expect(statuses.map(({ value }) => value)).toEqual([...REFERRAL_STATUSES]);
  });
});

type Subscription = { subscriptionType: string; objectType: string; propertyName?: string };
const app = JSON.parse(read('hubspot-app/src/app/app-hsmeta.json')) as {
  config: { auth: Record<'requiredScopes' | 'optionalScopes' | 'conditionallyRequiredScopes', string[]> };
};
const webhooks = JSON.parse(read('hubspot-app/src/app/webhooks/webhooks-hsmeta.json')) as {
  config: { subscriptions: { crmObjects: Subscription[]; hubEvents: { subscriptionType: string }[] } };
};

test('the HubSpot app asks for exactly the scopes the service requires, none of them optional', () => {
  const { requiredScopes, optionalScopes, conditionallyRequiredScopes } = app.config.auth;
  expect(requiredScopes).toEqual(HUBSPOT_SCOPES);
  expect([...optionalScopes, ...conditionallyRequiredScopes]).toEqual([]);
});

/** The cells of the tables below a heading, without the head. */
function rowsBelow(file: string, heading: string): string[][] {
  const [, section = ''] = read(file).split(new RegExp(`^## ${heading}$`, 'm'));
  const lines = section.split(/^## /m)[0]?.split('\n') ?? [];
  const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

const coded = (name: string | null | undefined): string => (name ? `\`${name}\`` : '–');

function valuesOf({ type, options, unique }: CrmField): string {
  if (options) return options.map(({ value }) => coded(value)).join(', ');
  return unique ? `${type}, unique` : type;
}

describe('docs/shared-data.md', () => {
  test.each([
    ['On an advocate', 'advocate'],
    ['On a friend', 'friend'],
  ])('%s: lists exactly the fields of shared/crm-fields.ts', (heading, side) => {
    const expected = fields
      .filter((field) => field.side === side)
      .map((field) => [coded(field.hubspot), coded(field.salesforce), field.label, valuesOf(field), field.description]);
    expect(rowsBelow('docs/shared-data.md', heading)).toEqual(expected);
  });

  test('On a deal: lists exactly the fields of shared/crm-fields.ts', () => {
    const expected = DEAL_FIELDS.map((field) => [
      ...[coded(field.hubspot), coded(field.salesforce), field.label],
      ...[`${field.type}, unique`, field.description],
    ]);
    expect(rowsBelow('docs/shared-data.md', 'On a deal')).toEqual(expected);
  });

  test('A record of each referral, in Salesforce: lists exactly its fields, and the one of an opportunity is told', () => {
    const names = rowsBelow('docs/shared-data.md', 'A record of each referral, in Salesforce').map(([name]) => name);
    expect(names.toSorted()).toEqual(REFERRAL_FIELDS.map(({ salesforce }) => coded(salesforce)).toSorted());
    expect(read('docs/shared-data.md')).toContain(coded(DEAL_ADVOCATE_FIELD.salesforce));
  });

  test('A program’s own: lists exactly the fields a program may have', () => {
    const expected = PROGRAM_FIELD_KEYS.map((key) => [
      coded(hubspotProgramField('<program>', key)),
      coded(`${CRM_FIELDS.find((field) => field.key === key)!.label} (<program>)`),
    ]);
    expect(rowsBelow('docs/shared-data.md', "A program's own, on an advocate")).toEqual(expected);
  });

  test('lists exactly the scopes', () => {
    expect(rowsBelow('docs/shared-data.md', 'Scopes of the HubSpot app')).toEqual(
      HUBSPOT_SCOPES.map((scope) => [coded(scope)]),
    );
  });

  test('lists exactly the changes the app subscribes to', () => {
    const { crmObjects, hubEvents } = webhooks.config.subscriptions;
    const expected = [
      ...crmObjects.map((one) => [one.objectType, coded(one.subscriptionType), coded(one.propertyName)]),
      ...hubEvents.map(({ subscriptionType }) => [
        subscriptionType.split('.')[0],
        coded(subscriptionType),
        coded(undefined),
      ]),
    ];
    expect(rowsBelow('docs/shared-data.md', 'Changes HubSpot tells us about')).toEqual(expected);
  });
});

test('docs/hubspot.md says of every scope what it is for, and of no other', () => {
  const rows = rowsBelow('docs/hubspot.md', 'Permissions, and why');
  expect(rows.map(([scope]) => scope)).toEqual(HUBSPOT_SCOPES.map(coded));
  for (const [, purpose = ''] of rows) expect(purpose.length).toBeGreaterThan(20);
});
