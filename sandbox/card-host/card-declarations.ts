import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CardBuildError } from './card-build-error.ts';

/** A card as its `*-hsmeta.json` file declares it. */
export type CardDeclaration = {
  readonly uid: string;
  /** The title HubSpot shows above the card. */
  readonly name: string;
  readonly location: string;
  readonly objectTypes: readonly string[];
  /** As declared: `/app/cards/contact-card.tsx`. */
  readonly entrypoint: string;
  readonly entryFile: string;
  /** The nearest folder above the entry file that holds a package.json: what HubSpot's builder takes as its root. */
  readonly root: string;
};

/** Every card of a HubSpot project, in the order of their uids. */
export async function readCardDeclarations(projectDir: string): Promise<CardDeclaration[]> {
  const project = await readJson(join(projectDir, 'hsproject.json'));
  const sourceDir = join(projectDir, textOf(project['srcDir']) ?? 'src');
  const files = (await readdir(sourceDir, { recursive: true }))
    .filter((name) => name.endsWith('-hsmeta.json') && !name.includes('node_modules'))
    .map((name) => join(sourceDir, name));
  const found = await Promise.all(files.map((file) => readDeclaration(file, sourceDir)));
  return found.filter((card) => card !== null).sort((one, other) => one.uid.localeCompare(other.uid));
}

async function readDeclaration(file: string, sourceDir: string): Promise<CardDeclaration | null> {
  const meta = await readJson(file);
  if (meta['type'] !== 'card') return null;
  const config = recordOf(meta['config']);
  const entrypoint = required(config['entrypoint'], { file, field: 'config.entrypoint' });
  const entryFile = join(sourceDir, entrypoint);
  if (!existsSync(entryFile)) {
    throw new CardBuildError({
      file,
      reason: `config.entrypoint names ${entrypoint}, which does not exist.`,
      remedy: `Create ${relative(sourceDir, entryFile)} or correct the entrypoint.`,
    });
  }
  return {
    uid: required(meta['uid'], { file, field: 'uid' }),
    name: required(config['name'], { file, field: 'config.name' }),
    location: required(config['location'], { file, field: 'config.location' }),
    objectTypes: Array.isArray(config['objectTypes']) ? config['objectTypes'].map(String) : [],
    entrypoint,
    entryFile,
    root: rootOf(entryFile, sourceDir),
  };
}

function rootOf(entryFile: string, sourceDir: string): string {
  for (let directory = dirname(entryFile); directory.startsWith(sourceDir); directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory;
  }
  return dirname(entryFile);
}

function required(value: unknown, { file, field }: { file: string; field: string }): string {
  const text = textOf(value);
  if (text) return text;
  throw new CardBuildError({ file, reason: `${field} is missing.`, remedy: 'HubSpot refuses a card without it.' });
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CardBuildError({ file, reason, remedy: 'It has to be a readable JSON file.' });
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
