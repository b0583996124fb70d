import type { OpenApiDocument, OpenApiMedia, OpenApiOperation, OpenApiResponse } from '../openapi/document.ts';
import { fieldList, typeOf } from './field-list.ts';
import { html, type Html } from './html.ts';
import { renderInline } from './markdown.ts';
import { prettyJson, sample } from './sample.ts';

type Answer = { readonly status: string; readonly response: OpenApiResponse; readonly media: OpenApiMedia | null };

/** What the contract names as answers: refusals carry their examples by code and stand in the table of errors. */
function answersOf(operation: OpenApiOperation): readonly Answer[] {
  // What a call is made for stands first: 201 before the 200 of "was there already".
  const sorted = Object.entries(operation.responses).sort(([a], [b]) => rank(a) - rank(b));
  return sorted.flatMap(([status, response]) => {
    const [media] = Object.values(response.content ?? {});
    return media?.examples ? [] : [{ status, response, media: media ?? null }];
  });
}

function rank(status: string): number {
  return status === '201' ? 0 : Number(status);
}

/** Each answer with its fields. */
export function answersSection(document: OpenApiDocument, operation: OpenApiOperation): Html {
  const input = { document, objects: 'linked' } as const;
  const blocks = answersOf(operation).map(({ status, response, media }) => {
    const fields = media && fieldList(input, media.schema);
    const type = media === null ? null : typeOf(input, media.schema);
    const named = type !== null && type.markup.includes('<a ') ? html` Answers with ${type}.` : null;
    const [contentType = 'no body'] = Object.keys(response.content ?? {});
    return html`<div class="answer">
      <p>
        ${statusBadge(status)} ${renderInline(response.description)}${named}
        <span class="type">${contentType}</span>
      </p>
      ${
        fields === null
          ? null
          : html`<details>
              <summary>Fields of the ${status} answer</summary>
              ${fields}
            </details>`
      }
    </div>`;
  });
  return html`<h4>Answers</h4>
    ${blocks}`;
}

/** The examples, the first one open. */
export function answerSamples(operation: OpenApiOperation): Html {
  const withExample = answersOf(operation).filter(
    // A page that says no is for the eye; its heading alone teaches nobody anything.
    ({ status, media, response }) =>
      media?.example !== undefined && !(Number(status) >= 400 && 'text/html' in (response.content ?? {})),
  );
  return html`${withExample.map(({ status, response, media }, index) => {
    const isJson = Object.keys(response.content ?? {})[0] === 'application/json';
    const example = media?.example;
    const shown = sample({
      label: `${status} answer of ${operation.operationId}`,
      code: isJson || typeof example !== 'string' ? prettyJson(example) : example,
      ...(isJson ? { language: 'json' } : {}),
      ...(index === 0 ? { title: html`${statusBadge(status)} Answer` } : {}),
    });
    if (index === 0) return shown;
    return html`<details class="other-answer">
      <summary>${statusBadge(status)} Answer</summary>
      ${shown}
    </details>`;
  })}`;
}

function statusBadge(status: string): Html {
  return html`<span class="status ${Number(status) < 400 ? 'done' : 'refused'}">${status}</span>`;
}
