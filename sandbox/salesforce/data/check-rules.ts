import { RecordRefusal } from '../errors.ts';
import { shortId } from '../ids.ts';
import type { Org } from '../state/org.ts';
import { allHold } from './conditions.ts';
import { refuseDuplicates } from './duplicate-rules.ts';
import type { RuleInput } from './rule-input.ts';
import type { Writer } from './writer.ts';

/** In Salesforce's order: triggers, required columns, validation rules, duplicate rules, unique columns. */
export function checkRules(writer: Writer, input: RuleInput): void {
  const { org } = writer;
  runTriggers(org, input);
  refuseMissing(org, input);
  validate(org, input);
  refuseDuplicates(writer, input);
  refuseSameUnique(org, input);
}

function runTriggers(org: Org, { type, row, before }: RuleInput): void {
  for (const { object, field, storedValue } of org.coercions)
    if (object === type.name && row[field] !== undefined) row[field] = storedValue;
  const event = before ? 'update' : 'insert';
  for (const trigger of org.triggers) {
    if (trigger.object !== type.name || (trigger.on !== 'both' && trigger.on !== event)) continue;
    if (allHold(trigger.when, row)) throw new RecordRefusal('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', trigger.message);
  }
}

function refuseMissing(org: Org, { type, row }: RuleInput): void {
  const missing = [...type.fields.values()]
    .filter(
      ({ name, nillable, defaultedOnCreate, createable }) =>
        (row[name] ?? null) === null &&
        ((!nillable && createable && !defaultedOnCreate) || org.requiredFields.has(`${type.name}.${name}`)),
    )
    .map(({ name }) => name);
  if (missing.length > 0)
    throw new RecordRefusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, {
      fields: missing,
    });
}

function validate(org: Org, { type, row }: RuleInput): void {
  for (const { object, errorWhen, message, field } of org.validationRules)
    if (object === type.name && allHold(errorWhen, row))
      throw new RecordRefusal('FIELD_CUSTOM_VALIDATION_EXCEPTION', message, { fields: field === null ? [] : [field] });
}

/** The refusal names the record that has the value already, by its short id. */
function refuseSameUnique(org: Org, { type, row }: RuleInput): void {
  for (const { name, unique, caseSensitive } of type.fields.values()) {
    const value = row[name] ?? null;
    if (!unique || value === null) continue;
    const other = org.tables
      .of(type.name)
      .having(name, [value])
      .find(
        (each) => each['IsDeleted'] === false && each['Id'] !== row['Id'] && (!caseSensitive || each[name] === value),
      );
    if (other)
      throw new RecordRefusal(
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${shortId(other['Id'] as string)}`,
      );
  }
}
