import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const modulesDir = join(projectDir, 'node_modules');

/** Everything the bootstrap says goes to stderr: the last line of a script's stdout may be its result. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
