import type { Asset } from '../../card-host/assets.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';

/** One of our cards, built and ready to be put on a record. */
export interface HostedCard {
  uid: string;
  name: string;
  location: string;
  objectTypes: string[];
  bundleName: string;
}

export type CardFiles = ReadonlyMap<string, Asset>;
/** Builds the cards as HubSpot does; given in tests, which have no project. */
export type BuildCards = (variables: Record<string, string>) => Promise<CardFiles>;

/** The builder is large and wanted by nobody who only looks at the overview. */
export const buildOurCards: BuildCards = async (variables) => {
  const { cardHostAssets } = await import('../../card-host/assets.ts');
  return cardHostAssets({ variables });
};

/** Built once, when somebody first looks; a build that failed is tried again with the next look. */
export class CardShelf {
  readonly #build: BuildCards;
  #files: Promise<CardFiles> | null = null;

  constructor(build: BuildCards) {
    this.#build = build;
  }

  files(bench: Bench): Promise<CardFiles> {
    const variables = accountOf(bench).app?.variables ?? {};
    this.#files ??= this.#build(variables).catch((error: unknown) => {
      this.#files = null;
      throw error;
    });
    return this.#files;
  }

  async cards(bench: Bench): Promise<HostedCard[]> {
    const listed = (await this.files(bench)).get('cards.json');
    return listed === undefined ? [] : (JSON.parse(listed.body) as HostedCard[]);
  }
}
