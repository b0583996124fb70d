import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataDir, start, type Started } from '../start/started.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessibility.ts';
import { findBrowser, launch, sayUnavailable } from './browser.ts';

/** The pictures of the docs are taken anew only when asked for (UPDATE_IMAGES=1): a test run changes no file. */
const images = process.env['UPDATE_IMAGES'] ? join(import.meta.dirname, '../../docs/images') : null;

async function takePicture(page: Page, name: string): Promise<void> {
  await page.locator('details').evaluate((details: any) => details.removeAttribute('open'));
  await page.evaluate('scrollTo(0, 0)');
  if (images) await page.screenshot({ path: join(images, name) });
}

const program = await findBrowser();
if (!program) sayUnavailable('the journey through the workbench');

describe.runIf(program)('a newcomer at the workbench', () => {
  const data = openDataDir();
  let started: Started;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    if (!program) return;
    started = await start(data.dataDir);
    browser = await launch(program);
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(started.url);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await started?.end('SIGTERM');
    await data.close();
  }, 60_000);

  const valueOf = (name: string) =>
    page.locator('#contact tr', { has: page.locator(`code:text-is("${name}")`) }).locator('.value');

  async function show(person: string): Promise<void> {
    await page.locator('#shown-person').selectOption({ label: person });
  }

  test('sees the program in words and a contact’s properties as HubSpot holds them', async () => {
    await page.getByText('when a deal of the friend reaches Closed Won in the Sales Pipeline').waitFor();
    await valueOf('passalong_referral_link').waitFor();
    await expectAccessible(page, 60);
    await expectNoSidewaysScroll(page);
  });

  test('signs a friend up, wins the deal and sees reward, properties and reasons follow', async () => {
    await page.locator('#sign-up-firstName').fill('Nina');
    await page.locator('#sign-up-lastName').fill('Newcomer');
    await page.locator('#sign-up-email').fill('nina.newcomer@example.org');
    await page.locator('#sign-up button').click();
    await page.locator('#shown-person option', { hasText: 'Nina Newcomer' }).waitFor({ state: 'attached' });
    await show('Nina Newcomer');
    await valueOf('passalong_referral_status').getByText('pending').waitFor();
    await page.locator('summary').click();
    await page.locator('#create-deal-friend').selectOption({ label: 'Nina Newcomer' });
    await page.locator('#create-deal-amount').fill('4800');
    await page.locator('#create-deal button').click();
    await page.locator('#move-deal-deal option', { hasText: 'Nina Newcomer' }).waitFor({ state: 'attached' });
    const deal = await page.locator('#move-deal-deal option', { hasText: 'Nina Newcomer' }).getAttribute('value');
    await page.locator('#move-deal-deal').selectOption(deal);
    await page.locator('#move-deal-stage').selectOption('closedwon');
    await page.locator('#move-deal button').click();
    await valueOf('passalong_referral_status').getByText('approved').waitFor();
    await valueOf('passalong_status_reason').getByText('Deal reached Closed Won').waitFor();
    await page.locator('#rewards button').first().waitFor();
    await expectAccessible(page, 60);
    await page.setViewportSize({ width: 1400, height: 1150 });
    await takePicture(page, 'workbench-wide.png');
  }, 60_000);

  test('still sees what happened at the very end of the page, and when it did only once', async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const top = await page
      .locator('#timeline-title')
      .evaluate((title: any) => title.getBoundingClientRect().top as number);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(40);
    const ages = await page.locator('#timeline time:not(.visually-hidden)').allTextContents();
    expect(ages.filter((age, index) => age === ages[index - 1])).toEqual([]);
    await page.evaluate('scrollTo(0, 0)');
  });

  test('approves the reward with the keyboard alone', async () => {
    await page.locator('#rewards button').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('No reward waits for approval').waitFor();
    const advocate = await page.locator('#shown-person optgroup[label="Advocates"] option').first().textContent();
    await show(advocate ?? '');
    await valueOf('passalong_reward_status').getByText('approved').waitFor();
    await valueOf('passalong_reward_total').getByText('480').waitFor();
  }, 60_000);

  test('is told what is wrong with a field, and keeps what was typed', async () => {
    await page.locator('#sign-up-email').fill('not an address');
    await page.locator('#sign-up button').click();
    await page.locator('[data-problem="email"]').getByText(/\S/).waitFor();
    expect(await page.locator('#sign-up-email').inputValue()).toBe('not an address');
    await expectAccessible(page, 60);
  }, 60_000);

  test('can switch HubSpot off and on: nothing is lost', async () => {
    const down = page
      .locator('#switches')
      .getByText('HubSpot API is down')
      .or(page.getByText('HubSpot API is down'))
      .first();
    await down.click();
    await page
      .locator('#lights')
      .getByText(/HubSpot API/)
      .waitFor();
    await page.locator('#sign-up-firstName').fill('Otto');
    await page.locator('#sign-up-lastName').fill('Outage');
    await page.locator('#sign-up-email').fill('otto.outage@example.org');
    await page.locator('#sign-up button').click();
    await page.locator('#shown-person option', { hasText: 'Otto Outage' }).waitFor({ state: 'attached' });
    await show('Otto Outage');
    await page.getByText('HubSpot has no contact with this address yet').waitFor();
    await expectAccessible(page, 60);
    await down.click();
    await valueOf('passalong_referral_status').getByText('pending').waitFor({ timeout: 60_000 });
  }, 90_000);

  test('finds everything on a narrow screen without scrolling sideways', async () => {
    await page.setViewportSize({ width: 380, height: 800 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, 60);
    await takePicture(page, 'workbench-narrow.png');
  });
});
