import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { startTestServer, type TestServer } from '../http/test-server.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import { BROWSER, publishPage, type PublishedPage } from './published-page.ts';

/** The pictures of the docs are taken anew only when asked for (UPDATE_IMAGES=1): a test run changes no file. */
const images = process.env['UPDATE_IMAGES'] ? join(import.meta.dirname, '../../docs/images/pages') : null;

const WIDTHS = [360, 1280] as const;
const LONG = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh ';
const longText = (length: number): string => LONG.repeat(20).slice(0, length).trim();

const BRAND = {
  brandName: 'Copper Kettle Roasters',
  color: '#14532d',
  consentText:
    'I agree that Copper Kettle Roasters may contact me about its coffee plans. I can withdraw this at any time.',
  privacyUrl: 'https://example.com/privacy',
  signUp: {
    title: 'Your friend gets you a month of coffee',
    intro: 'Tell us how to reach you. We call once, listen to what you need, and send the first bag for free.',
    button: 'Claim my coffee',
    thanks: 'We have your details and will call within two working days.',
  },
  join: {
    title: 'Share coffee, earn coffee',
    intro: 'Get your own link. For every office that signs up through it, your next bag is on us.',
    button: 'Get my link',
    thanks: 'Share it with people whose offices deserve better coffee.',
  },
  questions: [
    {
      key: 'companySize',
      label: 'How many people drink coffee in your office?',
      required: true,
      options: ['Up to 10', '11 to 50', 'More than 50'],
    },
    { key: 'wish', label: 'Anything we should know?', required: false, options: [] },
  ],
};

const program = await findBrowser();
if (!program) sayUnavailable('the states of the public pages');

describe.runIf(program)('every state of the public pages', () => {
  let server: TestServer;
  let brand: PublishedPage;
  let long: PublishedPage;
  let hebrew: PublishedPage;
  let resting: PublishedPage;
  let unreachable: Database;
  let browser: Browser;
  const listening: Server[] = [];
  const at = { page: '', busy: '', down: '' };

  beforeAll(async () => {
    if (!program) return;
    server = await startTestServer();
    const { database } = server;
    brand = await publishPage(database, { letter: 'b', account: '1' }, BRAND);
    resting = await publishPage(database, { letter: 'c', account: '2' }, { ...BRAND, color: '#ffe600' });
    await database.inWorkspace(resting.workspaceId, (tx) =>
      tx('advocates').where({ id: resting.advocateId }).update({ paused_at: new Date() }),
    );
    long = await publishPage(database, { letter: 'd', account: '3' }, longPage());
    hebrew = await publishPage(database, { letter: 'f', account: '4' }, rightToLeftPage());
    unreachable = openPool({ url: 'postgres://nobody@127.0.0.1:1/none', maxConnections: 1 });
    at.page = await listen(server.app, listening);
    at.busy = await listen(server.appWith({}), listening);
    at.down = await listen(server.appWith({ database: unreachable }), listening);
    for (let guess = 0; guess < 30; guess += 1) await fetch(`${at.busy}/r/k7m2x9qdwtz`);
    if (images) mkdirSync(images, { recursive: true });
    browser = await launch(program);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    for (const each of listening) each.close();
    await unreachable?.close();
    await server?.close();
  }, 60_000);

  const signUp = (of: PublishedPage, base = at.page) => `${base}/p/${of.programId}/sign-up`;
  const invited = (of: PublishedPage) => `${signUp(of)}?ref=${of.code}`;

  async function submit(page: Page, values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).fill(value);
    await page.locator('button').click();
  }

  /** What one does to see it, the words it must show, and how many nodes axe must at least have looked at. */
  const states: Record<string, { open: (page: Page) => Promise<unknown>; shows: string; floor: number }> = {
    'sign-up': { open: (page) => page.goto(invited(brand)), shows: 'Claim my coffee', floor: 60 },
    'sign-up-errors': {
      async open(page) {
        await page.goto(invited(brand));
        await submit(page, { firstName: 'Dana', email: 'dana@' });
      },
      shows: 'Some things need your attention',
      floor: 80,
    },
    'long-names': {
      async open(page) {
        await page.goto(invited(long));
        await submit(page, {
          firstName: longText(120),
          lastName: longText(120),
          email: `${'e'.repeat(60)}@example.com`,
        });
      },
      shows: longText(80),
      floor: 60,
    },
    'right-to-left': { open: (page) => page.goto(invited(hebrew)), shows: 'חבר', floor: 40 },
    'no-link': { open: (page) => page.goto(signUp(brand)), shows: 'You need a personal link', floor: 15 },
    'link-resting': {
      open: (page) => page.goto(`${at.page}/r/${resting.code}`),
      shows: 'This link is resting',
      floor: 15,
    },
    'link-unknown': {
      open: (page) => page.goto(`${at.page}/r/k7m2x9qdwtz`),
      shows: 'This link is not valid',
      floor: 12,
    },
    thanks: { open: (page) => page.goto(`${signUp(brand)}/thanks`), shows: 'within two working days', floor: 15 },
    join: { open: (page) => page.goto(`${at.page}/p/${brand.programId}/join`), shows: 'Get my link', floor: 40 },
    'join-done': {
      open: (page) => page.goto(`${at.page}/p/${brand.programId}/join/done?code=${brand.code}`),
      shows: 'Your personal link',
      floor: 20,
    },
    'too-many-tries': { open: (page) => page.goto(`${at.busy}/r/${brand.code}`), shows: 'Too many tries', floor: 12 },
    'service-down': {
      async open(page) {
        await page.goto(invited(brand));
        // As when the database goes away between opening the form and sending it.
        const sent = signUp(brand, at.down);
        await page.evaluate((action) => {
          const { document } = globalThis as any;
          document.querySelector('form').action = action;
        }, sent);
        await submit(page, { firstName: 'Dana', email: 'dana@example.com' });
      },
      shows: 'What you typed is still here',
      floor: 15,
    },
  };

  test.each(
    Object.keys(states).flatMap((name) =>
      WIDTHS.flatMap(
        (width) =>
          [
            [name, width, 'light'],
            [name, width, 'dark'],
          ] as const,
      ),
    ),
  )('%s at %i px, %s: whole, accessible, and without a script', async (name, width, colorScheme) => {
    const state = states[name]!;
    const context = await browser.newContext({
      viewport: { width, height: width === 360 ? 740 : 800 },
      colorScheme,
      userAgent: BROWSER,
      // The form of the service that is down is sent to another port, which the page itself would not allow.
      bypassCSP: name === 'service-down',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const refused: string[] = [];
    page.on(
      'console',
      (message) => void (/Content Security Policy/.test(message.text()) && refused.push(message.text())),
    );
    await state.open(page);
    await page.getByText(state.shows).first().waitFor();
    await expectAccessible(page, state.floor);
    await expectNoSidewaysScroll(page);
    expect(await page.locator('script').count()).toBe(0);
    expect(refused).toEqual([]);
    await expectLargeTargets(page);
    if (images && (colorScheme === 'light' || name === 'sign-up')) {
      await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
      await page.screenshot({
        path: join(images, `${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}.png`),
        fullPage: true,
      });
    }
    await context.close();
  });
});

/** Fingers hit what is at least 44 px high; a tick box counts with its label. */
async function expectLargeTargets(page: Page): Promise<void> {
  const heights = await page
    .locator(
      'button:visible, select:visible, textarea:visible, input:visible:not([type=checkbox]):not([tabindex="-1"])',
    )
    .evaluateAll((nodes) => nodes.map((node: any) => node.getBoundingClientRect().height as number));
  for (const height of heights) expect(height).toBeGreaterThanOrEqual(44);
}

async function listen(app: RequestListener, listening: Server[]): Promise<string> {
  const server = createServer(app);
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function longPage() {
  return {
    ...BRAND,
    brandName: longText(80),
    color: '#7c3aed',
    consentText: longText(600),
    signUp: { title: longText(120), intro: longText(500), button: longText(40), thanks: longText(500) },
    questions: [
      { key: 'a', label: longText(200), required: true, options: [longText(200), 'No'] },
      { key: 'b', label: longText(200), required: false, options: [] },
    ],
  };
}

function rightToLeftPage() {
  return {
    brandName: 'קפה כחול',
    color: '#b91c1c',
    signUp: {
      title: 'חבר הזמין אותך',
      intro: 'השאר פרטים ונחזור אליך בהקדם.',
      button: 'הרשמה',
      thanks: 'תודה, נחזור אליך בקרוב.',
    },
    questions: [{ key: 'size', label: 'כמה אנשים עובדים אצלכם?', required: true, options: ['עד 10', 'יותר'] }],
  };
}
