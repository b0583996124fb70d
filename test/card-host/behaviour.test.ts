import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import type { CardServer, MountInput } from './card-page.ts';
import { openCard, serveCards } from './card-page.ts';

const program = await findBrowser();
if (!program) sayUnavailable('what a card gets from the card host');

describe.runIf(program)('what a card gets from the page', () => {
  let browser: Browser;
  let server: CardServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(program!), serveCards()]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const behaviour = async (input: MountInput = {}) => {
    const opened = await openCard(browser, { server, uid: 'behaviour', ...input });
    const textOf = (id: string) => opened.page.getByTestId(id).textContent();
    const press = async (name: string) => {
      await opened.page.getByRole('button', { name, exact: true }).click();
      await opened.settle();
    };
    const pressFor = async (name: string) => {
      await press(name);
      await opened.page.waitForFunction(`document.querySelector('[data-test-id=result]').textContent !== ''`);
      return textOf('result');
    };
    return { ...opened, textOf, press, pressFor };
  };

  test('context, properties and associations reach it, with null for what the record lacks', async () => {
    const { page, textOf, press } = await behaviour({ properties: { firstname: 'Ada' } });
    expect(await textOf('context')).toBe('Robin on 0-1/101 at crm.record.sidebar');
    expect(await textOf('properties')).toBe('{"firstname":"Ada","lifecyclestage":"lead"}');
    expect(await textOf('associations')).toBe('Roof, Cellar');
    await press('More deals');
    expect(await textOf('associations')).toBe('Garden');
    await expectAccessible(page, 30);
  });

  test('a change of the record shows without a reload', async () => {
    const { textOf, change } = await behaviour();
    expect(await textOf('heard')).toBe('');
    await change({ lifecyclestage: 'customer' });
    expect(await textOf('properties')).toBe('{"firstname":"Ada","lifecyclestage":"customer"}');
    expect(await textOf('heard')).toBe('{"lifecyclestage":"customer"}');
    await change({ email: 'other@example.org' });
    expect(await textOf('heard')).toBe('{"lifecyclestage":"customer"}');
  });

  test('hubspot.fetch sends a plain object and reads the answer', async () => {
    const { pressFor, seen } = await behaviour({ answers: [{ status: 201, body: '{"result":"added"}' }] });
    expect(await pressFor('Post')).toBe('201 {"result":"added"}');
    expect((await seen()).requests).toEqual([{ url: `${server.url}/card`, method: 'POST', body: { note: 'hello' } }]);
  });

  test('what the proxy answers reaches the card as it is, and is asked for once: a second try is the proxy’s', async () => {
    const { pressFor, seen } = await behaviour({ answers: [{ status: 503, body: '{"error":{}}' }] });
    expect(await pressFor('Fetch')).toBe('503 {"error":{}}');
    expect((await seen()).requests).toHaveLength(1);
  });

  test('a server that cannot be reached is an answer of 502, not silence', async () => {
    const { pressFor } = await behaviour({ answers: [null] });
    expect(await pressFor('Fetch')).toContain('502 {"status":"error","category":"BAD_GATEWAY"');
  });

  test('no way leads out but hubspot.fetch', async () => {
    const { pressFor, press, textOf } = await behaviour();
    expect(await pressFor('Native fetch')).toMatch(/^failed: fetch is not available in a HubSpot card/);
    await press('Other ways out');
    await expect.poll(() => textOf('result')).toBe('open: none');
  });

  test('alerts, refreshes and reloads are handed to the page, and a wrong alert is refused', async () => {
    const { press, seen, page } = await behaviour();
    for (const name of ['Alert', 'Refresh', 'Reload', 'Wrong alert']) await press(name);
    await page.waitForFunction('seen.errors.length > 0');
    expect(await seen()).toMatchObject({
      alerts: [{ type: 'success', title: 'Done', message: 'Copied to the clipboard' }],
      refreshed: 1,
      reloaded: 1,
      errors: [{ code: 'action', message: expect.stringContaining('addAlert does not know the type "purple"') }],
    });
  });

  test('a press copies to the clipboard, and without one it is refused', async () => {
    const { page, pressFor, seen } = await behaviour();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    expect(await pressFor('Copy')).toBe('copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('https://go.example/r/ada');

    const other = await behaviour();
    await other.page.evaluate("Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } })");
    await other.press('Copy');
    await expect.poll(() => other.textOf('result')).toContain('failed: copyTextToClipboard was refused');
    expect((await other.seen()).errors).toMatchObject([{ code: 'action' }]);
    expect((await seen()).errors).toEqual([]);
  });

  test('an iframe opens above the page when its origin is permitted, and is refused loudly otherwise', async () => {
    const { page, press, textOf, seen } = await behaviour();
    await press('Foreign iframe');
    await page.waitForFunction('seen.errors.length > 0');
    expect((await seen()).errors).toEqual([
      {
        code: 'action',
        message:
          "openIframeModal was refused: https://other.example is not among the app's permitted iframe addresses.",
      },
    ]);
    await press('Own iframe');
    await page.getByRole('dialog', { name: 'Own page' }).waitFor();
    await page.frameLocator('iframe').getByText('The own page').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => textOf('result')).toBe('iframe closed');
  });

  test('what a handler throws is said, and the card goes on', async () => {
    const { press, pressFor, page, seen } = await behaviour();
    await press('Broken handler');
    await page.waitForFunction('seen.errors.length > 0');
    expect((await seen()).errors).toEqual([{ code: 'handler', message: 'A handler broke' }]);
    expect(await pressFor('Properties')).toBe('{"email":"ada@example.org"}');
  });
});
