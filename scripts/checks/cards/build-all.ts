import { buildCard, MAX_CARD_BYTES } from './build-card.ts';
import { cardFolder, entrypointsOf, readCards } from './read-cards.ts';

/** Every entrypoint of a project through HubSpot's builder, one line each. The exit code tells whether all are well. */
const [projectDir = 'hubspot-app'] = process.argv.slice(2);
const folder = cardFolder(projectDir);

for (const entrypoint of entrypointsOf(readCards(projectDir))) {
  const line = await buildCard(folder, entrypoint).then(
    ({ bytes, warnings }) => {
      const problems = bytes > MAX_CARD_BYTES ? [...warnings, `over ${MAX_CARD_BYTES / 1000} kB`] : warnings;
      if (problems.length > 0) process.exitCode = 1;
      return [`${(bytes / 1000).toFixed(1)} kB`, ...problems].join(', ');
    },
    (error: unknown) => {
      process.exitCode = 1;
      return `not built: ${String(error)}`;
    },
  );
  console.log(`${entrypoint}: ${line}`);
}
