import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import type { CardServer, MountInput } from './card-page.ts';
import { openCard, serveCards } from './card-page.ts';

const program = await findBrowser();
if (!program) sayUnavailable('the failures of the card host');

describe.runIf(program)('a card that is in trouble says so', () => {
  let browser: Browser;
  let server: CardServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(program!), serveCards()]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const trouble = (kind: string, input: MountInput = {}) =>
    openCard(browser, { server, uid: 'trouble', variables: { TROUBLE: kind }, ...input });

  test.each([
    ['component', 'unknown_component', "Passalong's card uses <Iframe>, which this page cannot show."],
    [
      'render',
      'render',
      'This card stopped with an error. The card broke while it was drawn. Reload the page to try again.',
    ],
  ])('in its place, on the console and to the page: %s', async (kind, code, text) => {
    const { page, seen, consoleErrors } = await trouble(kind);
    const alert = page.locator('#card').getByRole('alert');
    await alert.waitFor();
    expect(await page.locator('#card').textContent()).toBe(text);
    expect((await seen()).errors.map((error) => error.code)).toEqual([code]);
    expect(consoleErrors.some((line) => line.startsWith(`[card] ${code}:`))).toBe(true);
    await expectAccessible(page, 8);
  });

  test('a bundle that is not there does not leave the card loading for ever', async () => {
    const { page, seen } = await trouble('none', { bundleUrl: '/cards/nowhere.js' });
    await page.locator('#card').getByRole('alert').filter({ hasText: 'This card could not start.' }).waitFor();
    expect((await seen()).errors).toMatchObject([{ code: 'bundle' }]);
    expect(await page.getByRole('status').count()).toBe(0);
  });

  test('a script that never registers a card is refused', async () => {
    const { page } = await trouble('none', { bundleUrl: '/worker.js?twice' });
    await page.getByRole('alert').filter({ hasText: 'This card could not start.' }).waitFor();
    expect(await page.getByText('No trouble').count()).toBe(0);
  });

  test('a value outside the documented set is drawn as the default and reported', async () => {
    const { page, seen, consoleErrors } = await trouble('variant');
    const button = page.getByRole('button', { name: 'Still pressable' });
    expect(await button.getAttribute('class')).toContain('pch-button-secondary');
    const message =
      'Passalong\'s card: Button has no variant "loud"; it takes primary, secondary, destructive, transparent.';
    expect((await seen()).errors).toEqual([{ code: 'unknown_variant', message }]);
    expect(consoleErrors).toEqual([`[card] unknown_variant: ${message}`]);
  });

  test('an overlay that hangs on nothing is reported', async () => {
    const { seen } = await trouble('stray overlay');
    expect((await seen()).errors).toMatchObject([{ code: 'misuse' }]);
  });
});
