import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where something is built before it is renamed to `path`; the name tells who is building it. */
export function unfinishedDirectory(path: string): string {
  return `${path}.unfinished-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/**
 * Removes what killed processes left half built; what a living process builds is not ours to touch.
 * A child of the killed process may still be writing: then some of it stays until the next start, which harms nothing.
 */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /\.unfinished-(\d+)-/.exec(name)?.[1];
    if (!pid || isAlive(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
