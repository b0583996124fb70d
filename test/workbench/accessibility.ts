import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Found = {
  readonly violations: { id: string; nodes: { html: string; why: string }[] }[];
  readonly checked: number;
};

/**
 * No violation in the state the page is in. `floor` is how many nodes must have been looked at: an empty page has no
 * violations either.
 */
export async function expectAccessible(page: Page, floor: number): Promise<void> {
  await transitionsEnd(page);
  // Evaluated from outside, so the page's content security policy stays on.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(source);
  const found = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<any> } };
    const { violations, passes } = await axe.run({ runOnly: tags });
    return {
      violations: violations.map(({ id, nodes }: any) => ({
        id,
        nodes: nodes.map(({ html, failureSummary: why }: any) => ({ html, why })),
      })),
      checked: passes.flatMap(({ nodes }: any) => nodes).length,
    };
  }, TAGS);
  const { violations, checked } = found as Found;
  expect(violations).toEqual([]);
  expect(checked).toBeGreaterThan(floor);
}

/** Colours on their way from one state to the next are of neither: a slow machine would have them measured. */
async function transitionsEnd(page: Page): Promise<void> {
  const left = `document.getAnimations().filter((one) => one instanceof CSSTransition)`;
  while (await page.evaluate<number>(`${left}.length`)) {
    // One that is called off is followed by the next, which is waited for in turn.
    await page.evaluate(`Promise.allSettled(${left}.map((one) => one.finished)).then(() => null)`);
  }
}

/** Nothing is cut off and nothing has to be scrolled sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => {
    const { document, innerWidth } = globalThis as unknown as { document: any; innerWidth: number };
    return [document.documentElement.scrollWidth as number, innerWidth];
  });
  expect(content).toBeLessThanOrEqual(window ?? 0);
}
