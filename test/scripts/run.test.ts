import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { projectDir } from '../../backend/src/db/data-dir.ts';

const directory = mkdtempSync(join(tmpdir(), 'passalong-run-'));
const script = join(directory, 'service.ts');
writeFileSync(
  script,
  `const said: string[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => said.push(signal));
console.log(process.pid, process.version, JSON.stringify(process.argv.slice(2)));
const mode: string | undefined = process.argv[2];
if (mode === 'fail') process.exit(7);
if (mode === 'wait') setInterval(() => {
  if (said.length > 0) setTimeout(() => { console.log(said.join()); process.exit(0); }, 300);
}, 20);
`,
);
afterAll(() => rmSync(directory, { recursive: true }));

function run(...args: string[]): { process: ChildProcess; lines: AsyncIterator<string> } {
  const started = spawn(process.execPath, ['scripts/run.mjs', script, ...args], {
    cwd: projectDir,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { process: started, lines: createInterface({ input: started.stdout })[Symbol.asyncIterator]() };
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  return String((await lines.next()).value);
}

test('a script gets its arguments, runs on the project’s Node, and its exit code is kept', async () => {
  const { process: started, lines } = run('fail', 'with a space');
  const exited = once(started, 'exit');
  expect(await nextLine(lines)).toMatch(/^\d+ v24\.\d+\.\d+ \["fail","with a space"\]$/);
  expect(await exited).toEqual([7, null]);
});

test('Ctrl-C, which reaches a whole process group, reaches the script once, and the bootstrap waits for it', async () => {
  const { process: started, lines } = run('wait');
  const exited = once(started, 'exit');
  await nextLine(lines);
  process.kill(-(started.pid ?? 0), 'SIGINT');
  await sleep(30);
  started.kill('SIGINT');
  expect(await nextLine(lines)).toBe('SIGINT');
  expect(await exited).toEqual([0, null]);
});

test('a script ended by a signal ends the bootstrap by the same signal', async () => {
  const { process: started, lines } = run('wait');
  const exited = once(started, 'exit');
  const pid = Number((await nextLine(lines)).split(' ')[0]);
  process.kill(pid, 'SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
});

test('a bootstrap that is killed outright takes the script with it', async () => {
  const { process: started, lines } = run('wait');
  const pid = Number((await nextLine(lines)).split(' ')[0]);
  started.kill('SIGKILL');
  await once(started, 'exit');
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
