import type { JsonObject } from '../answer-shape.ts';
import type { CrmAccount, FieldValues, WriteRefusal } from '../port.ts';
import { nameOnObject } from './field-selection.ts';
import { isOfOtherType, toSalesforceValue } from './mapping.ts';
import type { ObjectDescription, SalesforceField } from './object-description.ts';
import type { OrgAccess } from './org-access.ts';

export type WriteAs = 'createable' | 'updateable';

/** What is sent of one record, or why it is not sent at all. */
export type RecordBody =
  { readonly ok: true; readonly body: JsonObject } | { readonly ok: false; readonly refusal: WriteRefusal };

/**
 * The description to write by: newer than a day where it would keep one of these values from being written, because the
 * field is not there or is of another type, as somebody may have mended since.
 */
export function describeForWriting(
  org: OrgAccess,
  account: CrmAccount,
  input: { readonly sobject: string; readonly records: readonly FieldValues[]; readonly as: WriteAs },
): Promise<ObjectDescription> {
  const { sobject, records, as } = input;
  const entries = records.flatMap((values) => Object.entries(values));
  return org.descriptions.fulfilling(account, sobject, (description) =>
    entries.every(([name, value]) => {
      const field = writable(description, name, as);
      return field !== null && !isOfOtherType(field, value);
    }),
  );
}

/** The field behind a name of the port; null when the object has none, or does not let us write it. */
function writable(description: ObjectDescription, name: string, as: WriteAs): SalesforceField | null {
  const field = description.find(nameOnObject(description.name, name) ?? '');
  return field?.[as] === true ? field : null;
}

export type RecordBodyInput = {
  readonly values: FieldValues;
  /** Left out where the object does not take them. */
  readonly besides: FieldValues;
  readonly as: WriteAs;
};

/**
 * Values by Salesforce's names and in its types. A field that is not there, or not ours to write, would fail the whole
 * record, and a text where a number belongs the whole call: they are refused here, by name.
 */
export function toRecordBody(description: ObjectDescription, { values, besides, as }: RecordBodyInput): RecordBody {
  const fieldsOf = (given: FieldValues) =>
    Object.entries(given).map(([name, value]) => ({ name, value, field: writable(description, name, as) }));
  const named = fieldsOf(values);
  const unwritable = named.filter(({ field }) => field === null).map(({ name }) => name);
  if (unwritable.length > 0) {
    const message = `${description.name} has no such field that we may write: ${unwritable.join(', ')}.`;
    const refusal = { code: 'record_rejected', message, fields: unwritable, unwritableFields: unwritable } as const;
    return { ok: false, refusal };
  }
  const known = [...fieldsOf(besides), ...named].filter(isKnown);
  const odd = known.filter(({ field, value }) => isOfOtherType(field, value)).map(({ name }) => name);
  if (odd.length > 0) {
    const message = `Not a value of such a field: ${odd.join(', ')}.`;
    return { ok: false, refusal: { code: 'record_rejected', message, fields: odd } };
  }
  return {
    ok: true,
    body: Object.fromEntries(known.map(({ field, value }) => [field.name, toSalesforceValue(field, value)])),
  };
}

type Named = { readonly name: string; readonly value: string | null; readonly field: SalesforceField | null };

function isKnown(named: Named): named is Named & { field: SalesforceField } {
  return named.field !== null;
}
