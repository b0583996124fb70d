import {
  CRM_FIELDS,
  crmOfField,
  DEAL_ADVOCATE_FIELD,
  DEAL_FIELDS,
  hubspotProgramField,
  PROGRAM_FIELD_KEYS,
  REFERRAL_FIELDS,
  type CrmFieldKey,
} from '../../../shared/crm-fields.ts';
import type { CrmName, FieldValues } from '../crm/port.ts';
import { isMappedKey, mappedField, mappedKey, type CrmValues, type MappedKey } from '../metrics/crm-values.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';

/** What of ours is written to: people, their deals, and where the CRM has such an object, a record of each referral. */
export const WRITTEN_OBJECTS = ['contact', 'deal', 'referral'] as const;
export type WrittenObject = (typeof WRITTEN_OBJECTS)[number];

type OwnField = { readonly key: CrmFieldKey; readonly name: string };
type Named = { readonly key: CrmFieldKey; readonly hubspot?: string | null; readonly salesforce: string | null };

const OWN_FIELDS: Readonly<Record<CrmName, Readonly<Record<WrittenObject, readonly OwnField[]>>>> = {
  hubspot: ownFields('hubspot'),
  salesforce: ownFields('salesforce'),
};

function ownFields(crm: CrmName): Record<WrittenObject, OwnField[]> {
  const inCrm = (fields: readonly Named[]): OwnField[] =>
    fields.flatMap(({ key, [crm]: name }) => (name ? [{ key, name }] : []));
  return {
    contact: inCrm(CRM_FIELDS),
    deal: inCrm([...DEAL_FIELDS, DEAL_ADVOCATE_FIELD]),
    referral: inCrm(REFERRAL_FIELDS),
  };
}

/** The CRM's names of every field we write there; read with each record, so that only differences are written. */
export function writtenFieldNames(crm: CrmName, programs: readonly PublishedProgram[]): string[] {
  return [...new Set([...OWN_FIELDS[crm].contact.map((field) => field.name), ...mappedFieldNames(crm, programs)])];
}

/** The fields beyond our own that the programs' maps write to an advocate's contact, of those the ones of this CRM. */
function mappedFieldNames(crm: CrmName, programs: readonly PublishedProgram[]): string[] {
  const names = programs.flatMap(({ key, definition: { enrolment } }) => [
    ...(enrolment.ownFields ? PROGRAM_FIELD_KEYS.map((field) => hubspotProgramField(key, field)) : []),
    ...enrolment.mapOut.map(({ field }) => field),
  ]);
  return names.filter((name) => crmOfField(name) === crm);
}

export function toCrmFields(crm: CrmName, values: CrmValues, objectType: WrittenObject = 'contact'): FieldValues {
  const fields: Record<string, string | null> = {};
  for (const { key, name } of OWN_FIELDS[crm][objectType]) {
    const value = values[key];
    if (value !== undefined) fields[name] = value;
  }
  for (const key of Object.keys(values).filter(isMappedKey)) fields[mappedField(key)] = values[key] ?? null;
  return fields;
}

/**
 * Fields we write as a CRM answered them; one it did not mention is absent. Fields of nobody's map are left out. What
 * Salesforce does not show us stands empty to us: nothing can be written there, so nothing is as long as nothing is due.
 */
export function fromCrmFields(crm: CrmName, fields: FieldValues, programs: readonly PublishedProgram[]): CrmValues {
  const emptied: Record<string, string | null> = {};
  if (crm === 'salesforce') for (const name of writtenFieldNames(crm, programs)) emptied[name] = null;
  return pickFields(OWN_FIELDS[crm].contact, { ...emptied, ...fields }, mappedFieldNames(crm, programs));
}

/** As `fromCrmFields`, for an answer to a write: everything in it was written. */
export function fromWrittenFields(
  own: { readonly crm: CrmName; readonly objectType: WrittenObject },
  fields: FieldValues,
  written: CrmValues,
): CrmValues {
  const mapped = Object.keys(written).filter(isMappedKey).map(mappedField);
  return pickFields(OWN_FIELDS[own.crm][own.objectType], fields, mapped);
}

function pickFields(own: readonly OwnField[], fields: FieldValues, mapped: readonly string[]): CrmValues {
  const values: Partial<Record<CrmFieldKey | MappedKey, string | null>> = {};
  for (const { key, name } of own) {
    const value = fields[name];
    if (value !== undefined) values[key] = value;
  }
  for (const name of mapped) {
    const value = fields[name];
    if (value !== undefined) values[mappedKey(name)] = value;
  }
  return values;
}
