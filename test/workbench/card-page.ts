import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { FaultInput } from '../../sandbox/hubspot/faults/faults.ts';
import { expectAccessible } from './accessibility.ts';
import { LINK_URL, type CardBench } from './card-bench.ts';
import type { SampleAccount } from './card-sample.ts';

/** The pictures of the docs are taken anew only when asked for (UPDATE_IMAGES=1): a test run changes no file. */
const ROOT = join(import.meta.dirname, '../..');
const images = process.env['UPDATE_IMAGES'] ? join(ROOT, 'docs/images/cards') : null;
if (images) mkdirSync(images, { recursive: true });

/** What HubSpot shows where somebody chooses cards: photographs of these states. */
const PREVIEWS: Readonly<Record<string, string>> = {
  'contact-advocate': 'contact-card',
  'deal-on-its-way': 'deal-card',
  'company-busy': 'company-card',
  'ticket-one-contact': 'ticket-card',
};
const PREVIEW_HEIGHT = 900;

export const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 420, height: 900 };

export type Seen = {
  readonly name: string;
  /** The words that make the state what it is. */
  readonly shows: readonly (string | RegExp)[];
  /** How many nodes must have been looked at. */
  readonly floor?: number;
  /** Default: the card. */
  readonly of?: Locator;
};

/** A browser's page on the records of a card bench, and what went wrong on it. */
export class CardPage {
  readonly page: Page;
  readonly bench: CardBench;
  /** Errors of the page and on its console. */
  readonly problems: string[] = [];
  /** Requests to anywhere but this machine. */
  readonly outside: string[] = [];

  constructor(page: Page, bench: CardBench) {
    this.page = page;
    this.bench = bench;
  }

  async watch(): Promise<void> {
    const { page, problems, outside, bench } = this;
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (said) => said.type() === 'error' && problems.push(said.text()));
    // Pictures of QR codes are asked of the links' address; here the service answers for it.
    await page.route(`${LINK_URL}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await page.request.get(bench.stage.publicUrl + pathname) });
    });
    const here = new Set(['127.0.0.1', new URL(LINK_URL).hostname]);
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && !here.has(hostname)) outside.push(request.url());
    });
  }

  get card(): Locator {
    return this.page.locator('main [data-card]').first();
  }

  /** The record's page with its card drawn. */
  async open(type: string, id: string, account: SampleAccount): Promise<void> {
    this.bench.choose(account.tenant);
    await this.page.goto(`${this.bench.url}/workbench/record/${type}/${id}`);
    await this.page.locator('main [data-card][data-state="settled"]').first().waitFor();
  }

  async withFault(fault: FaultInput, work: () => Promise<void>): Promise<void> {
    const { faults } = this.bench.stage.hubspot.control;
    const id = faults.add(fault);
    try {
      await work();
    } finally {
      faults.remove(id);
    }
  }

  /** The state one is in: its words, accessible, nothing cut off at the side, at both widths. */
  async see({ name, shows, floor = 40, of = this.card }: Seen): Promise<void> {
    for (const size of [WIDE, NARROW]) {
      await this.page.setViewportSize(size);
      for (const words of shows) await of.getByText(words).filter({ visible: true }).first().waitFor();
      // A button that still works is on its way to another look.
      await of.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      if (images) await of.screenshot({ path: join(images, `${name}-${size.width}.png`), animations: 'disabled' });
      if (size === WIDE) await this.takePreview(name);
      await expectAccessible(this.page, floor);
      expect(await sideways(of), `${name} at ${size.width}`).toEqual([]);
    }
    await this.page.setViewportSize(WIDE);
  }

  /** The whole window, as the docs show it. */
  async takePicture(name: string): Promise<void> {
    if (images) await this.page.screenshot({ path: join(images, `${name}.png`) });
  }

  private async takePreview(name: string): Promise<void> {
    const file = PREVIEWS[name];
    if (!images || !file) return;
    // The clip is counted from the top of the page.
    await this.page.evaluate('scrollTo(0, 0)');
    const box = await this.card.locator('[data-card-body]').boundingBox();
    if (!box) return;
    const clip = { ...box, height: Math.min(box.height, PREVIEW_HEIGHT) };
    await this.page.screenshot({ path: join(ROOT, `hubspot-app/src/app/cards/${file}.png`), clip, fullPage: true });
  }
}

/** What would have to be scrolled sideways to be read: the part itself or something in it. */
function sideways(of: Locator): Promise<string[]> {
  return of.evaluate((root: any) =>
    [root, ...root.querySelectorAll('*')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX) || element === root)
      .map((element) => element.className as string),
  );
}

declare function getComputedStyle(element: unknown): { overflowX: string };
