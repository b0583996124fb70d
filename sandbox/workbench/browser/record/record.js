// A record's page: keeps what it shows in step with the local HubSpot, and its cards with both.
import { refreshAges } from '../ages.js';
import { listenToForms } from '../forms.js';
import { fillRegions, fillSelect, suggest } from '../regions.js';
import { showCard } from './cards.js';
import { openFeed } from './feed.js';
import { routeRecordLinks } from './links.js';
import { listenToPreviews } from './preview.js';
import { listenToTabs } from './tabs.js';

const main = document.querySelector('main');
const page = JSON.parse(main.dataset.page);
const lost = document.querySelector('#lost');
const cards = [];
let { userId } = page;

const feed = openFeed(`${page.type}/${page.id}`, {
  changed(view) {
    if (view.regions) fill(view);
    if (view.forms) fillForms(view.forms);
    refreshAges();
  },
  lost(problem) {
    lost.hidden = problem === null;
    if (problem !== null) lost.textContent = problem;
  },
});

function fill(view) {
  const { facts: _, ...regions } = view.regions;
  fillRegions({ regions, switches: view.switches });
  fillFields(view.fields);
  document.title = `${view.name} · local HubSpot`;
  const on = Object.values(view.switches).filter(Boolean).length;
  const badge = document.querySelector('#faults-on');
  badge.hidden = on === 0;
  badge.textContent = `${on} on`;
  if (view.userId === userId) return;
  userId = view.userId;
  const user = page.users.find((candidate) => candidate.userId === userId);
  document.querySelector('#acting-as').textContent = `${user.firstName} ${user.lastName}`;
  for (const card of cards) void card.showTo(userId);
}

/** What somebody has begun to type stays. */
function fillFields(fields) {
  const form = document.querySelector('#record-form');
  for (const [name, value] of Object.entries(fields)) {
    const input = form.elements.namedItem(name);
    const before = input.dataset.known ?? initial(input);
    if (input.value === before) input.value = value;
    input.dataset.known = value;
  }
}

function initial(input) {
  if (input instanceof HTMLSelectElement)
    return [...input.options].find((option) => option.defaultSelected)?.value ?? '';
  return input.defaultValue;
}

function fillForms({ regions, suggestion }) {
  const select = document.querySelector('#sign-up-advocate');
  fillSelect(select, regions['sign-up-advocate'], null);
  suggest(suggestion);
}

listenToForms({ shown: () => page.id, done: () => feed.refresh(true) });
listenToTabs();
routeRecordLinks(page.portal.id);
listenToPreviews({ page, userId: () => userId });
setInterval(refreshAges, 1000);
refreshAges();
for (const frame of document.querySelectorAll('[data-card]')) {
  cards.push(showCard(frame, { uid: frame.dataset.card, page, record: page, userId, feed }));
}

// One panel of the bar at a time, closed by Escape, so that none hides the record for long.
const panels = [...document.querySelectorAll('.bench-bar details')];
for (const panel of panels) {
  panel.addEventListener('toggle', () => {
    if (panel.open) for (const other of panels) if (other !== panel) other.open = false;
  });
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    panel.open = false;
    panel.querySelector('summary').focus();
  });
}
