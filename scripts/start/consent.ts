import { StartFailed } from './start-failed.ts';

export type ConsentInput = {
  /** Where the service is called from here. */
  readonly serviceUrl: string;
  /** For people. */
  readonly title: string;
  /** Of our install page, with its query. */
  readonly path: string;
  /** What the administrator chooses on the CRM's page. */
  readonly choice: Readonly<Record<string, string>>;
};

/** Walks the real installation as a browser would: our install page, the CRM's consent, our callback. */
export async function walkConsent({ serviceUrl, title, path, choice }: ConsentInput): Promise<void> {
  const notConnected = (why: string) =>
    new StartFailed(
      `The local ${title} could not be connected: ${why}`,
      'Start again: what was made so far is kept. The log in DATA_DIR/logs says more.',
    );
  const locationOf = (answer: Response): string => {
    const location = answer.headers.get('location');
    if (location !== null) return location;
    throw notConnected(`${new URL(answer.url).pathname} answered ${answer.status} instead of a redirect`);
  };
  const begun = await begin(serviceUrl + path);
  const cookie = cookieOf(begun);
  const consent = new URL(locationOf(begun));
  for (const [name, value] of Object.entries({ ...choice, decision: 'grant' })) consent.searchParams.set(name, value);
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const callback = new URL(locationOf(granted));
  // The public address may lead through a tunnel; from here the service is called directly.
  const finished = await fetch(new URL(callback.pathname + callback.search, serviceUrl), { headers: { cookie } });
  const page = await finished.text();
  if (!finished.ok) throw notConnected(`the callback answered ${finished.status}: ${plain(page)}`);
}

/** A join link asks first whether it is the right workspace; it is the one whose key made the link. */
async function begin(address: string): Promise<Response> {
  const opened = await fetch(address, { redirect: 'manual' });
  const { origin, pathname, searchParams } = new URL(address);
  if (opened.status !== 200 || !searchParams.has('join')) return opened;
  const headers = { cookie: cookieOf(opened) };
  return fetch(origin + pathname, { method: 'POST', body: searchParams, headers, redirect: 'manual' });
}

function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function plain(page: string): string {
  return page
    .replace(/<(style|title)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
