export type PropertyType = 'bool' | 'date' | 'datetime' | 'enumeration' | 'number' | 'phone_number' | 'string';

export interface PropertyOption {
  label: string;
  value: string;
  displayOrder: number;
  hidden: boolean;
  description?: string;
}

export interface PropertyDefinition {
  name: string;
  label: string;
  type: PropertyType;
  fieldType: string;
  groupName: string;
  description: string;
  options: PropertyOption[];
  displayOrder: number;
  hasUniqueValue: boolean;
  hidden: boolean;
  formField: boolean;
  hubspotDefined: boolean;
  calculated: boolean;
  /** the options live elsewhere (pipelines, owners); the list here is empty */
  externalOptions: boolean;
  readOnlyValue: boolean;
  archived: boolean;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface PropertyGroup {
  name: string;
  label: string;
  displayOrder: number;
  archived: boolean;
}

export interface DefineInput {
  name: string;
  label: string;
  type?: PropertyType;
  fieldType?: string;
  groupName: string;
  options?: readonly (readonly [value: string, label: string])[];
  unique?: boolean;
  readOnly?: boolean;
  calculated?: boolean;
  externalOptions?: boolean;
}

const FIELD_TYPES: Record<PropertyType, string> = {
  bool: 'booleancheckbox',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  number: 'number',
  phone_number: 'phonenumber',
  string: 'text',
};

/** A property HubSpot ships with every account. */
export function standardProperty(input: DefineInput): PropertyDefinition {
  const type = input.type ?? 'string';
  return {
    name: input.name,
    label: input.label,
    type,
    fieldType: input.fieldType ?? FIELD_TYPES[type],
    groupName: input.groupName,
    description: '',
    options: (input.options ?? []).map(([value, label], displayOrder) => ({
      value,
      label,
      displayOrder,
      hidden: false,
    })),
    displayOrder: -1,
    hasUniqueValue: input.unique ?? false,
    hidden: false,
    formField: false,
    hubspotDefined: true,
    calculated: input.calculated ?? false,
    externalOptions: input.externalOptions ?? false,
    readOnlyValue: input.readOnly ?? false,
    archived: false,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}

export const BOOLEAN_OPTIONS = [
  ['true', 'True'],
  ['false', 'False'],
] as const;
