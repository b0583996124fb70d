import { join } from 'node:path';
import { buildCards } from './build-cards.ts';
import type { BuildCardsOptions } from './build-cards.ts';
import { buildHost } from './build-host.ts';

export type Asset = { readonly type: string; readonly body: string };

export type CardHostOptions = Partial<BuildCardsOptions>;

const SCRIPT = 'text/javascript; charset=utf-8';
const ownProject = join(import.meta.dirname, '..', '..', 'hubspot-app');
const built = new Map<string, Promise<ReadonlyMap<string, Asset>>>();

/**
 * What a record page serves to show cards: `host.js`, `worker.js`, `host.css`, `cards.json` (a list of HostedCard) and
 * the bundle of every card under its `bundleName`. Built once per process and set of options.
 *
 * @throws CardBuildError
 */
export function cardHostAssets(options: CardHostOptions = {}): Promise<ReadonlyMap<string, Asset>> {
  const key = JSON.stringify(options);
  const assets = built.get(key) ?? buildAssets({ projectDir: ownProject, ...options });
  built.set(key, assets);
  // What failed is tried again next time: somebody may have corrected the card meanwhile.
  assets.catch(() => built.delete(key));
  return assets;
}

async function buildAssets(options: BuildCardsOptions): Promise<ReadonlyMap<string, Asset>> {
  const [{ host, worker, css }, cards] = await Promise.all([buildHost(), buildCards(options)]);
  const list = cards.map(({ bundle: _, ...card }) => card);
  return new Map<string, Asset>([
    ['host.js', { type: SCRIPT, body: host }],
    ['worker.js', { type: SCRIPT, body: worker }],
    ['host.css', { type: 'text/css; charset=utf-8', body: css }],
    ['cards.json', { type: 'application/json; charset=utf-8', body: JSON.stringify(list) }],
    ...cards.map(({ bundleName, bundle }): [string, Asset] => [bundleName, { type: SCRIPT, body: bundle }]),
  ]);
}
