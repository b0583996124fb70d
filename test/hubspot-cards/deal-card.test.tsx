import { describe, expect, test, vi } from 'vitest';
import {
  Alert,
  EmptyState,
  ErrorState,
  Link,
  LoadingSpinner,
  StatusTag,
  StepIndicator,
  Tile,
} from '@hubspot/ui-extensions';
import type { Reply, SettledReply } from './card-service.ts';
import { ok, stubCardService } from './card-service.ts';
import { NOW, openCard, standStill } from './open-card.tsx';
import type { OpenOptions } from './open-card.tsx';
import { REFUSED, sampleDeal, sampleDealReferral, sampleLine } from './sample-views.ts';
import type { DealProgress, DealReward } from '../../shared/card-view.ts';

standStill();
const READ = 'GET /deals/501/card';

function open(replies: Reply[], options: OpenOptions = {}) {
  const service = stubCardService();
  service.answer(READ, ...replies);
  return { service, card: openCard('deal', options) };
}
const withProgress = (progress: DealProgress | null) =>
  ok(sampleDeal({ referrals: [sampleDealReferral({ progress })] }));
const withReward = (reward: Partial<DealReward>) =>
  ok(
    sampleDeal({
      referrals: [
        sampleDealReferral({
          rewards: [{ state: 'expected', milestone: 'approved', amount: null, text: '10 % of the amount', ...reward }],
        }),
      ],
    }),
  );
const { progress } = sampleDealReferral();

describe('what the deal comes from', () => {
  test('while it loads it says what it is waiting for', async () => {
    const { card, service } = open([new Promise<SettledReply>(() => undefined)]);
    await vi.waitFor(() => expect(service.heard(READ)).toHaveLength(1));
    expect(card.find(LoadingSpinner).props.label).toBe('Loading the referral');
  });

  test('RL-06 G1 shows who was referred by whom, where it stands and why', async () => {
    const { card } = open([ok(sampleDeal())]);
    await card.shows(
      'Dana Friend',
      'Ada Advocate',
      'Qualified',
      'The deal reached Contract sent.',
      'Customer referrals',
    );
    expect(card.find(Link).text).toBe('Dana Friend');
  });

  test('the way to the goals shows where the deal stands and what is still to come', async () => {
    const { card } = open([ok(sampleDeal())]);
    await card.shows('1 stage to go until Closed won', 'Pipeline: Sales pipeline', 'Approved at “Closed won”');
    expect(card.find(StepIndicator).props).toMatchObject({
      stepNames: ['Appointment', 'Contract sent', 'Closed won'],
      currentStep: 1,
      direction: 'horizontal',
    });
    const goals = card.findAll(StatusTag).map(({ text }) => text);
    expect(goals).toEqual(['Qualified', 'Reached', 'To come', 'Expected']);
  });

  test('in the preview only the current step is named', async () => {
    const { card } = open([ok(sampleDeal())], { location: 'crm.preview' });
    await card.shows('1 stage to go until Closed won');
    expect(card.find(StepIndicator).props).toMatchObject({ direction: 'horizontal', variant: 'compact' });
  });

  test('a stage nobody knows draws no steps, so that none is shown wrongly', async () => {
    const { card } = open([
      withProgress(progress && { ...progress, currentIndex: null, text: 'The stage is unknown' }),
    ]);
    await card.shows('The stage is unknown');
    expect(card.maybeFind(StepIndicator)).toBeNull();
  });

  test('a deal whose stage has not arrived says that it will', async () => {
    const { card } = open([withProgress(null)]);
    await card.shows('The stage of this deal is not known here yet.');
    expect(card.maybeFind(StepIndicator)).toBeNull();
  });

  test.each([
    [{ state: 'expected', amount: null }, ['Amount not known yet', 'Expected']],
    [{ state: 'pending', amount: { amount: '480.00', currency: 'EUR' } }, ['€480.00', 'Waiting for approval']],
    [{ state: 'voided', amount: { amount: '5000', currency: 'JPY' } }, ['JP¥5,000', 'Voided']],
  ] as const)('a reward of state %j shows %j', async (reward, words) => {
    const { card } = open([withReward(reward)]);
    await card.shows('10 % of the amount');
    const tile = card.find(Tile).toString();
    for (const word of words) expect(tile).toContain(word);
  });

  test('several referred people on one deal ask for a decision and show all of them', async () => {
    const second = sampleDealReferral({
      referral: sampleLine({ id: 'ref_2', friend: { name: 'Eve Second', email: null, recordUrl: null } }),
    });
    const { card } = open([ok(sampleDeal({ needsReview: true, referrals: [sampleDealReferral(), second] }))]);
    await card.shows('Dana Friend', 'Eve Second');
    expect(card.find(Alert).props).toMatchObject({
      title: 'Several referred people stand on this deal',
      variant: 'warning',
    });
  });
});

describe('nothing to show', () => {
  test('a deal from no referral says so', async () => {
    const { card } = open([ok(sampleDeal({ referrals: [] }))]);
    await card.shows('This deal comes from no referral');
    expect(card.maybeFind(ErrorState)).toBeNull();
  });

  test('without a program it says what an admin does next', async () => {
    const { card } = open([ok(sampleDeal({ referrals: [], programs: [] }))]);
    await card.shows('No referral program yet');
    expect(card.find(EmptyState).props.title).toBe('No referral program yet');
  });

  test('E33 a deal of another account shows a lock and no data', async () => {
    const { card } = open([{ status: 403, body: REFUSED }]);
    await card.shows('This record belongs to another account.');
    expect(card.find(ErrorState).props.type).toBe('lock');
  });

  test('an outage is an error with a way to try again, since a deal has no numbers of its own', async () => {
    const { card } = open(['unreachable']);
    await card.shows('Live details are not reachable', 'Try again');
    expect(card.mocks.useCrmProperties.callCount).toBe(0);
  });
});

describe('following the deal', () => {
  const moved = ok(
    sampleDeal({
      asOf: '2026-11-20T12:31:00.000Z',
      referrals: [sampleDealReferral({ progress: progress && { ...progress, currentIndex: 2, text: 'Closed won' } })],
    }),
  );
  const later = ok(sampleDeal({ asOf: '2026-11-20T12:30:30.000Z' }));

  async function openFollowing(replies: Reply[]) {
    vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const { card, service } = open(replies);
    await vi.waitUntil(() => card.shown().includes('As of'));
    const [names, changed] = card.mocks.actions.onCrmPropertiesUpdate.calls[0] ?? [];
    return { card, service, names, change: () => changed?.({ dealstage: 'closedwon' }) };
  }

  test('RL-06 a changed stage is read a moment later, until the service has taken it in', async () => {
    const { card, service, names, change } = await openFollowing([ok(sampleDeal()), later, moved]);
    expect(names).toEqual(['dealstage', 'amount']);
    change();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(service.heard(READ)).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitUntil(() => card.shown().includes('Closed won'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.heard(READ)).toHaveLength(3);
  });

  test('a change that brings nothing new is asked for three times and then left alone', async () => {
    const { service, change } = await openFollowing([ok(sampleDeal()), later]);
    change();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(service.heard(READ)).toHaveLength(4);
  });

  test('a second change begins its own round instead of a second one beside it', async () => {
    const { service, change } = await openFollowing([ok(sampleDeal()), later]);
    change();
    await vi.advanceTimersByTimeAsync(1_000);
    change();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(service.heard(READ)).toHaveLength(4);
  });
});
