import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launch as launchProgram, ownProperties, type Launched } from '../journeys/program.ts';
import { openStage, type Stage, type Tenant } from '../journeys/stage.ts';
import { findBrowser, launch, sayUnavailable } from '../workbench/browser.ts';
import { BROWSER } from './published-page.ts';

const PORTAL = 404;
const CONSENT = 'I agree to be contacted about this offer.';
const PROGRAM = {
  name: 'Customer referrals',
  landingUrl: null,
  rules: [
    {
      object: 'deal',
      field: 'dealstage',
      operator: 'any_of',
      pipelineId: 'default',
      values: ['closedwon'],
      status: 'approved',
      enabled: true,
    },
  ],
  rewardRules: [],
  capture: {
    map: [
      { field: 'email', from: 'friend.email' },
      { field: 'firstname', from: 'friend.firstName' },
      { field: 'lastname', from: 'friend.lastName' },
      { field: 'lifecyclestage', value: 'lead', onExisting: 'never' },
      { field: 'company', from: 'friend.company', value: 'Not told' },
      { field: 'jobtitle', from: 'advocate.name' },
    ],
    deal: { policy: 'create', pipelineId: 'default', stageId: 'qualifiedtobuy', name: '{friend} by {advocate}' },
  },
  page: {
    consentText: CONSENT,
    questions: [
      { key: 'companySize', label: 'How many are you?', required: true, options: ['1-10', '11-50'] },
      { key: 'company', label: 'Where do you work?', required: false, options: [] },
    ],
  },
};

type Friend = { readonly email: string; readonly firstName: string; readonly lastName: string };
type ReferralRow = { id: string; source: string; answers: unknown; consent: { text: string } | null };

const program = await findBrowser();
if (!program) sayUnavailable('the journey through the public pages');

describe.runIf(program)('a friend', () => {
  let stage: Stage;
  let tenant: Tenant;
  let launched: Launched;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    if (!program) return;
    stage = await openStage();
    stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
    tenant = await stage.install(PORTAL);
    launched = await launchProgram(stage, tenant, PROGRAM);
    browser = await launch(program);
    context = await browser.newContext({ userAgent: BROWSER, viewport: { width: 1280, height: 800 } });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  }, 60_000);

  const referralsOf = ({ email }: Friend): Promise<ReferralRow[]> =>
    stage.rows<ReferralRow>(
      `select r.id, r.source, r.answers, r.consent from referrals r join people p on p.id = r.person_id where p.email = $1`,
      [email],
    );

  /** What must hold for a friend however often and however fast the form was sent: one of each, here and in HubSpot. */
  async function expectOneSignUp(friend: Friend): Promise<void> {
    const referrals = await referralsOf(friend);
    expect(referrals).toMatchObject([
      { source: 'link', answers: { companySize: '11-50' }, consent: { text: CONSENT } },
    ]);
    await stage.settle();
    const contacts = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', friend.email);
    expect(contacts).toHaveLength(1);
    const { id } = contacts[0]!;
    // HubSpot's own bookkeeping aside, exactly these.
    const bookkeeping = /^(hs_\w+|createdate|lastmodifieddate)$/;
    const properties = Object.fromEntries(
      Object.entries(contacts[0]!.properties).filter(([name]) => !bookkeeping.test(name)),
    );
    expect(properties).toEqual({
      email: friend.email,
      firstname: friend.firstName,
      lastname: friend.lastName,
      lifecyclestage: 'lead',
      company: 'Not told',
      jobtitle: 'Ada Advocate',
      passalong_referral_id: referrals[0]!.id,
      passalong_referral_status: 'pending',
      passalong_status_reason: 'Waiting for a deal to reach Closed Won',
      passalong_referred_by_name: 'Ada Advocate',
      passalong_referred_by_email: 'ada.advocate@example.com',
      passalong_referred_by_code: launched.code,
      passalong_program: 'Customer referrals',
      passalong_source: 'link',
    });
    expectDealOf(id, { friend, referralId: referrals[0]!.id });
  }

  function expectDealOf(contactId: string, { friend, referralId }: { friend: Friend; referralId: string }): void {
    const portal = stage.hubspot.control.portal(PORTAL);
    const dealIds = portal.get('contacts', contactId)!.associations['deals'] ?? [];
    expect(dealIds).toHaveLength(1);
    expect(portal.get('deals', dealIds[0]!)!.properties).toMatchObject({
      dealname: `${friend.firstName} ${friend.lastName} by Ada Advocate`,
      pipeline: 'default',
      dealstage: 'qualifiedtobuy',
      passalong_referral_id: referralId,
    });
  }

  async function openAndFill(friend: Friend): Promise<Page> {
    const page = await context.newPage();
    await page.goto(launched.link);
    await page.getByLabel('First name').fill(friend.firstName);
    await page.getByLabel('Last name').fill(friend.lastName);
    await page.getByLabel('Email').fill(friend.email);
    await page.getByLabel('How many are you?').selectOption('11-50');
    await page.getByLabel(CONSENT).check();
    return page;
  }

  const thanked = (page: Page): Promise<void> => page.getByRole('heading', { name: 'Thank you' }).waitFor();

  test('opens the link, mends what is missing and signs up with the keyboard alone (RF-20)', async () => {
    const friend = { email: 'kim.keyboard@example.org', firstName: 'Kim', lastName: 'Keyboard' };
    const page = await context.newPage();
    await page.goto(launched.link);
    expect(new URL(page.url()).pathname).toBe(`/p/${launched.programId}/sign-up`);
    const { keyboard } = page;
    await keyboard.press('Tab');
    await keyboard.type(friend.firstName);
    await keyboard.press('Enter');
    await page.getByText('Some things need your attention').waitFor();
    // The summary has the focus; its first line leads to the first field that is wrong.
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('alert');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.name')).toBe('email');
    await keyboard.type(friend.email);
    await keyboard.press('Shift+Tab');
    await keyboard.type(friend.lastName);
    for (let step = 0; step < 3; step += 1) await keyboard.press('Tab');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BUTTON');
    await keyboard.press('Enter');
    await thanked(page);
    await expectOneSignUp(friend);
    await page.close();
  }, 60_000);

  test('was one visit of the link; the messenger that fetches it for a preview is none (E35)', async () => {
    await fetch(launched.link, { redirect: 'manual', headers: { 'user-agent': 'WhatsApp/2.23.20.0' } });
    await vi.waitFor(async () => expect(await stage.rows('select visits from link_visits')).toEqual([{ visits: 1 }]), {
      timeout: 10_000,
      interval: 200,
    });
  });

  test('comes back later without the code, and the browser still knows who sent them', async () => {
    const page = await context.newPage();
    await page.goto(`${stage.publicUrl}/p/${launched.programId}/sign-up`);
    await page.getByLabel('First name').waitFor();
    await page.close();
    const stranger = await browser.newContext({ userAgent: BROWSER });
    const other = await stranger.newPage();
    await other.goto(`${stage.publicUrl}/p/${launched.programId}/sign-up`);
    await other.getByText('You need a personal link').waitFor();
    await stranger.close();
  });

  test('clicks twice, reloads and sends the same form again: one referral and one contact', async () => {
    const friend = { email: 'dora.double@example.org', firstName: 'Dora', lastName: 'Double' };
    const page = await openAndFill(friend);
    const posted: string[] = [];
    page.on('request', (request) => void (request.method() === 'POST' && posted.push(request.postData() ?? '')));
    await page.locator('button').dblclick();
    await thanked(page);
    await page.reload();
    await thanked(page);
    const again = await fetch(`${stage.publicUrl}/p/${launched.programId}/sign-up`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: posted[0]!,
    });
    expect([again.status, again.headers.get('location')]).toEqual([303, `/p/${launched.programId}/sign-up/thanks`]);
    await expectOneSignUp(friend);
    // It was the token that held: not even a repeated attempt was noted.
    expect(await stage.rows(`select reason_code from entries where input ->> 'email' = $1`, [friend.email])).toEqual([
      { reason_code: 'referral_recorded' },
    ]);
    await page.close();
  }, 60_000);

  test('sends two tabs at once: both say thanks, and there is one referral and one contact', async () => {
    const friend = { email: 'tom.tabs@example.org', firstName: 'Tom', lastName: 'Tabs' };
    const tabs = [await openAndFill(friend), await openAndFill(friend)];
    await Promise.all(tabs.map((page) => page.locator('button').click()));
    await Promise.all(tabs.map(thanked));
    await expectOneSignUp(friend);
    await Promise.all(tabs.map((page) => page.close()));
  }, 60_000);

  test('becomes an advocate in turn, twice, and gets one link, with the keyboard alone (RL-13, RF-38)', async () => {
    const links: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const page = await context.newPage();
      await page.goto(`${stage.publicUrl}/p/${launched.programId}/join`);
      for (const text of ['Jo', 'Joiner', 'jo.joiner@example.org']) {
        await page.keyboard.press('Tab');
        await page.keyboard.type(text);
      }
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      links.push(await page.getByLabel('Your personal link').inputValue());
      await page.close();
    }
    expect(links[0]).toMatch(new RegExp(`^${stage.publicUrl}/r/[a-z0-9]{11}$`));
    expect(links[1]).toBe(links[0]);
    await stage.settle();
    const contacts = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', 'jo.joiner@example.org');
    expect(contacts).toHaveLength(1);
    expect(ownProperties(stage, PORTAL, contacts[0]!.id)).toMatchObject({ passalong_referral_link: links[0] });
  }, 60_000);
});
