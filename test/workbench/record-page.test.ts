import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataDir, start, type Started } from '../start/started.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessibility.ts';
import { findBrowser, launch, sayUnavailable } from './browser.ts';

const program = await findBrowser();
if (!program) sayUnavailable('the record pages with their cards');

describe.runIf(program)('a rep on the record pages', () => {
  const data = openDataDir();
  let started: Started;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    if (!program) return;
    started = await start(data.dataDir);
    browser = await launch(program);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', ({ message }) => problems.push(message));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await started?.end('SIGTERM');
    await data.close();
  }, 60_000);

  const card = () => page.locator('main [data-card]');
  const cardSettled = () => page.locator('main [data-card][data-state="settled"]').first().waitFor({ timeout: 60_000 });
  const ownValue = (name: string) => page.locator(`[data-property="${name}"] dd`);

  /** From the overview through the list, as somebody finds a record. */
  async function openRecord(list: string, name: string): Promise<void> {
    await page.goto(`${started.url}/workbench/records/${list}?q=${encodeURIComponent(name)}`);
    await page.getByRole('link', { name }).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }

  test('sees the card that HubSpot’s own builder made, with what the service says of the friend', async () => {
    await openRecord('0-1', 'Nora Lindqvist');
    await cardSettled();
    await card().getByText('Customer referrals').first().waitFor();
    await ownValue('passalong_referral_status').getByText('Pending').waitFor();
    await expectAccessible(page, 60);
    await expectNoSidewaysScroll(page);
  }, 90_000);

  test('edits the lifecycle stage, and properties and card follow by themselves', async () => {
    await page.getByLabel('Lifecycle Stage').selectOption({ label: 'Customer' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: lifecycle stage.').waitFor();
    await ownValue('passalong_referral_status').getByText('Qualified').waitFor();
    await card().getByText('Qualified').first().waitFor();
  }, 60_000);

  test('opens the deal from its record and moves it with the keyboard, and the card follows', async () => {
    await page.locator('#linked').getByRole('link', { name: 'Lindqvist Studio - Annual plan' }).click();
    await cardSettled();
    await page.getByRole('button', { name: 'Closed Won' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('button[aria-current="step"]', { hasText: 'Closed Won' }).waitFor();
    await page.getByText('“Lindqvist Studio - Annual plan” is now in Closed Won.').waitFor();
    await card().getByText('Approved').first().waitFor();
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Closed Won');
    await expectAccessible(page, 60);
  }, 90_000);

  test('follows a record link of the card to the local page of that record', async () => {
    const link = card().locator('a[href*="/contacts/24680135/record/0-1/"]', { hasText: 'Nora Lindqvist' }).first();
    expect(await link.getAttribute('href')).toMatch(/^https?:\/\/(?!localhost)[^/]+\/contacts\//);
    await link.click();
    await page.getByRole('heading', { level: 1, name: 'Nora Lindqvist' }).waitFor();
    expect(page.url()).toContain(`${started.url}/workbench/record/0-1/`);
  }, 60_000);

  test('looks at a linked record in the preview, and is back where they were', async () => {
    await cardSettled();
    const button = page.locator('#linked').getByRole('button', { name: 'Preview Lindqvist Studio', exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.locator('#preview [data-card][data-state="settled"]').waitFor({ timeout: 60_000 });
    await page.locator('#preview').getByText('lindqvist-studio.example.com').first().waitFor();
    await expectAccessible(page, 20);
    await page.locator('#preview').getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Escape');
    await page.locator('#preview').waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.dataset.preview')).toMatch(/^0-2\//);
  }, 60_000);

  test('learns from the card that Passalong is down, and goes on when it is back', async () => {
    await cardSettled();
    const down = page.getByRole('switch', { name: 'Passalong is down' });
    await page.getByText('Make it harder').click();
    await down.click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reload the card' }).click();
    await card().getByText('Live details are not reachable').first().waitFor();
    await expectAccessible(page, 40);
    await page.getByText('Make it harder').click();
    await down.click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reload the card' }).click();
    await card().getByText('Customer referrals').first().waitFor();
  }, 60_000);

  test('sees that the card waits while Passalong is slow, and what was last written when it waits too long', async () => {
    await page.getByText('Make it harder').click();
    const slow = page.getByRole('switch', { name: 'Passalong is slow' });
    await slow.click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Reload the card' }).click();
    await page
      .locator('main [data-card][data-state="loading"]')
      .getByText(/loading/i)
      .first()
      .waitFor();
    await expectAccessible(page, 40);
    await card().getByText('Live details are not reachable').first().waitFor();
    await page.getByText('Make it harder').click();
    await slow.click();
    await page.keyboard.press('Escape');
  }, 60_000);

  test('adds a referral while answers get lost, sends it again later, and it is there once', async () => {
    await openRecord('0-1', 'Emil Silva');
    await cardSettled();
    await page.getByText('Make it harder').click();
    const lost = page.getByRole('switch', { name: 'answers get lost' });
    await lost.click();
    await page.keyboard.press('Escape');
    await card().getByRole('button', { name: 'Add referral' }).click();
    const panel = page.getByRole('dialog', { name: 'Add referral' });
    await panel.getByLabel('E-mail address').fill('twice.sent@example.org');
    await panel.getByLabel('First name').fill('Tess');
    await panel.getByRole('button', { name: 'Add referral' }).click();
    await panel.getByText('not reachable').first().waitFor();
    // The service has it, and nobody told the card.
    await ownValue('passalong_referred_count').getByText('2').waitFor();
    const answer = await fetch(`${started.url}/workbench/actions/answers-lost`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ on: 'false' }),
    });
    expect(answer.status).toBe(200);
    await panel.getByRole('button', { name: 'Add referral' }).click();
    await panel.waitFor({ state: 'hidden' });
    await card().getByText('Referrals (2)').waitFor();
    await ownValue('passalong_referred_count').getByText('2').waitFor();
  }, 90_000);

  test('works as another user, and the card is told', async () => {
    await page.getByText('You are').click();
    await page.getByLabel('Work as').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Switch user' }).click();
    await page.locator('#acting-as', { hasText: 'Ruben Castillo' }).waitFor();
    await page.keyboard.press('Escape');
    await cardSettled();
  }, 60_000);

  test('finds the ticket’s requester in the help desk, on a narrow screen too', async () => {
    await openRecord('0-5', 'Where do I find my referral link?');
    await cardSettled();
    await page.setViewportSize({ width: 420, height: 860 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, 40);
    expect(problems).toEqual([]);
  }, 60_000);
});
