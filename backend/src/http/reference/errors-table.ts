import { operationsOf, type OpenApiDocument, type OpenApiOperation } from '../openapi/document.ts';
import { breakable, html, type Html } from './html.ts';
import { renderInline } from './markdown.ts';
import { prettyJson, sample } from './sample.ts';

/** One code that an operation may be refused with. */
export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The whole body; null where the refusal is a page. */
  readonly body: unknown;
  /** It carries more than the four members every refusal has. */
  readonly hasFacts: boolean;
};

export function refusalsOf(operation: OpenApiOperation): readonly Refusal[] {
  return Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
    Object.values(content).flatMap(({ examples = {} }) =>
      Object.entries(examples).map(([code, { summary, value }]) => {
        const { error = {} } = (typeof value === 'object' ? value : {}) as { error?: Record<string, unknown> };
        return {
          status: Number(status),
          code,
          message: summary,
          remedy: typeof error['remedy'] === 'string' ? error['remedy'] : '',
          body: typeof value === 'object' ? value : null,
          hasFacts: Object.keys(error).length > 4,
        };
      }),
    ),
  );
}

/** Said once for all: what many operations may be refused with. One example for each code, by status. */
export function sharedRefusals(document: OpenApiDocument): readonly Refusal[] {
  const operations = operationsOf(document);
  const byCode = Map.groupBy(
    operations.flatMap(({ operation }) => refusalsOf(operation)),
    ({ code }) => code,
  );
  const many = Math.max(4, operations.length / 8);
  return [...byCode.values()]
    .filter((refusals) => refusals.length >= many)
    .flatMap((refusals) => refusals.slice(0, 1))
    .sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}

/** What is particular to one operation; the shared ones are only named, and lead to where they are explained. */
export function operationErrors(operation: OpenApiOperation, shared: readonly Refusal[]): Html | null {
  const known = new Set(shared.map(({ code }) => code));
  const [general, own] = [true, false].map((isShared) =>
    refusalsOf(operation).filter(({ code }) => known.has(code) === isShared),
  ) as [Refusal[], Refusal[]];
  if (general.length + own.length === 0) return null;
  const names = general.map(
    ({ code, status }, index) => html`${index === 0 ? null : ', '}<a href="#error-${code}">${status} ${code}</a>`,
  );
  const also = html`<p class="also">${own.length === 0 ? 'Shared ones: ' : 'And the shared ones: '}${names}.</p>`;
  return html`<h4>Errors</h4>
    ${own.length === 0 ? null : errorsTable(own)} ${general.length === 0 ? null : also}`;
}

export function errorsTable(refusals: readonly Refusal[], rowIds: 'with ids' | 'plain' = 'plain'): Html {
  return html`<table class="errors">
    <thead>
      <tr>
        <th scope="col">Error</th>
        <th scope="col">What happened, and what to do</th>
      </tr>
    </thead>
    <tbody>
      ${refusals.map((refusal) => errorRow(refusal, rowIds))}
    </tbody>
  </table>`;
}

function errorRow({ status, code, message, remedy, body, hasFacts }: Refusal, rowIds: 'with ids' | 'plain'): Html {
  const row = html`<th scope="row">
      <span class="status refused">${status}</span> <code class="name">${breakable(code)}</code>
    </th>
    <td>
      <p>${renderInline(message)}</p>
      ${remedy === '' ? null : html`<p class="facts">${renderInline(remedy)}</p>`}
      ${body === null || !(hasFacts || rowIds === 'with ids') ? null : bodyDetails(code, body)}
    </td>`;
  return rowIds === 'with ids'
    ? html`<tr id="error-${code}">
        ${row}
      </tr>`
    : html`<tr>
        ${row}
      </tr>`;
}

function bodyDetails(code: string, body: unknown): Html {
  return html`<details>
    <summary>Example body</summary>
    ${sample({ label: `Body of ${code}`, code: prettyJson(body), language: 'json' })}
  </details>`;
}
