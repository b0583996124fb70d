import { appendFile, chown, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerUser } from './server-user.ts';
import { socketPort } from './socket-directory.ts';

export type ServerSettings = Record<string, string>;

/** Durable first (every acknowledged commit survives a crash); then sized for a small machine shared with Node. */
const settings: ServerSettings = {
  listen_addresses: '',
  port: String(socketPort),
  unix_socket_permissions: '0700',
  max_connections: '60',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  min_wal_size: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  checkpoint_completion_target: '0.9',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
  // Statements and key values hold people's names and addresses; the log must not.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

const fileName = 'passalong.conf';

/** Makes a new cluster read our settings file; done before the cluster gets its final name. */
export async function includeSettings(clusterDir: string): Promise<void> {
  await appendFile(join(clusterDir, 'postgresql.conf'), `\ninclude_if_exists = '${fileName}'\n`);
}

type WriteSettingsInput = {
  clusterDir: string;
  socketDir: string;
  user: ServerUser | undefined;
  overrides: ServerSettings;
};

/** Written anew at every start, so that a new version of Passalong can tune data made by an older one. */
export async function writeSettings({ clusterDir, socketDir, user, overrides }: WriteSettingsInput): Promise<void> {
  const all = { ...settings, unix_socket_directories: socketDir, ...overrides };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  const path = join(clusterDir, fileName);
  const text = lines.join('');
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return;
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text, { mode: 0o600 });
  if (user) await chown(unfinished, user.uid, user.gid);
  await rename(unfinished, path);
}
