import type { ConditionWithValueQuery, ValueCondition } from '@jetstreamapp/soql-parser-js';

import { badRequest, invalidField, malformedQuery } from '../errors.ts';
import type { Field } from '../schema/field.ts';
import type { Row, Value } from '../state/table.ts';
import type { Semijoin } from './context.ts';
import { patternOf, readLiteral } from './literal.ts';
import { columnAt } from './scope.ts';
import type { Column, Scope } from './scope.ts';

export type Predicate = (row: Row) => boolean;

export interface Compiled {
  test: Predicate;
  /** where an index can answer: the column and the values it may have */
  lookup: { column: string; values: readonly Value[] } | null;
}

const NO_INDEX = null;

export type AnyCondition = ConditionWithValueQuery;

export function compileCondition(scope: Scope, condition: AnyCondition, semijoin: Semijoin): Compiled {
  if (!('field' in condition)) throw malformedQuery('Functions in a WHERE clause are not supported by this sandbox');
  const column = columnAt(scope, condition.field.split('.'));
  const operator = condition.operator.toUpperCase();
  if (!column.field.filterable || column.field.encrypted)
    throw invalidField(`field '${condition.field}' can not be filtered in a query call`);
  if ('valueQuery' in condition) return oneOf(column, semijoin(condition.valueQuery), operator);
  refuseRelativeDates(condition);
  if (operator === 'LIKE') return like(column, condition);
  if (operator === 'IN' || operator === 'NOT IN') return oneOf(column, listOf(column.field, condition), operator);
  return compare(column, condition, operator);
}

function refuseRelativeDates({ value, literalType }: ValueCondition): void {
  if ([literalType ?? []].flat().some((type) => type.startsWith('DATE_')))
    throw malformedQuery(`Relative dates such as ${String(value)} are not supported by this sandbox`);
}

function literals({ value, literalType }: ValueCondition): { text: string; type: string }[] {
  const values = [value].flat();
  const types = [literalType ?? 'STRING'].flat();
  return values.map((text, index) => ({ text, type: types[index] ?? types[0] ?? 'STRING' }));
}

function listOf(field: Field, condition: ValueCondition): Value[] {
  if (!Array.isArray(condition.value)) throw malformedQuery(`${condition.operator} needs a list in parentheses`);
  return literals(condition).map((literal) => readLiteral(field, literal));
}

function like(column: Column, condition: ValueCondition): Compiled {
  const { field } = column;
  if (field.type === 'id' || field.type === 'reference')
    throw badRequest('INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on id field');
  const [literal] = literals(condition);
  if (literal?.type !== 'STRING') throw malformedQuery('LIKE needs a text in quotes');
  readLiteral({ ...field, type: 'string' }, { text: "''", type: 'STRING' });
  const pattern = patternOf(literal.text);
  return { test: (row) => pattern.test(String(column.read(row) ?? '')), lookup: NO_INDEX };
}

const INDEXED = ['id', 'reference', 'email', 'string', 'picklist', 'phone'];

function oneOf(column: Column, values: readonly Value[], operator: string): Compiled {
  const keys = new Set(values.map((value) => keyOf(column.field, value)));
  const included = (row: Row): boolean => keys.has(keyOf(column.field, column.read(row)));
  if (operator === 'NOT IN' || operator === '!=') return { test: (row) => !included(row), lookup: NO_INDEX };
  const indexed = column.path.length === 0 && INDEXED.includes(column.field.type);
  return { test: included, lookup: indexed ? { column: column.field.name, values } : NO_INDEX };
}

const keyOf = ({ caseSensitive, type }: Field, value: Value): Value =>
  typeof value === 'string' && !caseSensitive && type !== 'id' && type !== 'reference' ? value.toLowerCase() : value;

function compare(column: Column, condition: ValueCondition, operator: string): Compiled {
  const [literal] = literals(condition);
  if (!literal || Array.isArray(condition.value)) throw malformedQuery(`unexpected list after ${operator}`);
  const value = readLiteral(column.field, literal);
  if (operator === '=' || operator === '!=') return oneOf(column, [value], operator === '=' ? 'IN' : '!=');
  if (column.field.type === 'boolean')
    throw badRequest('INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on boolean field');
  const key = keyOf(column.field, value);
  const test = ordered(operator, (row) => compareValues(keyOf(column.field, column.read(row)), key));
  return { test: (row) => column.read(row) !== null && key !== null && test(row), lookup: NO_INDEX };
}

function ordered(operator: string, order: (row: Row) => number): Predicate {
  switch (operator) {
    case '<':
      return (row) => order(row) < 0;
    case '<=':
      return (row) => order(row) <= 0;
    case '>':
      return (row) => order(row) > 0;
    case '>=':
      return (row) => order(row) >= 0;
    default:
      throw malformedQuery(`${operator} is not supported by this sandbox`);
  }
}

export function compareValues(one: Value, other: Value): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
}

export const sortKey = keyOf;
