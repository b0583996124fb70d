import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectDir } from '../../backend/src/db/data-dir.ts';
import { readSchemaText } from '../../backend/src/db/schema-text.ts';
import type { TestDatabase } from '../database.ts';
import { createTestDatabase } from '../database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('migrations/schema.sql is what the migrations make (npm run schema writes it)', async () => {
  const committed = readFileSync(join(projectDir, 'migrations/schema.sql'), 'utf8');
  expect(committed).toBe(await readSchemaText(database.ownerUrl));
});
