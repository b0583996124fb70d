import { execFileSync } from 'node:child_process';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataDir, start, type Started } from '../start/started.ts';
import { expectAccessible } from './accessibility.ts';
import { findBrowser, launch, sayUnavailable } from './browser.ts';

const PORTAL_ID = '24680135';
const FRIEND = 'Nora Lindqvist';
const DEAL = 'Lindqvist Studio - Annual plan';

const program = await findBrowser();
if (!program) sayUnavailable('the journey through the cards');

describe.runIf(program)('a newcomer with the cards on the records', () => {
  const data = openDataDir();
  let started: Started;
  let browser: Browser;
  let page: Page;
  let advocate = '';
  const problems: string[] = [];
  const outside: string[] = [];

  beforeAll(async () => {
    if (!program) return;
    started = await start(data.dataDir);
    browser = await launch(program);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (said) => said.type() === 'error' && problems.push(said.text()));
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && !['127.0.0.1', 'localhost'].includes(hostname)) outside.push(request.url());
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await started?.end('SIGTERM');
    await data.close();
  }, 60_000);

  const card = () => page.locator('main [data-card]').first();
  const settled = () => page.locator('main [data-card][data-state="settled"]').first().waitFor({ timeout: 60_000 });
  const own = (name: string) => page.locator(`[data-property="passalong_${name}"] dd`);

  async function openRecord(list: string, name: string): Promise<void> {
    await page.goto(`${started.url}/workbench/records/${list}?q=${encodeURIComponent(name)}`);
    await page.getByRole('link', { name }).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await settled();
  }

  /** Follows a record link of the card, which opens the local page in the same tab. */
  async function follow(name: string): Promise<void> {
    await card().getByRole('link', { name }).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(page.url()).toContain(`${started.url}/workbench/record/`);
    expect(page.context().pages()).toHaveLength(1);
    await settled();
  }

  /** What the API says, with a key made as the workbench says. */
  async function api(path: string): Promise<any> {
    const printed = execFileSync(process.execPath, ['scripts/api-key.ts', '--portal', PORTAL_ID], {
      env: { PATH: process.env['PATH'], DATA_DIR: data.dataDir },
      encoding: 'utf8',
    });
    const key = /pk_\w+/.exec(printed)?.[0] ?? '';
    const answer = await fetch(`${started.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    return answer.json();
  }

  test('from the overview to the advocate’s record, whose card shows the friend on the way (RF-10, RL-02)', async () => {
    await page.goto(started.url);
    advocate = (await page.locator('#shown-person optgroup[label="Advocates"] option').first().textContent()) ?? '';
    await page.locator('#shown-person').selectOption({ label: advocate });
    await page.locator('#record-link a', { hasText: advocate }).click();
    await page.getByRole('heading', { level: 1, name: advocate }).waitFor();
    await settled();
    await card().getByText('Referrals (1)').waitFor();
    await card().getByText('What to do next').waitFor();
    await follow(FRIEND);
    await card().getByRole('heading', { name: 'Referred by' }).waitFor();
  }, 90_000);

  test('the friend’s deal promises the reward, and once it is won everybody hears of it (RL-06, G10)', async () => {
    await page.locator('#linked').getByRole('link', { name: DEAL }).click();
    await page.getByRole('heading', { level: 1, name: DEAL }).waitFor();
    await settled();
    await card().getByText('480.00').waitFor();
    await card().getByText('Expected').waitFor();
    const movedAt = performance.now();
    await page.getByRole('button', { name: 'Closed Won' }).click();
    await card().getByText('Approved: Closed Won is reached').waitFor();
    await card().getByText('Waiting for approval').waitFor();
    const seconds = (performance.now() - movedAt) / 1000;
    expect(seconds).toBeLessThan(20);
    await follow(FRIEND);
    await expectOwn({ referral_status: 'Approved', status_reason: /^Deal reached Closed Won on \d/ });
    expect(await own('referred_by_name').textContent()).toContain(advocate);
  }, 90_000);

  async function expectOwn(wanted: Record<string, string | RegExp>): Promise<void> {
    for (const [name, value] of Object.entries(wanted)) await own(name).getByText(value, { exact: true }).waitFor();
  }

  test('the advocate’s properties and card say the same: number, status, reason and reward (RF-10, RL-06)', async () => {
    await follow(advocate);
    await expectOwn({ referred_count: '1', qualified_count: '1', approved_count: '1', reward_status: 'Pending' });
    const row = card().getByRole('row', { name: FRIEND });
    await row.getByText('Approved').waitFor();
    await row.getByText(/^Deal reached Closed Won on \d/).waitFor();
    await card().getByText('Waiting for approval').first().waitFor();
    expect(await card().getByText('480.00').count()).toBeGreaterThan(0);
    await card().getByRole('button', { name: 'Each reward (1)' }).click();
    await card().getByText(`For ${FRIEND}`).waitFor();
    await expectAccessible(page, 80);
  }, 60_000);

  test('adds a spoken referral and asks for a review; HubSpot and the desk for reviews have both', async () => {
    await card().getByRole('button', { name: 'Add referral' }).click();
    const panel = page.getByRole('dialog', { name: 'Add referral' });
    await panel.getByLabel('E-mail address').fill('sam.spoken@example.org');
    await panel.getByLabel('First name').fill('Sam');
    await panel.getByLabel('Last name').fill('Spoken');
    await panel.getByLabel('Note').fill('Met at the fair.');
    await panel.getByRole('button', { name: 'Add referral' }).click();
    await page.getByText('Referral added').waitFor();
    await card().getByText('Referrals (2)').waitFor();
    await expectOwn({ referred_count: '2' });
    await card().getByRole('row', { name: 'Sam Spoken' }).getByRole('button', { name: 'Ask for review' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ask for review' });
    await dialog.getByLabel('What should they know?').fill('Sam works for a partner.');
    await dialog.getByRole('button', { name: 'Ask for review' }).click();
    await card().getByText('Review asked on').waitFor();
    const { items } = await api('/entries?state=review');
    expect(items).toHaveLength(1);
    const { items: referrals } = await api('/referrals');
    const sam = referrals.find(({ friend }: any) => friend.email === 'sam.spoken@example.org');
    expect(sam).toMatchObject({ id: items[0].referralId, source: 'rep', status: 'pending' });
  }, 60_000);

  test('enrols a contact who does not refer yet, and the link stands on the contact (RF-09)', async () => {
    await openRecord('0-1', 'Sam Spoken');
    await own('referral_status').getByText('Pending').waitFor();
    await card().getByRole('button', { name: 'Enrol this contact' }).click();
    await page.getByText('Sam Spoken has a referral link now.').waitFor();
    await card().getByRole('button', { name: 'Copy link' }).waitFor();
    const link = await card().getByRole('link', { name: '/r/' }).getAttribute('href');
    await own('referral_link')
      .getByText(link ?? 'none', { exact: true })
      .waitFor();
    await expectOwn({ referred_count: '0' });
  }, 60_000);

  /** Steps on with Tab until it is there, and sees that it shows. */
  async function tabTo(wanted: Locator): Promise<void> {
    const isThere = () => wanted.evaluate((element: any) => element === element.ownerDocument.activeElement);
    for (let steps = 0; steps < 80 && !(await isThere()); steps += 1) await page.keyboard.press('Tab');
    expect(await isThere(), String(wanted)).toBe(true);
    const ring = await wanted.evaluate((element: any) => {
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      return { outlineStyle, boxShadow };
    });
    expect(ring.outlineStyle !== 'none' || ring.boxShadow !== 'none', `the focus shows on ${String(wanted)}`).toBe(
      true,
    );
  }

  async function focused(wanted: Locator): Promise<void> {
    await expect
      .poll(() => wanted.evaluate((element: any) => element === element.ownerDocument.activeElement))
      .toBe(true);
  }

  test('the same with the keyboard alone: overlays open, close with Escape and give the focus back', async () => {
    await page.goto(started.url);
    await tabTo(page.locator('#record-link a').first());
    await page.keyboard.press('Enter');
    await page.locator('main.record h1').waitFor();
    await settled();
    const tabs = page.getByRole('tab');
    await tabTo(tabs.first());
    await page.keyboard.press('ArrowRight');
    await focused(tabs.last());
    await page.keyboard.press('ArrowLeft');
    await focused(tabs.first());

    const add = card().getByRole('button', { name: 'Add referral' });
    await tabTo(add);
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Add referral' });
    await focused(panel.getByLabel('E-mail address'));
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await focused(add);
    await page.keyboard.press('Enter');
    await focused(panel.getByLabel('E-mail address'));
    await page.keyboard.type('kim.keyboard@example.org');
    await page.keyboard.press('Enter');
    await panel.waitFor({ state: 'hidden' });
    await card().getByRole('row', { name: 'kim.keyboard@example.org' }).waitFor();
    await focused(add);

    const qr = card().getByRole('button', { name: 'QR code' });
    await tabTo(qr);
    await page.keyboard.press('Enter');
    const picture = page.getByRole('dialog', { name: 'QR code of the referral link' });
    await picture.getByRole('img').waitFor();
    for (let steps = 0; steps < 6; steps += 1) await page.keyboard.press('Tab');
    expect(await picture.evaluate((dialog: any) => dialog.contains(dialog.ownerDocument.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await picture.waitFor({ state: 'hidden' });
    await focused(qr);

    await tabTo(card().getByRole('button', { name: 'Ask for review' }).first());
    await page.keyboard.press('Enter');
    const review = page.getByRole('dialog', { name: 'Ask for review' });
    await focused(review.getByLabel('What should they know?'));
    await page.keyboard.type('By keyboard.');
    await tabTo(review.getByRole('button', { name: 'Ask for review' }));
    await page.keyboard.press('Enter');
    await review.waitFor({ state: 'hidden' });
    const asked = card().getByRole('button', { name: 'Review asked on' }).first();
    await asked.waitFor();
    await focused(asked);
    await page.keyboard.press('Enter');
    const told = page.getByRole('dialog', { name: 'Review asked' });
    await told.getByText('Its status stays until they decide.').waitFor();
    await page.keyboard.press('Escape');
    await told.waitFor({ state: 'hidden' });
    await focused(asked);
    await expectAccessible(page, 80);
  }, 90_000);

  test('nothing went wrong on the way, and nothing was asked for outside this machine', () => {
    expect(problems).toEqual([]);
    expect(outside).toEqual([]);
  });
});

declare function getComputedStyle(element: unknown): { outlineStyle: string; boxShadow: string };
