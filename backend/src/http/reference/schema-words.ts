import { plainText, referredName, type JsonSchema } from '../openapi/document.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

/** The schema without its "or null", and whether it had one. */
export function withoutNull(schema: JsonSchema): { readonly schema: JsonSchema; readonly nullable: boolean } {
  const choices = choicesOf(schema);
  const rest = choices.filter(({ type }) => type !== 'null');
  if (choices.length === 0 || rest.length === choices.length) return { schema, nullable: false };
  const { anyOf: _anyOf, oneOf: _oneOf, ...own } = schema;
  const [only] = rest;
  return { schema: rest.length === 1 && only ? { ...only, ...own } : { ...own, anyOf: rest }, nullable: true };
}

/** The alternatives of a union. */
export function choicesOf(schema: JsonSchema): readonly JsonSchema[] {
  const choices = schema['oneOf'] ?? schema['anyOf'];
  return Array.isArray(choices) ? (choices as JsonSchema[]) : [];
}

export function itemsOf(schema: JsonSchema): JsonSchema | null {
  const { items } = schema;
  return typeof items === 'object' && items !== null ? (items as JsonSchema) : null;
}

/** What the values of a map look like; null when the schema is no map. */
export function valuesOf(schema: JsonSchema): JsonSchema | null {
  const { additionalProperties, properties } = schema;
  if (properties !== undefined || typeof additionalProperties !== 'object' || additionalProperties === null)
    return null;
  return additionalProperties as JsonSchema;
}

/** The kind of value as developers call it: `string`, `array of objects`, `integer or null`. */
export function typeWords(given: JsonSchema): string {
  const { schema, nullable } = withoutNull(given);
  return nullable ? `${typeOf(schema)} or null` : typeOf(schema);
}

function typeOf(schema: JsonSchema): string {
  const name = referredName(schema);
  if (name !== null) return name.replace(/Input$/, '');
  const items = itemsOf(schema);
  if (items) return `array of ${plural(typeWords(items))}`;
  const values = valuesOf(schema);
  if (values) return Object.keys(values).length === 0 ? 'object' : `map to ${typeWords(values)}`;
  const choices = choicesOf(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeWords))].join(' or ');
  if (schema['format'] === 'date-time') return 'timestamp';
  const { type = typeof (schema['const'] ?? firstChoice(schema)) } = schema;
  if (schema['type'] === undefined && schema['const'] === undefined && !schema['enum']) return 'anything';
  return plainText(type);
}

function firstChoice({ enum: choices }: JsonSchema): unknown {
  return Array.isArray(choices) ? (choices[0] as unknown) : undefined;
}

function plural(words: string): string {
  return /^(anything|array|map)\b/.test(words) ? words : `${words}s`;
}

/** Limits and formats in plain words, with code in backticks. A pattern says less than an example does. */
export function constraintsOf(given: JsonSchema, example: unknown = firstExample(given)): readonly string[] {
  const { schema } = withoutNull(given);
  const { const: only, enum: choices, format, pattern } = schema;
  const isPlain = typeof pattern === 'string' && format === undefined && example === undefined;
  return [
    ...(only === undefined ? [] : [`Always \`${plainText(only)}\`.`]),
    ...(Array.isArray(choices) ? [`One of ${choices.map((choice) => `\`${plainText(choice)}\``).join(', ')}.`] : []),
    ...range(schema, ['minLength', 'maxLength'], 'characters'),
    ...range(schema, ['minItems', 'maxItems'], 'items'),
    ...range(schema, ['minimum', 'maximum'], ''),
    ...(typeof format === 'string' && format !== 'date-time' ? [`Format: ${format}.`] : []),
    ...(isPlain ? [`Matches \`${pattern}\`.`] : []),
    ...(only === undefined ? presetOf(given) : []),
    // A choice or a default is an example already.
    ...(Array.isArray(choices) || example === given['default'] ? [] : exampleWords(example)),
  ];
}

function firstExample(given: JsonSchema): unknown {
  const { examples } = given['examples'] ? given : withoutNull(given).schema;
  return Array.isArray(examples) ? (examples[0] as unknown) : undefined;
}

function exampleWords(example: unknown): string[] {
  if (example === undefined) return [];
  return [`Example: \`${plainText(example)}\`.`];
}

function presetOf({ default: preset }: JsonSchema): string[] {
  // Long defaults are in the example, where they can be read.
  const text = preset === undefined ? '' : JSON.stringify(preset);
  return text === '' || text.length > 60 ? [] : [`Default: \`${text}\`.`];
}

function range(schema: JsonSchema, [low, high]: readonly [string, string], unit: string): string[] {
  const least = bound(schema[low]);
  const most = bound(schema[high]);
  const words = unit === '' ? '' : ` ${unit}`;
  if (least === null && most === null) return [];
  if (least !== null && most !== null) return [`${least} to ${most}${words}.`];
  return [least === null ? `At most ${String(most)}${words}.` : `At least ${least}${words}.`];
}

function bound(value: unknown): number | null {
  return typeof value === 'number' && Math.abs(value) < LARGEST ? value : null;
}
