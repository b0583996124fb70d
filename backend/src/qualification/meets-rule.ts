import type { QualificationRule } from '../../../shared/program-definition.ts';
import { compareDecimals } from '../rewards/money.ts';
import { reachedStages } from './fields-to-read.ts';

/** How near a value is to what a rule wants. `nearly`: it differs by case, spaces or Unicode composition only (E11). */
export type Nearness = 'met' | 'nearly' | 'below' | 'value_differs';

/** One value against one rule: internal values only, whole ones, and each part of a multi-select such as `a;b`. */
export function meets(rule: QualificationRule, value: string | null): Nearness {
  return rule.operator === 'at_least' ? reachesNumber(rule, value) : holdsValue(rule, value);
}

function reachesNumber({ values: [least = ''] }: QualificationRule, value: string | null): Nearness {
  const order = compareDecimals(value ?? '', least);
  if (order === null) return 'value_differs';
  return order >= 0 ? 'met' : 'below';
}

function holdsValue(rule: QualificationRule, value: string | null): Nearness {
  const held = valuesHeld(value);
  const wanted = reachedStages(rule)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (wanted.some((one) => held.includes(one))) return 'met';
  const loosely = held.map(loose);
  return wanted.some((one) => loosely.includes(loose(one))) ? 'nearly' : 'value_differs';
}

/** The whole value and, for a multi-select such as `a;b`, each part. */
export function valuesHeld(value: string | null): string[] {
  const parts = [value ?? '', ...(value ?? '').split(';')];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Two values with one loose form differ only by case, spaces or Unicode composition. */
function loose(value: string): string {
  return value.normalize('NFC').toLowerCase().replace(/\s+/g, '');
}
