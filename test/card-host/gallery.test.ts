import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as uiExtensions from '@hubspot/ui-extensions';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import type { CardServer } from './card-page.ts';
import { openCard, projectDir, serveCards } from './card-page.ts';

const program = await findBrowser();
if (!program) sayUnavailable('the components of the card host');

/** Exported beside the components, and no components. */
const OTHERS = ['ExtensionEvent', 'FormSubmitExtensionEvent', 'RemoteEvent', 'ServerlessExecutionStatus'];

describe.runIf(program)('the components a card shows', () => {
  let browser: Browser;
  let server: CardServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(program!), serveCards()]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const gallery = (width?: number) => openCard(browser, { server, uid: 'gallery', ...(width ? { width } : {}) });

  test('every stable component of HubSpot stands in a card of the fixture, and none is unknown', async () => {
    const cards = join(projectDir, 'src/app/cards');
    const sources = readdirSync(cards)
      .filter((name) => name.endsWith('.tsx'))
      .map((name) => readFileSync(join(cards, name), 'utf8'))
      .join('\n');
    const components = Object.keys(uiExtensions).filter((name) => /^[A-Z]/.test(name) && !OTHERS.includes(name));
    expect(components).toHaveLength(70);
    expect(components.filter((name) => !new RegExp(`<${name}\\b`).test(sources))).toEqual([]);
    for (const uid of ['gallery', 'forms', 'overlays']) {
      const { seen, consoleErrors } = await openCard(browser, { server, uid });
      expect((await seen()).errors).toEqual([]);
      expect(consoleErrors).toEqual([]);
    }
  });

  test.each([900, 420])('are free of accessibility faults and fit the window at %i pixels', async (width) => {
    const { page, settle } = await gallery(width);
    await page.getByRole('button', { name: 'How the reward came about' }).click();
    await settle();
    await expectAccessible(page, 90);
    await expectNoSidewaysScroll(page);
    await page.getByRole('tab', { name: 'List' }).click();
    await settle();
    await expectAccessible(page, 90);
    await expectNoSidewaysScroll(page);
  });

  test('every component has its role and its name', async () => {
    const { page } = await gallery();
    const expected = [
      ['heading', 'Ada Advocate refers in Friends first'],
      ['heading', 'No referrals yet'],
      ['heading', 'Passalong cannot be reached'],
      ['link', 'https://go.example/r/ada (opens in a new tab)'],
      ['link', 'her record'],
      ['tab', 'Numbers'],
      ['tabpanel', 'Numbers'],
      ['progressbar', 'Two stages to go'],
      ['img', 'Score 72 out of 100'],
      ['img', 'A target'],
      ['img', 'Best advocate'],
      ['img', 'QR code of the link'],
      ['figure', 'Referrals by month'],
      ['figure', 'Referred'],
      ['table', 'Referrals by month'],
      ['button', 'Add a referral'],
      ['button', 'Send again'],
      ['button', 'Remove'],
      ['button', 'More'],
      ['button', 'Clickable tag'],
      ['button', 'How the reward came about'],
    ] as const;
    const found = await Promise.all(
      expected.map(async ([role, name]) => [role, name, await page.getByRole(role, { name, exact: true }).count()]),
    );
    expect(found).toEqual(expected.map(([role, name]) => [role, name, 1]));
  });

  test('figures are read with their labels, and steps say which one is the current', async () => {
    const { page } = await gallery();
    const figures = page.locator('dl.pch-statistics');
    expect(await figures.locator('dt').allTextContents()).toEqual(['Referred', 'Qualified', 'Rewards']);
    expect(await figures.locator('dd').allTextContents()).toEqual(['12', 'Up by 33%', '4', 'Down by 5%', '€480.00']);
    expect(await page.locator('[aria-current=step]').textContent()).toContain('Contract sent');
    expect(await page.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('2 of 4 stages');
  });

  test('a chart has a table with the same numbers', async () => {
    const { page } = await gallery();
    const rows = page.getByRole('table', { name: 'Referrals by month' }).getByRole('row');
    expect(await rows.allTextContents()).toEqual(['MonthReferredApproved', 'Jun21', 'Jul52', 'Aug32']);
  });

  test('alerts that something is wrong interrupt, the others wait', async () => {
    const { page } = await gallery();
    expect(await page.getByRole('alert').allTextContents()).toEqual([
      'DisconnectedAn admin has to connect the account again.',
      'Passalong cannot be reachedTry again in a minute.Try again',
    ]);
    expect(await page.getByRole('status').allTextContents()).toEqual([
      'The numbers may lagHubSpot is answering slowly. Settings show why.',
      'Connected',
      'Good to knowAda has three friends waiting.',
      'Loading referrals',
    ]);
  });

  test('a text that does not fit shows itself in full when pointed at', async () => {
    const { page } = await gallery();
    const cut = page.locator('.pch-truncate');
    expect(await cut.getAttribute('title')).toBe(
      'A text that is far too long for the little room that it has been given here',
    );
    expect(await cut.evaluate((element) => (element as any).clientWidth)).toBe(180);
  });

  test('tabs and menus obey the arrow keys, and a closed tab stays closed', async () => {
    const { page, settle } = await gallery();
    await page.getByRole('tab', { name: 'Numbers' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'List' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Numbers' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Closed' }).isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await settle();
    expect(await page.getByTestId('pressed').textContent()).toBe('Pressed: Resume');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('More');
    expect(await page.getByRole('menu').count()).toBe(0);
  });

  test('a table is sorted and turned by its buttons', async () => {
    const { page, settle } = await gallery();
    await page.getByRole('tab', { name: 'List' }).click();
    const friends = () => page.locator('tbody:visible .pch-link').allTextContents();
    await page.getByRole('button', { name: 'Friend' }).click();
    await settle();
    expect(await page.getByRole('columnheader', { name: 'Friend' }).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('button', { name: 'Friend' }).click();
    await settle();
    expect(await friends()).toEqual(['Cy Chen', 'Bo Berg']);
    await page.getByRole('button', { name: 'Next' }).click();
    await settle();
    expect(await page.locator('[aria-current=page]').textContent()).toBe('2');
    await page.getByRole('cell', { name: 'Page 2' }).waitFor();
  });

  test('a button that works says so, keeps the focus and takes no second press', async () => {
    const { page, settle } = await gallery();
    const button = page.getByRole('button', { name: 'Send again' });
    await button.click();
    await settle();
    expect(await button.getAttribute('aria-busy')).toBe('true');
    expect(await button.evaluate((element) => element === (globalThis as any).document.activeElement)).toBe(true);
  });

  test('a tooltip belongs to its button and shows when that has the focus', async () => {
    const { page } = await gallery();
    const tooltip = page.getByText('Opens nothing');
    expect(await tooltip.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Why?' }).focus();
    expect(await tooltip.isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Why?', description: 'Opens nothing' }).count()).toBe(1);
  });

  test('a link within the CRM is the page’s to follow, one that leads out opens a tab of its own', async () => {
    const { page, seen } = await gallery();
    await page.getByRole('link', { name: 'her record' }).click();
    expect((await seen()).visits).toEqual(['/contacts/1/record/0-1/7']);
    const outside = page.getByRole('link', { name: /go\.example/ });
    expect(await outside.getAttribute('target')).toBe('_blank');
    expect(await outside.getAttribute('rel')).toBe('noopener noreferrer');
  });
});
