import type { JsonSchema, OpenApiDocument } from '../openapi/document.ts';
import { fieldList } from './field-list.ts';
import { html, type Html } from './html.ts';
import { renderInline } from './markdown.ts';

/** The objects that answers name, each once. Those of requests are spelled out where they are sent. */
export function objectsSection(document: OpenApiDocument): Html {
  const objects = Object.entries(document.components.schemas).filter(
    ([name, schema]) => !name.endsWith('Input') && schema['properties'] !== undefined,
  );
  return html`<section aria-labelledby="objects">
    <h2 id="objects">Objects</h2>
    <p>What answers are made of. Every field is present, unless it says that it may be absent.</p>
    ${objects.map(([name, schema]) => objectBlock(document, name, schema))}
  </section>`;
}

function objectBlock(document: OpenApiDocument, name: string, schema: JsonSchema): Html {
  const { description } = schema;
  return html`<div class="object">
    <h3 id="object-${name}">${name}</h3>
    ${typeof description === 'string' ? html`<p>${renderInline(description)}</p>` : null}
    <details>
      <summary>Fields of ${name}</summary>
      ${fieldList({ document, objects: 'linked' }, schema)}
    </details>
  </div>`;
}
