import type { ContactField, ContactFields } from '../reading/contact-fields.ts';
import type { Friend, Person } from '../reading/people.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { when } from './words.ts';

export interface ContactRegionInput {
  person: Person | Friend | null;
  fields: ContactFields;
  hubspotDown: boolean;
}

/** One contact's Passalong properties, exactly as HubSpot holds them. */
export function contactRegion({ person, fields, hubspotDown }: ContactRegionInput): Html {
  if (!person) return html`<p class="empty">Choose somebody above to see their contact.</p>`;
  if (!person.contact) return missingContact(person, hubspotDown);
  const isFriend = 'referralId' in person;
  const tables = [table('As an advocate', fields.advocate), table('As a referred friend', fields.friend)];
  return html`<p class="who"><strong>${person.name}</strong> <span class="muted">${person.email}</span></p>
    <p class="muted">HubSpot contact <code>${person.contact.id}</code></p>
    ${isFriend ? tables.reverse() : tables}`;
}

/** The way to the record page, where the card is used as a rep uses it. */
export function recordLink(person: Person | null): Html {
  const all = html`<a href="/workbench/records/0-1">All records</a>`;
  if (!person?.contact) return html`There is no record to show yet. ${all}`;
  return html`<a href="/workbench/record/0-1/${person.contact.id}"
      ><strong>Open the record of ${person.name}</strong></a
    >
    · ${all}`;
}

function missingContact(person: Person, hubspotDown: boolean): Html {
  return html`<p class="who"><strong>${person.name}</strong> <span class="muted">${person.email}</span></p>
    <p class="empty">
      HubSpot has no contact with this address yet.
      ${hubspotDown ? 'Its API is switched off; Passalong creates the contact when it is back.' : 'Passalong is about to create it.'}
    </p>`;
}

function table(caption: string, fields: readonly ContactField[]): Html {
  if (fields.length === 0) return html`<p class="empty">The Passalong properties are not set up in HubSpot yet.</p>`;
  return html`<table class="fields">
    <caption>
      ${caption}
    </caption>
    <thead class="visually-hidden">
      <tr>
        <th scope="col">Property</th>
        <th scope="col">Value</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(row)}
    </tbody>
  </table>`;
}

function row({ label, name, value, changedAtMs }: ContactField): Html {
  const changed = changedAtMs === null ? null : html`<span class="changed">${when(changedAtMs)}</span>`;
  return html`<tr${changedAtMs !== null && html` data-changed="${changedAtMs}"`}>
    <th scope="row">${label} <code>${name}</code></th>
    <td>${value === '' ? html`<span class="none">empty</span>` : html`<span class="value">${value}</span>`} ${changed}</td>
  </tr>`;
}
