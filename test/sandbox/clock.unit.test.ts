import { expect, test } from 'vitest';

import { contacts, startBench } from './harness.ts';

const MINUTE_MS = 60_000;

test('answers carry the time of HubSpot’s own clock, which may differ from everybody else’s', async () => {
  const { api, clock, control } = await startBench();
  const shown = async () => Date.parse((await api('GET', contacts(''))).headers.get('date') ?? '');
  expect(await shown()).toBe(clock.now());
  for (const ahead of [10 * MINUTE_MS, -10 * MINUTE_MS, 0]) {
    expect(control.clock.skew(ahead)).toBe(clock.now() + ahead);
    expect(await shown()).toBe(clock.now() + ahead);
    expect(control.clock.now()).toBe(clock.now() + ahead);
  }
});

test('records are created and changed at the time of that clock', async () => {
  const { api, clock, control } = await startBench();
  control.clock.skew(10 * MINUTE_MS);
  const made = await api('POST', contacts(''), { properties: { email: 'ada@example.com' } });
  expect(made.body).toMatchObject({ createdAt: new Date(clock.now() + 10 * MINUTE_MS).toISOString() });
});
