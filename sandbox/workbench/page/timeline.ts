import type { TimelineItem } from '../timeline/item.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { when } from './words.ts';

const SIDES = { hubspot: 'HubSpot', passalong: 'Passalong' } as const;

export function timelineRegion(items: readonly TimelineItem[]): Html {
  if (items.length === 0)
    return html`<li class="empty">Nothing happened in the last hour. Sign a friend up, or move a deal.</li>`;
  return html`${items.map(line)}`;
}

function line({ atMs, side, kind, title, details, tone }: TimelineItem): Html {
  return html`<li class="item ${side} ${kind} ${tone}">
    <p class="meta"><span class="side">${SIDES[side]}</span> ${when(atMs)}</p>
    <p class="title">${title}</p>
    ${
      details.length > 0 &&
      html`<ul class="details">
        ${details.map((detail) => html`<li>${detail}</li>`)}
      </ul>`
    }
  </li>`;
}
