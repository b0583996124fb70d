import type { CrmName } from '../../backend/src/crm/port.ts';
import { CRM_FIELDS, type CrmFieldKey } from '../../shared/crm-fields.ts';

/** What a word of the scenarios is called in each CRM: fields, stages, and whatever else a program names. */
type Word = Readonly<Record<CrmName, string>>;

export type CustomField = Word & {
  readonly word: string;
  readonly on: Kind;
  readonly label: string;
  readonly type: 'text' | 'number' | 'date' | 'choice';
};

export type Kind = 'person' | 'company' | 'deal';

/** Fields that an administrator of either CRM would have made for themselves. */
export const CUSTOM_FIELDS: readonly CustomField[] = [
  custom('standing', 'person', 'Customer standing'),
  custom('tier', 'person', 'Customer tier', 'choice'),
  custom('seats', 'person', 'Seats bought', 'number'),
  custom('since', 'person', 'Customer since', 'date'),
  custom('code', 'person', 'Recommended by code'),
  custom('shopId', 'person', 'Shop number'),
  custom('origin', 'person', 'Origin of contact'),
  custom('campaign', 'person', 'Campaign name'),
  custom('kind', 'company', 'Kind of company'),
  custom('dealCode', 'deal', 'Deal recommended by'),
];

/** Values of `tier`, which has a label that is not its value. */
export const TIERS = [
  { value: 'basic', label: 'The basic tier' },
  { value: 'pro', label: 'The pro tier' },
] as const;

export const WORDS: Readonly<Record<string, Word>> = {
  email: { hubspot: 'email', salesforce: 'Email' },
  firstName: { hubspot: 'firstname', salesforce: 'FirstName' },
  lastName: { hubspot: 'lastname', salesforce: 'LastName' },
  phone: { hubspot: 'phone', salesforce: 'Phone' },
  mobile: { hubspot: 'mobilephone', salesforce: 'MobilePhone' },
  owner: { hubspot: 'hubspot_owner_id', salesforce: 'OwnerId' },
  companyName: { hubspot: 'name', salesforce: 'Name' },
  dealName: { hubspot: 'dealname', salesforce: 'Name' },
  dealStage: { hubspot: 'dealstage', salesforce: 'StageName' },
  pipeline: { hubspot: 'pipeline', salesforce: 'RecordTypeId' },
  sales: { hubspot: 'default', salesforce: '012000000000000AAA' },
  amount: { hubspot: 'amount', salesforce: 'Amount' },
  currency: { hubspot: 'deal_currency_code', salesforce: 'CurrencyIsoCode' },
  starting: { hubspot: 'appointmentscheduled', salesforce: 'Prospecting' },
  qualifying: { hubspot: 'qualifiedtobuy', salesforce: 'Qualification' },
  offered: { hubspot: 'presentationscheduled', salesforce: 'Proposal/Price Quote' },
  negotiating: { hubspot: 'contractsent', salesforce: 'Negotiation/Review' },
  won: { hubspot: 'closedwon', salesforce: 'Closed Won' },
  lost: { hubspot: 'closedlost', salesforce: 'Closed Lost' },
  ...Object.fromEntries(CUSTOM_FIELDS.map((field) => [field.word, field])),
};

/** Labels that differ, as they stand in sentences. */
export const STAGE_LABELS: readonly Word[] = [
  { hubspot: 'Appointment Scheduled', salesforce: 'Prospecting' },
  { hubspot: 'Qualified To Buy', salesforce: 'Qualification' },
  { hubspot: 'Presentation Scheduled', salesforce: 'Proposal/Price Quote' },
  { hubspot: 'Contract Sent', salesforce: 'Negotiation/Review' },
];

/** `$won` in any text of a definition is the CRM's own word for it; keys are translated by the world. */
export function inWordsOf(crm: CrmName, value: unknown, own: Readonly<Record<string, string>> = {}): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? wordOf(crm, value.slice(1), own) : value;
  if (Array.isArray(value)) return value.map((each) => inWordsOf(crm, each, own));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inWordsOf(crm, each, own)]));
}

export function wordOf(crm: CrmName, word: string, own: Readonly<Record<string, string>> = {}): string {
  const spelled = own[word] ?? WORDS[word]?.[crm];
  if (spelled === undefined) throw new Error(`no CRM has a word for ${word}`);
  return spelled;
}

/** Values by word, as the CRM's own fields and values. */
export function fieldsOf(crm: CrmName, values: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(values).map(([word, value]) => [wordOf(crm, word), inWordsOf(crm, value) as string]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** A field of ours on people. */
export function ownFieldOf(crm: CrmName, key: CrmFieldKey): string {
  const name = CRM_FIELDS.find((field) => field.key === key)?.[crm];
  if (!name) throw new Error(`${crm} has no field of ours for ${key}`);
  return name;
}

function custom(word: string, on: Kind, label: string, type: CustomField['type'] = 'text'): CustomField {
  const parts = label.split(' ');
  return { word, on, label, type, hubspot: parts.join('_').toLowerCase(), salesforce: `${titled(parts)}__c` };
}

function titled(parts: readonly string[]): string {
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('_');
}
