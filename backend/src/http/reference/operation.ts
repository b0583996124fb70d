import type { OpenApiDocument, OpenApiOperation, PlacedOperation } from '../openapi/document.ts';
import { answerSamples, answersSection } from './answers.ts';
import { curlOf } from './curl.ts';
import { operationErrors, type Refusal } from './errors-table.ts';
import { fieldList, typeOf } from './field-list.ts';
import { html, type Html } from './html.ts';
import { renderInline } from './markdown.ts';
import { parametersTable } from './parameters-table.ts';
import { sample } from './sample.ts';

export type OperationInput = {
  readonly document: OpenApiDocument;
  readonly placed: PlacedOperation;
  readonly shared: readonly Refusal[];
};

/** One operation: what it means on one side, what it looks like on the other. */
export function operationArticle({ document, placed, shared }: OperationInput): Html {
  const { operation, method, path } = placed;
  const { operationId, summary, description } = operation;
  return html`<article id="${operationId}" aria-labelledby="${operationId}-title">
    <div class="meaning">
      <h3 id="${operationId}-title">${summary}</h3>
      <p class="endpoint">${methodBadge(method)} <code>${pathParts(path)}</code></p>
      <p class="auth">${authWords(document, operation)}</p>
      ${description === undefined ? null : html`<p>${renderInline(description)}</p>`}
      ${parametersTable(operation.parameters)} ${bodySection(document, operation)}
      ${answersSection(document, operation)} ${operationErrors(operation, shared)}
    </div>
    <div class="looks">${requestSample(document, placed)} ${answerSamples(operation)}</div>
  </article>`;
}

export function methodBadge(method: string): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span>`;
}

/** Placeholders stand out. A long path may break at every slash. */
function pathParts(path: string): readonly Html[] {
  return path
    .split(/(?=\/)/)
    .map((part) => (part.startsWith('/{') ? html`<wbr />/<var>${part.slice(1)}</var>` : html`<wbr />${part}`));
}

function authWords(document: OpenApiDocument, { security }: OpenApiOperation): Html {
  const names = security.flatMap((requirement) => Object.keys(requirement));
  if (names.length === 0) return html`No key needed`;
  if (names.includes('formKey')) {
    const { description = '' } = document.components.securitySchemes['formKey'] ?? {};
    return html`Needs an <a href="#authentication">API key</a> or a form key. ${renderInline(description)}`;
  }
  if (names.includes('apiKey')) return html`Needs an <a href="#authentication">API key</a>`;
  const schemes = names.map((name) => document.components.securitySchemes[name]?.description ?? name);
  return html`${renderInline(schemes.join(' '))}`;
}

function bodySection(document: OpenApiDocument, { requestBody }: OpenApiOperation): Html | null {
  const schema = requestBody?.content['application/json']?.schema;
  if (!requestBody || !schema) return null;
  const input = { document, objects: 'open' } as const;
  const fields = fieldList(input, schema);
  return html`<h4>Request body</h4>
    ${requestBody.required ? null : html`<p>May be left out.</p>`}
    ${fields ?? html`<p>A JSON value: ${typeOf(input, schema)}.</p>`}`;
}

function requestSample(document: OpenApiDocument, placed: PlacedOperation): Html | null {
  const code = curlOf(placed, document.servers[0]?.url ?? '');
  if (code !== null) {
    return sample({ label: `Request of ${placed.operation.operationId}`, code, title: html`Request` });
  }
  return null;
}
