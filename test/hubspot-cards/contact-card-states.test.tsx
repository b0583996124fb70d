import { describe, expect, test, vi } from 'vitest';
import {
  Alert,
  Button,
  EmptyState,
  ErrorState,
  LoadingButton,
  LoadingSpinner,
  Statistics,
} from '@hubspot/ui-extensions';
import type { Reply, SettledReply } from './card-service.ts';
import { ok, stubCardService, wrapped } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import { BROKEN, REFUSED, sampleContact, sampleLine, samplePage, notEnrolled } from './sample-views.ts';

standStill();
const ROUTE = 'GET /contacts/501/card';
const noProperties = () => ({
  properties: {},
  error: null,
  isLoading: false,
  isRefetching: false,
  refetch: () => Promise.resolve(),
});

function open(...replies: Reply[]) {
  const service = stubCardService();
  service.answer(ROUTE, ...replies);
  const card = openCard('contact', { prepare: (mocks) => void mocks.useCrmProperties.willCall(noProperties) });
  return { service, card };
}

describe('before and around the answer', () => {
  test('while the card loads it says what it is waiting for', async () => {
    const { card, service } = open(new Promise<SettledReply>(() => undefined));
    await vi.waitFor(() => expect(service.heard(ROUTE)).toHaveLength(1));
    expect(card.find(LoadingSpinner).props).toMatchObject({ label: 'Loading referrals', showLabel: true });
  });

  test('an address that was never set up is said, and nothing is called', async () => {
    const service = stubCardService();
    const card = openCard('contact', { variables: {} });
    await card.shows('This card does not know where the Passalong service is.', 'PUBLIC_URL');
    expect(service.calls).toEqual([]);
  });

  test('an answer this card cannot read asks for an update instead of breaking', async () => {
    const { card } = open(ok({ kind: 'something newer' }));
    await card.shows('This card needs an update', 'of different versions');
  });

  test('an answer that cannot be drawn becomes an error state and not an empty frame', async () => {
    const { card } = open(ok({ kind: 'contact', asOf: 'x', programs: [{}], account: {} }));
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await card.shows('This card could not be drawn');
    silence.mockRestore();
  });
});

describe('nothing to show yet', () => {
  test('without a program it says what an admin does next, in no tone of error', async () => {
    const { card } = open(ok(notEnrolled({ programs: [], enrollable: [] })));
    await card.shows('No referral program yet', 'an admin has published a program');
    expect(card.maybeFind(ErrorState)).toBeNull();
    expect(card.maybeFind(Button, ({ text }) => text === 'Enrol this contact')).toBeNull();
  });

  test('a contact who is not enrolled can be, with one primary button', async () => {
    const { card } = open(ok(notEnrolled()));
    await card.shows('Not in the referral program yet', 'Nobody is notified.');
    const primary = card.findAll(LoadingButton, ({ props }) => props.variant === 'primary');
    expect(primary.map(({ text }) => text)).toEqual(['Enrol this contact']);
  });

  test('a friend who is not enrolled still shows who referred them', async () => {
    const { card } = open(ok(notEnrolled({ programs: [], enrollable: [], referredBy: [sampleLine()] })));
    await card.shows('Referred by', 'Ada Advocate');
    expect(card.shown()).not.toContain('No referral program yet');
  });

  test('a contact whom no program takes is told whom to ask', async () => {
    const { card } = open(ok(notEnrolled({ enrollable: [] })));
    await card.shows('No published program takes this contact.');
    expect(card.maybeFind(LoadingButton)).toBeNull();
  });

  test('enrolled without referrals, the card says how some would come and keeps the link above', async () => {
    const { card } = open(ok(sampleContact({ referrals: samplePage({ items: [] }) })));
    await card.shows('No referrals yet', 'Everybody who comes through the link', 'Copy link');
    expect(card.find(EmptyState).props.title).toBe('No referrals yet');
  });
});

describe('refused', () => {
  test.each([
    ['directly', { status: 403, body: REFUSED }],
    ['wrapped by HubSpot', wrapped(403, REFUSED)],
  ] as const)('E33 a 403 that comes %s shows a lock, the reason and no data', async (_how, reply) => {
    const { card } = open(reply);
    await card.shows(
      'This record belongs to another account.',
      'Ask an admin to check that Passalong is connected to this account.',
      'req_1',
    );
    expect(card.find(ErrorState).props.type).toBe('lock');
    expect(card.maybeFind(Statistics)).toBeNull();
    expect(card.mocks.useCrmProperties.callCount).toBe(0);
  });

  test('E33 what was shown before a 403 does not stay on the record', async () => {
    const { card } = open(ok(sampleContact()), { status: 403, body: REFUSED });
    await card.shows('Dana Friend');
    card.find(Button, ({ text }) => text === 'Refresh').trigger('onClick');
    await card.shows('This record belongs to another account.');
    expect(card.shown()).not.toContain('Dana Friend');
  });

  test('a record nobody knows says so and offers to try again', async () => {
    const { card } = open({ status: 404, body: null }, ok(sampleContact()));
    await card.shows('Record not found', 'Reload the page.');
    card.find(LoadingButton).trigger('onClick');
    await card.shows('Dana Friend');
  });
});

describe('outage', () => {
  test.each([
    ['a connection that fails', 'unreachable'],
    ['a 503 of the service', { status: 503, body: BROKEN }],
    ['a 500 wrapped by HubSpot', wrapped(500, BROKEN)],
    ['too many calls at once', { status: 429, body: null }],
    ['a gateway page that is no JSON', { status: 504, body: '<html>' }],
  ] as const)('%s without last known numbers is an error with a way to try again', async (_what, reply) => {
    const { card } = open(reply, ok(sampleContact()));
    await card.shows('Live details are not reachable', 'Try again');
    expect(card.find(ErrorState).props.type).toBe('error');
    card.find(LoadingButton, ({ text }) => text === 'Try again').trigger('onClick');
    await card.shows('Dana Friend');
  });

  test('an outage after the card was read keeps what is shown and says from when it is', async () => {
    const { card } = open(ok(sampleContact()), 'unreachable', ok(sampleContact({ asOf: '2026-11-20T12:00:00.000Z' })));
    await card.shows('Dana Friend');
    const refresh = () => card.find(Button, ({ text }) => text === 'Refresh').trigger('onClick');
    refresh();
    await card.shows('Could not refresh', 'As of 10:15', 'Dana Friend');
    refresh();
    await card.shows('As of 13:00');
    expect(card.maybeFind(Alert, { title: 'Could not refresh' })).toBeNull();
  });
});

describe('following the record', () => {
  test('RF-10 when the service has written new numbers to the contact, the card reads again', async () => {
    const { card, service } = open(ok(sampleContact()), ok(sampleContact({ asOf: '2026-11-20T12:00:00.000Z' })));
    await card.shows('As of 10:15');
    const [names, changed] = card.mocks.actions.onCrmPropertiesUpdate.calls[0] ?? [];
    expect(names).toContain('passalong_referred_count');
    expect(names).toContain('passalong_counted_at');
    changed?.({ passalong_referred_count: '4' });
    await card.shows('As of 13:00');
    expect(service.heard(ROUTE)).toHaveLength(2);
  });

  test('an update HubSpot could not deliver asks for nothing', async () => {
    const { card, service } = open(ok(sampleContact()));
    await card.shows('As of 10:15');
    card.mocks.actions.onCrmPropertiesUpdate.calls[0]?.[1]({}, { message: 'no access' });
    await card.shows('As of 10:15');
    expect(service.heard(ROUTE)).toHaveLength(1);
  });

  test('many updates in a row cost one reading more and not one each', async () => {
    let release: (reply: SettledReply) => void = () => undefined;
    const held = new Promise<SettledReply>((resolve) => (release = resolve));
    const { card, service } = open(ok(sampleContact()), held, ok(sampleContact({ asOf: '2026-11-20T12:00:00.000Z' })));
    await card.shows('As of 10:15');
    const changed = card.mocks.actions.onCrmPropertiesUpdate.calls[0]?.[1];
    for (let times = 0; times < 5; times += 1) changed?.({});
    release(ok(sampleContact()));
    await card.shows('As of 13:00');
    expect(service.heard(ROUTE)).toHaveLength(3);
  });
});
