import { parseQuery } from '@jetstreamapp/soql-parser-js';
import type { Query } from '@jetstreamapp/soql-parser-js';

import { RecordRefusal } from '../errors.ts';
import { fieldOf } from '../schema/object-type.ts';
import type { Org } from '../state/org.ts';
import type { Row } from '../state/table.ts';

const SUPPORTED = ['Account', 'Campaign', 'Contact', 'Lead', 'Opportunity', 'Task'];

/** A topic's query is a small part of SOQL: one object, its own columns, no more than a filter. */
export function checkPushTopic(org: Org, row: Row): void {
  const query = parsed(String(row['Query'] ?? ''));
  const type = org.schema.get((query.sObject ?? '').toLowerCase());
  if (!type || !(type.custom || SUPPORTED.includes(type.name)))
    throw refusal(`entity ${query.sObject ?? ''} is not supported`);
  if (query.limit !== undefined || query.offset !== undefined || query.orderBy || query.groupBy)
    throw refusal('LIMIT, OFFSET, ORDER BY and GROUP BY are not supported');
  const names = (query.fields ?? []).map((field) => {
    if (field.type !== 'Field') throw refusal('relationships, functions and subqueries are not supported');
    return field.field;
  });
  if (!names.some((name) => name.toLowerCase() === 'id')) throw refusal('the query must select Id');
  for (const name of names)
    if (!fieldOf(type, name)) throw refusal(`No such column '${name}' on entity '${type.name}'`);
  if (/\bNOT\b/i.test(withoutTexts(String(row['Query'])))) throw refusal('NOT is not supported');
  if (/\bIN\s*\(\s*SELECT\b/i.test(String(row['Query']))) throw refusal('semi-joins are not supported');
  checkVersion(type.custom, row['ApiVersion']);
}

const withoutTexts = (soql: string): string => soql.replaceAll(/'(\\.|[^'\\])*'/g, "''");

function parsed(soql: string): Query {
  try {
    return parseQuery(soql);
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

function checkVersion(custom: boolean, version: unknown): void {
  const known = typeof version === 'number' && version >= 37 && version <= 68;
  if (!known || (custom && version !== 67))
    throw new RecordRefusal('INVALID_FIELD', `API version: invalid version ${String(version)}`, {
      fields: ['ApiVersion'],
    });
}

const refusal = (reason: string): RecordRefusal =>
  new RecordRefusal('INVALID_FIELD', `Query: ${reason}`, { fields: ['QUERY'] });
