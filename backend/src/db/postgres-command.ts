import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user.ts';

type PostgresCommandInput = {
  file: string;
  args: string[];
  user: ServerUser | undefined;
};

export type PostgresCommandResult = { ok: boolean; output: string };

/**
 * Runs one of PostgreSQL's own programs and collects what it says.
 * The environment is ours alone: a PGPORT, PGDATA or LC_ALL from the shell would otherwise change which server we mean,
 * or the language of the messages we read. The working directory is / because the user we drop to may not enter ours.
 */
export function runPostgresCommand({ file, args, user }: PostgresCommandInput): Promise<PostgresCommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    // A program that cannot be executed reports here; without a listener it would end our process.
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}
