import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../backend/src/db/migrate.ts';
import { createEmptyDatabase } from '../database.ts';
import { query } from './server-fixture.ts';

const migrations = resolve(import.meta.dirname, '../../migrations');
const KEYED = '20261121001200';

test('a review that was asked before questions had keys, and nobody could answer, is closed', async () => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const directory = mkdtempSync(join(tmpdir(), 'passalong-migrations-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const files = readdirSync(migrations).filter((file) => file.endsWith('.ts'));
  const link = (file: string): void => symlinkSync(join(migrations, file), join(directory, file));
  files.filter((file) => file < KEYED).forEach(link);
  await migrate({ ...database, directory });
  const reviews = ['several_referred_contacts', 'existing_contact', 'review_requested'];
  await query(database.ownerUrl, `insert into workspaces (id, name, created_at) values ('ws_1', 'One', now())`);
  for (const code of reviews) {
    await query(
      database.ownerUrl,
      `insert into entries (id, workspace_id, state, reason_code, reason, trigger, created_at, updated_at)
       values ('ent_${code}', 'ws_1', 'review', '${code}', 'x', '{}', now(), now())`,
    );
  }
  files.filter((file) => file >= KEYED).forEach(link);
  await migrate({ ...database, directory });
  expect(await query(database.ownerUrl, `select id, state, reason_code from entries order by id`)).toEqual([
    { id: 'ent_existing_contact', state: 'review', reason_code: 'existing_contact' },
    { id: 'ent_review_requested', state: 'review', reason_code: 'review_requested' },
    { id: 'ent_several_referred_contacts', state: 'processed', reason_code: 'review_overtaken' },
  ]);
});
