import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFailed } from './start-failed.ts';

/**
 * Two starts on the same data would write the same files and stop each other's database. The lock is a socket that a
 * process listens on: it cannot outlive the process, however that ends, and no process id can be mistaken for another.
 */
export async function lockData(dataDir: string): Promise<{ release(): void }> {
  // Not inside the data: socket names are limited to about a hundred characters.
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `passalong-start-${key}.sock`);
  for (let turn = 0; turn < 3; turn += 1) {
    const server = await listen(path);
    if (server) return { release: () => void server.close() };
    if (await answers(path)) break;
    rmSync(path, { force: true });
  }
  throw new StartFailed(
    `Passalong is running on this data already (${dataDir}).`,
    'Use the one that runs, stop it, or give this one its own data: DATA_DIR=.data-two npm start',
  );
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((caller) => caller.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server.unref()));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const caller = connect(path);
    caller.once('connect', () => resolve(true)).once('error', () => resolve(false));
    caller.once('close', () => caller.destroy());
  });
}
