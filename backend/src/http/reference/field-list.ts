import { referredName, resolveSchema, type JsonSchema, type OpenApiDocument } from '../openapi/document.ts';
import { html, type Html } from './html.ts';
import { renderInline } from './markdown.ts';
import { choicesOf, constraintsOf, itemsOf, typeWords, valuesOf, withoutNull } from './schema-words.ts';

export type FieldListInput = {
  readonly document: OpenApiDocument;
  /** Objects with a name: `open` spells them out in place, `linked` leads to where they stand once. */
  readonly objects: 'open' | 'linked';
};

type Variant = { readonly label: string | null; readonly schema: JsonSchema };

/** The fields of an object, of each kind of a union, or of what a list holds; null when there are none. */
export function fieldList(input: FieldListInput, schema: JsonSchema): Html | null {
  const variants = variantsOf(input, schema, 0).filter(({ schema: { properties } }) => properties !== undefined);
  if (variants.length === 0) return null;
  return html`${variants.map(({ label, schema: object }) => {
    const head = label === null ? null : html`<p class="variant">${renderInline(label)}</p>`;
    const { properties = {}, required = [] } = object as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    const items = Object.entries(properties).map(([name, field]) =>
      fieldItem(input, { name, field, required: required.includes(name) }),
    );
    return html`${head}
      <ul class="fields">
        ${items}
      </ul>`;
  })}`;
}

/** The objects a value may hold, down through lists, maps and names. */
function variantsOf(input: FieldListInput, given: JsonSchema, depth: number): readonly Variant[] {
  const { schema } = withoutNull(given);
  // A name that leads to itself would lead us in circles.
  if (depth > 8) return [];
  if (referredName(schema) !== null) {
    if (input.objects === 'linked') return [];
    return variantsOf(input, resolveSchema(input.document, schema), depth + 1);
  }
  const inner = itemsOf(schema) ?? valuesOf(schema);
  if (inner) return variantsOf(input, inner, depth + 1);
  const choices = choicesOf(schema);
  if (choices.length === 0) return [{ label: null, schema }];
  return choices.flatMap((choice) =>
    variantsOf(input, choice, depth + 1).map((variant) => ({ ...variant, label: variant.label ?? kindOf(variant) })),
  );
}

/** What tells one kind of a union from another. */
function kindOf({ schema }: Variant): string {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const fixed = properties.find(([, { const: only, default: preset }]) => only !== undefined && preset === undefined);
  return fixed ? `When \`${fixed[0]}\` is \`${String(fixed[1]['const'])}\`` : 'Either';
}

function fieldItem(
  input: FieldListInput,
  { name, field, required }: { readonly name: string; readonly field: JsonSchema; readonly required: boolean },
): Html {
  const children = fieldList(input, field);
  const facts = constraintsOf(field);
  const description = descriptionOf(input, field);
  return html`<li>
    <p class="field-head">
      <code class="name">${name}</code> <span class="type">${typeOf(input, field)}</span>
      ${presenceOf(input, required)}
    </p>
    ${description === null ? null : html`<p>${renderInline(description)}</p>`}
    ${facts.length === 0 ? null : html`<p class="facts">${renderInline(facts.join(' '))}</p>`}
    ${
      children === null
        ? null
        : html`<details>
            <summary>Fields of <code>${name}</code></summary>
            ${children}
          </details>`
    }
  </li>`;
}

/** Said where it is not what one expects: a request may leave most fields out, an answer hardly any. */
function presenceOf({ objects }: FieldListInput, required: boolean): Html | null {
  if (objects === 'open') return required ? html` <span class="required">required</span>` : null;
  return required ? null : html` <span class="required">may be absent</span>`;
}

function descriptionOf({ document }: FieldListInput, given: JsonSchema): string | null {
  const { schema } = withoutNull(given);
  const description = given['description'] ?? schema['description'] ?? resolveSchema(document, schema)['description'];
  return typeof description === 'string' ? description : null;
}

/** The kind of value; the name of an object leads to it. */
export function typeOf({ objects }: FieldListInput, given: JsonSchema): Html {
  const words = typeWords(given);
  const { schema } = withoutNull(given);
  const name = referredName(itemsOf(schema) ?? schema);
  if (name === null || objects === 'open') return html`${words}`;
  const [before = '', after = ''] = words.split(name);
  return html`${before}<a href="#object-${name}">${name}</a>${after}`;
}
