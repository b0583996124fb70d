import { expect, test } from 'vitest';
import { createVisitCounter } from '../../../backend/src/http/public/visit-counter.ts';
import type { DailyVisits } from '../../../backend/src/referrals/visits-store.ts';

const visit = { workspaceId: 'ws_1', advocateId: 'adv_1' };

function setUp(write: (visits: readonly DailyVisits[]) => Promise<void>) {
  let now = Date.UTC(2026, 10, 20, 23, 59, 59);
  const failures: unknown[] = [];
  const counter = createVisitCounter({ clock: { now: () => now }, write, onFailure: (error) => failures.push(error) });
  return { counter, failures, moveMs: (ms: number) => void (now += ms) };
}

test('a visit belongs to the day it was made on, in UTC', async () => {
  const written: DailyVisits[] = [];
  const { counter, moveMs } = setUp((visits) => Promise.resolve(void written.push(...visits)));
  counter.count(visit);
  counter.count(visit);
  moveMs(1_000);
  counter.count(visit);
  await counter.flush();
  expect(written).toEqual([
    { ...visit, day: '2026-11-20', count: 2 },
    { ...visit, day: '2026-11-21', count: 1 },
  ]);
});

test('what could not be written is written together with the next', async () => {
  const written: (readonly DailyVisits[])[] = [];
  let down = true;
  const { counter, failures } = setUp((visits) => {
    if (down) return Promise.reject(new Error('down'));
    written.push(visits);
    return Promise.resolve();
  });
  counter.count(visit);
  await counter.flush();
  counter.count(visit);
  down = false;
  await counter.stop();
  await counter.stop();
  expect(written).toEqual([[{ ...visit, day: '2026-11-20', count: 2 }]]);
  expect(failures).toHaveLength(1);
});

test('two flushes never write at once', async () => {
  let writing = 0;
  let most = 0;
  const { counter } = setUp(async () => {
    writing += 1;
    most = Math.max(most, writing);
    await new Promise((resolve) => setImmediate(resolve));
    writing -= 1;
  });
  counter.count(visit);
  const first = counter.flush();
  counter.count(visit);
  await Promise.all([first, counter.flush()]);
  expect(most).toBe(1);
});
