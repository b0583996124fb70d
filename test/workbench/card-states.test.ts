import type { Browser, Locator, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_ID } from '../journeys/stage.ts';
import { expectNoSidewaysScroll } from './accessibility.ts';
import { findBrowser, launch, sayUnavailable } from './browser.ts';
import { busyAccount, emptyAccount, severalProgramsAccount } from './card-accounts.ts';
import { openCardBench, type CardBench } from './card-bench.ts';
import { CardPage, WIDE, type Seen } from './card-page.ts';
import { person, type SampleAccount } from './card-sample.ts';

const program = await findBrowser();
if (!program) sayUnavailable('the states of the cards');

describe.runIf(program)('every state of the cards', () => {
  let bench: CardBench;
  let busy: Awaited<ReturnType<typeof busyAccount>>;
  let empty: SampleAccount;
  let several: Awaited<ReturnType<typeof severalProgramsAccount>>;
  let browser: Browser;
  let page: Page;
  let seen: CardPage;

  beforeAll(async () => {
    if (!program) return;
    bench = await openCardBench();
    busy = await busyAccount(bench);
    several = await severalProgramsAccount(bench);
    empty = await emptyAccount(bench);
    const { clock } = bench.stage;
    clock.advance(Math.max(0, Date.now() - clock.now()));
    browser = await launch(program);
    // A colour on its way to another one is no colour to judge.
    seen = new CardPage(await browser.newPage({ viewport: WIDE, reducedMotion: 'reduce' }), bench);
    page = seen.page;
    await seen.watch();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await bench?.close();
  }, 60_000);

  const card = () => seen.card;
  const see = (state: Seen) => seen.see(state);
  const open = (type: string, id: string, account = busy.account) => seen.open(type, id, account);
  const withFault: CardPage['withFault'] = (fault, work) => seen.withFault(fault, work);

  async function choose(within: Locator, label: string, option: string): Promise<void> {
    await within.getByLabel(label).selectOption({ label: option });
  }

  /** `contact-advocate` and so on: whose record, and the words that make the state what it is. */
  type Plain = { readonly name: string; readonly record: () => readonly [string, string]; readonly shows: string[] };
  const contact = (who: () => string) => () => ['0-1', who()] as const;
  const deal = (which: () => string) => () => ['0-3', which()] as const;
  const company = (which: () => string) => () => ['0-2', which()] as const;
  const ticket = (which: () => string) => () => ['0-5', which()] as const;

  test.for<Plain>([
    {
      name: 'contact-advocate',
      record: contact(() => busy.contacts.clara.contactId),
      shows: [
        'Dana Whitlock',
        'Deal reached Closed Won on 2 Nov 2026',
        'Approved and issued',
        '310',
        'What to do next',
      ],
    },
    {
      name: 'contact-no-referrals-yet',
      record: contact(() => busy.contacts.jonas.contactId),
      shows: ['No referrals yet', 'Add referral', 'Copy link'],
    },
    {
      name: 'contact-long-names',
      record: contact(() => busy.contacts.long.contactId),
      shows: ['Wolfeschlegelsteinhausenbergerdorff', 'אברהמי', 'Pending'],
    },
    {
      name: 'contact-right-to-left',
      record: contact(() => busy.contacts.rightToLeft),
      shows: ['Referred by', 'Wolfeschlegelsteinhausenbergerdorff', 'Not in the referral program yet'],
    },
    {
      name: 'contact-referred',
      record: contact(() => busy.contacts.friend),
      shows: ['Referred by', 'Clara Whitfield', 'Enrol this contact'],
    },
    {
      name: 'contact-not-enrolled',
      record: contact(() => busy.contacts.plain),
      shows: ['Not in the referral program yet', 'Enrol this contact'],
    },
    {
      name: 'deal-on-its-way',
      record: deal(() => busy.deals.soon),
      shows: ['Tobias Lindgren', 'Clara Whitfield', '€480.00', 'Expected', 'until Closed Won'],
    },
    {
      name: 'deal-won',
      record: deal(() => busy.deals.pending),
      shows: ['Marek Novak', 'Waiting for approval', '€310.00', 'Approved'],
    },
    {
      name: 'deal-reward-approved',
      record: deal(() => busy.deals.won),
      shows: ['Dana Whitlock', '€520.00', 'Deal reached Closed Won on 2 Nov 2026'],
    },
    {
      name: 'deal-without-amount',
      record: deal(() => busy.deals.noAmount),
      shows: ['אברהמי', 'Amount not known yet'],
    },
    {
      name: 'deal-needs-review',
      record: deal(() => busy.deals.shared),
      shows: ['Several referred people stand on this deal', 'Ines Prado', 'Marek Novak'],
    },
    {
      name: 'deal-no-referral',
      record: deal(() => busy.deals.unreferred),
      shows: ['This deal comes from no referral'],
    },
    {
      name: 'company-busy',
      record: company(() => busy.companies.busy),
      shows: ['People who refer', 'Clara Whitfield', 'Ines Prado', 'Rewards approved and issued: €520.00'],
    },
    {
      name: 'company-empty',
      record: company(() => busy.companies.empty),
      shows: ['No referrals around this company yet'],
    },
    { name: 'company-many', record: company(() => busy.companies.many), shows: ['Referrals (12)', '1 to 10 of 12'] },
    { name: 'ticket-no-contact', record: ticket(() => busy.tickets.none), shows: ['No contact on this ticket'] },
    {
      name: 'ticket-one-contact',
      record: ticket(() => busy.tickets.one),
      shows: ['Clara Whitfield', 'Referred', 'Add referral'],
    },
    {
      name: 'ticket-several-contacts',
      record: ticket(() => busy.tickets.several),
      shows: ['Contact', 'Dana Whitlock'],
    },
  ])('$name', async ({ name, record, shows }) => {
    const [type, id] = record();
    await open(type, id);
    await see({ name, shows });
  });

  test('the record page itself: properties, card and linked records side by side', async () => {
    await open('0-1', busy.contacts.clara.contactId);
    await page.locator('#linked').getByRole('link', { name: 'Copper & Oak' }).waitFor();
    await page.locator('[data-property="passalong_approved_count"]').waitFor();
    await seen.takePicture('record-page');
    await expectNoSidewaysScroll(page);
  });

  test('each reward and the months of somebody who refers, unfolded', async () => {
    await open('0-1', busy.contacts.clara.contactId);
    for (const title of ['Also worth doing (2)', 'Each reward (2)', 'New referrals by month'])
      await card().getByRole('button', { name: title }).click();
    await see({ name: 'contact-unfolded', shows: ['10 % of the deal amount', 'For Marek Novak', 'Nov 2026'] });
  });

  test('more than ten referrals, and the second page of them', async () => {
    await open('0-1', busy.contacts.priya.contactId);
    await see({ name: 'contact-many', shows: ['Referrals (12)', '1 to 10 of 12', 'Ivo Petrov'] });
    await card().getByRole('button', { name: 'Next' }).click();
    await see({ name: 'contact-second-page', shows: ['11 to 12 of 12', 'Pending'] });
  });

  test('the ticket’s other contact is chosen', async () => {
    await open('0-5', busy.tickets.several);
    await choose(card(), 'Contact', 'Hugo Bauer');
    await see({ name: 'ticket-other-contact', shows: ['Not in the referral program yet', 'Enrol this contact'] });
  });

  test('several programs and several currencies, and the second program', async () => {
    await open('0-1', several.mira, several.account);
    await see({ name: 'contact-several-programs', shows: ['Lars Vinter', '€740.00 · $530.00', 'Enrol in another'] });
    await choose(card(), 'Program', 'Partner introductions');
    await see({ name: 'contact-second-program', shows: ['Waiting for approval', '€250.00'] });
    await card().getByRole('button', { name: 'Enrol in another program' }).click();
    const dialog = page.getByRole('dialog', { name: 'Enrol in another program' });
    await see({ name: 'contact-enrol-in-another', shows: ['Employee referrals'], of: dialog });
  });

  test('a link that rests', async () => {
    await open('0-1', several.resting, several.account);
    await see({ name: 'contact-link-rests', shows: ['This link rests', 'back on the list it came from'] });
  });

  test('the QR code of the link', async () => {
    await open('0-1', busy.contacts.clara.contactId);
    await card().getByRole('button', { name: 'QR code' }).click();
    const dialog = page.getByRole('dialog', { name: 'QR code of the referral link' });
    await dialog.getByRole('img').evaluate((image: any) => image.decode());
    await see({ name: 'contact-qr-code', shows: ['Open the picture'], of: dialog });
  });

  test('a review: the question, and afterwards', async () => {
    await open('0-1', busy.contacts.clara.contactId);
    await card().getByRole('button', { name: 'Ask for review' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Ask for review' });
    await dialog.getByLabel('What should they know?').fill('Tobias signed up twice.');
    await see({ name: 'contact-ask-for-review', shows: ['looks at the referral of Tobias Lindgren'], of: dialog });
    await dialog.getByRole('button', { name: 'Ask for review' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await see({ name: 'contact-review-asked', shows: ['Review asked on'] });
  });

  test('a spoken referral: the form, a field to correct, and an answer that never came', async () => {
    await open('0-1', busy.contacts.jonas.contactId);
    await card().getByRole('button', { name: 'Add referral' }).click();
    const panel = page.getByRole('dialog', { name: 'Add referral' });
    await see({ name: 'contact-add-referral', shows: ['E-mail address', 'What was said'], of: panel });
    await panel.getByLabel('E-mail address').fill('dana@');
    await panel.getByRole('button', { name: 'Add referral' }).click();
    await see({ name: 'contact-add-referral-problem', shows: ['Correct the address, then send again'], of: panel });
    await panel.getByLabel('E-mail address').fill('dana.whitlock@whitlock.example.com');
    await withFault({ kind: 'cardAnswerLost', method: 'POST' }, async () => {
      await panel.getByRole('button', { name: 'Add referral' }).click();
      await see({ name: 'contact-add-referral-unsure', shows: ['Not confirmed yet', 'adds nothing twice'], of: panel });
    });
  });

  test('an account without a program, and no card at all once it is disconnected', async () => {
    for (const [noun, plural] of [
      ['contact', 'contacts'],
      ['deal', 'deals'],
      ['company', 'companies'],
    ] as const) {
      await open(plural, empty.portal.ids(plural)[0] ?? '', empty);
      await see({ name: `${noun}-no-program`, shows: ['No referral program yet'] });
    }
    const { tenant } = empty;
    await tenant.api('DELETE', `/connections/${tenant.connectionId}`);
    await page.reload();
    await page.getByRole('tab', { name: 'Activity' }).waitFor();
    expect(await page.locator('main [data-card]').count()).toBe(0);
  });

  test.for<Plain>([
    {
      name: 'contact-service-down',
      record: contact(() => busy.contacts.clara.contactId),
      shows: ['Live details are not reachable', 'Referred', 'counted', 'Copy link', 'Try again'],
    },
    {
      name: 'contact-service-down-nothing-known',
      record: contact(() => busy.contacts.plain),
      shows: ['Passalong is not reachable right now', 'Try again'],
    },
    { name: 'deal-service-down', record: deal(() => busy.deals.open), shows: ['not reachable right now', 'Try again'] },
    {
      name: 'company-service-down',
      record: company(() => busy.companies.busy),
      shows: ['not reachable right now', 'Try again'],
    },
    {
      name: 'ticket-service-down',
      record: ticket(() => busy.tickets.one),
      shows: ['Live details are not reachable', 'Referred', 'counted'],
    },
  ])('$name', async ({ name, record, shows }) => {
    const [type, id] = record();
    await withFault({ kind: 'cardDown' }, async () => {
      await open(type, id);
      await see({ name, shows });
    });
  });

  test('a refresh that fails keeps what was shown, and says so', async () => {
    await open('0-1', busy.contacts.clara.contactId);
    await withFault({ kind: 'cardDown' }, async () => {
      await card().getByRole('button', { name: 'Refresh' }).click();
      await see({ name: 'contact-not-refreshed', shows: ['Could not refresh', 'Dana Whitlock'] });
    });
  });

  test('a service that is slow: waiting first, the last known numbers when it takes too long', async () => {
    await withFault({ kind: 'cardSlow', delayMs: 20_000 }, async () => {
      await page.goto(`${bench.url}/workbench/record/0-1/${busy.contacts.clara.contactId}`);
      await see({ name: 'contact-loading', shows: ['Loading referrals'] });
      await card().getByText('Live details are not reachable').waitFor();
    });
  });

  test('previews of a contact, a deal and a company', async () => {
    await open('0-3', busy.deals.pending);
    const preview = page.locator('#preview');
    for (const [name, words] of [
      ['contact', 'Marek Novak'],
      ['company', 'People who refer'],
      ['deal', 'Expected'],
    ] as const) {
      if (name === 'company') await open('0-1', busy.contacts.clara.contactId);
      if (name === 'deal') await open('0-1', busy.contacts.soon);
      await page.locator(`#linked [data-preview^="${{ contact: '0-1', company: '0-2', deal: '0-3' }[name]}/"]`).click();
      await preview.locator('[data-card][data-state="settled"]').waitFor();
      await see({ name: `${name}-preview`, shows: [words], of: preview });
    }
  });

  test('HubSpot’s API is down: a contact nobody looked at yet, and one whose news wait', async () => {
    const { stage } = bench;
    const newcomer = busy.account.contact(person('Nils Berg', 'berg.example.com'));
    await withFault({ kind: 'down', portalId: busy.account.tenant.portalId }, async () => {
      await open('0-1', newcomer);
      await see({ name: 'contact-hubspot-down', shows: ['Try again'] });
      busy.account.portal.moveDeal(busy.deals.soon, 'closedwon');
      await stage.pass(3 * 60_000);
      await open('0-1', busy.contacts.clara.contactId);
      await see({ name: 'contact-behind', shows: ['Changes are taking longer than usual', 'Dana Whitlock'] });
    });
  });

  test('a connection that was revoked: as last known, and what helps', async () => {
    const { account, mira } = several;
    account.portal.revokeRefreshTokens(APP_ID);
    account.portal.revokeAccessTokens(APP_ID);
    account.portal.moveDeal(account.portal.ids('deals')[0] ?? '', 'closedlost');
    await bench.stage.pass(2 * 60_000);
    await open('0-1', mira, account);
    await see({ name: 'contact-revoked', shows: ['HubSpot has to be connected again', 'Lars Vinter'] });
  });

  test('a contact that was deleted before Passalong ever saw it', async () => {
    const gone = busy.account.contact(person('Greta Gone', 'gone.example.com'));
    await withFault({ kind: 'cardDown' }, () => open('0-1', gone));
    busy.account.portal.delete('contacts', gone);
    await card().getByRole('button', { name: 'Try again' }).click();
    await see({ name: 'contact-gone', shows: ['This record is not in this account'] });
    // The page asks for a record that is gone, and says so.
    expect(seen.problems.splice(0).every((said) => said.includes('404'))).toBe(true);
  });

  test('a record of another account, by its address, is not there', async () => {
    const here = empty.portal.ids('contacts');
    const onlyThere = busy.account.portal.ids('contacts').find((id) => !here.includes(id));
    // The page still open asks for its own record every moment, which is gone, and the other account does not have it either.
    await page.goto('about:blank');
    expect(seen.problems.splice(0).every((said) => said.includes('404'))).toBe(true);
    bench.choose(empty.tenant);
    await page.goto(`${bench.url}/workbench/record/0-1/${onlyThere}`);
    await see({ name: 'record-of-another-account', shows: ['This record is not here'], of: page.locator('main') });
    expect(seen.problems.splice(0)).toEqual([expect.stringContaining('404')]);
  });

  test('an answer a card cannot draw leaves the page as it is, and the card says so', async () => {
    const halved = (route: Route) => route.fulfill({ json: { status: 200, body: '{"kind":"contact","account":{}}' } });
    await page.route('**/workbench/hubspot-fetch', halved);
    await open('0-1', busy.contacts.clara.contactId);
    await see({ name: 'contact-broken', shows: ['This card could not be drawn', 'Try again'] });
    await page.unroute('**/workbench/hubspot-fetch');
    await card().getByRole('button', { name: 'Try again' }).click();
    await card().getByText('Dana Whitlock').first().waitFor();
    expect(seen.problems.splice(0)).not.toEqual([]);
  });

  test('a card whose script throws is named in its place, and the page goes on', async () => {
    const broken = (route: Route) => route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("torn")' });
    await page.route('**/card-host/cards/*.js', broken);
    await page.goto(`${bench.url}/workbench/record/0-1/${busy.contacts.clara.contactId}`);
    await card().getByRole('alert').waitFor();
    await see({ name: 'contact-torn', shows: ['torn'] });
    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Changes on this record' }).waitFor();
    await page.unroute('**/card-host/cards/*.js');
    expect(seen.problems.splice(0).join()).toContain('torn');
  });

  test('nothing went wrong on the way, and nothing was asked for outside this machine', () => {
    expect(seen.problems).toEqual([]);
    expect(seen.outside).toEqual([]);
  });
});
