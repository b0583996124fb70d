import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openPool({ url: testDatabase.appUrl, maxConnections: 2 });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function latch(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

test('a customer whose work waits for its turn leaves connections for the others', async () => {
  const [begun, go] = [latch(), latch()];
  const first = database.aloneInWorkspace('ws_busy', async () => {
    begun.open();
    await go.opened;
  });
  await begun.opened;
  const waiting = Array.from({ length: 20 }, () => database.aloneInWorkspace('ws_busy', () => Promise.resolve('done')));
  // With a connection in the hand of everybody who waits, these two would wait for the first one too.
  expect(await database.inWorkspace('ws_other', () => Promise.resolve('read'))).toBe('read');
  expect(await database.aloneInWorkspace('ws_other', () => Promise.resolve('decided'))).toBe('decided');
  go.open();
  await first;
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 20 }, () => 'done'));
});

test('work of one customer runs in the order it came, and one failure stops nobody behind it', async () => {
  const order: number[] = [];
  const work = [1, 2, 3].map((number) =>
    database.aloneInWorkspace('ws_a', async () => {
      order.push(number);
      if (number === 2) throw new Error('refused');
      return Promise.resolve(number);
    }),
  );
  expect((await Promise.allSettled(work)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(order).toEqual([1, 2, 3]);
});
