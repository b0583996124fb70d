import type { OpenApiParameter } from '../openapi/document.ts';
import { html, type Html } from './html.ts';
import { renderInline } from './markdown.ts';
import { constraintsOf, typeWords } from './schema-words.ts';

const PLACES: Readonly<Record<OpenApiParameter['in'], string>> = { path: 'path', query: 'query', header: 'header' };

/** Two columns, so that it fits a phone: what it is called and what it is, then what it means. */
export function parametersTable(parameters: readonly OpenApiParameter[]): Html | null {
  if (parameters.length === 0) return null;
  return html`<h4>Parameters</h4>
    <table>
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${parameters.map(parameterRow)}
      </tbody>
    </table>`;
}

function parameterRow({ name, in: place, required, description, schema, example }: OpenApiParameter): Html {
  const facts = constraintsOf(schema, example);
  return html`<tr>
    <th scope="row">
      <code class="name">${name}</code>
      <span class="type">${PLACES[place]}, ${typeWords(schema)}</span>
      ${required ? html`<span class="required">required</span>` : null}
    </th>
    <td>
      <p>${renderInline(description)}</p>
      ${facts.length === 0 ? null : html`<p class="facts">${renderInline(facts.join(' '))}</p>`}
    </td>
  </tr>`;
}
