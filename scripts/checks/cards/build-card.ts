import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remoteBuild } from '@hubspot/ui-extensions-dev-server/build';

/** Opened on a record page that shows several cards, over whatever line the rep has. */
export const MAX_CARD_BYTES = 200_000;

export type BuiltCard = {
  readonly bytes: number;
  /** What the builder complains of and builds all the same: `require`, an import from outside the folder. */
  readonly warnings: readonly string[];
};

/** Builds one entrypoint as HubSpot does after an upload. Raises what HubSpot's builder raises. */
export async function buildCard(folder: string, entrypoint: string): Promise<BuiltCard> {
  const outputDir = mkdtempSync(join(tmpdir(), 'passalong-card-'));
  const { warn } = console;
  const warnings: string[] = [];
  // The builder has no other way to say it.
  console.warn = (...words: unknown[]) => void warnings.push(words.join(' '));
  try {
    await remoteBuild({ root: folder, entryPoint: entrypoint, outputDir, logLevel: 'silent' });
    const bundle = readFileSync(join(outputDir, entrypoint.replace(/\.\w+$/, '.js')));
    return { bytes: bundle.length, warnings };
  } finally {
    console.warn = warn;
    rmSync(outputDir, { recursive: true, force: true });
  }
}
