import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * A Node that is not in node_modules: an installation deletes the one that is, even while we run on it. npm tells its
 * scripts which Node it runs on.
 */
export const outerNode = [process.env.npm_node_execpath, process.execPath]
  .filter((path) => path && existsSync(path))
  .concat('node')[0];

/** Runs npm (the very one that started us, if one did) and says whether it succeeded. Its words go to stderr. */
export function npm(args, cwd) {
  const self = process.env.npm_execpath;
  const viaNode = self !== undefined && basename(self) === 'npm-cli.js';
  const [file, prefix] = viaNode ? [outerNode, [self]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(file, [...prefix, ...args], { cwd, stdio: ['ignore', 2, 2] });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
