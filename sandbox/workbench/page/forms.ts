import type { View } from './regions.ts';
import { Html, html } from './html.ts';

type Regions = View['regions'];
/** What the forms need of a view: options, and whom to suggest. */
export type FormView = Pick<View, 'regions' | 'suggestion'>;

const filled = (regions: Regions, id: string): Html => new Html(regions[id] ?? '');

interface Field {
  form: string;
  name: string;
  label: string;
  type?: string;
  value?: string;
  hint?: string;
}

/** A labelled field with a place for what is wrong with it. */
function field({ form, name, label, type = 'text', value = '', hint }: Field): Html {
  const id = `${form}-${name}`;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <input
      id="${id}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="off"
      aria-describedby="${id}-problem"
    />
    ${hint !== undefined && html`<p class="hint">${hint}</p>`}
    <p class="field-problem" id="${id}-problem" data-problem="${name}"></p>
  </div>`;
}

function choice(input: { regions: Regions; id: string; name: string; label: string }): Html {
  const { regions, id, name, label } = input;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <select id="${id}" name="${name}" aria-describedby="${id}-problem">
      ${filled(regions, id)}
    </select>
    <p class="field-problem" id="${id}-problem" data-problem="${name}"></p>
  </div>`;
}

const outcome = html`<p class="outcome" role="status" data-outcome></p>`;

export function signUpForm({ regions, suggestion }: FormView): Html {
  const form = 'sign-up';
  return html`<form class="card" id="sign-up" data-action="sign-up" novalidate>
    <h3>Sign a friend up</h3>
    <p class="muted">As if the friend had filled in the form behind an advocate’s link.</p>
    <div class="pair">
      ${field({ form, name: 'firstName', label: 'First name', value: suggestion.firstName })}
      ${field({ form, name: 'lastName', label: 'Last name', value: suggestion.lastName })}
    </div>
    ${field({ form, name: 'email', label: 'Email', type: 'email', value: suggestion.email })}
    ${choice({ regions, id: 'sign-up-advocate', name: 'code', label: 'Referred by' })}
    <button type="submit">Sign up</button>
    ${outcome}
  </form>`;
}

export function moveDealForm({ regions }: View): Html {
  return html`<form class="card" id="move-deal" data-action="move-deal" novalidate>
    <h3>Move a friend’s deal</h3>
    ${choice({ regions, id: 'move-deal-deal', name: 'deal', label: 'Deal' })}
    ${choice({ regions, id: 'move-deal-stage', name: 'stage', label: 'To stage' })}
    <button type="submit">Move the deal</button>
    ${outcome}
  </form>`;
}

export function createDealForm({ regions }: View): Html {
  const form = 'create-deal';
  return html`<details class="card">
    <summary>Create a deal for a friend <span class="hint">if none of theirs fits</span></summary>
    <form id="create-deal" data-action="create-deal" novalidate>
      ${choice({ regions, id: 'create-deal-friend', name: 'friend', label: 'Friend' })}
      <div class="pair">
        ${field({ form, name: 'name', label: 'Deal name', value: 'Annual plan' })}
        ${field({ form, name: 'amount', label: 'Amount', value: '4800' })}
      </div>
      ${choice({ regions, id: 'create-deal-stage', name: 'stage', label: 'In stage' })}
      <button type="submit">Create the deal</button>
      ${outcome}
    </form>
  </details>`;
}

export function switchesCard({ switches }: View): Html {
  const control = (name: keyof View['switches'], label: string, hint: string) =>
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
    </div>`;
  return html`<div class="card" id="switches">
    <h3>Make it harder</h3>
    ${control('deliver-twice', 'Deliver webhooks twice', 'Each change arrives again under another event id. Nothing may be counted twice.')}
    ${control('hubspot-down', 'HubSpot API is down', 'Every call of Passalong gets no answer. Nothing may be lost.')}
    ${outcome}
  </div>`;
}
