import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDataDir, start, type Started } from './started.ts';

const data = openDataDir();
const running: Started[] = [];

afterAll(async () => {
  for (const { process: child, end } of running)
    if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
  await data.close();
});

async function startHere(): Promise<Started> {
  const started = await start(data.dataDir);
  running.push(started);
  return started;
}

/** Ids and amounts as the API tells them, with a key made beside the running service. */
async function ledger(url: string): Promise<unknown> {
  const { PATH, HOME } = process.env;
  const printed = execFileSync(process.execPath, ['scripts/api-key.ts', '--portal', '24680135'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH, HOME, DATA_DIR: data.dataDir },
    encoding: 'utf8',
  });
  const key = printed.trim().split('\n').at(-1) ?? '';
  const read = async (path: string): Promise<any> => {
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status, path).toBe(200);
    return answer.json();
  };
  const [programs, referrals] = [await read('/programs'), await read('/referrals')];
  return {
    programs: programs.items.map(({ id, published }: any) => [id, published.version]),
    referrals: referrals.items.map(({ id, status }: any) => [id, status]),
  };
}

/** Processes whose command line or environment names this data directory. */
function alive(): string[] {
  const found = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return found.filter((line) => line.includes(data.dataDir) && !line.includes('server-guard'));
}

test('prints its addresses and then the ready line, and stops cleanly on Ctrl-C with nothing left behind', async () => {
  const first = await startHere();
  expect(first.lines.at(-1)).toBe(`passalong ready ${first.url}`);
  expect(first.lines.join('\n')).toContain(`${first.url}/openapi.json`);
  expect((await fetch(`${first.url}/ready`)).status).toBe(200);
  const page = await (await fetch(first.url)).text();
  expect(page).toContain('Customer referrals');
  const before = await ledger(first.url);
  expect(before).toMatchObject({ programs: [[expect.any(String), 1]], referrals: [[expect.any(String), 'pending']] });
  expect(await first.end('SIGINT')).toEqual({ code: 0, signal: null });
  await expect.poll(alive).toEqual([]);

  const second = await startHere();
  expect(await ledger(second.url)).toEqual(before);
  expect(await second.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

  const third = await startHere();
  expect(await ledger(third.url)).toEqual(before);
  expect(await third.end('SIGTERM')).toEqual({ code: 0, signal: null });
  await expect.poll(alive).toEqual([]);
}, 120_000);

test('says what to do when the port is taken, and ends with 1', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, () => resolve()));
  const { port } = squatter.address() as AddressInfo;
  await expect(start(data.dataDir, { PORT: String(port) })).rejects.toThrow(/ended with 1:[^]*PORT/);
  await new Promise((resolve) => squatter.close(resolve));
}, 60_000);

test('refuses settings it cannot use with all of them named, and ends with 1', async () => {
  await expect(start(data.dataDir, { PORT: 'eighty', PUBLIC_URL: 'nowhere' })).rejects.toThrow(
    /ended with 1:[^]*PORT[^]*PUBLIC_URL/,
  );
}, 60_000);
