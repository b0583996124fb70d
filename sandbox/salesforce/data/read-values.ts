import { badRequest, RecordRefusal } from '../errors.ts';
import type { Field } from '../schema/field.ts';
import { fieldOf } from '../schema/object-type.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { columnOf } from '../schema/org-schema.ts';
import { writable } from '../state/access.ts';
import type { Value } from '../state/table.ts';
import { readValue } from './read-value.ts';
import type { Writer } from './writer.ts';

export type Given = Readonly<Record<string, unknown>>;
export type Values = Record<string, Value>;

const NOT_COLUMNS = ['attributes', 'id'];

export interface ReadValuesInput {
  type: ObjectType;
  given: Given;
  inserts: boolean;
}

/** What a client wants written, by canonical column name. */
export function readValues(writer: Writer, input: ReadValuesInput): Values {
  const fields = Object.keys(input.given)
    .filter((name) => !NOT_COLUMNS.includes(name.toLowerCase()))
    .map((name) => [name, columnFor(writer, input, name)] as const);
  refuseUnwritable(
    writer,
    input,
    fields.map(([, field]) => field),
  );
  return Object.fromEntries(
    fields.map(([name, field]) => [field.name, readValue(writer.org, field, input.given[name])]),
  );
}

/** A column that nobody has spoils the request, before any record of it is looked at. */
function columnFor({ org, via }: Writer, { type }: ReadValuesInput, name: string): Field {
  const field = via === 'person' ? columnOf(type, name, org.namespace) : fieldOf(type, name);
  if (!field) throw badRequest('INVALID_FIELD', `No such column '${name}' on sobject of type ${type.name}`);
  return field;
}

function refuseUnwritable({ org, via }: Writer, { type, inserts }: ReadValuesInput, fields: readonly Field[]): void {
  if (via === 'person') return;
  const names = fields
    .filter((field) => {
      const may = writable(org, type, field);
      return !(inserts ? may.create : may.update);
    })
    .map(({ name }) => name);
  if (names.length > 0)
    throw new RecordRefusal(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      { fields: names },
    );
}
