import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { count } from '../page/words.ts';
import { labelsOf } from '../reading/labels.ts';
import type { Labels } from '../reading/labels.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';
import { frame } from './frame.ts';
import { nameOfRecord } from './read-record.ts';
import type { SeenRecord } from './read-record.ts';
import type { ShownType } from './shown-types.ts';

const MOST_ROWS = 50;
/** Whoever refers or was referred comes first: those are whom one looks for here. */
const OWN = ['passalong_referral_code', 'passalong_referral_id', 'passalong_referral_status'];

/** The records of one type, those Passalong knows first. */
export function recordsPage(bench: Bench, type: ShownType, query: string): Html {
  const portal = bench.control.portal(bench.portalId);
  const labels = labelsOf(portal);
  const wanted = query.trim().toLowerCase();
  const found = portal.ids(type.plural).flatMap((id) => {
    const record = portal.get(type.plural, id);
    if (!record) return [];
    const row = {
      id,
      name: nameOfRecord(type, record),
      detail: detailOf(type, record, labels),
      isKnown: isKnown(record),
    };
    return `${row.name} ${row.detail}`.toLowerCase().includes(wanted) ? [row] : [];
  });
  const rows = found.sort((one, two) => Number(two.isKnown) - Number(one.isKnown));
  const body = html`<main class="records">
    <h1>${type.title}</h1>
    <form method="get" role="search" class="find">
      <label for="find">Find by name or e-mail</label>
      <input id="find" name="q" type="search" value="${query}" />
      <button type="submit">Find</button>
    </form>
    <p class="muted">
      ${count(found.length, type.noun, type.plural)}${found.length > MOST_ROWS && `, the first ${MOST_ROWS} shown`}
    </p>
    ${rows.length === 0 ? html`<p class="empty">None found.</p>` : list(type, rows.slice(0, MOST_ROWS))}
  </main>`;
  return frame({ title: type.title, account: accountOf(bench), type, body });
}

interface Row {
  id: string;
  name: string;
  detail: string;
  isKnown: boolean;
}

function list(type: ShownType, rows: readonly Row[]): Html {
  return html`<ul class="record-list card">
    ${rows.map(
      ({ id, name, detail, isKnown: known }) =>
        html`<li>
          <a href="/workbench/record/${type.id}/${id}">${name}</a> <span class="muted">${detail}</span>
          ${known && html`<span class="badge approved">Passalong</span>`}
        </li>`,
    )}
  </ul>`;
}

const isKnown = ({ properties }: SeenRecord): boolean => OWN.some((name) => Boolean(properties[name]));

function detailOf(type: ShownType, { properties }: SeenRecord, labels: Labels): string {
  if (type.id === '0-3') {
    const stage = labels.stage(properties['pipeline'] ?? '', properties['dealstage'] ?? '');
    return [stage, properties['amount'] ?? ''].filter(Boolean).join(' · ');
  }
  const names = type.id === '0-1' ? ['email', 'company'] : type.subtitle;
  return names.flatMap((name) => properties[name] ?? []).join(' · ');
}
