import { expect, test } from 'vitest';
import { createSlidingWindow } from '../../../backend/src/sliding-window.ts';

function setUp(maxClients?: number) {
  let now = 1_000_000;
  const clock = { now: () => now };
  const window = createSlidingWindow({ clock, limit: 3, windowMs: 60_000, ...(maxClients ? { maxClients } : {}) });
  return { window, moveMs: (ms: number) => void (now += ms) };
}

test('the limit holds in every stretch of the window, not from one full minute to the next', () => {
  const { window, moveMs } = setUp();
  window.add('a');
  moveMs(50_000);
  window.add('a');
  expect(window.waitMs('a')).toBe(0);
  window.add('a');
  expect(window.waitMs('a')).toBe(10_000);
  moveMs(10_000);
  expect(window.waitMs('a')).toBe(0);
  window.add('a');
  expect(window.waitMs('a')).toBe(50_000);
});

test('nobody waits for somebody else', () => {
  const { window } = setUp();
  for (let time = 0; time < 9; time += 1) window.add('a');
  expect([window.waitMs('a'), window.waitMs('b')]).toEqual([60_000, 0]);
});

test('beyond the most clients, the one who was quiet longest is forgotten', () => {
  const { window } = setUp(2);
  for (const who of ['a', 'a', 'a', 'b', 'b', 'b', 'a', 'c']) window.add(who);
  expect(window.waitMs('b')).toBe(0);
  expect(window.waitMs('a')).toBe(60_000);
});
