import { expect, test } from 'vitest';

import { startBench } from './harness.ts';

const OWNERS = '/crm/owners/2026-09';
const scopes = ['oauth', 'crm.objects.owners.read', 'crm.objects.deals.write'];

test('owners page by a cursor, active ones only', async () => {
  const { api, portal } = await startBench({ scopes });
  portal.addOwner({ firstName: 'Noor', lastName: 'Haddad', email: 'Noor@example.com' });
  const first = (await api('GET', `${OWNERS}?limit=3`)).body;
  const rest = (await api('GET', `${OWNERS}?limit=3&after=${first.paging.next.after}`)).body;
  expect(first.results).toHaveLength(3);
  expect(rest).toMatchObject({ results: [{ firstName: 'Noor', email: 'noor@example.com', archived: false }] });
  expect(rest.paging).toBeUndefined();
});

test('an owner is found by e-mail address, whole and in any case', async () => {
  const { api, portal } = await startBench({ scopes });
  portal.addOwner({ firstName: 'Noor', lastName: 'Haddad', email: 'noor@example.com' });
  expect((await api('GET', `${OWNERS}?email=NOOR@example.com`)).body.results).toHaveLength(1);
  expect((await api('GET', `${OWNERS}?email=noor`)).body.results).toHaveLength(0);
});

test('a deactivated owner is among the archived, without a user id', async () => {
  const { api, portal } = await startBench({ scopes });
  const [owner] = portal.owners();
  portal.deactivateOwner(owner?.id ?? '');
  expect((await api('GET', OWNERS)).body.results).toHaveLength(2);
  expect((await api('GET', `${OWNERS}/${owner?.id}`)).status).toBe(404);
  const { body } = await api('GET', `${OWNERS}?archived=true`);
  expect(body.results).toMatchObject([{ id: owner?.id, archived: true, userIdIncludingInactive: owner?.userId }]);
  expect(body.results[0]).not.toHaveProperty('userId');
});

test.each(['limit=501', 'limit=0', 'after=next', 'archived=maybe', 'name=Ada'])('%s is refused', async (query) => {
  const { api } = await startBench({ scopes });
  expect((await api('GET', `${OWNERS}?${query}`)).status).toBe(400);
});

test('a deal can be given to an active owner only', async () => {
  const { api, portal } = await startBench({ scopes });
  const [ada, ruben] = portal.owners();
  portal.deactivateOwner(ruben?.id ?? '');
  const create = (hubspot_owner_id: string | undefined) =>
    api('POST', '/crm/objects/2026-09/deals', { properties: { dealname: 'Pilot', hubspot_owner_id } });
  expect((await create(ada?.id)).status).toBe(201);
  for (const id of [ruben?.id, '999'])
    expect(await create(id)).toMatchObject({ status: 400, body: { errors: [{ code: 'INVALID_OPTION' }] } });
});

test('owners are told only to those who may see them', async () => {
  const { api } = await startBench({ scopes: ['oauth', 'crm.objects.deals.write'] });
  expect((await api('GET', OWNERS)).status).toBe(403);
});
