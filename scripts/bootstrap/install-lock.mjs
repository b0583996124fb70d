import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectDir, say } from './project.mjs';

const lockFile = join(projectDir, '.install.lock');
const oldestMs = 20 * 60_000;

/** Lets one process at a time change node_modules: `npm start` and `npm test` in two shells must not both install. */
export async function withInstallLock(work) {
  await takeLock();
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

async function takeLock() {
  const mine = `${process.pid}`;
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lockFile, mine, { flag: 'wx' });
      // Two processes can clear the same stale lock; the one whose lock was cleared by the other notices here.
      await sleep(50);
      if (holder() === mine) return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale()) rmSync(lockFile, { force: true });
    else if (!waited) say('Another process is installing the packages; waiting for it.');
    await sleep(250);
  }
}

function holder() {
  try {
    return readFileSync(lockFile, 'utf8');
  } catch {
    return '';
  }
}

function isStale() {
  const pid = Number(holder());
  const age = Date.now() - (statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age > oldestMs) return true;
  // An empty file is a lock that is being written at this moment.
  if (!(pid > 0)) return age > 5_000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
