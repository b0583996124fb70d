import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import type { CardComponent } from '../state/state.ts';

const LOCATIONS = ['crm.record.tab', 'crm.record.sidebar', 'crm.preview', 'helpdesk.sidebar'];
const OBJECT_TYPES = ['contacts', 'companies', 'deals', 'tickets'];
const META = '-hsmeta.json';
const MOST_NAME = 200;

export interface CardProject {
  /** the directory of `srcDir`: entry points are named from there */
  srcDir: string;
  /** reads one hsmeta file, its variables put in */
  read: (file: string) => { uid: string; config: Record<string, unknown> };
  /** uids that other components have taken already */
  takenUids: string[];
}

/** The cards of a project, refused where HubSpot's upload refuses them. */
export function cardComponents({ srcDir, read, takenUids }: CardProject): CardComponent[] {
  const directory = join(srcDir, 'app', 'cards');
  const taken = new Set(takenUids);
  return metaFiles(directory).map((file) => {
    const { uid, config } = read(join(directory, file));
    if (taken.has(uid)) throw new Error(`${file}: another component has the uid ${uid}`);
    taken.add(uid);
    return cardOf({ file, uid, config, srcDir });
  });
}

/** HubSpot looks at files that lie directly in `cards`, and passes over deeper ones with a warning nobody reads. */
function metaFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const found = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(META) && !file.includes('node_modules'))
    .sort();
  const deep = found.find((file) => dirname(file) !== '.');
  if (deep !== undefined)
    throw new Error(`${deep}: a card lies directly in app/cards, not in ${relative('.', dirname(deep))}`);
  return found;
}

interface CardFile {
  file: string;
  uid: string;
  config: Record<string, unknown>;
  srcDir: string;
}

function cardOf({ file, uid, config, srcDir }: CardFile): CardComponent {
  const refuse = (reason: string): never => {
    throw new Error(`${file}: ${reason}`);
  };
  const text = (key: string): string => {
    const value = config[key];
    return typeof value === 'string' && value.trim() !== '' ? value : refuse(`"${key}" must be a text`);
  };
  const name = text('name');
  if (name !== name.trim() || name.length > MOST_NAME)
    refuse(`"name" must be 1 to ${MOST_NAME} characters, no spaces around`);
  if (/hubspot|\bhub\b/i.test(name)) refuse('"name" must not carry the name HubSpot');
  const location = text('location');
  if (!LOCATIONS.includes(location)) refuse(`location ${location} is none of ${LOCATIONS.join(', ')}`);
  const objectTypes = objectTypesOf(config['objectTypes'], refuse);
  if (location === 'helpdesk.sidebar' && objectTypes.some((type) => type !== 'tickets'))
    refuse('a card of the help desk is about tickets');
  const entrypoint = text('entrypoint');
  if (!entrypoint.startsWith('/app/cards/') || !/\.[jt]sx?$/.test(entrypoint) || entrypoint.includes('..'))
    refuse(`entrypoint ${entrypoint} must name a file below /app/cards`);
  if (!existsSync(join(srcDir, entrypoint))) refuse(`entrypoint ${entrypoint} does not exist`);
  requirePicture(config['previewImage'], { directory: join(srcDir, 'app', 'cards'), refuse });
  return { uid, name, location: location as CardComponent['location'], objectTypes, entrypoint };
}

function objectTypesOf(given: unknown, refuse: (reason: string) => never): string[] {
  if (!Array.isArray(given) || given.length === 0) return refuse('"objectTypes" must name at least one type');
  const strange = (given as unknown[]).find((type) => !OBJECT_TYPES.includes(String(type)));
  if (strange !== undefined) refuse(`objectTypes: ${JSON.stringify(strange)} is none of ${OBJECT_TYPES.join(', ')}`);
  if (new Set(given).size !== given.length) refuse('"objectTypes" names a type twice');
  return given as string[];
}

interface PicturePlace {
  directory: string;
  refuse: (reason: string) => never;
}

function requirePicture(given: unknown, { directory, refuse }: PicturePlace): void {
  if (given === undefined) return;
  const { file } = given as { file?: unknown };
  if (typeof file !== 'string' || !/\.(png|jpe?g|gif)$/i.test(file)) refuse('previewImage must be a png, jpg or gif');
  if (!existsSync(join(directory, file as string))) refuse(`previewImage ${basename(file as string)} does not exist`);
}
