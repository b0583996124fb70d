import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectDir } from '../../backend/src/db/data-dir.ts';
import { roleOf } from '../../backend/src/db/migrate.ts';
import { readSchemaText } from '../../backend/src/db/schema-text.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const directory = join(projectDir, 'migrations');
const names = readdirSync(directory).filter((name) => name.endsWith('.ts'));

let database: TestDatabase;
let owner: Knex;

beforeAll(async () => {
  database = await createTestDatabase();
  const setRole = `select set_config('passalong.app_role', '${roleOf(database.appUrl)}', false)`;
  owner = knex({
    client: 'pg',
    connection: database.ownerUrl,
    pool: {
      min: 0,
      max: 1,
      afterCreate: (client: any, done: (error?: Error) => void) => client.query(setRole, done),
    },
    migrations: { directory, loadExtensions: ['.ts'] },
  });
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

test('every migration can be taken back, and made again it gives the same schema', async () => {
  const committed = readFileSync(join(directory, 'schema.sql'), 'utf8');
  const taken: string[] = [];
  for (let left = names.length; left > 0; left -= 1) {
    const [, done] = (await owner.migrate.down()) as [number, string[]];
    taken.push(...done.map((name) => name.split('/').at(-1) ?? name));
  }
  expect(taken).toEqual(names.toReversed());
  await owner.migrate.latest();
  expect(await readSchemaText(database.ownerUrl)).toBe(committed);
});
