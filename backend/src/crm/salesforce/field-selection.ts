import { isLeadField, LEAD_PREFIX } from '../../../../shared/person-fields.ts';
import type { JsonObject } from '../answer-shape.ts';
import type { FieldValues } from '../port.ts';
import { fromSalesforceValue } from './mapping.ts';
import type { ObjectDescription } from './object-description.ts';

/** The name Salesforce has for what was asked, on this object; null when it is a field of another one. */
export function nameOnObject(sobject: string, asked: string): string | null {
  if (!isLeadField(asked)) return asked;
  return sobject === 'Lead' ? asked.slice(LEAD_PREFIX.length) : null;
}

/** The fields of one object that a read asks for: by the name it was asked under, the name Salesforce has for it. */
export class FieldSelection {
  readonly #names: ReadonlyMap<string, string>;
  readonly #sobject: string;
  /** False where every record is of the one type that nobody made. */
  readonly hasRecordTypes: boolean;

  /** Names the object does not have, or the user may not see, are not asked for: one would fail the whole read (E23). */
  constructor(description: ObjectDescription, asked: readonly string[]) {
    const names = new Map<string, string>();
    for (const name of asked) {
      const field = description.find(nameOnObject(description.name, name) ?? '');
      if (field !== null) names.set(name, field.name);
    }
    this.#names = names;
    this.#sobject = description.name;
    this.hasRecordTypes = description.recordTypes.some(({ master }) => !master);
  }

  get names(): readonly string[] {
    return [...new Set(this.#names.values())];
  }

  /**
   * Of the fields asked for those the row states, and null for those of another object. One the object does not have, or
   * the user may not see, is absent: that says nothing about what it holds.
   */
  pick(row: JsonObject, asked: readonly string[]): FieldValues {
    const values: Record<string, string | null> = {};
    for (const name of asked) {
      const field = this.#names.get(name);
      if (field !== undefined && Object.hasOwn(row, field)) values[name] = fromSalesforceValue(row[field]);
      else if (nameOnObject(this.#sobject, name) === null) values[name] = null;
    }
    return values;
  }
}
