import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import type { CardServer } from './card-page.ts';
import { openCard, serveCards } from './card-page.ts';

const program = await findBrowser();
if (!program) sayUnavailable('modals and panels of the card host');

describe.runIf(program)('modals and panels of a card', () => {
  let browser: Browser;
  let server: CardServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(program!), serveCards()]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const overlays = async () => {
    const opened = await openCard(browser, { server, uid: 'overlays' });
    const { page } = opened;
    return {
      ...opened,
      focused: () =>
        page.evaluate(
          'document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent',
        ),
      said: async () => {
        await opened.settle();
        return page.getByTestId('said').textContent();
      },
    };
  };

  test('a modal opened with the keyboard keeps the focus until Escape gives it back', async () => {
    const { page, focused, said } = await overlays();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Ask for a review' }).waitFor();
    const round = [await focused()];
    for (let stop = 0; stop < 4; stop += 1) {
      await page.keyboard.press('Tab');
      round.push(await focused());
    }
    expect(round).toEqual(['Why', 'Ask', 'Cancel', 'Close', 'Why']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Cancel');
    await expectAccessible(page, 15);

    await page.keyboard.press('Escape');
    expect(await said()).toBe('opened, closed');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused()).toBe('Ask for a review');
  });

  test.each([
    ['its reaction', 'Ask'],
    ['the action closeOverlay', 'Cancel'],
    ['its own cross', 'Close'],
  ])('a modal is closed by %s', async (_by, button) => {
    const { page, said } = await overlays();
    await page.getByRole('button', { name: 'Ask for a review' }).click();
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await said()).toBe('opened, closed');
  });

  test('a panel keeps the focus too, shows links of the CRM and closes by its reaction', async () => {
    const { page, focused, said, seen } = await overlays();
    await page.getByRole('button', { name: 'Show details' }).click();
    await page.getByRole('dialog', { name: 'Details' }).waitFor();
    expect(await focused()).toBe('Close');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Done');
    await expectAccessible(page, 12);
    await page.getByRole('link', { name: 'Ada Advocate' }).click();
    expect((await seen()).visits).toEqual(['/contacts/1/record/0-1/7']);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await said()).toBe('panel closed');
  });

  test('what was typed into a modal is not lost when Escape closes it', async () => {
    const { page, said } = await overlays();
    await page.getByRole('button', { name: 'Ask for a review' }).click();
    await page.getByRole('textbox', { name: 'Why' }).fill('wrong deal');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await said()).toBe('opened, why wrong deal, closed');
  });

  test('a plain panel leaves the page within reach, lives on while it is open, and Escape closes it', async () => {
    const { page, focused, said } = await overlays();
    await page.getByRole('button', { name: 'Show notes' }).click();
    const panel = page.getByRole('dialog', { name: 'Notes' });
    await panel.getByRole('button', { name: 'Note it' }).click();
    await panel.getByText('Said so far: 1').waitFor();
    expect(await panel.getAttribute('aria-modal')).toBeNull();
    await expectAccessible(page, 20);
    await page.getByRole('button', { name: 'Open from elsewhere' }).focus();
    expect(await focused()).toBe('Open from elsewhere');
    await panel.getByRole('button', { name: 'Note it' }).focus();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await said()).toBe('noted');
    expect(await focused()).toBe('Show notes');
  });

  test('a reaction opens a modal from elsewhere, and one that does not exist is refused loudly', async () => {
    const { page, settle, seen } = await overlays();
    await page.getByRole('button', { name: 'Open from elsewhere' }).click();
    await page.getByRole('dialog', { name: 'Ask for a review' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open what is not there' }).click();
    await settle();
    await page.waitForFunction('seen.errors.length > 0');
    expect((await seen()).errors).toEqual([
      { code: 'misuse', message: 'The card opens the overlay "nowhere", but has no Modal or Panel with this id.' },
    ]);
  });

  test('nothing of a card is left on the page when it is taken away', async () => {
    const { page } = await overlays();
    await page.getByRole('button', { name: 'Ask for a review' }).click();
    await page.getByRole('dialog').waitFor();
    await page.evaluate('mounted.unmount()');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.locator('.pch-overlays').count()).toBe(0);
    expect(await page.locator('#card').innerHTML()).toBe('');
  });
});
