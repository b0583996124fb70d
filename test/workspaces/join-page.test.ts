import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../workbench/accessibility.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import { openTwoCrms, type TwoCrms } from './two-crms.ts';

const PORTAL = '871';
const program = await findBrowser();
if (!program) sayUnavailable('the page of a link that joins a second CRM');

describe.runIf(program)('the page of a link that joins a second CRM', () => {
  let crms: TwoCrms;
  let browser: Browser;

  beforeAll(async () => {
    crms = await openTwoCrms();
    crms.hubspot.control.createPortal({ portalId: 871, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
    await crms.install('/hubspot/oauth/install', PORTAL);
    browser = await launch(program!);
  });
  afterAll(async () => {
    await browser.close();
    await crms.close();
  });

  test.each(['light', 'dark'] as const)(
    'is read and answered by keyboard, on a %s screen (G4)',
    async (colorScheme) => {
      const { workspaceId } = (await crms.tied('hubspot', PORTAL))!;
      const { orgId } = await crms.salesforce.control.createOrg({ currency: 'EUR' });
      const { url } = (await crms.api(workspaceId, 'POST', '/connections/join-links', { crm: 'salesforce' })).body;
      const page = await browser.newPage({ viewport: { width: 360, height: 800 }, colorScheme });
      await page.goto(url);
      await expectAccessible(page, 10);
      await expectNoSidewaysScroll(page);
      expect(await page.locator('main').innerText()).toContain(`HubSpot account ${PORTAL}`);
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('Join this workspace');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Allow' }).waitFor();
      const consent = page.url();
      const callback = await crms.decide(consent, orgId);
      await page.goto(callback);
      expect(await page.locator('main').innerText()).toContain('has joined the workspace');
      expect(await crms.tied('salesforce', orgId)).toMatchObject({ workspaceId });
      await expectAccessible(page, 10);
      await page.close();
      const { connectionId } = (await crms.tied('salesforce', orgId))!;
      await crms.api(workspaceId, 'DELETE', `/connections/${connectionId}`);
    },
  );
});
