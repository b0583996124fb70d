import { expect, test } from 'vitest';

import { startBench } from './harness.ts';

test('a card is told of live records joined with its own, and of none that were deleted', async () => {
  const { portal } = await startBench();
  const contact = portal.createContact({ email: 'ada@example.com' });
  const [stays, goes] = ['Stays Ltd', 'Goes Ltd'].map((name) => portal.createCompany({ name }));
  for (const company of [stays, goes]) portal.associate(['contacts', contact], ['companies', company ?? '']);
  const query = { toObjectType: 'companies', properties: ['name'], pageLength: 10, offset: 0 };
  const named = (): (string | null | undefined)[] =>
    portal.cardAssociations(['contacts', contact], query).results.map(({ properties }) => properties['name']);
  expect(named().sort()).toEqual(['Goes Ltd', 'Stays Ltd']);
  portal.delete('companies', goes ?? '');
  expect(named()).toEqual(['Stays Ltd']);
});
