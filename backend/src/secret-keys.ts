import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'secret-keys';

/**
 * The keys that seal secrets at rest when the environment gives none: made once and kept beside the embedded database,
 * readable by the service's user only. A served database always brings keys of its own (`SECRET_KEYS`).
 */
export function keptSecretKeys(dataDir: string): string[] {
  const path = join(dataDir, FILE);
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    // Written aside and renamed, so that a kill in between never leaves half a key.
    writeFileSync(`${path}.new`, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
  return readFileSync(path, 'utf8').trim().split(',');
}
