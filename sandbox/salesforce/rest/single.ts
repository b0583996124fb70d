import { deleteRecord } from '../data/delete-record.ts';
import type { Given } from '../data/read-values.ts';
import { insertRecord, updateRecord } from '../data/save-record.ts';
import { badRequest, notFound, noSuchColumn, SalesforceError } from '../errors.ts';
import { objectBody } from '../http/body.ts';
import { dataCall, noContent, ok } from '../http/exchange.ts';
import type { DataCall, Exchange, Reply } from '../http/exchange.ts';
import { readId } from '../ids.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { attributesOf } from '../soql/project.ts';
import { visibleField, visibleFields } from '../state/access.ts';
import type { Row } from '../state/table.ts';
import { apiWriter } from './api-writer.ts';
import { externalIdField, idInPath, typeInPath } from './find-type.ts';

const created = (id: string, more: object = {}): Reply => ({
  status: 201,
  body: { id, success: true, errors: [], ...more },
});

/** POST /sobjects/:object */
export function createRecord(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const type = typeInPath(call.org, exchange.params['object'] ?? '');
  return created(insertRecord(apiWriter(call), type, givenIn(exchange)));
}

/** The record's id stands in the path and nowhere else. */
function givenIn({ body }: Exchange): Given {
  const given = objectBody(body);
  const id = Object.keys(given).find((name) => name.toLowerCase() === 'id');
  if (id !== undefined)
    throw badRequest('INVALID_FIELD', `The ${id} field should not be specified in the sobject data.`);
  return given;
}

/** PATCH /sobjects/:object/:id */
export function changeRecord(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const row = existing(call, idInPath(exchange.params['id'] ?? ''));
  updateRecord(apiWriter(call), row['Id'] as string, givenIn(exchange));
  return noContent();
}

/** DELETE /sobjects/:object/:id */
export function removeRecord(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  deleteRecord(apiWriter(call), existing(call, idInPath(exchange.params['id'] ?? ''))['Id'] as string);
  return noContent();
}

function existing({ exchange, org }: DataCall, id: string): Row {
  const type = typeInPath(org, exchange.params['object'] ?? '');
  const row = org.tables.of(type.name).get(id);
  if (!row) throw notFound('Provided external ID field does not exist or is not accessible: id');
  return row;
}

/** GET /sobjects/:object/:id?fields= */
export function readRecord(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const type = typeInPath(call.org, exchange.params['object'] ?? '');
  const row = existing(call, idInPath(exchange.params['id'] ?? ''));
  if (row['IsDeleted'] === true) throw deleted();
  return ok(shown(call, type, row));
}

const deleted = (): SalesforceError =>
  new SalesforceError({ status: 404, errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] });

function shown({ exchange, org, version }: DataCall, type: ObjectType, row: Row): Record<string, unknown> {
  const asked = exchange.query.get('fields')?.split(',');
  const fields = asked
    ? asked.map((name) => visibleField(org, type, name.trim()) ?? missing(name, type))
    : visibleFields(org, type);
  return {
    attributes: attributesOf(type.name, row['Id'], version),
    ...Object.fromEntries(fields.map(({ name }) => [name, row[name] ?? null])),
    Id: row['Id'],
  };
}

function missing(name: string, type: ObjectType): never {
  throw noSuchColumn(name, type.name);
}

/** The live rows that have this value in the column of the path. */
function namedRows({ exchange, org }: DataCall): { type: ObjectType; field: string; rows: Row[] } {
  const type = typeInPath(org, exchange.params['object'] ?? '');
  const { name, caseSensitive } = externalIdField(org, type, exchange.params['field'] ?? '');
  const value = exchange.params['value'] ?? '';
  const rows = org.tables
    .of(type.name)
    .having(name, [name === 'Id' ? readId(value) : value])
    .filter((row) => row['IsDeleted'] === false && (!caseSensitive || row[name] === value));
  return { type, field: name, rows };
}

function onlyOne({ version }: DataCall, { type, rows }: { type: ObjectType; rows: Row[] }): Row | null {
  if (rows.length > 1) {
    const body = rows.map((row) => attributesOf(type.name, row['Id'], version).url);
    throw new SalesforceError({
      status: 300,
      errorCode: 'MULTIPLE_CHOICES',
      message: 'several records have this value',
      body,
    });
  }
  return rows[0] ?? null;
}

/** GET /sobjects/:object/:field/:value */
export function readByExternalId(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const named = namedRows(call);
  const row = onlyOne(call, named);
  if (!row) throw notFound();
  return ok(shown(call, named.type, row));
}

/** PATCH /sobjects/:object/:field/:value */
export function upsertRecord(exchange: Exchange): Reply {
  const call = dataCall(exchange);
  const named = namedRows(call);
  const row = onlyOne(call, named);
  const given = givenIn(exchange);
  if (Object.keys(given).some((name) => name.toLowerCase() === named.field.toLowerCase()))
    throw badRequest('INVALID_FIELD', `The ${named.field} field should not be specified in the sobject data.`);
  if (row) {
    updateRecord(apiWriter(call), row['Id'] as string, given);
    return ok({ id: row['Id'], success: true, errors: [], created: false });
  }
  if (named.field === 'Id') throw notFound();
  const id = insertRecord(apiWriter(call), named.type, { ...given, [named.field]: exchange.params['value'] });
  return created(id, { created: true });
}
