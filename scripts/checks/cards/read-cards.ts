import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One card as the project declares it: a place on one kind of record. */
export type DeclaredCard = {
  /** Name of the hsmeta file. */
  readonly file: string;
  readonly uid: string;
  readonly name: string;
  readonly description: string;
  readonly location: string;
  /** File name in the card folder. */
  readonly entrypoint: string;
  readonly objectTypes: readonly string[];
  readonly previewImage: { readonly file: string; readonly altText: string };
};

type HsMeta = { uid: string; config: Omit<DeclaredCard, 'file' | 'uid'> };

export const cardFolder = (projectDir: string): string => join(projectDir, 'src/app/cards');

export function readCards(projectDir: string): readonly DeclaredCard[] {
  const folder = cardFolder(projectDir);
  const files = readdirSync(folder).filter((name) => name.endsWith('-hsmeta.json'));
  return files.sort().map((file) => {
    const { uid, config } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as HsMeta;
    return { ...config, file, uid, entrypoint: config.entrypoint.replace('/app/cards/', '') };
  });
}

/** Several cards may share an entrypoint; it is built once. */
export function entrypointsOf(cards: readonly DeclaredCard[]): readonly string[] {
  return [...new Set(cards.map(({ entrypoint }) => entrypoint))];
}
