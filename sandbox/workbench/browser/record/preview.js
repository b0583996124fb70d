// The panel that shows a linked record without leaving this one, with the cards placed there.
import { showCard } from './cards.js';
import { openFeed } from './feed.js';

const PLURALS = { '0-1': 'contacts', '0-2': 'companies', '0-3': 'deals', '0-5': 'tickets' };

/** @param {{ page: object, userId: () => number }} input */
export function listenToPreviews({ page, userId }) {
  const dialog = document.querySelector('#preview');
  const title = dialog.querySelector('#preview-title');
  const body = dialog.querySelector('#preview-body');
  let open = null;

  function close() {
    dialog.close();
    open?.feed.close();
    for (const card of open?.cards ?? []) card.close();
    // By its name: the list may have been drawn anew meanwhile.
    if (open) document.getElementById(open.opener)?.focus();
    open = null;
    body.replaceChildren();
  }

  function show(name, opener) {
    if (open) close();
    const [type, id] = name.split('/');
    title.textContent = 'Preview';
    const facts = document.createElement('div');
    facts.className = 'preview-facts';
    const link = document.createElement('a');
    link.href = `/workbench/record/${name}`;
    link.textContent = 'Open the record';
    body.replaceChildren(facts, link);
    const feed = openFeed(name, {
      changed(view) {
        if (!view.regions) return;
        title.textContent = view.name;
        facts.innerHTML = view.regions.facts;
      },
      lost: (problem) => problem && (facts.textContent = problem),
    });
    const fits = ({ location, objectTypes }) => location === 'crm.preview' && objectTypes.includes(PLURALS[type]);
    const cards = page.cards.filter(fits).map(({ uid, name: cardName }) => {
      const frame = frameFor(uid, cardName);
      body.append(frame);
      return showCard(frame, { uid, page, record: { type, id }, userId: userId(), feed });
    });
    open = { feed, cards, opener };
    // Beside the page, not before it: what a card opens by itself lies in the page and has to stay in reach.
    dialog.show();
    dialog.querySelector('#preview-close').focus();
  }

  dialog.querySelector('#preview-close').addEventListener('click', close);
  dialog.addEventListener('keydown', (event) => event.key === 'Escape' && close());
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-preview]');
    if (button) show(button.dataset.preview, button.id);
  });
}

function frameFor(uid, name) {
  const frame = document.createElement('section');
  frame.className = 'card-frame';
  frame.dataset.card = uid;
  const head = document.createElement('div');
  head.className = 'card-frame-head';
  const heading = document.createElement('h3');
  heading.textContent = name;
  const body = document.createElement('div');
  body.className = 'card-frame-body';
  body.dataset.cardBody = '';
  head.append(heading);
  frame.append(head, body);
  return frame;
}
