import type { FriendDeal, StageGroup } from '../reading/deals.ts';
import type { Advocate, Friend } from '../reading/people.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const none = (text: string): Html => html`<option value="">${text}</option>`;

export function advocateOptions(advocates: readonly Advocate[], code: string | null): Html {
  if (advocates.length === 0) return none('Nobody refers yet');
  return html`${advocates.map(
    (advocate) =>
      html`<option value="${advocate.code}" ${advocate.code === code && html` selected`}>${advocate.name}</option>`,
  )}`;
}

/** Everybody whose contact can be looked at. */
export function peopleOptions(advocates: readonly Advocate[], friends: readonly Friend[], key: string | null): Html {
  if (advocates.length + friends.length === 0) return none('Nobody yet');
  const option = (person: { key: string; name: string }) =>
    html`<option value="${person.key}" ${person.key === key && html` selected`}>${person.name}</option>`;
  return html`${advocates.length > 0 && html`<optgroup label="Advocates">${advocates.map(option)}</optgroup>`}
  ${friends.length > 0 && html`<optgroup label="Friends">${friends.map(option)}</optgroup>`}`;
}

export function friendOptions(friends: readonly Friend[]): Html {
  if (friends.length === 0) return none('No friend was referred yet');
  return html`${friends.map(({ key, name }) => html`<option value="${key}">${name}</option>`)}`;
}

export function dealOptions(deals: readonly FriendDeal[]): Html {
  if (deals.length === 0) return none('No friend has a deal yet');
  return html`${deals.map(
    ({ id, name, stage, friend }) => html`<option value="${id}">${friend.name}: ${name} (${stage})</option>`,
  )}`;
}

export function stageOptions(groups: readonly StageGroup[], chosen: string): Html {
  return html`${groups.map(
    ({ pipeline, stages }) =>
      html`<optgroup label="${pipeline}">
        ${stages.map(({ id, label }) => html`<option value="${id}" ${id === chosen && html` selected`}>${label}</option>`)}
      </optgroup>`,
  )}`;
}
