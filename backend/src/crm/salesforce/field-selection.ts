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

  /** Names the object does not have, or the user may not see, are not asked for: one would fail the whole read (E23). */
  constructor(description: ObjectDescription, asked: readonly string[]) {
    const names = new Map<string, string>();
    for (const name of asked) {
      const field = description.find(nameOnObject(description.name, name) ?? '');
      if (field !== null) names.set(name, field.name);
    }
    this.#names = names;
  }

  get names(): readonly string[] {
    return [...new Set(this.#names.values())];
  }

  /** Exactly the fields asked for; null for those Salesforce does not have. */
  pick(row: JsonObject, asked: readonly string[]): FieldValues {
    return Object.fromEntries(asked.map((name) => [name, fromSalesforceValue(row[this.#names.get(name) ?? ''])]));
  }
}
