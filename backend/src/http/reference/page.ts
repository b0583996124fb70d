import type { OpenApiDocument, OpenApiTag } from '../openapi/document.ts';
import { errorsTable, sharedRefusals, type Refusal } from './errors-table.ts';
import { html, type Html } from './html.ts';
import { renderInline, renderMarkdown } from './markdown.ts';
import { navigation, operationsOfTag, tagAnchor } from './navigation.ts';
import { objectsSection } from './objects.ts';
import { operationArticle } from './operation.ts';
import { STYLE } from './style.ts';

/** The reference as one page: made from the document alone, without a script and without anything from elsewhere. */
export function referencePage(document: OpenApiDocument): string {
  const { title, version, summary } = document.info;
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="description" content="${summary}" />
      <title>${title} reference</title>
      <style>
        ${{ markup: STYLE }}
      </style>
    </head>
    <body>
      <a class="skip" href="#content">Skip to the content</a>
      <header>
        <p class="brand"><a href="#content">Passalong</a> <span>API reference</span></p>
        <p class="downloads"><a href="/openapi.json">OpenAPI</a> <a href="/postman.json">Postman</a></p>
      </header>
      <div class="columns">
        ${navigation(document)}
        <main id="content" tabindex="-1">
          <section class="introduction" aria-labelledby="title">
            <h1 id="title">${title}</h1>
            <p class="lead">${summary}</p>
            <dl class="facts-bar">
              <div>
                <dt>Base address</dt>
                <dd><code>${document.servers[0]?.url ?? ''}</code></dd>
              </div>
              <div>
                <dt>Version</dt>
                <dd>${version}</dd>
              </div>
              <div>
                <dt>For tools</dt>
                <dd>
                  <a href="/openapi.json">OpenAPI 3.1 document</a> · <a href="/postman.json">Postman collection</a>
                </dd>
              </div>
            </dl>
            ${renderMarkdown(document.info.description)}
          </section>
          ${sections(document)} ${objectsSection(document)}
        </main>
      </div>
    </body>
  </html>`;
  return `<!doctype html>\n${page.markup}\n`;
}

function sections(document: OpenApiDocument): Html {
  const shared = sharedRefusals(document);
  return html`<section aria-labelledby="shared-errors">
      <h2 id="shared-errors">Shared errors</h2>
      <p>What many operations may be refused with. Each operation names those that concern it, and its own.</p>
      ${errorsTable(shared, 'with ids')}
    </section>
    ${document.tags.map((tag) => tagSection(document, tag, shared))}`;
}

function tagSection(document: OpenApiDocument, { name, description }: OpenApiTag, shared: readonly Refusal[]): Html {
  const articles = operationsOfTag(document, name).map((placed) => operationArticle({ document, placed, shared }));
  return html`<section class="tag" aria-labelledby="${tagAnchor(name)}">
    <h2 id="${tagAnchor(name)}">${name}</h2>
    <p class="lead">${renderInline(description)}</p>
    ${articles}
  </section>`;
}
