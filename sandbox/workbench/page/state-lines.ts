import type { ServiceView } from '../reading/service-view.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { when } from './words.ts';

/** The two lights in the head of the page. */
export function lights(input: { serviceOk: boolean; hubspotUp: boolean }): Html {
  const light = (name: string, ok: boolean, words: string) =>
    html`<span class="light ${ok ? 'ok' : 'off'}">${name} <strong>${words}</strong></span>`;
  return html`${light('Passalong', input.serviceOk, input.serviceOk ? 'answers' : 'does not answer')}
  ${light('HubSpot API', input.hubspotUp, input.hubspotUp ? 'answers' : 'is switched off')}`;
}

/** What is wrong and what still holds; nothing while all is well. */
export function banner(service: ServiceView, hubspotUp: boolean): Html {
  const since = service.readAtMs === null ? null : html` What you see of it was read ${when(service.readAtMs)}.`;
  const ofService =
    service.problem !== null &&
    html`<p class="problem" role="alert">
      <strong>Passalong cannot be asked.</strong> ${service.problem}${since} HubSpot’s side is still live, and this page
      tries again every second.
    </p>`;
  const ofHubSpot =
    !hubspotUp &&
    html`<p class="problem">
      <strong>HubSpot’s API is switched off.</strong> You can go on working: Passalong keeps what it has to read and
      write and tries again by itself. Switch the API back on under “Make it harder”.
    </p>`;
  return html`${ofService}${ofHubSpot}`;
}
