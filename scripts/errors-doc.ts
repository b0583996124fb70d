import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { collectErrors, type CatalogueEntry } from './error-catalogue.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const FILE = join(PROJECT, 'docs/errors.md');

const HEAD = `# Errors

Every refusal has one shape: \`{ "error": { "code", "message", "remedy", "requestId", … } }\`. The code is stable; the message
and remedy are for people. Some carry facts beside them, such as \`fields\` (which fields were refused, where, and why)
or \`entryId\` (the entry that was kept for a person to mend).

*Retry*: \`never\` = the same request will be refused again; \`later\` = trying again may help, and work in the background
tries again by itself; \`after-reauthorization\` = first somebody has to connect the CRM account again.

This file is made by \`scripts/errors-doc.ts --write\` from the classes themselves, and a test fails when they differ.
`;

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim();
}

/** The catalogue as Markdown. */
export async function errorsDocument(entries: readonly CatalogueEntry[]): Promise<string> {
  const rows = [...Map.groupBy(entries, ({ code }) => code)].map(([code, listed]) => {
    const all = (read: (entry: CatalogueEntry) => string): string =>
      cell([...new Set(listed.map(read))].join(' — or: '));
    const columns = [
      all((entry) => entry.status),
      all((entry) => entry.retry),
      all((entry) => entry.cause),
      all((entry) => entry.remedy),
    ];
    return `| \`${code}\` | ${columns.join(' | ')} |`;
  });
  // The format check of `npm run check` covers this file too.
  return format(
    `${HEAD}\n| code | status | retry | what happened | what to do |\n|---|---|---|---|---|\n${rows.join('\n')}\n`,
    { parser: 'markdown', printWidth: 120 },
  );
}

if (process.argv[1] === import.meta.filename) {
  const text = await errorsDocument(collectErrors(PROJECT));
  if (process.argv.includes('--write')) writeFileSync(FILE, text);
  else if (readFileSync(FILE, 'utf8') !== text) {
    console.error('docs/errors.md is out of date: run scripts/errors-doc.ts --write');
    process.exitCode = 1;
  }
}
