import * as z from 'zod';
import type { JsonSchema } from './document.ts';

export type SchemaDirection = 'input' | 'output';

/** Schemas with a name of their own, each once; filled while operations are described. */
export type SchemaComponents = Record<string, JsonSchema>;

/** A JSON Schema; schemas with an id move to the components, where each stands once. */
export function schemaOf(schema: z.ZodType, io: SchemaDirection, components: SchemaComponents): JsonSchema {
  const suffix = io === 'input' ? 'Input' : '';
  const json = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as JsonSchema;
  const { $defs = {}, $schema: _dialect, ...root } = json as { $defs?: Record<string, JsonSchema>; $schema?: string };
  for (const [id, definition] of Object.entries($defs)) components[id + suffix] = relink(definition, suffix);
  return relink(root, suffix);
}

/** References into `$defs` become references into the components. Our ids and zod's patterns hold no such text. */
function relink(value: JsonSchema, suffix: string): JsonSchema {
  const text = JSON.stringify(value).replace(/"#\/\$defs\/(\w+)"/g, `"#/components/schemas/$1${suffix}"`);
  const { id: _id, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}

/** What a schema says of itself that may stand as an example: its own, else its default or first choice. */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, default: preset, enum: choices, const: only, type } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0] as unknown;
  if (preset !== undefined && preset !== null) return preset;
  if (Array.isArray(choices)) return choices[0] as unknown;
  if (only !== undefined) return only;
  return type === 'boolean' ? true : undefined;
}
