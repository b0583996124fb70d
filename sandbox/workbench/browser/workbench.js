// Keeps the page up to date: asks every second, and at once after something was done here.
import { refreshAges } from './ages.js';
import { listenToForms } from './forms.js';
import { fillRegions } from './regions.js';
import { overviewCards } from './record/overview.js';

const EVERY_MS = 1000;
const main = document.querySelector('main');
const lost = document.querySelector('#lost');
const chooser = document.querySelector('#shown-person');
const cards = overviewCards(main);
let version = main.dataset.version;
let shown = new URLSearchParams(location.search).get('shown') ?? chooser?.value ?? '';
let heardAt = new Date();
let asking = null;
let timer = 0;

function address() {
  const query = new URLSearchParams({ shown, known: version });
  const ref = new URLSearchParams(location.search).get('ref');
  if (ref) query.set('ref', ref);
  return `/workbench/view?${query}`;
}

async function ask() {
  const answer = await fetch(address(), { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const view = await answer.json();
  heardAt = new Date();
  if (main.classList.contains('starting')) {
    if (view.version !== 'starting') location.reload();
    return;
  }
  if (view.version === version || !view.regions) return;
  version = view.version;
  fillRegions(view);
  cards.show(view.record);
}

function say(problem) {
  if (!lost) return;
  lost.hidden = !problem;
  if (problem) {
    lost.textContent = `Passalong does not answer. What you see is from ${heardAt.toLocaleTimeString()}; this page tries again every second.`;
  }
}

async function refresh() {
  clearTimeout(timer);
  try {
    asking ??= ask().finally(() => (asking = null));
    await asking;
    say(false);
  } catch {
    say(true);
  }
  main.removeAttribute('aria-busy');
  refreshAges();
  clearTimeout(timer);
  timer = setTimeout(refresh, EVERY_MS);
}

/** Somebody's window that nobody looks at asks nothing. */
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else void refresh();
});

async function show(key) {
  shown = key;
  const url = new URL(location.href);
  url.searchParams.set('shown', key);
  history.replaceState(null, '', url);
  document.querySelector('#contact').setAttribute('aria-busy', 'true');
  await asking?.catch(() => undefined);
  await refresh();
  document.querySelector('#contact').removeAttribute('aria-busy');
}

chooser?.addEventListener('change', () => void show(chooser.value));
listenToForms({
  shown: () => shown,
  async done(choose) {
    await asking?.catch(() => undefined);
    await (choose ? show(choose) : refresh());
  },
});
void refresh();
