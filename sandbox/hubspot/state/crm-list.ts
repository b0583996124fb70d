import type { Filter } from '../schema/filter.ts';
import type { ObjectTypeId } from '../schema/object-type-id.ts';

/** What people call static, active, and static after a first evaluation. */
export type ProcessingType = 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT';

export interface ListDefinition {
  listId: string;
  name: string;
  objectTypeId: ObjectTypeId;
  processingType: ProcessingType;
  /** every one has to hold; none on a MANUAL list */
  filters: Filter[];
  createdById: string;
}

/** A list of records; HubSpot's screens call it a segment. */
export interface CrmList extends ListDefinition {
  createdAtMs: number;
  updatedAtMs: number;
  filtersUpdatedAtMs: number;
  /** a deleted list stays readable by its id, but is found by no search */
  deletedAtMs: number | null;
  /** record id -> when it joined */
  joinedAtMs: Map<number, number>;
  /** the same ids, ascending, so that a page costs no sorting */
  order: number[];
  lastAddedAtMs: number | null;
  lastRemovedAtMs: number | null;
}
