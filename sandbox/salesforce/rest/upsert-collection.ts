import { insertRecord, updateRecord } from '../data/save-record.ts';
import type { Writer } from '../data/writer.ts';
import { badRequest, RecordRefusal } from '../errors.ts';
import { dataCall, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { readId } from '../ids.ts';
import type { Field } from '../schema/field.ts';
import { apiWriter } from './api-writer.ts';
import { collectionIn, eachRecord, idIn } from './collections.ts';
import type { CollectionItem } from './collections.ts';
import { externalIdField, typeInPath } from './find-type.ts';

/** PATCH /composite/sobjects/:object/:field */
export function upsertRecords(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const type = typeInPath(call.org, exchange.params['object'] ?? '');
  const field = externalIdField(call.org, type, exchange.params['field'] ?? '');
  const { items, allOrNone } = collectionIn(call);
  if (items.some((item) => item.type !== type))
    throw badRequest('INVALID_INPUT', `Every record has to be of the type in the address, ${type.name}`);
  const repeated = repeatedKeys(items, field);
  const writer = apiWriter(call);
  return ok(
    eachRecord(call, { items, allOrNone }, (item) => {
      const key = keyIn(item, field);
      if (key === null) throw new RecordRefusal('MISSING_ARGUMENT', `${field.name} not specified`);
      if (repeated.has(key)) throw new RecordRefusal('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`);
      return upsert(writer, { item, field, key });
    }),
  );
}

function keyIn({ record }: CollectionItem, field: Field): string | null {
  if (field.name === 'Id') return readId(idIn(record));
  const name = Object.keys(record).find((each) => each.toLowerCase() === field.name.toLowerCase());
  const value = name === undefined ? null : record[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Every record that shares its key with another of the call is refused, the first one too. */
function repeatedKeys(items: readonly CollectionItem[], field: Field): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const item of items) {
    const key = keyIn(item, field);
    if (key !== null && seen.has(key)) repeated.add(key);
    if (key !== null) seen.add(key);
  }
  return repeated;
}

function upsert(
  writer: Writer,
  { item, field, key }: { item: CollectionItem; field: Field; key: string },
): { id: string; created: boolean } {
  if (field.name !== 'Id' && idIn(item.record) !== undefined)
    throw new RecordRefusal(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'The Id field should not be specified in the sobject data.',
      {
        fields: ['Id'],
      },
    );
  const rows = writer.org.tables
    .of(item.type.name)
    .having(field.name, [key])
    .filter((row) => row['IsDeleted'] === false && (!field.caseSensitive || row[field.name] === key));
  if (rows.length > 1)
    throw new RecordRefusal('DUPLICATE_EXTERNAL_ID', `Duplicate external id found: ${key}`, { fields: [field.name] });
  const id = rows[0]?.['Id'];
  if (typeof id !== 'string') {
    if (field.name === 'Id') throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    return { id: insertRecord(writer, item.type, item.record), created: true };
  }
  updateRecord(writer, id, withoutKey(item.record, field));
  return { id, created: false };
}

/** The key of a record that is there already is no change of it. */
const withoutKey = (record: Record<string, unknown>, field: Field): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name.toLowerCase() !== field.name.toLowerCase()));
