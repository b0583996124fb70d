import type { ObjectType } from '../schema/object-type.ts';
import type { Row } from '../state/table.ts';
import type { Values } from './read-values.ts';

/** A record on its way in. */
export interface RuleInput {
  type: ObjectType;
  row: Values;
  before: Row | null;
}
