import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PassalongError } from '../../../backend/src/errors/passalong-error.ts';
import { isConnectionFailure } from '../../../backend/src/sync/failure.ts';
import { SealBroken } from '../../../backend/src/workspaces/seal.ts';

const FOLDER = join(import.meta.dirname, '../../../backend/src/crm');

/** Everything that a CRM can raise and that is about one call, one list, one code or one address somebody typed. */
const NOT_OF_THE_CONNECTION = [
  'CrmListGone',
  'CrmRejected',
  'HubSpotCodeRefused',
  'HubSpotRejected',
  'LoginHostRefused',
  'SalesforceCodeRefused',
  'SalesforceRejected',
];

type ErrorClass = { readonly name: string; readonly prototype: PassalongError };

async function errorClasses(): Promise<readonly ErrorClass[]> {
  const files = globSync('**/*.ts', { cwd: FOLDER });
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(FOLDER, file)).href) as Promise<Record<string, unknown>>),
  );
  const exported = modules.flatMap((module) => Object.values(module));
  return exported.filter(
    (value): value is ErrorClass => typeof value === 'function' && value.prototype instanceof PassalongError,
  );
}

describe('what takes no try from the item at hand', () => {
  it('is every error of a CRM, its tokens and its gateway but those about one call (E24)', async () => {
    const classes = await errorClasses();
    const others = classes.filter(({ prototype }) => !isConnectionFailure(Object.create(prototype)));
    expect([...new Set(others.map(({ name }) => name))].sort()).toEqual(NOT_OF_THE_CONNECTION);
    expect(classes.length).toBeGreaterThan(others.length + 10);
  });

  it('is a sealed token that the present keys do not open', () => {
    expect(isConnectionFailure(new SealBroken('The key that sealed this secret is not known.'))).toBe(true);
    expect(isConnectionFailure(new Error('unforeseen'))).toBe(false);
  });
});
