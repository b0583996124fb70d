import { mkdtempSync, rmSync, chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../backend/src/db/data-dir.ts';
import { startEmbeddedPostgres } from '../backend/src/db/embedded-postgres.ts';
import { migrate } from '../backend/src/db/migrate.ts';
import { readSchemaText } from '../backend/src/db/schema-text.ts';

/** `npm run schema`: migrates an empty database of its own and writes what came out to migrations/schema.sql. */
const dataDir = mkdtempSync(join(tmpdir(), 'passalong-schema-'));
chmodSync(dataDir, 0o711);
const target = join(projectDir, 'migrations/schema.sql');
try {
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  try {
    await migrate(server);
    writeFileSync(target, await readSchemaText(server.ownerUrl));
    console.log('Wrote migrations/schema.sql.');
  } finally {
    await server.stop();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
