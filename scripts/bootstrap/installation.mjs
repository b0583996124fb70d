import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { npm } from './npm.mjs';
import { modulesDir, projectDir, say } from './project.mjs';

const lockfile = join(projectDir, 'package-lock.json');
const stamp = join(modulesDir, '.passalong-installed');
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the packages when node_modules is missing or is not what package-lock.json says. The stamp, written last,
 * holds the hash of the lock file: an installation that was cut short has none.
 */
export async function installIfNeeded({ withDevelopment }) {
  if (isStamped() || isInstalled(withDevelopment)) return;
  await withInstallLock(async () => {
    if (isStamped() || isInstalled(withDevelopment)) return;
    const locked = existsSync(lockfile);
    const command = locked ? 'ci' : 'install';
    say(`Installing the packages (npm ${command}); this happens once, and again when package-lock.json changes …`);
    // Also under NODE_ENV=production: the tests need the development packages, and the database is an optional one.
    const done = await npm([command, ...quiet, '--include=dev', '--include=optional'], projectDir);
    if (!done) throw new Error(`npm ${command} failed; its message is above. When it is solved, start again.`);
    writeStamp();
  });
}

function isStamped() {
  return existsSync(stamp) && existsSync(lockfile) && readFileSync(stamp, 'utf8') === lockHash();
}

/** Where node_modules may not be written to (a container's other user), the comparison is simply made every time. */
function writeStamp() {
  try {
    writeFileSync(stamp, lockHash());
  } catch (error) {
    if (!['EACCES', 'EROFS', 'ENOENT', 'EPERM'].includes(error.code)) throw error;
  }
}

/** The platform is part of it: a directory shared with a container holds the other system's programs. */
function lockHash() {
  return createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(lockfile))
    .digest('hex');
}

/**
 * Whether somebody ran npm by hand: then npm's own record in node_modules lists what is there, and we leave it alone.
 * Development packages may be missing where they are not needed.
 */
function isInstalled(withDevelopment) {
  const record = readJson(join(modulesDir, '.package-lock.json'))?.packages;
  const wanted = readJson(lockfile)?.packages;
  if (!record || !wanted) return false;
  const missing = Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.link && record[path]?.version !== entry.version)
    .filter(([path, entry]) => record[path] || isNeededHere(entry));
  if (missing.length === 0) writeStamp();
  return missing.every(([path, entry]) => !withDevelopment && !record[path] && isForDevelopment(entry));
}

/** npm leaves out optional packages made for other systems, and what only those need. */
function isNeededHere(entry) {
  if (!entry.optional) return true;
  if (entry.libc || (!entry.os && !entry.cpu)) return false;
  return fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}

function isForDevelopment(entry) {
  return Boolean(entry.dev || entry.devOptional || entry.peer);
}

/** `os` and `cpu` list what a package is for, or with `!` what it is not for. */
function fits(list, value) {
  if (!list) return true;
  const allowed = list.filter((item) => !item.startsWith('!'));
  return !list.includes(`!${value}`) && (allowed.length === 0 || allowed.includes(value));
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
