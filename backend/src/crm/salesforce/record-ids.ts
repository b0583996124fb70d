import type { CrmObjectType } from '../port.ts';
import { isRecordId } from './soql.ts';

/** Salesforce's objects we read and write as records of the port. */
export type Sobject = 'Contact' | 'Lead' | 'Account' | 'Opportunity';

/** The first three characters of an id say whose it is, in every org. */
const PREFIXES: Readonly<Record<string, Sobject>> = {
  '001': 'Account',
  '003': 'Contact',
  '006': 'Opportunity',
  '00Q': 'Lead',
};

const SOBJECTS: Readonly<Record<CrmObjectType, readonly Sobject[]>> = {
  contact: ['Contact', 'Lead'],
  company: ['Account'],
  deal: ['Opportunity'],
};

/** What Salesforce calls records of this kind, in the order of their prefixes. */
export function sobjectsOf(objectType: CrmObjectType): readonly Sobject[] {
  return SOBJECTS[objectType];
}

/** Whose record this is by its prefix; null for what is no id of a record of this kind. */
export function sobjectOfId(objectType: CrmObjectType, id: string): Sobject | null {
  const sobject = isRecordId(id) ? PREFIXES[id.slice(0, 3)] : undefined;
  return sobject !== undefined && SOBJECTS[objectType].includes(sobject) ? sobject : null;
}

export function isLeadId(id: string): boolean {
  return sobjectOfId('contact', id) === 'Lead';
}

const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18 characters in which the API states every id. People copy 15 out of a report; the other three say which of these
 * are capitals, five to a character.
 */
export function toLongId(id: string): string {
  if (id.length !== 15) return id;
  const suffix = [0, 5, 10].map((start) => {
    const capitals = [...id.slice(start, start + 5)].map((character) => /[A-Z]/.test(character));
    return SUFFIX[capitals.reduce((sum, capital, index) => sum + (capital ? 2 ** index : 0), 0)] ?? '';
  });
  return id + suffix.join('');
}
