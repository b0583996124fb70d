import { operationsOf, type OpenApiDocument, type PlacedOperation } from '../openapi/document.ts';
import { anchorOf, html, type Html } from './html.ts';
import { headingsOf } from './markdown.ts';

export function tagAnchor(name: string): string {
  return `tag-${anchorOf(name)}`;
}

export function operationsOfTag(document: OpenApiDocument, tag: string): readonly PlacedOperation[] {
  return operationsOf(document).filter(({ operation }) => operation.tags.includes(tag));
}

/** The way through the page; on a phone only its first level shows. */
export function navigation(document: OpenApiDocument): Html {
  const basics = headingsOf(document.info.description).map(
    (heading) => html`<li><a href="#${anchorOf(heading)}">${heading}</a></li>`,
  );
  return html`<nav aria-label="Reference">
    <p class="nav-head">Basics</p>
    <ul>
      ${basics}
      <li><a href="#shared-errors">Shared errors</a></li>
      <li><a href="#objects">Objects</a></li>
    </ul>
    <p class="nav-head">Operations</p>
    <ul>
      ${document.tags.map(({ name }) => tagItem(document, name))}
    </ul>
  </nav>`;
}

function tagItem(document: OpenApiDocument, tag: string): Html {
  const items = operationsOfTag(document, tag).map(
    ({ method, operation }) =>
      html`<li>
        <a href="#${operation.operationId}"
          ><span class="verb ${method}">${method.toUpperCase()}</span> <span>${operation.summary}</span></a
        >
      </li>`,
  );
  return html`<li>
    <a class="tag" href="#${tagAnchor(tag)}">${tag}</a>
    <ul class="operations">
      ${items}
    </ul>
  </li>`;
}
