import { describe, expect, test } from 'vitest';

import { CLIENT_ID, PORTAL_ID, SECRET, contacts, postForm, startBench } from './harness.ts';

const update = (id: string, properties: Record<string, string>) => ({ inputs: [{ id, properties }] });

describe('faults', () => {
  test('down: the connection ends without an answer, for as many calls as asked', async () => {
    const { api, control } = await startBench();
    control.faults.add({ kind: 'down', times: 1 });
    await expect(api('GET', contacts(''))).rejects.toThrow();
    expect((await api('GET', contacts(''))).status).toBe(200);
    expect(control.log.calls().map(({ status }) => status)).toEqual([0, 200]);
  });

  test('an answer lost after the work: the write is there', async () => {
    const { api, control, portal } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    control.faults.add({ kind: 'down', when: 'after', path: '/batch/update', times: 1 });
    await expect(api('POST', contacts('/batch/update'), update(id, { firstname: 'Bea' }))).rejects.toThrow();
    expect(portal.get('contacts', id)?.properties['firstname']).toBe('Bea');
  });

  test.each([
    ['before', 'Ann'],
    ['after', 'Bea'],
  ] as const)('502 %s the work', async (when, firstname) => {
    const { api, control, portal } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    control.faults.add({ kind: 'serverError', status: 502, when });
    expect((await api('POST', contacts('/batch/update'), update(id, { firstname: 'Bea' }))).status).toBe(502);
    expect(portal.get('contacts', id)?.properties['firstname']).toBe(firstname);
  });

  test.each([
    ['rateLimited', 429, '3'],
    ['locked', 423, null],
    ['migrating', 477, '3'],
  ] as const)('%s answers %i', async (kind, status, retryAfter) => {
    const { api, control } = await startBench();
    control.faults.add({ kind, retryAfterSeconds: 3 });
    const answer = await api('GET', contacts(''));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  });

  test('strike one portal, one path or a share of the calls, the same share for one seed', async () => {
    const { api, control } = await startBench();
    control.faults.add({ kind: 'locked', portalId: PORTAL_ID + 1 });
    control.faults.add({ kind: 'locked', path: '/batch/' });
    expect((await api('GET', contacts(''))).status).toBe(200);
    control.faults.clear();
    const round = async () => {
      control.faults.seed(7);
      const number = control.faults.add({ kind: 'serverError', rate: 0.3 });
      const statuses = [];
      for (let call = 0; call < 30; call += 1) statuses.push((await api('GET', contacts(''))).status);
      control.faults.remove(number);
      return statuses;
    };
    const first = await round();
    expect(await round()).toEqual(first);
    const failed = first.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(3);
    expect(failed).toBeLessThan(17);
  });

  test('some records of a batch fail and the others are written', async () => {
    const { api, control, portal } = await startBench();
    const [ann, bob] = [portal.createContact({ firstname: 'Ann' }), portal.createContact({ firstname: 'Bob' })];
    control.faults.add({ kind: 'failRecords', recordIds: [ann] });
    const answer = await api('POST', contacts('/batch/update'), {
      inputs: [ann, bob].map((id) => ({ id, properties: { city: 'Lisbon' } })),
    });
    expect(answer).toMatchObject({
      status: 207,
      body: { results: [{ id: bob }], errors: [{ category: 'VALIDATION_ERROR', context: { ids: [ann] } }] },
    });
    expect([ann, bob].map((id) => portal.get('contacts', id)?.properties['city'] ?? null)).toEqual([null, 'Lisbon']);
  });

  test('a value can be stored otherwise than sent', async () => {
    const { api, control, portal } = await startBench();
    const id = portal.createContact({});
    control.faults.add({ kind: 'coerce', propertyName: 'city', storedValue: 'LISBON' });
    const answer = await api('POST', contacts('/batch/update'), update(id, { city: 'Lisbon' }));
    expect(answer.body.results[0].properties.city).toBe('LISBON');
    expect(portal.get('contacts', id)?.properties['city']).toBe('LISBON');
  });

  test('slow answers come late, the others meanwhile', async () => {
    const { api, control } = await startBench();
    control.faults.add({ kind: 'slow', path: '/0-3', delayMs: 80 });
    const order: string[] = [];
    await Promise.all([
      api('GET', '/crm/objects/2026-09/0-3').then(() => order.push('slow')),
      api('GET', contacts('')).then(() => order.push('quick')),
    ]);
    expect(order).toEqual(['quick', 'slow']);
  });

  test('an access token can be over early, and the refresh token gives the next one', async () => {
    const { api, portal, hubspot, refreshToken } = await startBench();
    portal.expireAccessTokens(501);
    expect((await api('GET', contacts(''))).body.category).toBe('EXPIRED_AUTHENTICATION');
    const renewed = await postForm(hubspot.url, '/oauth/2026-09/token', {
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      client_secret: SECRET,
      refresh_token: refreshToken,
    });
    expect((await api('GET', contacts(''), undefined, renewed.body.access_token)).status).toBe(200);
  });

  test('an access token can be revoked while the connection lives', async () => {
    const { api, portal } = await startBench();
    portal.revokeAccessTokens(501);
    expect((await api('GET', contacts(''))).status).toBe(401);
    expect(portal.installedApps()).toEqual([501]);
  });
});
