import { invalid, malformed } from '../errors.ts';

export type Fields = Record<string, unknown>;

/** HubSpot's servers forgive unknown keys; here they are refused, because they are always a mistake of ours. */
export function objectWith(value: unknown, allowed: readonly string[], where = 'body'): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`${where} must be an object`);
  for (const key in value) if (!allowed.includes(key)) throw malformed(`Unrecognized field "${key}" in ${where}`);
  return value as Fields;
}

export function optionalString(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw malformed(`"${key}" must be a string`);
  return value;
}

export function requiredString(fields: Fields, key: string): string {
  const value = optionalString(fields, key);
  if (value === undefined || value === '') throw invalid(`Some required fields were not set: [${key}]`);
  return value;
}

export function stringList(fields: Fields, key: string): string[] {
  const value = fields[key];
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw malformed(`"${key}" must be an array of strings`);
  return value as string[];
}

export function inputsOf(fields: Fields, limit: number): unknown[] {
  const { inputs } = fields;
  if (inputs === undefined) throw invalid('Some required fields were not set: [inputs]');
  if (!Array.isArray(inputs)) throw malformed('"inputs" must be an array');
  if (inputs.length > limit)
    throw invalid(`The maximum number of inputs supported in a batch request is ${limit}, ${inputs.length} were given`);
  return inputs;
}

/** Values of CRM properties travel as strings, and only as strings. */
export function propertyMap(fields: Fields, required = true): Record<string, string> {
  const { properties } = fields;
  if (properties === undefined && !required) return {};
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    throw malformed('"properties" must be an object of strings');
  for (const name in properties)
    if (typeof (properties as Fields)[name] !== 'string')
      throw malformed(`Cannot deserialize value of type \`java.lang.String\` for property "${name}"`);
  return properties as Record<string, string>;
}
