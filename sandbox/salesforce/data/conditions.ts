import type { Condition } from '../state/org.ts';
import type { Row, Value } from '../state/table.ts';

/** Whether every condition holds for the row as it would be stored. */
export const allHold = (conditions: readonly Condition[], row: Row): boolean =>
  conditions.every((condition) => (typeof condition === 'function' ? condition(row) : holds(condition, row)));

function holds(
  { field, operator = 'equals', value = null }: Exclude<Condition, (row: Row) => boolean>,
  row: Row,
): boolean {
  const stored = row[field] ?? null;
  switch (operator) {
    case 'equals':
      return stored === value;
    case 'notEquals':
      return stored !== value;
    case 'greater':
      return stored !== null && value !== null && stored > value;
    case 'less':
      return stored !== null && value !== null && stored < value;
    case 'blank':
      return stored === null;
    case 'notBlank':
      return stored !== null;
    case 'contains':
      return textOf(stored).includes(textOf(value));
  }
}

const textOf = (value: Value): string => String(value ?? '').toLowerCase();
