import { createDealForm, moveDealForm, signUpForm, switchesCard } from './forms.ts';
import { cardFrame } from '../record/card-frame.ts';
import type { PlacedCard } from '../record/card-frame.ts';
import { Html, html } from './html.ts';
import type { View } from './regions.ts';

export interface DocumentInput {
  view: View;
  account: { portalId: number; name: string };
  /** of a contact's page */
  cards: readonly PlacedCard[];
  /** for the scripts that show them */
  cardData: object;
}

/** The whole page with its data in it; `workbench.js` only keeps it up to date and sends the forms. */
export function workbenchPage({ view, account, cards, cardData }: DocumentInput): Html {
  const region = (id: string): Html => new Html(view.regions[id] ?? '');
  return page(
    html`<header class="top">
        <div>
          <h1>Passalong <span>workbench</span></h1>
          <p class="muted">
            A local HubSpot account, ${account.name} (${account.portalId}), connected to the real service. No CRM
            account is needed, and nothing leaves this machine.
          </p>
        </div>
        <p class="lights" id="lights" aria-live="polite">${region('lights')}</p>
      </header>
      <div id="banner" role="status">${region('banner')}</div>
      <p class="problem" id="lost" role="alert" hidden></p>
      <main data-version="${view.version}" data-record="${view.record ?? ''}" data-page="${JSON.stringify(cardData)}">
        <div class="column">
          <section aria-labelledby="program-title">
            <h2 id="program-title">Program</h2>
            <div class="card" id="program">${region('program')}</div>
          </section>
          <section aria-labelledby="try-title">
            <h2 id="try-title">Try it</h2>
            ${signUpForm(view)} ${moveDealForm(view)} ${createDealForm(view)}
            <div class="card" id="approvals">
              <h3>Approve rewards</h3>
              <div id="rewards">${region('rewards')}</div>
              <p class="outcome" role="status" data-outcome></p>
            </div>
            ${switchesCard(view)}
          </section>
        </div>
        <div class="column">
          <section aria-labelledby="card-title" id="crm-card">
            <h2 id="card-title">On the HubSpot record</h2>
            <div class="card">
              <div class="field">
                <label for="shown-person">Contact</label>
                <select id="shown-person">
                  ${region('shown-person')}
                </select>
              </div>
              <p id="record-link">${region('record-link')}</p>
            </div>
            ${cards.map(cardFrame)}
          </section>
          <section aria-labelledby="contact-title">
            <h2 id="contact-title">What HubSpot holds</h2>
            <div class="card" id="contact">${region('contact')}</div>
          </section>
        </div>
        <section class="column story" aria-labelledby="timeline-title">
          <h2 id="timeline-title">What happened</h2>
          <div class="card scroll" tabindex="0" role="group" aria-label="Timeline, newest first">
            <ol class="timeline" id="timeline">
              ${region('timeline')}
            </ol>
          </div>
        </section>
        <div class="further">
          <p><a href="/openapi.json">API document</a> <a href="/ready">Readiness</a> <a href="/metrics">Metrics</a></p>
          <p>API key for this account: <code>npm run api-key -- --portal ${account.portalId}</code></p>
        </div>
      </main>
      <div id="toasts" role="status" aria-live="polite"></div>`,
  );
}

/** Before the sample account is there. */
export function startingPage(): Html {
  return page(
    html`<header class="top">
        <h1>Passalong <span>workbench</span></h1>
      </header>
      <main class="starting" data-version="starting" aria-busy="true">
        <div class="card">
          <h2>Setting up the sample account</h2>
          <p>
            Contacts, a program, two advocates and a friend are being made. This takes a few seconds; the page goes on
            by itself.
          </p>
        </div>
      </main>`,
  );
}

function page(body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Passalong workbench</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/workbench/style.css" />
        <link rel="stylesheet" href="/workbench/parts.css" />
        <link rel="stylesheet" href="/workbench/record.css" />
        <script type="module" src="/workbench/workbench.js"></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}
