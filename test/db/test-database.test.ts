import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database.ts';
import { createTestDatabase } from '../database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a test database gives two roles, and row-level security binds both', async () => {
  const seen = [];
  for (const url of [database.appUrl, database.ownerUrl]) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      'select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    );
    seen.push(rows[0]);
    await client.end();
  }
  expect(seen).toEqual([
    { rolname: 'passalong_app', rolsuper: false, rolbypassrls: false },
    { rolname: 'passalong_owner', rolsuper: false, rolbypassrls: false },
  ]);
});
