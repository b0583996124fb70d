import { linkChildren } from './org-schema.ts';
import type { Schema } from './org-schema.ts';

export interface CompleteSchemaInput {
  /** as a new org would have it */
  fresh: Schema;
  /** `object.column` that somebody took away, in lower case */
  removed: ReadonlySet<string>;
  nowMs: number;
}

/** A schema that an older version of the sandbox wrote gets what came since. */
export function completeSchema(schema: Schema, { fresh, removed, nowMs }: CompleteSchemaInput): void {
  for (const [key, type] of fresh) {
    const kept = schema.get(key);
    if (!kept) schema.set(key, type);
    else
      for (const [name, field] of type.fields)
        if (!kept.fields.has(name) && !removed.has(`${key}.${name}`)) {
          kept.fields.set(name, field);
          kept.changedAtMs = nowMs;
        }
  }
  linkChildren(schema);
}
