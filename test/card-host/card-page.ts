import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { selectors } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { cardHostAssets } from '../../sandbox/card-host/assets.ts';
import type { HostedCard } from '../../sandbox/card-host/build-cards.ts';

selectors.setTestIdAttribute('data-test-id');

export const projectDir = join(import.meta.dirname, 'project');

/** As strict as a page can be: what the cards need beyond it would have to be allowed by every page that shows them. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>A record page</title>
    <link rel="stylesheet" href="/host.css" />
    <script src="/host.js" defer></script>
  </head>
  <body>
    <main>
      <h1>A record page</h1>
      <section class="pch-frame" aria-label="Card">
        <div class="pch-frame-head"><h2>Card</h2></div>
        <div class="pch-frame-body" id="card"></div>
      </section>
    </main>
  </body>
</html>`;

export type CardServer = {
  readonly url: string;
  readonly card: (uid: string) => HostedCard;
  readonly close: () => void;
};

/** A tiny page on loopback with the host's scripts and the bundles of the fixture project. */
export async function serveCards(dir = projectDir): Promise<CardServer> {
  const assets = await cardHostAssets({ projectDir: dir });
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1);
    const asset = assets.get(path);
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('content-type', asset?.type ?? 'text/html; charset=utf-8');
    response.end(asset?.body ?? (path === 'frame' ? '<!doctype html><title>Own</title>The own page' : PAGE));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const cards = JSON.parse(assets.get('cards.json')?.body ?? '[]') as HostedCard[];
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    card: (uid) => cards.find((card) => card.uid === uid)!,
    close: () => void server.close(),
  };
}

export type MountInput = {
  readonly variables?: Record<string, string>;
  readonly properties?: Record<string, string>;
  /** Answers of the app's server in their order; a null is a failed connection, and the last one stays. */
  readonly answers?: readonly ({ status: number; body: string } | null)[];
  readonly bundleUrl?: string;
  readonly width?: number;
};

/** What the card made the page do, in the order in which it did. */
export type Seen = {
  readonly alerts: { type: string; message: string; title?: string }[];
  readonly errors: { code: string; message: string }[];
  readonly visits: string[];
  readonly requests: { url: string; method: string; body?: unknown }[];
  readonly refreshed: number;
  readonly reloaded: number;
};

export type CardPage = {
  readonly page: Page;
  readonly seen: () => Promise<Seen>;
  readonly settle: () => Promise<void>;
  /** The record changes in the CRM. */
  readonly change: (properties: Record<string, string>) => Promise<void>;
  readonly consoleErrors: string[];
};

/** Opens the page and mounts a card on it, with a page around it that keeps books of what the card asks for. */
export async function openCard(
  browser: Browser,
  { server, uid, ...input }: MountInput & { server: CardServer; uid: string },
): Promise<CardPage> {
  const context = await browser.newContext({ viewport: { width: input.width ?? 900, height: 900 } });
  const page = await context.newPage();
  const consoleErrors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(`uncaught: ${error.message}`));
  await page.goto(server.url);
  await page.waitForFunction('window.PassalongCardHost');
  await page.evaluate(mountInBrowser, { card: server.card(uid), base: server.url, ...input });
  const settle = (): Promise<void> => page.evaluate(() => (globalThis as any).mounted.whenSettled());
  await settle();
  return {
    page,
    seen: () => page.evaluate(() => (globalThis as any).seen),
    settle,
    change: async (properties) => {
      await page.evaluate((changed) => (globalThis as any).change(changed), properties);
      await settle();
    },
    consoleErrors,
  };
}

/** Runs in the browser: everything it uses comes with it. */
function mountInBrowser({ card, base, ...input }: MountInput & { card: HostedCard; base: string }): void {
  const world = globalThis as any;
  const seen = { alerts: [], errors: [], visits: [], requests: [], refreshed: 0, reloaded: 0 } as any;
  const properties = { firstname: 'Ada', lifecyclestage: 'lead', email: 'ada@example.org', ...input.properties } as any;
  const answers = [...(input.answers ?? [{ status: 200, body: '{"visits":3}' }])];
  const deals = ['Roof', 'Cellar', 'Garden'].map((dealname, index) => ({
    toObjectId: 100 + index,
    associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 4, label: '' }],
    properties: { dealname },
  }));
  world.seen = seen;
  world.mounted = world.PassalongCardHost.mountCard(world.document.getElementById('card'), {
    bundleUrl: input.bundleUrl ?? `/${card.bundleName}`,
    workerUrl: '/worker.js',
    location: card.location,
    context: {
      user: {
        id: 7,
        email: 'rep@example.org',
        emails: [],
        firstName: 'Robin',
        lastName: 'Rep',
        roles: [],
        teams: [],
        permissions: [],
      },
      portal: { id: 42, timezone: 'Europe/Berlin' },
      crm: { objectId: 101, objectTypeId: '0-1' },
      extension: { appId: 1, appName: 'Passalong', cardTitle: card.name },
      variables: { BASE: base, ...input.variables },
    },
    hubspotFetch: (url: string, { method, body }: { method: string; body?: unknown }) => {
      seen.requests.push({ url, method, ...(body === undefined ? {} : { body }) });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer ? Promise.resolve(answer) : Promise.reject(new Error('no connection'));
    },
    crmProperties: (names: string[] | '*') =>
      Promise.resolve(
        names === '*'
          ? properties
          : Object.fromEntries(names.filter((name) => name in properties).map((name) => [name, properties[name]])),
      ),
    associations: ({ pageLength, offset }: { pageLength: number; offset: number }) => {
      const results = deals.slice(offset, offset + pageLength);
      return Promise.resolve({ results, hasMore: offset + pageLength < deals.length, nextOffset: offset + pageLength });
    },
    onCrmPropertiesChanged: (changed: (properties: object) => void) => {
      world.change = (given: object) => {
        Object.assign(properties, given);
        changed(given);
      };
      return () => undefined;
    },
    onAlert: (alert: object) => seen.alerts.push(alert),
    onRefreshProperties: () => (seen.refreshed += 1),
    onReloadPage: () => (seen.reloaded += 1),
    onNavigate: (href: string) => seen.visits.push(href),
    onError: (error: object) => seen.errors.push(error),
    iframeOrigins: [base],
  });
}
