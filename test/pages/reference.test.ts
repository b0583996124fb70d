import express from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { reference } from '../../backend/src/http/routes/reference-page.ts';
import { securityHeaders } from '../../backend/src/http/security-headers.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';

const program = await findBrowser();
if (!program) sayUnavailable('the reference page');

const OPEN_ALL = 'document.querySelectorAll("details").forEach((details) => { details.open = true; })';

describe.runIf(program)('the reference in a browser (SG-37)', () => {
  let server: Server;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    if (!program) return;
    const app = express();
    app.use(securityHeaders('http://localhost:3000'));
    app.get('/reference', reference(openApiDocument('http://localhost:3000')));
    server = createServer(app);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/reference`;
    browser = await launch(program);
  });

  afterAll(async () => {
    await browser?.close();
    await new Promise((done) => (server ? server.close(done) : done(null)));
  });

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
    await page.goto(url);
    return page;
  }

  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)(
    'is accessible at %i pixels in the %s scheme, folded and unfolded, without sideways scrolling',
    async (width, scheme) => {
      const page = await open(width, scheme);
      await expectAccessible(page, 1_000);
      await expectNoSidewaysScroll(page);
      await page.evaluate(OPEN_ALL);
      await expectAccessible(page, 2_000);
      await expectNoSidewaysScroll(page);
      await page.close();
    },
  );

  test('leads from the navigation to an operation, with the keyboard past everything to the text first', async () => {
    const page = await open(1440, 'light');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.getByRole('navigation').getByRole('link', { name: 'Record that somebody was referred' }).click();
    expect(page.url()).toMatch(/#createReferral$/);
    const box = await page.getByRole('heading', { name: 'Record that somebody was referred' }).boundingBox();
    expect(box?.y).toBeGreaterThan(50);
    expect(box?.y).toBeLessThan(400);
    await page.close();
  });

  test('shows examples beside the meaning on a wide screen and below it on a narrow one', async () => {
    const places = async (width: number): Promise<{ meaning: number; looks: number }> => {
      const page = await open(width, 'light');
      const left = async (part: string): Promise<number> =>
        (await page.locator(`#createReferral .${part}`).boundingBox())?.x ?? 0;
      const found = { meaning: await left('meaning'), looks: await left('looks') };
      await page.close();
      return found;
    };
    const wide = await places(1440);
    expect(wide.looks).toBeGreaterThan(wide.meaning + 300);
    const narrow = await places(360);
    expect(narrow.looks).toBe(narrow.meaning);
  });

  test('every example can be reached with the keyboard and says what it is', async () => {
    const page = await open(1440, 'light');
    const unnamed = await page.locator('pre:not([tabindex="0"][aria-label])').count();
    expect([unnamed, (await page.locator('pre').count()) > 50]).toEqual([0, true]);
    await page.close();
  });
});
