import { deleteRecord } from '../data/delete-record.ts';
import { insertRecord, updateRecord } from '../data/save-record.ts';
import { badRequest, RecordRefusal } from '../errors.ts';
import { objectBody } from '../http/body.ts';
import { dataCall, ok } from '../http/exchange.ts';
import type { DataCall, Exchange, Reply } from '../http/exchange.ts';
import { readId } from '../ids.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { visibleType } from '../state/access.ts';
import { typeOfId } from '../state/find-row.ts';
import { apiWriter } from './api-writer.ts';
import { refusedRecord } from './refused-write.ts';

export const LARGEST_COLLECTION = 200;
const MOST_CHUNKS = 10;

export interface CollectionItem {
  type: ObjectType;
  record: Record<string, unknown>;
}

interface Result {
  id?: string;
  success: boolean;
  errors: unknown[];
  created?: boolean;
}

/** POST /composite/sobjects */
export function createRecords(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const { items, allOrNone } = collectionIn(call);
  const writer = apiWriter(call);
  return ok(
    eachRecord(call, { items, allOrNone }, ({ type, record }) => {
      if (idIn(record) !== undefined)
        throw new RecordRefusal('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', {
          fields: ['Id'],
        });
      return { id: insertRecord(writer, type, record) };
    }),
  );
}

/** PATCH /composite/sobjects */
export function updateRecords(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const { items, allOrNone } = collectionIn(call);
  const writer = apiWriter(call);
  const seen = new Set<string>();
  return ok(
    eachRecord(call, { items, allOrNone }, ({ type, record }) => {
      const given = idIn(record);
      if (given === undefined) throw new RecordRefusal('MISSING_ARGUMENT', 'Id not specified in an update call');
      const id = readId(given);
      if (id === null || (typeOfId(call.org, id) ?? type) !== type)
        throw new RecordRefusal(
          'MALFORMED_ID',
          `${type.label} ID: id value of incorrect type: ${JSON.stringify(given)}`,
          {
            fields: ['Id'],
          },
        );
      if (seen.has(id)) throw new RecordRefusal('DUPLICATE_VALUE', `Duplicate id specified: ${id}`);
      seen.add(id);
      updateRecord(writer, id, record);
      return { id };
    }),
  );
}

/** DELETE /composite/sobjects?ids=&allOrNone= */
export function deleteRecords(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const ids = exchange.query.get('ids')?.split(',') ?? [];
  if (ids.length === 0) throw badRequest('MISSING_ARGUMENT', 'The ids parameter is required');
  if (ids.length > LARGEST_COLLECTION) throw tooMany();
  const writer = apiWriter(call);
  const allOrNone = exchange.query.get('allOrNone') === 'true';
  return ok(
    eachRecord(call, { items: ids, allOrNone }, (given) => {
      const id = readId(given);
      if (id === null) throw new RecordRefusal('MALFORMED_ID', `malformed id ${given}`, { fields: ['Id'] });
      deleteRecord(writer, id);
      return { id };
    }),
  );
}

export const idIn = (record: Record<string, unknown>): unknown => record['id'] ?? record['Id'];

const tooMany = () =>
  badRequest(
    'EXCEEDED_MAX_SIZE_REQUEST',
    `record limit reached. cannot submit more than ${LARGEST_COLLECTION} records into this call`,
  );

/** The records of a body, each with its type; unlike neighbours begin a new chunk, and there are at most ten. */
export function collectionIn({ exchange, org }: DataCall): { items: CollectionItem[]; allOrNone: boolean } {
  const { records, allOrNone = false, ...unknown } = objectBody(exchange.body);
  const [surprise] = Object.keys(unknown);
  if (surprise !== undefined) throw badRequest('JSON_PARSER_ERROR', `Unrecognized field "${surprise}"`);
  if (!Array.isArray(records)) throw badRequest('JSON_PARSER_ERROR', 'records must be a list');
  if (typeof allOrNone !== 'boolean') throw badRequest('JSON_PARSER_ERROR', 'allOrNone must be true or false');
  if (records.length > LARGEST_COLLECTION) throw tooMany();
  const items = records.map((record) => {
    const own = objectBody(record);
    const name = (own['attributes'] as { type?: unknown } | undefined)?.type;
    if (typeof name !== 'string') throw badRequest('INVALID_INPUT', 'Each record needs attributes with a type');
    const type = visibleType(org, name);
    if (!type) throw badRequest('INVALID_TYPE', `sObject type '${name}' is not supported.`);
    return { type, record: own };
  });
  const chunks = items.filter(({ type }, index) => items[index - 1]?.type !== type).length;
  if (chunks > MOST_CHUNKS)
    throw badRequest(
      'LIMIT_EXCEEDED',
      `Cannot have more than ${MOST_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  return { items, allOrNone };
}

export interface EachInput<T> {
  items: readonly T[];
  allOrNone: boolean;
}

class RolledBack extends Error {}

/** One result per record in the order given. What spoils the whole request undoes what came before it. */
export function eachRecord<T>(
  { org }: DataCall,
  { items, allOrNone }: EachInput<T>,
  write: (item: T) => Partial<Result>,
): Result[] {
  const results: Result[] = [];
  try {
    org.tables.transaction(() => {
      for (const item of items) results.push(attempt(() => write(item)));
      if (allOrNone && results.some(({ success }) => !success)) throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    return results.map((result) => (result.success ? rolledBack() : result));
  }
  return results;
}

function attempt(write: () => Partial<Result>): Result {
  try {
    const { id, ...more } = write();
    return { ...(id !== undefined && { id }), success: true, errors: [], ...more };
  } catch (error) {
    if (error instanceof RecordRefusal) return refusedRecord(error);
    throw error;
  }
}

const rolledBack = (): Result =>
  refusedRecord(
    new RecordRefusal(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    ),
  );
