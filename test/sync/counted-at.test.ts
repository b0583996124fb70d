import { afterAll, beforeAll, expect, test } from 'vitest';
import { recountMetrics } from '../../backend/src/metrics/metrics-store.ts';
import { publishedPrograms } from '../../backend/src/qualification/published-programs.ts';
import { desiredValues } from '../../backend/src/sync/desired-values-store.ts';
import { daysAgo, openWorld, PUBLIC_URL, type World, type WorldOfOne } from '../cards/contact-world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** What Ada's contact should say of when her numbers last changed. */
function countedAt(ours: WorldOfOne): Promise<string | null | undefined> {
  return ours.run(async (tx) => {
    const personId = ours.personId('ada');
    const programs = await publishedPrograms(tx, ours.workspaceId);
    const input = { personIds: [personId], programs, publicUrl: PUBLIC_URL, workspaceCurrency: 'USD' };
    return (await desiredValues(tx, input)).get(personId)?.('hubspot').countedAt;
  });
}

function recount(ours: WorldOfOne, advocateId: string, now: string): Promise<void> {
  const input = { workspaceId: ours.workspaceId, now: new Date(now), advocateIds: [advocateId] };
  return ours.run((tx) => recountMetrics(tx, input));
}

test('the age of the numbers is written with them, and moves only when a number does (RL-06, RL-03)', async () => {
  const { ours, adaId } = await world.withAda('counted');
  expect(await countedAt(ours)).toBe(daysAgo(100).toISOString());
  await recount(ours, adaId, '2026-11-19T08:00:00.900Z');
  expect(await countedAt(ours)).toBe('2026-11-19T08:00:00.000Z');
  await recount(ours, adaId, '2026-11-19T09:00:00.000Z');
  expect(await countedAt(ours)).toBe('2026-11-19T08:00:00.000Z');
  await ours.friend('dana');
  await ours.referral('1', { advocate: 'ada', friend: 'dana' });
  await recount(ours, adaId, '2026-11-19T10:00:00.000Z');
  expect(await countedAt(ours)).toBe('2026-11-19T10:00:00.000Z');
});

test('somebody who refers in two programs has the age of the number that changed last (RL-06)', async () => {
  const { ours, adaId } = await world.withAda('counted_twice');
  await ours.program('second', 'Second');
  await recount(ours, await ours.advocate('ada', 'second'), '2026-11-19T11:00:00.000Z');
  await recount(ours, adaId, '2026-11-19T10:00:00.000Z');
  expect(await countedAt(ours)).toBe('2026-11-19T11:00:00.000Z');
});
