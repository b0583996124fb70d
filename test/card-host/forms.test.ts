import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import type { CardPage, CardServer } from './card-page.ts';
import { openCard, serveCards } from './card-page.ts';

const program = await findBrowser();
if (!program) sayUnavailable('the inputs of the card host');

describe.runIf(program)('a form in a card', () => {
  let browser: Browser;
  let server: CardServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(program!), serveCards()]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const forms = (width = 900): Promise<CardPage> => openCard(browser, { server, uid: 'forms', width });

  test.each([900, 420])('is free of accessibility faults and fits the window at %i pixels', async (width) => {
    const { page } = await forms(width);
    await expectAccessible(page, 90);
    await expectNoSidewaysScroll(page);
  });

  test('every input has its role and is named by its label', async () => {
    const { page } = await forms();
    const expected = [
      ['textbox', 'E-mail'],
      ['textbox', 'Note'],
      ['textbox', 'Older name of the same'],
      ['combobox', 'Program'],
      ['button', 'Tags: Select options'],
      ['spinbutton', 'Share'],
      ['spinbutton', 'Amount'],
      ['spinbutton', 'Friends'],
      ['searchbox', 'Find'],
      ['checkbox', 'The friend agrees'],
      ['radio', 'A person'],
      ['group', 'Days'],
      ['checkbox', 'Monday'],
      ['group', 'Way'],
      ['radio', 'By phone'],
      ['switch', 'Pause the link'],
    ] as const;
    const found = await Promise.all(
      expected.map(async ([role, name]) => [role, name, await page.getByRole(role, { name, exact: true }).count()]),
    );
    expect(found).toEqual(expected.map(([role, name]) => [role, name, 1]));
    for (const label of ['Password', 'Due', 'At'])
      expect(await page.getByLabel(label, { exact: true }).count()).toBe(1);
  });

  test('an input tells every key, but its value only when it is left', async () => {
    const { page, settle } = await forms();
    const email = page.getByRole('textbox', { name: 'E-mail' });
    await email.pressSequentially('bo@x');
    await settle();
    expect(await page.getByTestId('typed').textContent()).toBe('Typed bo@x, committed ');
    expect(await email.inputValue()).toBe('bo@x');
    await page.keyboard.press('Tab');
    await settle();
    expect(await page.getByTestId('typed').textContent()).toBe('Typed bo@x, committed bo@x');
  });

  test('an answer that comes late does not undo what has been typed since', async () => {
    const { page } = await forms();
    const echo = page.getByRole('textbox', { name: 'Echo' });
    await page.evaluate(
      `globalThis.shown = []; document.querySelector('[name=echo]').addEventListener('input', ({ target }) => shown.push(target.value))`,
    );
    await echo.pressSequentially('somebody', { delay: 15 });
    expect(await page.evaluate('shown')).toEqual(['s', 'so', 'som', 'some', 'someb', 'somebo', 'somebod', 'somebody']);
    expect(await echo.inputValue()).toBe('somebody');
  });

  test('a message is read with the input it is about, as an error or as a word of advice', async () => {
    const { page, settle } = await forms();
    const email = page.getByRole('textbox', { name: 'E-mail' });
    await email.fill('nowhere');
    await email.blur();
    await settle();
    expect(await email.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('alert').filter({ hasText: 'This is no e-mail address.' }).waitFor();
    expect(
      await page.getByRole('textbox', { description: "The friend's address This is no e-mail address." }).count(),
    ).toBe(1);

    const select = page.getByRole('combobox', { name: 'Program' });
    await select.selectOption({ label: 'Partners' });
    await settle();
    expect(await select.getAttribute('aria-invalid')).toBeNull();
    expect(await page.getByRole('combobox', { description: 'Partners are invited by hand.' }).count()).toBe(1);
  });

  test('the event of a form carries every value in its own kind', async () => {
    const { page, settle } = await forms();
    await page.getByRole('textbox', { name: 'Note' }).fill('Met at the fair');
    await page.getByRole('combobox', { name: 'Program' }).selectOption({ label: 'Friends first' });
    await page.getByRole('button', { name: /^Tags/ }).click();
    await page.getByRole('checkbox', { name: 'warm' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Increase Friends' }).click();
    await page.getByRole('checkbox', { name: 'The friend agrees' }).check();
    await page.getByRole('radio', { name: 'By phone' }).check();
    await page.getByRole('switch').click();
    // The key that sends the form finds a value that is still being typed.
    await page.getByRole('textbox', { name: 'E-mail' }).fill('bo@example.org');
    await page.keyboard.press('Enter');
    await settle();
    expect(JSON.parse((await page.getByTestId('submitted').textContent()) ?? '')).toEqual({
      email: 'bo@example.org',
      secret: '',
      fixed: 'fixed',
      note: 'Met at the fair',
      older: '',
      program: 1,
      tags: ['warm'],
      share: 10,
      amount: 480,
      friends: 3,
      due: { year: 2026, month: 10, date: 21, formattedDate: 'Nov 21, 2026' },
      at: { hours: 9, minutes: 30 },
      find: '',
      agreed: true,
      days: ['mon'],
      way: 'phone',
      echo: '',
      pause: 'true',
    });
    expect(await page.getByTestId('typed').textContent()).toContain('committed bo@example.org');
  });

  test('limits are kept: length, range and what may only be read', async () => {
    const { page } = await forms();
    await page.getByRole('textbox', { name: 'Note' }).pressSequentially('x'.repeat(45));
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toHaveLength(40);
    const more = page.getByRole('button', { name: 'Increase Friends' });
    await more.click();
    expect(await more.isDisabled()).toBe(true);
    expect(await more.getAttribute('title')).toBe('Three at most');
    expect(await page.getByLabel('Not to be changed').isEditable()).toBe(false);
  });

  test('the keyboard reaches every input in the order in which they stand', async () => {
    const { page } = await forms();
    const stops: string[] = [];
    for (let stop = 0; stop < 8; stop += 1) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate<string>(
          'document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent',
        ),
      );
    }
    expect(stops).toEqual([
      'About E-mail',
      'E-mail *',
      'Password',
      'Not to be changed',
      'Note',
      'Older name of the same',
      'Program',
      'Tags: Select options',
    ]);
  });
});
