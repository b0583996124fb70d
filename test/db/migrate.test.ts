import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../backend/src/db/migrate.ts';
import type { TestDatabase } from '../database.ts';
import { createEmptyDatabase } from '../database.ts';
import { query } from './server-fixture.ts';

const grantingMigration = `
export async function up(knex) {
  await knex.raw('create table notes (text text)');
  await knex.raw(\`do $$ begin
    execute format('grant select on notes to %I', current_setting('passalong.app_role'));
  end $$\`);
}
export async function down() {}
`;
const concurrentIndex = `
export const config = { transaction: false };
export async function up(knex) {
  await knex.raw('create index concurrently notes_by_text on notes (text)');
}
export async function down() {}
`;

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  directory = mkdtempSync(join(tmpdir(), 'passalong-migrations-'));
  writeFileSync(join(directory, '20260101000000_notes.ts'), grantingMigration);
  writeFileSync(join(directory, '20260102000000_notes_index.ts'), concurrentIndex);
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await database.drop();
});

test('a migration grants the application role by the name in DATABASE_URL, and only what it says', async () => {
  const applied = await migrate({ ...database, directory });
  expect(applied).toEqual(['20260101000000_notes.ts', '20260102000000_notes_index.ts']);
  expect(await query(database.appUrl, 'select * from notes')).toEqual([]);
  await expect(query(database.appUrl, `insert into notes values ('x')`)).rejects.toThrow('permission denied');
  expect(await migrate({ ...database, directory })).toEqual([]);
});

test('of three processes that migrate at the same time one does the work and all succeed', async () => {
  const all = await Promise.all([1, 2, 3].map(() => migrate({ ...database, directory })));
  expect(all.map((applied) => applied.length).sort()).toEqual([0, 0, 2]);
});

test('a migrator that waits too long for another says what to look for', async () => {
  writeFileSync(
    join(directory, '20260103000000_slow.ts'),
    `export const up = (knex) => knex.raw('select pg_sleep(2)');\nexport async function down() {}\n`,
  );
  const slow = migrate({ ...database, directory });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await expect(migrate({ ...database, directory, patienceMs: 100 })).rejects.toMatchObject({ code: 'migration_busy' });
  await slow;
});

test('the lock row of a killed migrator does not stop the next one', async () => {
  await migrate({ ...database, directory });
  await query(database.ownerUrl, 'update knex_migrations_lock set is_locked = 1');
  writeFileSync(
    join(directory, '20260103000000_more.ts'),
    `export const up = (knex) => knex.raw('create table more (id int)');\nexport async function down() {}\n`,
  );
  expect(await migrate({ ...database, directory })).toEqual(['20260103000000_more.ts']);
});

test('a database of a newer version is refused with a remedy', async () => {
  await migrate({ ...database, directory });
  rmSync(join(directory, '20260102000000_notes_index.ts'));
  await expect(migrate({ ...database, directory })).rejects.toMatchObject({ code: 'migration_newer_database' });
});

test('an application role that row-level security does not bind is refused', async () => {
  const { ownerUrl } = database;
  await expect(migrate({ ownerUrl, appUrl: ownerUrl, directory })).rejects.toMatchObject({
    code: 'migration_role_unbound',
  });
  const superuser = ownerUrl.replace('passalong_owner@', 'postgres@');
  await expect(migrate({ ownerUrl, appUrl: superuser, directory })).rejects.toMatchObject({
    code: 'migration_role_unbound',
  });
  const missing = ownerUrl.replace('passalong_owner@', 'nobody_here@');
  await expect(migrate({ ownerUrl, appUrl: missing, directory })).rejects.toMatchObject({
    code: 'migration_role_missing',
  });
});
