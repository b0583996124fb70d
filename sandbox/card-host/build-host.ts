import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export type HostScripts = { readonly host: string; readonly worker: string; readonly css: string };

/** Bundles the page's side (`host`) and the card's side (`worker`) for the browser, and puts the styles together. */
export async function buildHost(): Promise<HostScripts> {
  const browserDir = join(import.meta.dirname, 'browser');
  const { outputFiles } = await build({
    entryPoints: { host: join(browserDir, 'host', 'host.ts'), worker: join(browserDir, 'worker', 'worker.ts') },
    outdir: browserDir,
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    // Names of components and of blocked functions are part of messages.
    keepNames: true,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"', ...(await documentedNames()) },
  });
  const text = (name: string): string => outputFiles.find(({ path }) => path.endsWith(`${name}.js`))?.text ?? '';
  return { host: text('host'), worker: text('worker'), css: await styles(join(browserDir, 'style')) };
}

/** HubSpot's package holds the names of its icons and illustrations, and exports no more than their types. */
async function documentedNames(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const types = join(dirname(require.resolve('@hubspot/ui-extensions')), 'shared.synced', 'types');
  const names = async (file: string, list: string): Promise<string> => {
    const module = (await import(pathToFileURL(join(types, file)).href)) as Record<string, object>;
    return JSON.stringify(Object.keys(module[list] ?? {}));
  };
  return {
    DOCUMENTED_ICONS: await names('shared.synced.js', 'iconNames'),
    DOCUMENTED_ILLUSTRATIONS: await names(join('components', 'illustration.synced.js'), 'illustrationNames'),
  };
}

/** In the order of their names, which begin with a number. */
async function styles(directory: string): Promise<string> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.css')).sort();
  return (await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')))).join('\n');
}
