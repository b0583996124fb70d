import { CRM_FIELDS, type CrmFieldKey } from '../../../shared/crm-fields.ts';
import type { CrmName, FieldValues } from '../crm/port.ts';
import type { CrmValues } from '../metrics/crm-values.ts';

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

/** The CRM's names of every field we own there; read with each record, so that only differences are written. */
export function ownFieldNames(crm: CrmName): string[] {
  return OWN_FIELDS[crm].map((field) => field.name);
}

export function toCrmFields(crm: CrmName, values: CrmValues): FieldValues {
  const fields: Record<string, string | null> = {};
  for (const { key, name } of OWN_FIELDS[crm]) {
    const value = values[key];
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/** Our fields as a CRM answered them; one it did not mention is absent. */
export function fromCrmFields(crm: CrmName, fields: FieldValues): CrmValues {
  const values: Partial<Record<CrmFieldKey, string | null>> = {};
  for (const { key, name } of OWN_FIELDS[crm]) {
    const value = fields[name];
    if (value !== undefined) values[key] = value;
  }
  return values;
}
