import type { PropertyDefinition, PropertyType } from '../schema/property-definition.ts';
import type { CrmRecord, ObjectStore } from '../state/state.ts';
import { valueOf } from './render.ts';
import type { Filter } from './search-request.ts';
import { instantOf } from './validate-value.ts';

export type Reader = (record: CrmRecord, name: string) => string | null;
type Test = (record: CrmRecord) => boolean;

/** Numbers and times compare as numbers, everything else as lower-case text. */
export function comparable(type: PropertyType, value: string): number | string {
  if (type === 'number') return Number(value);
  if (type === 'date' || type === 'datetime') return instantOf(value) ?? Number.NaN;
  return value.toLowerCase();
}

/** One filter as a test, with its operands prepared once. `read` tells what the index holds. */
export function filterTest(store: ObjectStore, filter: Filter, read: Reader = valueOf): Test {
  const definition = store.properties.get(filter.propertyName) as PropertyDefinition;
  const { propertyName } = filter;
  const judge = judgeOf(definition.type, filter, definition.fieldType === 'checkbox');
  if (filter.operator === 'NOT_HAS_PROPERTY') return (record) => read(record, propertyName) === null;
  return (record) => {
    const value = read(record, propertyName);
    return value !== null && judge(value);
  };
}

function judgeOf(type: PropertyType, filter: Filter, several: boolean): (value: string) => boolean {
  const operand = comparable(type, filter.value ?? '');
  const high = comparable(type, filter.highValue ?? '');
  // HubSpot lower-cases what it indexes but not what IN is given: upper-case values simply match nothing.
  const set = new Set(
    (filter.values ?? []).map((value) =>
      type === 'enumeration' || type === 'string' ? value : comparable(type, value),
    ),
  );
  const parts = (value: string) => (several ? value.split(';') : [value]).map((part) => comparable(type, part));
  const member = (value: string) =>
    parts(value).some((part) => set.has(part)) ||
    (type === 'enumeration' && value.split(';').some((part) => set.has(part)));
  switch (filter.operator) {
    case 'EQ':
      return (value) => parts(value).includes(operand) || comparable(type, value) === operand;
    case 'NEQ':
      return (value) => !parts(value).includes(operand);
    case 'LT':
      return (value) => comparable(type, value) < operand;
    case 'LTE':
      return (value) => comparable(type, value) <= operand;
    case 'GT':
      return (value) => comparable(type, value) > operand;
    case 'GTE':
      return (value) => comparable(type, value) >= operand;
    case 'BETWEEN':
      return (value) => comparable(type, value) >= operand && comparable(type, value) <= high;
    case 'IN':
      return member;
    case 'NOT_IN':
      return (value) => !member(value);
    case 'CONTAINS_TOKEN':
      return tokenTest(filter.value ?? '');
    case 'NOT_CONTAINS_TOKEN': {
      const contains = tokenTest(filter.value ?? '');
      return (value) => !contains(value);
    }
    default:
      return () => true;
  }
}

/** Tokens are runs of letters and digits; `*` stands for any part of one. */
function tokenTest(wanted: string): (value: string) => boolean {
  const patterns = tokens(wanted, /[^\p{L}\p{N}*]+/u).map(
    (token) =>
      new RegExp(
        `^${token
          .split('*')
          .map((part) => part.replace(/[^\p{L}\p{N}]/gu, ''))
          .join('.*')}$`,
        'u',
      ),
  );
  return (value) => {
    const present = tokens(value, /[^\p{L}\p{N}]+/u);
    return patterns.every((pattern) => present.some((token) => pattern.test(token)));
  };
}

const tokens = (text: string, separator: RegExp): string[] => text.toLowerCase().split(separator).filter(Boolean);
