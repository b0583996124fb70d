import type { FormView } from '../page/forms.ts';
import { Html, html } from '../page/html.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';
import { workbenchBar } from './bar.ts';
import { cardFrame, cardPageData, placedCards } from './card-frame.ts';
import type { PlacedCard } from './card-frame.ts';
import { frame } from './frame.ts';
import type { EditableField, PageRecord } from './read-record.ts';
import { recordView } from './regions.ts';

/** One record as HubSpot shows it: what it is on the left, cards in the middle, what it belongs to on the right. */
export function recordPage(bench: Bench, record: PageRecord, forms: FormView): Html {
  const account = accountOf(bench);
  const view = recordView(bench, record);
  const region = (id: string): Html => new Html(view.regions[id] ?? '');
  const cards = placedCards(bench, record.type);
  const data = { type: record.type.id, id: record.id, ...cardPageData(bench) };
  const middle = cards.filter(({ location }) => location === 'crm.record.tab');
  const side = cards.filter(({ location }) => location !== 'crm.record.tab' && location !== 'crm.preview');
  const body = html`${workbenchBar({ account, switches: view.switches, forms })}
    <p class="problem" id="lost" role="alert" hidden></p>
    <main class="record" data-page="${JSON.stringify(data)}">
      <div class="stage-row" id="stages">${region('stages')}</div>
      <p class="outcome stage-row" role="status" id="stage-outcome"></p>
      <div class="left">
        <section class="card identity" id="identity" aria-label="Record">${region('identity')}</section>
        ${propertyForm(record)} ${ownGroup(record, region('own'))}
      </div>
      <div class="middle">${tabs(middle, region('activity'))}</div>
      <aside class="right" aria-label="Linked records">
        ${side.map(cardFrame)}
        <div id="linked">${region('linked')}</div>
      </aside>
    </main>
    <dialog id="preview" aria-labelledby="preview-title">
      <div class="preview-head">
        <h2 id="preview-title"></h2>
        <button type="button" class="quiet" id="preview-close">Close</button>
      </div>
      <div id="preview-body"></div>
    </dialog>
    <div id="toasts" role="status" aria-live="polite"></div>`;
  return frame({ title: record.name, account, type: record.type, body, script: '/workbench/record/record.js' });
}

function ownGroup({ own, emptyOwn }: PageRecord, rows: Html): Html | null {
  if (own.length + emptyOwn.length === 0) return null;
  return html`<section class="card" aria-labelledby="own-title">
    <h2 id="own-title">Passalong</h2>
    <div id="own">${rows}</div>
  </section>`;
}

function tabs(cards: readonly PlacedCard[], activity: Html): Html {
  const list = [...cards.map(({ uid, name }) => ({ id: uid, name })), { id: 'activity', name: 'Activity' }];
  const panel = (id: string, index: number, content: Html) =>
    html`<div
      class="tab-panel"
      role="tabpanel"
      id="panel-${id}"
      aria-labelledby="tab-${id}"
      ${index > 0 && html` hidden`}
    >
      ${content}
    </div>`;
  return html`<div class="tabs" role="tablist" aria-label="Cards of this record">
      ${list.map(
        ({ id, name }, index) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${id}"
            aria-controls="panel-${id}"
            aria-selected="${String(index === 0)}"
            tabindex="${index === 0 ? '0' : '-1'}"
          >
            ${name}
          </button>`,
      )}
    </div>
    ${cards.map((card, index) => panel(card.uid, index, cardFrame(card)))}
    ${panel(
      'activity',
      cards.length,
      html`<div class="card">
        <h2>Changes on this record</h2>
        <div id="activity">${activity}</div>
      </div>`,
    )}`;
}

function propertyForm({ type, id, fields }: PageRecord): Html {
  return html`<form class="card" id="record-form" data-action="save-record" novalidate>
    <h2>About this ${type.noun}</h2>
    <input type="hidden" name="type" value="${type.id}" /><input type="hidden" name="id" value="${id}" />
    ${fields.map(input)}
    <button type="submit">Save</button>
    <p class="outcome" role="status" data-outcome></p>
  </form>`;
}

function input({ name, label, value, options }: EditableField): Html {
  const id = `field-${name}`;
  const control =
    options === null
      ? html`<input id="${id}" name="${name}" value="${value}" autocomplete="off" aria-describedby="${id}-problem" />`
      : html`<select id="${id}" name="${name}" aria-describedby="${id}-problem">
          <option value="">Not set</option>
          ${options.map((option) => html`<option value="${option.value}" ${option.value === value && html` selected`}>${option.label}</option>`)}
        </select>`;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${control}
    <p class="field-problem" id="${id}-problem" data-problem="${name}"></p>
  </div>`;
}
