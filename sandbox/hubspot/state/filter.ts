import type { Filter } from '../schema/filter.ts';
import { instantOf } from '../schema/instant.ts';
import type { PropertyDefinition, PropertyType } from '../schema/property-definition.ts';
import type { CrmRecord, ObjectStore } from './state.ts';
import { valueOf } from './value-of.ts';

/** What the index holds of a record's property; `valueOf` when it does not trail. */
export type Reader = (record: CrmRecord, name: string) => string | null;
type Test = (record: CrmRecord) => boolean;
type Comparable = number | string;

const isTime = (type: PropertyType): boolean => type === 'date' || type === 'datetime';

/** What a filter compares with: numbers and times as numbers, everything else as lower-case text. */
function operandOf(type: PropertyType, text = ''): Comparable {
  if (type === 'number') return Number(text);
  return isTime(type) ? (instantOf(text) ?? Number.NaN) : text.toLowerCase();
}

/** A stored value in the same terms; its form is known, so no judging. */
function storedComparable(type: PropertyType, value: string): Comparable {
  if (type === 'number') return Number(value);
  return isTime(type) ? Date.parse(value) : value.toLowerCase();
}

/** The fields a poll filters and sorts by on every record, without the way through text. */
const DIRECT: Record<string, (record: CrmRecord) => number> = {
  hs_object_id: ({ id }) => Number(id),
  createdate: ({ createdAtMs }) => createdAtMs,
  lastmodifieddate: ({ updatedAtMs }) => updatedAtMs,
  hs_lastmodifieddate: ({ updatedAtMs }) => updatedAtMs,
};

export function comparableReader(
  type: PropertyType,
  name: string,
  read: Reader,
): (record: CrmRecord) => Comparable | null {
  const direct = read === valueOf ? DIRECT[name] : undefined;
  if (direct) return direct;
  return (record) => {
    const value = read(record, name);
    return value === null ? null : storedComparable(type, value);
  };
}

/** One filter as a test, with its operands prepared once. A record without a value passes NOT_HAS_PROPERTY only. */
export function filterTest(store: ObjectStore, filter: Filter, read: Reader = valueOf): Test {
  const { propertyName } = filter;
  const { type, fieldType } = store.properties.get(propertyName) as PropertyDefinition;
  if (filter.operator === 'NOT_HAS_PROPERTY') return (record) => read(record, propertyName) === null;
  const compares = fieldType === 'checkbox' ? undefined : comparison(type, filter);
  if (compares) {
    const comparableOf = comparableReader(type, propertyName, read);
    return (record) => {
      const value = comparableOf(record);
      return value !== null && compares(value);
    };
  }
  const judge = textJudge(type, filter);
  return (record) => {
    const value = read(record, propertyName);
    return value !== null && judge(value);
  };
}

function comparison(type: PropertyType, filter: Filter): ((value: Comparable) => boolean) | undefined {
  const operand = operandOf(type, filter.value);
  const high = operandOf(type, filter.highValue);
  const comparisons: Record<string, (value: Comparable) => boolean> = {
    EQ: (value) => value === operand,
    NEQ: (value) => value !== operand,
    LT: (value) => value < operand,
    LTE: (value) => value <= operand,
    GT: (value) => value > operand,
    GTE: (value) => value >= operand,
    BETWEEN: (value) => value >= operand && value <= high,
  };
  return comparisons[filter.operator];
}

function textJudge(type: PropertyType, filter: Filter): (value: string) => boolean {
  const isMember = membership(type, filter);
  const contains = tokenTest(filter.value ?? '');
  switch (filter.operator) {
    case 'EQ':
    case 'IN':
      return isMember;
    case 'NEQ':
    case 'NOT_IN':
      return (value) => !isMember(value);
    case 'CONTAINS_TOKEN':
      return contains;
    case 'NOT_CONTAINS_TOKEN':
      return (value) => !contains(value);
    default:
      return () => true;
  }
}

/**
 * IN compares options as they are, and text in lower case with what it was given unchanged: upper-case values
 * for text simply match nothing, as at HubSpot.
 */
function membership(type: PropertyType, filter: Filter): (value: string) => boolean {
  const given = filter.values ?? [filter.value ?? ''];
  if (type === 'enumeration') return (value) => value.split(';').some((part) => given.includes(part));
  const members = new Set<Comparable>(type === 'string' ? given : given.map((text) => operandOf(type, text)));
  return (value) => members.has(storedComparable(type, value));
}

/** Tokens are runs of letters and digits; `*` stands for any part of one. */
function tokenTest(wanted: string): (value: string) => boolean {
  const patterns = tokens(wanted, /[^\p{L}\p{N}*]+/u).map(
    (token) => new RegExp(`^${token.replaceAll('*', '.*')}$`, 'u'),
  );
  return (value) => {
    const present = tokens(value, /[^\p{L}\p{N}]+/u);
    return patterns.every((pattern) => present.some((token) => pattern.test(token)));
  };
}

const tokens = (text: string, separator: RegExp): string[] => text.toLowerCase().split(separator).filter(Boolean);
