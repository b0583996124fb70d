import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { runCheck } from '../../scripts/checks/check.ts';
import { cardChecks } from '../../scripts/checks/cards/card-checks.ts';
import { PROJECT_DIR } from './project-copy.ts';

export const GOOD_CARD = `import { hubspot, Text } from '@hubspot/ui-extensions';

hubspot.extend<'crm.record.tab'>(() => <Text>Fine</Text>);
`;

const CARDS = 'src/app/cards';
const OURS = ['eslint.config.js', 'tsconfig.json', 'package.json', 'contact-tab-hsmeta.json'];

/** A project of one card under the rules of ours, with these files in its card folder; gone after the test. */
export function smallProject(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'passalong-small-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, CARDS), { recursive: true });
  symlinkSync(resolve(PROJECT_DIR, '../node_modules'), join(directory, 'node_modules'));
  for (const name of OURS) cpSync(join(PROJECT_DIR, CARDS, name), join(directory, CARDS, name));
  for (const [name, text] of Object.entries({ 'ContactCard.tsx': GOOD_CARD, ...files }))
    writeFileSync(join(directory, CARDS, name), text);
  return directory;
}

/** The check of `npm run check` with this name, on another project. */
export async function runCardCheck(name: string, projectDir: string): Promise<{ ok: boolean; output: string }> {
  const check = cardChecks(projectDir).find((candidate) => candidate.name === name);
  if (!check) throw new Error(`There is no check ${name}.`);
  return runCheck(check);
}
