// The card of the contact shown, beside the properties HubSpot holds of the same contact.
import { showCard } from './cards.js';
import { openFeed } from './feed.js';
import { routeRecordLinks } from './links.js';

/** @param {HTMLElement} main carries what cards have to know, and which record is shown first */
export function overviewCards(main) {
  const frames = [...document.querySelectorAll('[data-card]')];
  let shown = null;
  let open = null;

  function show(record) {
    if (record === shown) return;
    shown = record;
    open?.close();
    open = null;
    for (const frame of frames) frame.hidden = record === null;
    if (record !== null && frames.length > 0) open = openCards(record);
  }

  function openCards(record) {
    const page = JSON.parse(main.dataset.page);
    const [type, id] = record.split('/');
    const feed = openFeed(record, { changed: () => undefined });
    const cards = frames.map((frame) =>
      showCard(frame, { uid: frame.dataset.card, page, record: { type, id }, userId: page.userId, feed }),
    );
    return {
      close() {
        feed.close();
        for (const card of cards) card.close();
      },
    };
  }

  if (main.dataset.page) {
    routeRecordLinks(JSON.parse(main.dataset.page).portal.id);
    show(main.dataset.record || null);
  }
  return { show };
}
