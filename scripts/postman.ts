import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { openApiDocument } from '../backend/src/http/openapi.ts';
import { postmanCollection } from '../backend/src/http/reference/postman-collection.ts';

const FILE = join(resolve(import.meta.dirname, '..'), 'docs/passalong.postman_collection.json');

/** Where `npm start` serves; a deployment serves its own collection at /postman.json. */
const BASE_URL = 'http://localhost:3000';

/** The collection as the file keeps it. */
export async function postmanFile(): Promise<string> {
  const text = JSON.stringify(postmanCollection(openApiDocument(BASE_URL)), null, 2);
  // The format check of `npm run check` covers this file too.
  return format(text, { parser: 'json', printWidth: 120 });
}

if (process.argv[1] === import.meta.filename) {
  const text = await postmanFile();
  if (process.argv.includes('--write')) writeFileSync(FILE, text);
  else if (readFileSync(FILE, 'utf8') !== text) {
    console.error('docs/passalong.postman_collection.json is out of date: run scripts/postman.ts --write');
    process.exitCode = 1;
  }
}
