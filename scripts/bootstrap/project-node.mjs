import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { npm, outerNode } from './npm.mjs';
import { modulesDir, say } from './project.mjs';

const packageDir = join(modulesDir, 'node');
const program = join(packageDir, 'bin/node');
const link = join(modulesDir, '.bin/node');

/** The Node that runs our scripts: the one from npm, or this one where that cannot be had and this one will do. */
export async function projectNode() {
  if (existsSync(link)) return link;
  await withInstallLock(async () => {
    if (!existsSync(program)) await installProgram();
    if (existsSync(program) && !existsSync(link)) linkProgram();
  });
  if (existsSync(link) && runs(link)) return link;
  if (readsTypeScript(process.version) && existsSync(process.execPath)) {
    say(
      `The project's own Node could not be installed; this one (${process.version}) reads TypeScript too and is used.`,
    );
    return process.execPath;
  }
  throw new Error(
    `Passalong needs its own Node (the npm package "node"), which could not be installed; ${process.version} is too old ` +
      'to stand in. Allow npm to reach its registry, or start with Node 24.',
  );
}

/**
 * The `node` package fetches its program in an install script. npm 12 runs such scripts only for packages named under
 * `allowScripts` in package.json (ours are), and `ignore-scripts` stops all of them; so the same step is run here.
 */
async function installProgram() {
  if (!existsSync(packageDir)) return;
  say('npm did not run the install script of the package "node"; running it now …');
  const installer = spawnSync(outerNode, ['installArchSpecificPackage.js'], {
    cwd: packageDir,
    env: { ...process.env, npm_config_ignore_scripts: 'true', npm_config_loglevel: 'error' },
    stdio: ['ignore', 2, 2],
  });
  if (installer.status !== 0 || !existsSync(program)) await npm(['rebuild', 'node', '--loglevel=error'], modulesDir);
}

function linkProgram() {
  mkdirSync(join(modulesDir, '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../node/bin/node', link);
}

function runs(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Types are stripped without a flag from 22.18 on. */
function readsTypeScript(version) {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major > 22 ? major >= 24 : major === 22 && minor >= 18;
}
