import { expect, test } from 'vitest';

import { ManualClock, startBench } from './harness.ts';

test('a believable account holds people, companies and deals, joined, in both pipelines', async () => {
  const { portal } = await startBench({ seed: 'believable' });
  expect(['contacts', 'companies', 'deals'].map((type) => portal.ids(type).length)).toEqual([300, 80, 150]);
  const deals = portal.ids('deals').map((id) => portal.get('deals', id));
  expect(
    deals.every(
      (deal) => (deal?.associations['contacts'] ?? []).length > 0 && (deal?.associations['companies'] ?? []).length > 0,
    ),
  ).toBe(true);
  expect(new Set(deals.map((deal) => deal?.properties['pipeline'])).size).toBe(2);
  expect(deals.filter((deal) => deal?.properties['hs_is_closed_won'] === 'true').length).toBeGreaterThan(10);
  const emails = portal.ids('contacts').map((id) => portal.get('contacts', id)?.properties['email'] ?? '');
  expect(new Set(emails).size).toBe(300);
  expect(emails.every((email) => email.endsWith('.example.com'))).toBe(true);
});

test('a believable account keeps three lists: one picked by hand, and two that fill themselves', async () => {
  const { portal } = await startBench({ seed: 'believable' });
  const lists = portal.lists().map(({ name, objectTypeId, processingType }) => [name, objectTypeId, processingType]);
  expect(lists).toEqual([
    ['Happy customers', '0-1', 'MANUAL'],
    ['All customers', '0-1', 'DYNAMIC'],
    ['Software companies', '0-2', 'DYNAMIC'],
  ]);
  const [happy = [], customers = [], companies = []] = portal.lists().map(({ recordIds }) => recordIds);
  expect(happy.length).toBeGreaterThan(10);
  expect(happy.every((id) => customers.includes(id))).toBe(true);
  expect(customers).toEqual(portal.find('contacts', 'lifecyclestage', 'customer').map(({ id }) => id));
  expect(companies.length).toBeGreaterThan(0);
});

test('the same portal id gives the same account', async () => {
  const people = async () => {
    const { portal } = await startBench({ seed: 'believable', clock: new ManualClock() });
    return portal.ids('contacts').map((id) => portal.get('contacts', id)?.properties);
  };
  expect(await people()).toEqual(await people());
});

test('nothing in it happens after now', async () => {
  const { portal, clock } = await startBench({ seed: 'believable' });
  for (const id of portal.ids('deals')) {
    const { createdate, hs_lastmodifieddate: modified } = portal.get('deals', id)?.properties ?? {};
    expect(Date.parse(createdate ?? '')).toBeLessThanOrEqual(Date.parse(modified ?? ''));
    expect(Date.parse(modified ?? '')).toBeLessThanOrEqual(clock.now());
  }
});
