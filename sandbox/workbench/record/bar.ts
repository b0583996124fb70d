import { signUpForm } from '../page/forms.ts';
import type { FormView } from '../page/forms.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { SwitchName } from '../switches.ts';
import type { Account } from './account.ts';

const SWITCHES: readonly (readonly [SwitchName, string, string])[] = [
  ['passalong-slow', 'Passalong is slow', 'Its answers to cards take 20 seconds.'],
  ['passalong-down', 'Passalong is down', 'Cards cannot reach it.'],
  ['answers-lost', 'Passalong’s answers get lost', 'What a rep does in a card is done; the card does not hear of it.'],
  ['hubspot-down', 'HubSpot API is down', 'Every call of Passalong gets no answer.'],
  ['deliver-twice', 'Deliver webhooks twice', 'Each change arrives again under another event id.'],
];

const outcome = html`<p class="outcome" role="status" data-outcome></p>`;

export interface BarInput {
  account: Account;
  switches: Record<SwitchName, boolean>;
  forms: FormView;
}

/** Who one is, what goes wrong, and a friend who signs up: the workbench around the record. */
export function workbenchBar({ account, switches, forms }: BarInput): Html {
  return html`<section class="bench-bar" aria-labelledby="bench-title">
    <h2 id="bench-title">Workbench</h2>
    <details>
      <summary>Sign a friend up</summary>
      <div class="panel">${signUpForm(forms)}</div>
    </details>
    <details>
      <summary>Make it harder <span id="faults-on" class="badge" hidden></span></summary>
      <div class="panel">${faults(switches)}</div>
    </details>
    <details>
      <summary>You are <span id="acting-as">${account.user.firstName} ${account.user.lastName}</span></summary>
      <div class="panel">${actAs(account)}</div>
    </details>
  </section>`;
}

function faults(switches: Record<SwitchName, boolean>): Html {
  return html`<div class="card">
    ${SWITCHES.map(
      ([name, label, hint]) =>
        html`<div class="switch-line">
          <button
            type="button"
            role="switch"
            aria-checked="${String(switches[name])}"
            data-switch="${name}"
            aria-describedby="${name}-hint"
          >
            <span class="knob" aria-hidden="true"></span>${label}
          </button>
          <p class="hint" id="${name}-hint">${hint}</p>
        </div>`,
    )}
    <form data-action="expire-token">
      <button type="submit" class="quiet">Expire the access token now</button>
    </form>
    ${outcome}
  </div>`;
}

function actAs({ users, user }: Account): Html {
  return html`<form class="card" data-action="act-as" novalidate>
    <div class="field">
      <label for="act-as-user">Work as</label>
      <select id="act-as-user" name="user" aria-describedby="act-as-user-problem">
        ${users.map(
          ({ userId, firstName, lastName, email }) =>
            html`<option value="${userId}" ${userId === user.userId && html` selected`}>
              ${firstName} ${lastName} (${email})
            </option>`,
        )}
      </select>
      <p class="field-problem" id="act-as-user-problem" data-problem="user"></p>
    </div>
    <p class="hint">HubSpot tells the card, and Passalong, who looks at it.</p>
    <button type="submit">Switch user</button>
    ${outcome}
  </form>`;
}
