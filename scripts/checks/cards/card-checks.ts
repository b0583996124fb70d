import type { Check } from '../check.ts';
import { cardFolder } from './read-cards.ts';

/** What the card code of a HubSpot project has to pass before an upload; `hubspotDir` holds its hsproject.json. */
export function cardChecks(hubspotDir: string): Check[] {
  const folder = cardFolder(hubspotDir);
  return [
    {
      name: 'card lint',
      program: 'node_modules/eslint/bin/eslint.js',
      args: ['.', '--max-warnings=0'],
      cwd: folder,
      remedy: 'A card runs in a worker without a page: HubSpot’s components, hubspot.fetch, and nothing of a browser.',
    },
    {
      name: 'card types',
      program: 'node_modules/typescript/bin/tsc',
      args: ['--noEmit', '-p', folder],
      remedy: 'HubSpot’s builder checks no types, so nothing else would see this before a person does.',
    },
    {
      name: 'card build',
      program: 'scripts/checks/cards/build-all.ts',
      args: [hubspotDir],
      tells: true,
      remedy: 'HubSpot builds each card alone after an upload; what it refuses or warns of here it does there.',
    },
  ];
}
