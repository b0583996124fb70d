import { afterAll, beforeAll, expect, test } from 'vitest';
import { daysAgo, NOW, openWorld, type World } from './contact-world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('rewards that wait come first, then the newest, at most five; sums are per currency (RF-09, RF-10)', async () => {
  const { ours, adaId } = await world.withAda('rewards');
  const percent = {
    kind: 'percent',
    percent: '10',
    saleValue: '4800',
    field: 'amount',
    currency: 'USD',
    rounded: false,
  };
  const rewards = [
    ['p_old', 'pending', 48_000, 'USD', 30, { ...percent, record: { objectType: 'deal', recordId: '9' } }],
    ['p_new', 'pending', 2_000, 'EUR', 20, undefined],
    ['i_new', 'issued', 700, 'USD', 1, undefined],
    ['a_new', 'approved', 300, 'USD', 2, undefined],
    ['v_new', 'voided', 999, 'USD', 3, undefined],
    ['c_old', 'clawback_proposed', 999, 'USD', 9, undefined],
    ['a_old', 'approved', 5, 'EUR', 10, undefined],
  ] as const;
  for (const [id, state, minor, currency, days, basis] of rewards) {
    await ours.friend(id, `Friend of ${id}`);
    await ours.referral(id, { advocate: 'ada', friend: id, status: 'approved', at: daysAgo(60) });
    const seed = { referral: id, recipient: 'ada', state, minor, currency, at: daysAgo(days) };
    await ours.reward(id, basis === undefined ? seed : { ...seed, basis });
  }
  await ours.recount(adaId);
  const card = await ours.card('501');
  expect(card.rewards.total).toBe(7);
  expect(card.rewards.items.map(({ id }) => id)).toEqual([
    'rwd_p_new',
    'rwd_p_old',
    'rwd_i_new',
    'rwd_a_new',
    'rwd_v_new',
  ]);
  expect(card.rewards.items[1]).toEqual({
    id: 'rwd_p_old',
    state: 'pending',
    amount: { amount: '480.00', currency: 'USD' },
    programName: 'Customer referrals',
    friendName: 'Friend of p_old Friend',
    basis: '10 % of the deal amount',
    stateAt: daysAgo(30).toISOString(),
  });
  expect(card.advocacies[0]).toMatchObject({
    rewardStatus: 'pending',
    pendingTotals: [
      { amount: '20.00', currency: 'EUR' },
      { amount: '480.00', currency: 'USD' },
    ],
    rewardTotals: [
      { amount: '0.05', currency: 'EUR' },
      { amount: '10.00', currency: 'USD' },
    ],
  });
  expect(card.nextSteps[0]).toEqual({
    code: 'approve_rewards',
    text: '2 rewards of 20.00 EUR and 480.00 USD wait for approval',
  });
});

test('twenty-five referrals are paged without gap or repeat while a new one arrives (RF-10)', async () => {
  const { ours, adaId } = await world.withAda('paging');
  await ours.program('second', 'Second');
  const secondId = await ours.advocate('ada', 'second');
  for (let number = 0; number < 25; number += 1) {
    const name = `f${String(number).padStart(2, '0')}`;
    await ours.friend(name);
    // Several share one moment: the id decides their order.
    const at = daysAgo(Math.floor(number / 4));
    await ours.referral(name, { advocate: 'ada', friend: name, program: number % 3 ? 'main' : 'second', at });
  }
  await ours.recount(adaId, secondId);
  const card = await ours.card('501');
  expect(card.referrals.total).toBe(25);
  const seen = card.referrals.items.map(({ id }) => id);
  expect(seen).toHaveLength(10);
  let after = JSON.parse(Buffer.from(card.referrals.nextCursor ?? '', 'base64url').toString()) as
    readonly string[] | null;
  await ours.friend('late');
  await ours.referral('late', { advocate: 'ada', friend: 'late', at: NOW });
  await ours.recount(adaId);
  const sizes: number[] = [];
  while (after !== null) {
    const { page, total } = await ours.page('501', after);
    expect(total).toBe(26);
    sizes.push(page.items.length);
    seen.push(...page.items.map(({ id }) => id));
    after = page.next;
  }
  expect(sizes).toEqual([10, 5]);
  const numbers = Array.from({ length: 25 }, (_, number) => number);
  const newestFirst = numbers.toSorted((a, b) => Math.floor(a / 4) - Math.floor(b / 4) || b - a);
  expect(seen).toEqual(newestFirst.map((number) => ours.referralId(`f${String(number).padStart(2, '0')}`)));
  expect((await ours.page('501', null)).page.items[0]?.id).toBe(ours.referralId('late'));
});
