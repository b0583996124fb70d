// Puts built cards on the page: HubSpot's part between a card in its worker and the local HubSpot.
import { openRecord } from './links.js';
import { toast } from './toasts.js';

const HOST = '/workbench/card-host';
let hostReady = null;

function loadHost() {
  hostReady ??= Promise.all([loadCards(), loadScript(), loadStyle()]).then(([cards]) => cards);
  hostReady.catch(() => (hostReady = null));
  return hostReady;
}

async function loadCards() {
  const answer = await fetch(`${HOST}/cards.json`);
  const said = await answer.json();
  if (!answer.ok) throw new Error(`The cards could not be built. ${said.message}`);
  return said;
}

async function loadScript() {
  // Built together with the cards: asked for before that, it would only wait.
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${HOST}/host.js`;
    script.onload = resolve;
    script.onerror = () => reject(new Error('The part that shows cards could not be loaded.'));
    document.head.append(script);
  });
}

async function loadStyle() {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = `${HOST}/host.css`;
  document.head.append(link);
}

/**
 * @param {HTMLElement} frame holds `[data-card-body]`
 * @param {{ uid: string, page: object, record: { type: string, id: string }, userId: number, feed: object }} input
 */
export function showCard(frame, input) {
  const body = frame.querySelector('[data-card-body]');
  let mounted = null;
  let generation = 0;

  async function mount() {
    const mine = (generation += 1);
    mounted?.unmount();
    mounted = null;
    frame.dataset.state = 'loading';
    try {
      const cards = await loadHost();
      if (mine !== generation) return;
      const card = cards.find(({ uid }) => uid === input.uid);
      if (!card) throw new Error(`The project has no built card ${input.uid}.`);
      body.replaceChildren();
      mounted = window.PassalongCardHost.mountCard(body, optionsFor(card, input, frame));
      await mounted.whenSettled();
      if (mine === generation) frame.dataset.state = 'settled';
    } catch (error) {
      if (mine !== generation) return;
      frame.dataset.state = 'failed';
      const text = document.createElement('p');
      text.className = 'problem';
      text.textContent = error.message;
      body.replaceChildren(text);
    }
  }

  const reload = frame.querySelector('[data-reload]');
  const again = () => void mount();
  reload?.addEventListener('click', again);
  void mount();
  return {
    /** @param {number} userId who looks at it from now on */
    showTo(userId) {
      input.userId = userId;
      return mount();
    },
    close() {
      generation += 1;
      reload?.removeEventListener('click', again);
      mounted?.unmount();
    },
  };
}

function optionsFor(card, { page, record, userId, feed }, frame) {
  const at = `${record.type}/${record.id}`;
  return {
    bundleUrl: `${HOST}/${card.bundleName}`,
    workerUrl: `${HOST}/worker.js`,
    location: card.location,
    context: contextFor(card, { page, record, userId }),
    hubspotFetch,
    crmProperties: (names) => read(`properties/${at}`, { names: names === '*' ? '*' : names.join(',') }),
    associations: ({ toObjectType, properties, pageLength, offset }) =>
      read(`associations/${at}`, { to: toObjectType, names: properties.join(','), pageLength, offset }),
    onCrmPropertiesChanged: (changed) => feed.watch(changed),
    onAlert: toast,
    onRefreshProperties: () => void feed.refresh(),
    onReloadPage: () => location.reload(),
    onNavigate: openRecord,
    onError({ code, message }) {
      frame.dataset.problem = code;
      toast({ type: 'danger', title: `Card: ${code}`, message });
    },
    iframeOrigins: page.app.iframeOrigins,
  };
}

function contextFor(card, { page, record, userId }) {
  const { email, firstName, lastName } = page.users.find((user) => user.userId === userId) ?? page.users[0];
  return {
    user: {
      id: userId,
      email,
      emails: [email],
      firstName,
      lastName,
      // As at HubSpot, whatever the documents say: always empty.
      roles: [],
      teams: [],
      locale: 'en-us',
      language: 'en',
      permissions: [],
    },
    portal: page.portal,
    crm: { objectId: Number(record.id), objectTypeId: record.type },
    extension: { appId: page.app.id, appName: page.app.name, cardTitle: card.name },
    variables: page.app.variables,
  };
}

async function hubspotFetch(url, { method, headers, body, timeout }) {
  const answer = await fetch('/workbench/hubspot-fetch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url, method, headers, body, timeout }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}

async function read(path, query) {
  const answer = await fetch(`/workbench/hubspot/${path}?${new URLSearchParams(query)}`);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}
