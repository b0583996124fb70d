import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { projectDir } from './project.mjs';

const lifeline = fileURLToPath(new URL('lifeline.mjs', import.meta.url));
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
const sameSignalMs = 500;

/**
 * Runs the script, hands every signal on exactly once, and ends as it ends.
 * Ctrl-C reaches a whole process group, and npm passes on a copy as well; a service takes a second signal as "now at
 * once". So the child gets a group of its own, and of the copies we receive only the first is passed on. Should we be
 * killed outright, the child notices that its lifeline (file descriptor 3) closed, and ends its group too.
 */
export function runChild(node, args) {
  const child = spawn(node, ['--import', lifeline, ...args], {
    cwd: projectDir,
    detached: true,
    env: { ...process.env, PASSALONG_LIFELINE: '3' },
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  const last = new Map();
  for (const signal of forwarded) {
    process.on(signal, () => {
      const now = Date.now();
      if (now - (last.get(signal) ?? 0) < sameSignalMs) return;
      last.set(signal, now);
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    for (const name of forwarded) process.removeAllListeners(name);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
