import { CRM_FIELDS, hubspotProgramField, PROGRAM_FIELD_KEYS, type CrmFieldKey } from '../../../shared/crm-fields.ts';
import type { CrmName, FieldValues } from '../crm/port.ts';
import { isMappedKey, mappedField, mappedKey, type CrmValues, type MappedKey } from '../metrics/crm-values.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';

type OwnField = { readonly key: CrmFieldKey; readonly name: string };

const OWN_FIELDS: Readonly<Record<CrmName, readonly OwnField[]>> = {
  hubspot: ownFields('hubspot'),
  salesforce: ownFields('salesforce'),
};

function ownFields(crm: CrmName): OwnField[] {
  return CRM_FIELDS.flatMap((field) => {
    const name = field[crm];
    return name === null ? [] : [{ key: field.key, name }];
  });
}

/** The CRM's names of every field we write there; read with each record, so that only differences are written. */
export function writtenFieldNames(crm: CrmName, programs: readonly PublishedProgram[]): string[] {
  return [...new Set([...OWN_FIELDS[crm].map((field) => field.name), ...mappedFieldNames(crm, programs)])];
}

/** The fields beyond our own that the programs' maps write to an advocate's contact. The maps speak HubSpot's names. */
function mappedFieldNames(crm: CrmName, programs: readonly PublishedProgram[]): string[] {
  if (crm !== 'hubspot') return [];
  return programs.flatMap(({ key, definition: { enrolment } }) => [
    ...(enrolment.ownFields ? PROGRAM_FIELD_KEYS.map((field) => hubspotProgramField(key, field)) : []),
    ...enrolment.mapOut.map(({ field }) => field),
  ]);
}

export function toCrmFields(crm: CrmName, values: CrmValues): FieldValues {
  const fields: Record<string, string | null> = {};
  for (const { key, name } of OWN_FIELDS[crm]) {
    const value = values[key];
    if (value !== undefined) fields[name] = value;
  }
  for (const key of Object.keys(values).filter(isMappedKey)) fields[mappedField(key)] = values[key] ?? null;
  return fields;
}

/** Fields we write as a CRM answered them; one it did not mention is absent. Fields of nobody's map are left out. */
export function fromCrmFields(crm: CrmName, fields: FieldValues, programs: readonly PublishedProgram[]): CrmValues {
  return pickFields(crm, fields, mappedFieldNames(crm, programs));
}

/** As `fromCrmFields`, for an answer to a write: everything in it was written. */
export function fromWrittenFields(crm: CrmName, fields: FieldValues, written: CrmValues): CrmValues {
  return pickFields(crm, fields, Object.keys(written).filter(isMappedKey).map(mappedField));
}

function pickFields(crm: CrmName, fields: FieldValues, mapped: readonly string[]): CrmValues {
  const values: Partial<Record<CrmFieldKey | MappedKey, string | null>> = {};
  for (const { key, name } of OWN_FIELDS[crm]) {
    const value = fields[name];
    if (value !== undefined) values[key] = value;
  }
  for (const name of mapped) {
    const value = fields[name];
    if (value !== undefined) values[mappedKey(name)] = value;
  }
  return values;
}
