import { describe, expect, test, vi } from 'vitest';
import {
  Accordion,
  Alert,
  BarChart,
  Button,
  DescriptionListItem,
  Image,
  Link,
  Select,
  StatisticsItem,
  StatisticsTrend,
  StatusTag,
  Table,
  Text,
} from '@hubspot/ui-extensions';
import { ok, stubCardService } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import type { OpenOptions } from './open-card.tsx';
import { LINK, PARTNERS, sampleAdvocate, sampleContact, sampleLine, samplePage, sampleReward } from './sample-views.ts';
import type { ContactCardView, NextStep } from '../../shared/card-view.ts';

standStill();
const ROUTE = 'GET /contacts/501/card';

async function openReady(changes: Partial<ContactCardView> = {}, options: OpenOptions = {}) {
  const service = stubCardService();
  service.answer(ROUTE, ok(sampleContact(changes)));
  const card = openCard('contact', options);
  await card.shows('As of');
  return { service, card };
}

describe('numbers and link', () => {
  test('RF-10 shows how many were referred, qualified and approved, with the trend of the last 30 days', async () => {
    const { card } = await openReady();
    const numbers = card.findAll(StatisticsItem).map(({ props }) => [props.label, props.number]);
    expect(numbers).toEqual([
      ['Referred', '3'],
      ['Qualified', '2'],
      ['Approved', '1'],
    ]);
    expect(card.find(StatisticsTrend).props).toMatchObject({
      value: '2 in 30 days, was 1',
      direction: 'increase',
    });
  });

  test('a falling trend points down and an even one has no arrow', async () => {
    const trend = (last30Days: number) => ({
      advocacies: [sampleAdvocate({ trend: { last30Days, previous30Days: 4, months: [] } })],
    });
    const falling = await openReady(trend(1));
    expect(falling.card.find(StatisticsTrend).props.direction).toBe('decrease');
    const even = await openReady(trend(4));
    expect(even.card.maybeFind(StatisticsTrend)).toBeNull();
    await even.card.shows('4 in 30 days, as in the 30 before');
  });

  test('RF-09 RL-02 shows the link and copies it without leaving the record', async () => {
    const { card } = await openReady();
    expect(card.findAll(Link).map(({ props }) => props.href)).toContainEqual({ url: LINK, external: true });
    card.find(Button, ({ text }) => text === 'Copy link').trigger('onClick');
    await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
    expect(card.mocks.actions.copyTextToClipboard.calls).toEqual([[LINK]]);
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({ type: 'success', message: 'Link copied.' });
  });

  test('a browser that refuses the clipboard is told with what to do', async () => {
    const { card } = await openReady();
    card.mocks.actions.copyTextToClipboard.willCall(() => Promise.reject(new Error('denied')));
    card.find(Button, ({ text }) => text === 'Copy link').trigger('onClick');
    await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({
      type: 'danger',
      message: 'Your browser refused. Select the text on the card and copy it by hand.',
    });
  });

  test('the QR code opens as a picture with words for it and a way to save it', async () => {
    const { card } = await openReady();
    expect(card.find(Image).props).toMatchObject({ src: `${LINK}/qr.png`, alt: `QR code that opens ${LINK}` });
    expect(card.findAll(Link).map(({ props }) => props.href)).toContainEqual({ url: `${LINK}/qr.png`, external: true });
  });

  test('a resting link says since when, and the service’s next step how it opens again', async () => {
    const step = { code: 'link_rests', text: 'The link rests since 1 Nov 2026: put Ada back on the list it came from' };
    const { card } = await openReady({
      advocacies: [sampleAdvocate({ pausedAt: '2026-11-01T10:00:00.000Z' })],
      nextSteps: [step as NextStep],
    });
    expect(card.find(Alert, { title: 'This link rests' }).text).toBe('Nobody new can use it since 1 Nov 2026.');
    expect(card.find(Alert, { title: 'What to do next' }).text).toBe(step.text);
  });

  test.each([
    [0, 'opened 0 times'],
    [1, 'opened 1 time'],
    [2, 'opened 2 times'],
  ])('%i visits read as "%s"', async (visits, words) => {
    const { card } = await openReady({ advocacies: [sampleAdvocate({ visits })] });
    expect(card.findAll(Text).map(({ text }) => text)).toContain(`Code k7m2x9qdwtz, ${words}`);
  });
});

describe('what to do', () => {
  test('RL-06 the most useful step stands out and the others are folded', async () => {
    const { card } = await openReady();
    expect(card.find(Alert, { title: 'What to do next' }).text).toBe('Follow up with Dana Friend.');
    expect(card.find(Accordion, { title: 'Also worth doing (1)' }).toString()).toContain('Thank Ada');
  });

  test('a step that an alert says already is not said twice', async () => {
    const { card } = await openReady({
      account: { status: 'needs_reauthorization', behind: true },
      nextSteps: [
        { code: 'reconnect', text: 'Connect HubSpot again.' },
        { code: 'nothing', text: 'Nothing to do.' },
      ],
    });
    expect(card.findAll(Alert).map(({ props }) => props.title)).toEqual(['HubSpot has to be connected again']);
  });

  test('an account that is behind says so without alarm', async () => {
    const { card } = await openReady({ account: { status: 'connected', behind: true } });
    expect(card.find(Alert, { title: 'Changes are taking longer than usual' }).props.variant).toBe('info');
  });

  test('RL-19 one card serves marketing the link, sales the next step and RevOps the reason', async () => {
    const { card } = await openReady();
    await card.shows(LINK, 'Follow up with Dana Friend.', 'Waits for the deal to reach Contract sent.');
  });

  test('the card has one primary button beside those of its panels', async () => {
    const { card } = await openReady({ enrollable: [PARTNERS] });
    const primaries = card.findAll(Button, ({ props }) => props.variant === 'primary');
    expect(primaries.map(({ text }) => text)).toEqual(['Add referral']);
    expect(card.findAll(Button, ({ props }) => props.variant === 'destructive')).toEqual([]);
  });
});

describe('referrals and rewards', () => {
  test('G1 RL-06 every referral shows who, where it stands and why', async () => {
    const denied = sampleLine({ id: 'ref_2', status: 'denied', reason: 'Dana was a customer before.' });
    const { card } = await openReady({ referrals: samplePage({ items: [sampleLine(), denied] }) });
    const table = card.find(Table).toString();
    expect(table).toContain('Waits for the deal to reach Contract sent.');
    expect(table).toContain('Dana was a customer before.');
    expect(
      card
        .find(Table)
        .findAll(StatusTag)
        .map(({ text, props }) => [text, props.variant]),
    ).toEqual([
      ['Pending', 'default'],
      ['Denied', 'danger'],
    ]);
    const friend = card.find(Table).find(Link);
    expect([friend.text, friend.props.href]).toEqual([
      'Dana Friend',
      'https://app.hubspot.com/contacts/1/record/0-1/9',
    ]);
  });

  test('G1 a status this card does not know yet is shown as it came', async () => {
    const line = sampleLine({ status: 'paused' as never });
    const { card } = await openReady({ referrals: samplePage({ items: [line] }) });
    expect(card.find(Table).find(StatusTag).text).toBe('paused');
  });

  test('a friend without a record is a name and no link', async () => {
    const line = sampleLine({ friend: { name: 'dana@example.com', email: null, recordUrl: null } });
    const { card } = await openReady({ referrals: samplePage({ items: [line] }) });
    expect(card.find(Table).maybeFind(Link)).toBeNull();
    expect(card.find(Table).toString()).toContain('dana@example.com');
  });

  test('a name of 200 characters is cut on the card and whole in its tooltip', async () => {
    const name = 'N'.repeat(200);
    const line = sampleLine({ friend: { name, email: null, recordUrl: null } });
    const { card } = await openReady({ referrals: samplePage({ items: [line] }) });
    const cut = card.find(Table).find(Text, ({ text }) => text === name);
    expect(cut.props.truncate).toEqual({ tooltipText: name, maxWidth: 180 });
  });

  test('rewards are summed per currency, in the way the user writes amounts', async () => {
    const { card } = await openReady({}, { locale: 'de-de' });
    await card.shows('480,00\u00a0€ · 1.200,50\u00a0$', '30,00\u00a0€');
    const sums = card.findAll(DescriptionListItem).map(({ props }) => props.label);
    expect(sums).toEqual(['Rewards', 'Approved and issued', 'Waiting for approval']);
  });

  test('a reward says for whom, how it came about and how many more there are', async () => {
    const { card } = await openReady({
      rewards: { items: [sampleReward({ state: 'clawback_proposed' })], total: 9 },
    });
    const list = card.find(Accordion, { title: 'Each reward (9)' }).toString();
    for (const text of [
      '€480.00',
      'To be taken back',
      'For Dana Friend',
      '10 % of the deal amount',
      'The first 1 of 9',
    ])
      expect(list).toContain(text);
  });

  test('an amount in no known currency is shown as it came', async () => {
    const reward = sampleReward({ amount: { amount: '12.50', currency: 'points' } });
    const { card } = await openReady({ rewards: { items: [reward], total: 1 } });
    await card.shows('12.50 points');
  });

  test('six months are a chart on the tab, and no chart stands in the narrow preview', async () => {
    const wide = await openReady();
    const { data } = wide.card.find(BarChart).props;
    expect(data).toHaveLength(6);
    expect(data).toMatchObject({ 5: { month: 'Nov 2026', referred: 5 } });
    const narrow = await openReady({}, { location: 'crm.preview' });
    expect(narrow.card.maybeFind(BarChart)).toBeNull();
  });

  test('RL-02 the narrow preview stacks the referrals and keeps status, reason and action', async () => {
    const { card } = await openReady({}, { location: 'crm.preview' });
    expect(card.maybeFind(Table)).toBeNull();
    await card.shows('Dana Friend', 'Waits for the deal to reach Contract sent.', 'Ask for review', 'Copy link');
  });

  test('dates follow the time zone of the account and the locale of the user', async () => {
    const line = sampleLine({ referredAt: '2026-11-02T23:30:00.000Z' });
    const referrals = samplePage({ items: [line] });
    const berlin = await openReady({ referrals });
    await berlin.card.shows('3 Nov 2026', 'As of 10:15');
    const newYork = await openReady({ referrals }, { locale: 'en_US', timezone: 'America/New_York' });
    await newYork.card.shows('Nov 2, 2026', 'As of 04:15 AM');
  });

  test('a contact who is a friend shows who brought them and why the referral stands so', async () => {
    const { card } = await openReady({ referredBy: [sampleLine({ id: 'ref_7', status: 'approved', reason: 'Won.' })] });
    const text = card.shown();
    const block = text.slice(text.indexOf('Referred by'));
    for (const part of ['Ada Advocate', 'Approved', 'Won.', 'Customer referrals']) expect(block).toContain(part);
  });
});

describe('several programs', () => {
  const partner = sampleAdvocate({
    advocateId: 'adv_2',
    program: PARTNERS,
    link: 'https://refer.example.com/r/partner',
    referred: 40,
  });

  test('the program is chosen once, and numbers, link and form follow', async () => {
    const { card } = await openReady({ advocacies: [sampleAdvocate(), partner] });
    expect(card.find(StatisticsItem).props.number).toBe('3');
    const choose = card.find(Select);
    expect(choose.props.options.map(({ label }) => label)).toEqual(['Customer referrals', 'Partner referrals']);
    choose.trigger('onChange', PARTNERS.id as never);
    await card.shows('https://refer.example.com/r/partner');
    expect(card.find(StatisticsItem).props.number).toBe('40');
    expect(card.findAll(Select).map(({ props }) => props.value)).toEqual([PARTNERS.id, PARTNERS.id]);
  });

  test('with one program there is nothing to choose', async () => {
    const { card } = await openReady();
    expect(card.findAll(Select)).toEqual([]);
  });
});

describe('pages of referrals', () => {
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) =>
      sampleLine({
        id: `ref_${from + index}`,
        friend: { name: `Friend ${from + index}`, email: null, recordUrl: null },
      }),
    );
  const first = samplePage({ items: lines(1, 2), total: 5, nextCursor: 'c/2' });
  const second = samplePage({ items: lines(3, 2), total: 5, nextCursor: 'c/3' });
  const third = samplePage({ items: lines(5, 1), total: 5, nextCursor: null });
  const turn = (card: Awaited<ReturnType<typeof openReady>>['card'], label: string) =>
    card.find(Button, ({ text }) => text === label).trigger('onClick');

  test('pages turn forth and back, and only the page shown is kept', async () => {
    const { card, service } = await openReady({ referrals: first });
    service.answer('GET /contacts/501/referrals?cursor=c%2F2', ok(second));
    service.answer('GET /contacts/501/referrals?cursor=c%2F3', ok(third));
    await card.shows('1 to 2 of 5', 'Friend 1');
    turn(card, 'Next');
    await card.shows('3 to 4 of 5', 'Friend 3');
    expect(card.shown()).not.toContain('Friend 1');
    turn(card, 'Next');
    await card.shows('5 to 5 of 5', 'Friend 5');
    expect(card.find(Button, ({ text }) => text === 'Next').props.disabled).toBe(true);
    turn(card, 'Previous');
    await card.shows('3 to 4 of 5');
    turn(card, 'Previous');
    await card.shows('1 to 2 of 5', 'Friend 1');
    expect(card.find(Button, ({ text }) => text === 'Previous').props.disabled).toBe(true);
  });

  test('a page that does not come leaves the one shown and can be asked for again', async () => {
    const { card, service } = await openReady({ referrals: first });
    service.answer('GET /contacts/501/referrals?cursor=c%2F2', 'unreachable', ok(second));
    turn(card, 'Next');
    await card.shows('The next page did not come', 'Friend 1');
    turn(card, 'Next');
    await card.shows('3 to 4 of 5');
    expect(card.shown()).not.toContain('The next page did not come');
  });

  test('reading the card again keeps the page somebody is on', async () => {
    const { card, service } = await openReady({ referrals: first });
    service.answer('GET /contacts/501/referrals?cursor=c%2F2', ok(second), ok({ ...second, total: 6 }));
    turn(card, 'Next');
    await card.shows('3 to 4 of 5');
    turn(card, 'Refresh');
    await card.shows('3 to 4 of 6');
  });

  test('one page has nothing to turn', async () => {
    const { card } = await openReady();
    expect(card.maybeFind(Button, ({ text }) => text === 'Next')).toBeNull();
  });
});
