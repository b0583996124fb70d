import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative } from 'node:path';
import { CardBuildError } from './card-build-error.ts';
import type { CardDeclaration } from './card-declarations.ts';
import { readCardDeclarations } from './card-declarations.ts';

/** What a record page has to know about a card to mount it. */
export type HostedCard = {
  readonly uid: string;
  readonly name: string;
  /** crm.record.tab, crm.record.sidebar, crm.preview … */
  readonly location: string;
  /** As in the hsmeta file: contacts, deals, companies. */
  readonly objectTypes: readonly string[];
  readonly entrypoint: string;
  /** Name of the asset; two cards with one entrypoint share it. */
  readonly bundleName: string;
  /** The CRM properties and associations the builder found to be read, from its manifest. */
  readonly dataDeps: readonly unknown[];
};

export type BuiltCard = HostedCard & { readonly bundle: string };

export type BuildCardsOptions = {
  /** The folder with hsproject.json. */
  readonly projectDir: string;
  /** Where finished bundles are kept between starts. */
  readonly cacheDir?: string;
  /** The variables of HubSpot's profile, for the manifest. */
  readonly variables?: Readonly<Record<string, string>>;
};

type Bundle = { readonly name: string; readonly text: string; readonly dataDeps: readonly unknown[] };

/** Builds every card of a HubSpot project with HubSpot's own builder. @throws CardBuildError naming file and reason. */
export async function buildCards(options: BuildCardsOptions): Promise<readonly BuiltCard[]> {
  const declarations = await readCardDeclarations(options.projectDir);
  const bundles = new Map<string, Promise<Bundle>>();
  const cards: BuiltCard[] = [];
  for (const declaration of declarations) {
    // One after the other: the builder is a process of its own, and a second one would only wait for the first.
    const bundle = bundles.get(declaration.entryFile) ?? bundleOf(declaration, options);
    bundles.set(declaration.entryFile, bundle);
    const { name: bundleName, text, dataDeps } = await bundle;
    const { uid, name, location, objectTypes, entrypoint } = declaration;
    cards.push({ uid, name, location, objectTypes, entrypoint, bundleName, bundle: text, dataDeps });
  }
  return cards;
}

async function bundleOf(card: CardDeclaration, options: BuildCardsOptions): Promise<Bundle> {
  const { cacheDir = join(tmpdir(), 'passalong-card-bundles'), variables = {} } = options;
  const key = await contentKey(card, variables);
  const directory = join(cacheDir, key);
  if (!existsSync(directory)) await buildInto(directory, card, variables);
  const file = basename(card.entryFile, extname(card.entryFile));
  const manifest = JSON.parse(await readFile(join(directory, `${file}-manifest.json`), 'utf8')) as {
    dataDeps?: unknown[];
  };
  return {
    name: `cards/${file}.${key.slice(0, 12)}.js`,
    text: await readFile(join(directory, `${file}.js`), 'utf8'),
    dataDeps: manifest.dataDeps ?? [],
  };
}

/** Built under another name first, so that a start that is killed meanwhile leaves nothing half done in the cache. */
async function buildInto(directory: string, card: CardDeclaration, variables: object): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const outputDir = await mkdtemp(`${directory}-`);
  const refusal = await runBuilder({
    root: card.root,
    entryPoint: relative(card.root, card.entryFile),
    outputDir,
    variables,
  });
  if (refusal !== null) {
    await rm(outputDir, { recursive: true, force: true });
    throw new CardBuildError({
      file: card.entryFile,
      reason: `HubSpot's builder refuses the card: ${refusal}`,
      remedy: 'Correct the source; the page shows the card after the next start.',
    });
  }
  await rename(outputDir, directory).catch(async (error: unknown) => {
    // Somebody else was quicker with the same content.
    await rm(outputDir, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  });
}

/** What the builder has against the card, or null. */
function runBuilder(request: object): Promise<string | null> {
  const script = join(import.meta.dirname, 'run-builder.ts');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, JSON.stringify(request)],
      { env: { NODE_ENV: 'production' }, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => resolve(error ? stdout.trim() || stderr.trim() || error.message : null),
    );
  });
}

/** The same for the same sources, builder and library, whoever asks. */
async function contentKey(card: CardDeclaration, variables: object): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([card.entryFile, variables, versions()]));
  for (const directory of [card.root, ...(await linkedPackages(card.root))]) {
    for (const file of await sourcesBelow(directory)) hash.update(file).update(await readFile(join(directory, file)));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Packages of the same repository: their sources count as the card's own. */
async function linkedPackages(root: string): Promise<string[]> {
  const file = join(root, 'package.json');
  if (!existsSync(file)) return [];
  const { dependencies = {} } = JSON.parse(await readFile(file, 'utf8')) as { dependencies?: Record<string, string> };
  return Object.values(dependencies)
    .filter((version) => version.startsWith('file:'))
    .map((version) => join(root, version.slice('file:'.length)))
    .filter((directory) => existsSync(directory));
}

async function sourcesBelow(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((name) => !/(^|[/\\])(node_modules|dist)([/\\]|$)/.test(name))
    .sort();
}

function versions(): string[] {
  const require = createRequire(import.meta.url);
  return ['@hubspot/ui-extensions-dev-server', '@hubspot/ui-extensions'].map((name) => {
    const entry = require.resolve(name === '@hubspot/ui-extensions' ? name : `${name}/build`);
    const packageDir = entry.slice(0, entry.lastIndexOf(name) + name.length);
    return (require(join(packageDir, 'package.json')) as { version: string }).version;
  });
}
