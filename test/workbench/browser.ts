import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

type Program = { readonly executablePath: string; readonly env: Record<string, string> };

/** Quiet on a closed network, and able to run as root. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** CHROMIUM_PATH, else Debian's, else the one npm brought along (Linux on x64 only), else null. */
export async function findBrowser(): Promise<Program | null> {
  const chosen = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find((path) => path && existsSync(path));
  if (chosen && !process.env['CHROMIUM_FROM_NPM']) return { executablePath: chosen, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  return unpacked();
}

/** For a suite that cannot run: nobody should take its silence for success. */
export function sayUnavailable(suite: string): void {
  console.error(
    `\nSKIPPED: ${suite} needs a Chromium. Install one and set CHROMIUM_PATH to it, or install the development packages.\n`,
  );
}

export function launch({ executablePath, env }: Program): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS, env: { ...inherited(), ...env } });
}

/**
 * The npm package holds the program and the libraries a bare machine lacks, compressed. Unpacked once per version, under
 * another name first, so that a run that is killed meanwhile leaves nothing half done behind.
 */
async function unpacked(): Promise<Program | null> {
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve('@sparticuz/chromium');
  } catch {
    return null;
  }
  const packageDir = dirname(dirname(entry));
  const { version } = require(join(packageDir, 'package.json')) as { version: string };
  const directory = join(tmpdir(), `passalong-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(directory)) await unpackInto(directory, packageDir);
  return {
    executablePath: join(directory, 'chromium'),
    env: { LD_LIBRARY_PATH: join(directory, 'al2023', 'lib'), FONTCONFIG_PATH: join(directory, 'fonts') },
  };
}

async function unpackInto(directory: string, packageDir: string): Promise<void> {
  mkdirSync(dirname(directory), { recursive: true });
  const draft = mkdtempSync(`${directory}-`);
  const before = process.env['TMPDIR'];
  // The package always unpacks into the temporary directory, under a name it shares with everybody.
  process.env['TMPDIR'] = draft;
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium');
    await packed.executablePath(join(packageDir, 'bin'));
    await inflate(join(packageDir, 'bin', 'al2023.tar.br'));
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another run was quicker.
    if (!existsSync(directory)) throw error;
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
