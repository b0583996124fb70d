import { expect, test, vi } from 'vitest';
import {
  Alert,
  Button,
  DescriptionListItem,
  ErrorState,
  LoadingButton,
  LoadingSpinner,
  StatisticsItem,
} from '@hubspot/ui-extensions';
import type { Reply } from './card-service.ts';
import { ok, stubCardService } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import { LINK, sampleContact } from './sample-views.ts';

standStill();
const READ = 'GET /contacts/501/card';
const WRITTEN = {
  passalong_referral_link: LINK,
  passalong_referral_code: 'k7m2x9qdwtz',
  passalong_referred_count: '3',
  passalong_qualified_count: '2',
  passalong_approved_count: '0',
  passalong_reward_status: 'approved',
  passalong_reward_total: '480',
  passalong_last_referral_at: '2026-11-02T10:00:00Z',
  passalong_counted_at: '2026-11-20T09:15:00Z',
};

function open(properties: Record<string, string | null>, replies: Reply[] = ['unreachable'], isLoading = false) {
  const service = stubCardService();
  service.answer(READ, ...replies);
  const card = openCard('contact', {
    prepare: (mocks) =>
      void mocks.useCrmProperties.willCall(() => ({
        properties,
        error: null,
        isLoading,
        isRefetching: false,
        refetch: () => Promise.resolve(),
      })),
  });
  return { card, service };
}

test('RF-09 RF-10 without the service the contact’s own fields stand in, with their age', async () => {
  const { card } = open(WRITTEN);
  await card.shows('Live details are not reachable', 'Numbers as of 20 Nov 2026, 10:15, counted 3 hours ago', LINK);
  expect(card.findAll(StatisticsItem).map(({ props }) => [props.label, props.number])).toEqual([
    ['Referred', '3'],
    ['Qualified', '2'],
    ['Approved', '0'],
  ]);
  expect(card.findAll(DescriptionListItem).map(({ props }) => props.label)).toEqual([
    'Code',
    'Rewards',
    'Approved and issued, in your currency',
    'Last referral',
  ]);
  expect(card.maybeFind(ErrorState)).toBeNull();
});

test('HubSpot is asked for the fields by their literal names', async () => {
  const { card } = open(WRITTEN);
  await card.shows('Live details are not reachable');
  const names = card.mocks.useCrmProperties.calls[0]?.[0];
  expect(names).toEqual(expect.arrayContaining(Object.keys(WRITTEN)));
});

test.each([
  ['2026-11-20T12:29:40Z', 'counted just now'],
  ['2026-11-20T12:29:00Z', 'counted 1 minute ago'],
  ['2026-11-20T11:30:00Z', 'counted 1 hour ago'],
  ['2026-11-18T12:00:00Z', 'counted 2 days ago'],
  ['2026-11-20T13:30:00Z', 'counted just now'],
  [String(Date.parse('2026-11-20T09:15:00Z')), 'counted 3 hours ago'],
])('numbers counted at %s are "%s"', async (countedAt, age) => {
  const { card } = open({ ...WRITTEN, passalong_counted_at: countedAt });
  await card.shows(age);
  expect(card.find(Alert).props.title).toBe('Live details are not reachable');
});

test.each([null, '', 'yesterday'])('an age that is not known (%j) is said', async (countedAt) => {
  const { card } = open({ ...WRITTEN, passalong_counted_at: countedAt });
  await card.shows('It is not known when these numbers were counted.');
  expect(card.findAll(StatisticsItem)).toHaveLength(3);
});

test('G1 a friend’s fields show status, reason and who referred them', async () => {
  const { card } = open({
    passalong_referral_status: 'denied',
    passalong_status_reason: 'Was a customer before.',
    passalong_referred_by_name: 'Ada Advocate',
  });
  await card.shows('Denied', 'Was a customer before.', 'Ada Advocate');
  expect(card.findAll(StatisticsItem)).toEqual([]);
});

test('fields nobody ever wrote leave a plain error', async () => {
  const { card } = open({ passalong_referral_link: null, passalong_referred_count: '' });
  await card.shows('Passalong is not reachable right now.');
  expect(card.find(ErrorState).props.title).toBe('Live details are not reachable');
});

test('while HubSpot reads the fields it says so', async () => {
  const { card } = open({}, ['unreachable'], true);
  await card.shows('Reading the last known numbers');
  expect(card.find(LoadingSpinner).props.showLabel).toBe(true);
});

test('RL-02 the link can be copied during an outage, and trying again brings the live card', async () => {
  const { card } = open(WRITTEN, ['unreachable', 'unreachable', ok(sampleContact())]);
  await card.shows('Live details are not reachable');
  card.find(Button, ({ text }) => text === 'Copy link').trigger('onClick');
  await vi.waitFor(() => expect(card.mocks.actions.copyTextToClipboard.calls).toEqual([[LINK]]));
  const again = () => card.find(LoadingButton, ({ text }) => text === 'Try again').trigger('onClick');
  again();
  await card.waitFor(() => expect(card.find(LoadingButton).props.loading).toBe(true));
  await card.waitFor(() => expect(card.find(LoadingButton).props.loading).toBe(false));
  again();
  await card.shows('Dana Friend', 'As of 10:15');
});
