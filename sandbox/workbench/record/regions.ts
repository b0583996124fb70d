import { createHash } from 'node:crypto';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { count, when } from '../page/words.ts';
import type { SwitchName } from '../switches.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';
import type { OwnProperty, PageRecord, RecordLink } from './read-record.ts';

/** What changes on a record's page: markup by the id of the element it fills, and values for its form and its cards. */
export interface RecordView {
  version: string;
  name: string;
  regions: Record<string, string>;
  /** of the form: property name → value */
  fields: Record<string, string>;
  /** all that have a value; what is missing is empty */
  properties: Record<string, string>;
  switches: Record<SwitchName, boolean>;
  userId: number;
}

export function recordView(bench: Bench, record: PageRecord): RecordView {
  const regions: Record<string, Html> = {
    identity: identity(record),
    own: ownProperties(record),
    linked: linkedRecords(record),
    activity: activity(record),
    stages: stages(record),
    facts: facts(record),
  };
  const view = {
    name: record.name,
    regions: Object.fromEntries(Object.entries(regions).map(([id, region]) => [id, region.text])),
    fields: Object.fromEntries(record.fields.map(({ name, value }) => [name, value])),
    properties: record.properties,
    switches: bench.switches.all(),
    userId: accountOf(bench).user.userId,
  };
  return { version: createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 16), ...view };
}

function identity({ type, id, name, subtitle }: PageRecord): Html {
  return html`<span class="avatar" aria-hidden="true">${initials(name)}</span>
    <div>
      <h1>${name}</h1>
      ${subtitle !== '' && html`<p class="muted">${subtitle}</p>`}
      <p class="muted">${type.noun} <code>${id}</code></p>
    </div>`;
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('');
}

function ownProperties({ own, emptyOwn }: PageRecord): Html {
  if (own.length + emptyOwn.length === 0)
    return html`<p class="empty">Passalong has no properties on this kind of record.</p>`;
  const rows = own.map(
    (property) =>
      html`<div data-changed="${property.changedAtMs}" data-property="${property.name}">
        <dt>${property.label}</dt>
        <dd>${valueOf(property)}</dd>
      </div>`,
  );
  return html`${own.length > 0 ? html`<dl class="properties">${rows}</dl>` : html`<p class="empty">Nothing is written here yet.</p>`}
  ${emptyOwn.length > 0 && html`<p class="muted">Empty: ${emptyOwn.join(', ')}.</p>`}`;
}

function valueOf({ value, shown, isInstant }: OwnProperty): Html {
  if (isInstant) return when(Date.parse(value));
  return /^https?:\/\//.test(value) ? html`<a href="${value}">${value}</a>` : html`${shown}`;
}

function linkedRecords({ linked }: PageRecord): Html {
  return html`${linked.map(
    ({ type, records, total }) =>
      html`<section class="card" aria-labelledby="linked-${type.plural}">
        <h3 id="linked-${type.plural}">${type.title} <span class="muted">${total}</span></h3>
        ${
          records.length === 0
            ? html`<p class="empty">None.</p>`
            : html`<ul class="linked">
                ${records.map(linkedLine)}
              </ul>`
        }
        ${total > records.length && html`<p class="muted">and ${total - records.length} more</p>`}
      </section>`,
  )}`;
}

function linkedLine({ type, id, name, detail }: RecordLink): Html {
  return html`<li>
    <div>
      <a href="/workbench/record/${type.id}/${id}">${name}</a
      >${detail !== '' && html`<span class="muted">${detail}</span>`}
    </div>
    <button type="button" class="quiet" id="preview-${type.id}-${id}" data-preview="${type.id}/${id}">
      Preview<span class="visually-hidden"> ${name}</span>
    </button>
  </li>`;
}

function activity({ activity: items }: PageRecord): Html {
  if (items.length === 0) return html`<p class="empty">Nothing has changed on this record.</p>`;
  return html`<ol class="activity">
    ${items.map(({ atMs, text, who }) => html`<li><span>${text}</span> <span class="muted meta">${who} · ${when(atMs)}</span></li>`)}
  </ol>`;
}

function stages({ pipeline, type, id }: PageRecord): Html {
  if (!pipeline) return html``;
  return html`<form class="card stage-card" data-action="move-record-deal" data-outcome="stage-outcome">
    <input type="hidden" name="type" value="${type.id}" /><input type="hidden" name="id" value="${id}" />
    <h2 id="stages-title">
      ${pipeline.label} <span class="muted">${count(pipeline.stages.length, 'stage')}; press one to move the deal</span>
    </h2>
    <ul class="stages" aria-labelledby="stages-title">
      ${pipeline.stages.map(
        (stage) =>
          html`<li>
            <button
              type="submit"
              name="stage"
              value="${stage.id}"
              id="stage-${stage.id}"
              class="${stage.isReached ? 'reached' : 'ahead'}"
              ${stage.isCurrent && html` aria-current="step"`}
            >
              ${stage.label}
            </button>
          </li>`,
      )}
    </ul>
  </form>`;
}

/** The same facts to read only, for the preview of a record. */
function facts({ fields, subtitle }: PageRecord): Html {
  const rows = fields
    .filter(({ value }) => value !== '')
    .map(({ label, value, options }) => {
      const shown = options?.find((option) => option.value === value)?.label ?? value;
      return html`<div>
        <dt>${label}</dt>
        <dd>${shown}</dd>
      </div>`;
    });
  return html`${subtitle !== '' && html`<p class="muted">${subtitle}</p>`}
    <dl class="properties">${rows}</dl>`;
}
