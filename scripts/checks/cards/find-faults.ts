import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readImports } from './read-imports.ts';
import { cardFolder, readCards, type DeclaredCard } from './read-cards.ts';

const MAX_PICTURE_BYTES = 5 * 1024 * 1024;

/** The narrow columns have no room for HubSpot's own record components; there it takes only these two. */
const CRM_COMPONENTS_BESIDE = ['CrmActionButton', 'CrmActionLink'];

/**
 * What HubSpot's parser leaves to its reviewers or to the first person who opens the card: files that are not there,
 * names that are not allowed, components that the place does not take. One sentence each.
 */
export function findFaults(projectDir: string): readonly string[] {
  return [...faultsOfLogo(projectDir), ...readCards(projectDir).flatMap((card) => faultsOfCard(projectDir, card))];
}

function faultsOfCard(projectDir: string, card: DeclaredCard): readonly string[] {
  const found = [
    ...faultsOfWords(card),
    ...faultsOfPicture(join(cardFolder(projectDir), card.previewImage.file), card.previewImage.altText),
    ...faultsOfCode(projectDir, card),
  ];
  return found.map((fault) => `${card.file}: ${fault}`);
}

function faultsOfWords({ uid, name, description }: DeclaredCard): readonly string[] {
  const faults: string[] = [];
  if (!uid.startsWith('passalong_'))
    faults.push(`the uid ${uid} does not begin with passalong_, so it may meet another app’s`);
  if (/hub/i.test(name)) faults.push(`the name “${name}” contains HubSpot’s own`);
  if (description.length < 40) faults.push('the description does not tell an admin what the card shows');
  return faults;
}

function faultsOfPicture(path: string, altText: string): readonly string[] {
  if (!existsSync(path)) return [`the picture ${path.split('/').at(-1) ?? ''} is not there`];
  const faults: string[] = [];
  if (statSync(path).size > MAX_PICTURE_BYTES) faults.push('the picture is over 5 MB');
  if (pngSize(path) === null) faults.push('the picture is no PNG');
  if (altText.length < 20) faults.push('the text for those who cannot see the picture says nothing');
  return faults;
}

function faultsOfCode(projectDir: string, { entrypoint, location }: DeclaredCard): readonly string[] {
  const path = join(cardFolder(projectDir), entrypoint);
  if (!existsSync(path)) return [`the entrypoint ${entrypoint} is not there`];
  const imports = readImports(path);
  const faults: string[] = [];
  if (!imports.some(({ from, name }) => from === '@hubspot/ui-extensions' && name === 'hubspot'))
    faults.push(`${entrypoint} never calls hubspot.extend, so nothing is drawn`);
  if (!location.endsWith('.sidebar')) return faults;
  const refused = imports
    .filter(({ from }) => from === '@hubspot/ui-extensions/crm')
    .filter(({ name }) => name === '*' || (/^Crm[A-Z]/.test(name) && !CRM_COMPONENTS_BESIDE.includes(name)));
  return [...faults, ...refused.map(({ name, file }) => `${location} takes no ${name}, which ${file} imports`)];
}

function faultsOfLogo(projectDir: string): readonly string[] {
  const app = JSON.parse(readFileSync(join(projectDir, 'src/app/app-hsmeta.json'), 'utf8')) as {
    config: { logo?: string };
  };
  const { logo } = app.config;
  if (logo === undefined) return ['app-hsmeta.json: there is no logo'];
  const path = join(projectDir, 'src', logo);
  if (!existsSync(path)) return [`app-hsmeta.json: the logo ${logo} is not there`];
  const size = pngSize(path);
  if (size?.width !== size?.height || size === null) return ['app-hsmeta.json: the logo is no square PNG'];
  return [];
}

/** Null for what is no PNG; its header states the size in pixels. */
function pngSize(path: string): { readonly width: number; readonly height: number } | null {
  const bytes = readFileSync(path);
  if (bytes.length < 24 || bytes.toString('latin1', 1, 4) !== 'PNG') return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
