import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';
import type { ShownType } from './shown-types.ts';

export interface PlacedCard {
  uid: string;
  name: string;
  location: string;
}

/** What the scripts of a page with cards have to know; all of it is on the page for anybody to see. */
export function cardPageData(bench: Bench) {
  const { control, portalId } = bench;
  const { users, user, timeZone, app } = accountOf(bench);
  return {
    portal: { id: portalId, timezone: timeZone },
    userId: user.userId,
    users,
    app: app && { id: app.appId, name: app.name, variables: app.variables, iframeOrigins: app.iframeOrigins },
    cards: control
      .portal(portalId)
      .cards()
      .map(({ uid, name, location, objectTypes }) => ({ uid, name, location, objectTypes })),
  };
}

/** The cards on a record's page; here everything that can be placed is placed, which at HubSpot somebody has to do. */
export function placedCards({ control, portalId }: Bench, type: ShownType): PlacedCard[] {
  const fits = (location: string): boolean => location === type.location || location === 'crm.record.sidebar';
  return control
    .portal(portalId)
    .cards()
    .filter(({ objectTypes, location }) => objectTypes.includes(type.plural) && fits(location));
}

export function cardFrame({ uid, name }: PlacedCard): Html {
  return html`<section class="card-frame" data-card="${uid}" aria-labelledby="card-${uid}">
    <div class="card-frame-head">
      <h2 id="card-${uid}">${name}</h2>
      <button type="button" class="quiet" data-reload>
        Reload<span class="visually-hidden"> the card ${name}</span>
      </button>
    </div>
    <div class="card-frame-body" data-card-body><p class="muted">The card is being built …</p></div>
  </section>`;
}
