import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { Account } from './account.ts';
import { SHOWN_TYPES } from './shown-types.ts';
import type { ShownType } from './shown-types.ts';

export interface FrameInput {
  title: string;
  account: Account;
  type: ShownType;
  body: Html;
  /** a script of the page; none for one that only lists */
  script?: string;
}

/** What all pages of the local HubSpot share: its bar with the account and its record types. */
export function frame({ title, account, type, body, script }: FrameInput): Html {
  const tab = (shown: ShownType) =>
    html`<a href="/workbench/records/${shown.id}" ${shown.id === type.id && html` aria-current="page"`}
      >${shown.title}</a
    >`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · local HubSpot</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/workbench/style.css" />
        <link rel="stylesheet" href="/workbench/parts.css" />
        <link rel="stylesheet" href="/workbench/record.css" />
        ${script !== undefined && html`<script type="module" src="${script}"></script>`}
      </head>
      <body class="crm">
        <header class="crm-bar">
          <p class="crm-name"><strong>Local HubSpot</strong> <span>${account.name} (${account.portalId})</span></p>
          <nav aria-label="Records">${SHOWN_TYPES.map(tab)}</nav>
          <a class="back" href="/">Workbench overview</a>
        </header>
        ${body}
      </body>
    </html>`;
}
