import { expect, test } from 'vitest';
import { Button, ErrorState, StatisticsItem, StatusTag, Tile } from '@hubspot/ui-extensions';
import type { Reply } from './card-service.ts';
import { ok, stubCardService } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import { REFUSED, sampleCompany, sampleLine } from './sample-views.ts';
import type { CompanyCardView } from '../../shared/card-view.ts';

standStill();
const READ = 'GET /companies/501/card';
const empty: Partial<CompanyCardView> = {
  advocates: 0,
  referred: 0,
  qualified: 0,
  approved: 0,
  received: 0,
  rewardTotals: [],
  referrals: { items: [], total: 0, nextCursor: null },
};

const REFUSED_SCOPE: Reply = {
  status: 409,
  body: {
    error: {
      code: 'crm_scope_missing',
      message: 'The HubSpot account has not granted a permission this call needs.',
      remedy: 'Connect again; path /crm/v4, correlationId 1.',
      requestId: 'req_5',
    },
  },
};

function open(...replies: Reply[]) {
  const service = stubCardService();
  service.answer(READ, ...replies);
  return { service, card: openCard('company') };
}

test('RL-06 shows what the people of a company referred and who of them was referred', async () => {
  const { card } = open(ok(sampleCompany()));
  await card.shows('Rewards approved and issued: €90.00');
  expect(card.findAll(StatisticsItem).map(({ props }) => [props.label, props.number])).toEqual([
    ['People who refer', '2'],
    ['Referred by them', '5'],
    ['Qualified', '3'],
    ['Approved', '1'],
    ['Referred to us', '4'],
  ]);
});

test('G1 every referral shows who referred whom, in which direction, where it stands and why', async () => {
  const { card } = open(ok(sampleCompany()));
  await card.shows('Referrals (2)');
  const [made, received] = card.findAll(Tile);
  expect(made?.find(StatusTag).text).toBe('Pending');
  expect(made?.toString()).toContain('Made by somebody here');
  expect(received?.toString()).toContain('Brought somebody here');
  for (const text of ['Ada Advocate', 'referred', 'Dana Friend', 'Waits for the deal'])
    expect(made?.toString()).toContain(text);
});

test('its referrals turn page by page', async () => {
  const second = { ...sampleLine({ id: 'ref_3', reason: 'On page two.' }), direction: 'made' as const };
  const first = { ...sampleCompany().referrals, total: 3, nextCursor: 'next' };
  const { card, service } = open(ok(sampleCompany({ referrals: first })));
  service.answer('GET /companies/501/referrals?cursor=next', ok({ items: [second], total: 3, nextCursor: null }));
  await card.shows('1 to 2 of 3');
  card.find(Button, ({ text }) => text === 'Next').trigger('onClick');
  await card.shows('On page two.', '3 to 3 of 3');
  expect(card.findAll(Tile)).toHaveLength(1);
});

test('a company without referrals says where to begin', async () => {
  const { card } = open(ok(sampleCompany(empty)));
  await card.shows('No referrals around this company yet');
  expect(card.maybeFind(ErrorState)).toBeNull();
});

test('a company whose people refer but have not yet shows its numbers', async () => {
  const { card } = open(ok(sampleCompany({ ...empty, advocates: 1 })));
  await card.shows('Nobody was referred yet.');
  expect(card.find(StatisticsItem).props.number).toBe('1');
});

test('without a program it says what an admin does next', async () => {
  const { card } = open(ok(sampleCompany({ ...empty, programs: [] })));
  await card.shows('No referral program yet');
  expect(card.maybeFind(StatisticsItem)).toBeNull();
});

test('E33 a company of another account shows a lock and no data', async () => {
  const { card } = open({ status: 403, body: REFUSED });
  await card.shows('This record belongs to another account.');
  expect(card.find(ErrorState).props.type).toBe('lock');
  expect(card.maybeFind(StatisticsItem)).toBeNull();
});

test.each([
  ['when it is opened', () => Promise.resolve(open(REFUSED_SCOPE).card)],
  [
    'when a page of its referrals is turned',
    async () => {
      const first = { ...sampleCompany().referrals, total: 3, nextCursor: 'next' };
      const { card, service } = open(ok(sampleCompany({ referrals: first })));
      service.answer('GET /companies/501/referrals?cursor=next', REFUSED_SCOPE);
      await card.shows('1 to 2 of 3');
      card.find(Button, ({ text }) => text === 'Next').trigger('onClick');
      return card;
    },
  ],
])('a missing permission to read companies is told with what an admin does, %s', async (_when, opened) => {
  const card = await opened();
  await card.shows(
    'needs the permission to read companies',
    'Ask an admin to connect Passalong to HubSpot again, once.',
  );
  expect(card.shown()).not.toContain('correlationId');
});

test('refresh reads again and an outage keeps what is shown', async () => {
  const { card } = open(ok(sampleCompany()), 'unreachable', ok(sampleCompany({ advocates: 9 })));
  const refresh = () => card.find(Button, ({ text }) => text === 'Refresh').trigger('onClick');
  await card.shows('As of 10:15');
  refresh();
  await card.shows('Could not refresh');
  refresh();
  await card.waitFor(() => expect(card.find(StatisticsItem).props.number).toBe('9'));
  expect(card.shown()).not.toContain('Could not refresh');
});
