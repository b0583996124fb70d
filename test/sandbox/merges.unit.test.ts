import { describe, expect, test } from 'vitest';

import { contacts, startBench, startReceiver } from './harness.ts';
import type { Bench } from './harness.ts';

const read = (bench: Bench, ids: string[], properties: string[] = []) =>
  bench.api('POST', contacts('/batch/read'), {
    inputs: ids.map((id) => ({ id })),
    properties,
    propertiesWithHistory: [],
  });

function two({ portal }: Bench): [string, string] {
  const ann = portal.createContact({ email: 'ann@example.com', firstname: 'Ann', lifecyclestage: 'lead' });
  const anna = portal.createContact({ email: 'anna@example.com', lastname: 'Bell', lifecyclestage: 'customer' });
  return [ann, anna];
}

describe('merging', () => {
  test('makes a third id that both old ids lead to', async () => {
    const bench = await startBench();
    const [ann, anna] = two(bench);
    const merged = await bench.api('POST', contacts('/merge'), { primaryObjectId: ann, objectIdToMerge: anna });
    expect(merged.status).toBe(200);
    expect([ann, anna]).not.toContain(merged.body.id);
    const both = await read(
      bench,
      [ann, anna],
      ['firstname', 'lastname', 'lifecyclestage', 'email', 'hs_additional_emails', 'hs_merged_object_ids'],
    );
    expect(both.status).toBe(200);
    expect(both.body.results).toHaveLength(1);
    expect(both.body.results[0]).toMatchObject({
      id: merged.body.id,
      properties: {
        firstname: 'Ann',
        lastname: 'Bell',
        lifecyclestage: 'customer',
        email: 'ann@example.com',
        hs_additional_emails: 'anna@example.com',
        hs_merged_object_ids: `${ann};${anna}`,
      },
    });
    expect((await bench.api('GET', contacts(`/${anna}`))).body.id).toBe(merged.body.id);
  });

  test('can keep the primary id, as older merges did', async () => {
    const bench = await startBench();
    bench.control.settings.set({ mergeCreatesNewId: false });
    const [ann, anna] = two(bench);
    const merged = await bench.api('POST', contacts('/merge'), { primaryObjectId: ann, objectIdToMerge: anna });
    expect(merged.body.id).toBe(ann);
    expect((await read(bench, [anna], ['hs_merged_object_ids'])).body.results[0]).toMatchObject({ id: ann });
  });

  test('of merged records leads to the last one, and writes follow', async () => {
    const bench = await startBench();
    const [ann, anna] = two(bench);
    const third = bench.portal.createContact({ firstname: 'Anne' });
    const first = bench.portal.merge('contacts', ann, anna);
    const second = bench.portal.merge('contacts', third, first);
    expect((await read(bench, [ann])).body.results[0].id).toBe(second);
    await bench.api('PATCH', contacts(`/${anna}`), { properties: { city: 'Lisbon' } });
    expect(bench.portal.get('contacts', second)?.properties['city']).toBe('Lisbon');
    expect(bench.portal.ids('contacts')).toEqual([second]);
  });

  test('both addresses find the survivor and stay taken', async () => {
    const bench = await startBench();
    const [ann, anna] = two(bench);
    const survivor = bench.portal.merge('contacts', ann, anna);
    for (const email of ['ann@example.com', 'anna@example.com']) {
      expect((await bench.api('GET', contacts(`/${email}?idProperty=email`))).body.id).toBe(survivor);
      expect((await bench.api('POST', contacts(''), { properties: { email } })).status).toBe(409);
    }
  });

  test('takes the deals along', async () => {
    const bench = await startBench();
    const [ann, anna] = two(bench);
    const deals = [ann, anna].map((id) => bench.portal.createDeal({ dealname: id }, [id]));
    const survivor = bench.portal.merge('contacts', ann, anna);
    expect(bench.portal.get('contacts', survivor)?.associations['deals']).toEqual(deals);
    const answer = await bench.api('POST', '/crm/associations/2026-09/deals/contacts/batch/read', {
      inputs: deals.map((id) => ({ id })),
    });
    expect(
      answer.body.results.map(({ to }: { to: { toObjectId: string }[] }) => to.map(({ toObjectId }) => toObjectId)),
    ).toEqual([[survivor], [survivor]]);
  });

  test('is told with all three ids', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ publicUrl: receiver.url });
    const [ann, anna] = two(bench);
    const survivor = bench.portal.merge('contacts', ann, anna);
    await bench.control.deliveries.deliverNow();
    const merge = receiver.events().find(({ subscriptionType }) => subscriptionType === 'object.merge');
    expect(merge).toMatchObject({
      primaryObjectId: Number(ann),
      mergedObjectIds: [Number(anna)],
      newObjectId: Number(survivor),
      numberOfPropertiesMoved: expect.any(Number),
    });
  });
});

describe('deleting for privacy', () => {
  test('leaves nothing, and keeps the address from coming back', async () => {
    const bench = await startBench();
    const id = bench.portal.createContact({ email: 'ann@example.com' });
    expect(
      (await bench.api('POST', contacts('/gdpr-delete'), { objectId: 'ann@example.com', idProperty: 'email' })).status,
    ).toBe(204);
    expect(bench.portal.get('contacts', id)).toBeNull();
    expect((await bench.api('GET', contacts(`/${id}?archived=true`))).status).toBe(404);
    expect((await bench.api('POST', contacts(''), { properties: { email: 'ann@example.com' } })).status).toBe(400);
  });

  test('an address nobody has is blocked all the same', async () => {
    const bench = await startBench();
    expect(
      (await bench.api('POST', contacts('/gdpr-delete'), { objectId: 'eve@example.com', idProperty: 'email' })).status,
    ).toBe(204);
    expect((await bench.api('POST', contacts(''), { properties: { email: 'eve@example.com' } })).status).toBe(400);
  });
});

describe('restoring', () => {
  test('brings a record back with its address and its deals', async () => {
    const bench = await startBench();
    const id = bench.portal.createContact({ email: 'ann@example.com' });
    const deal = bench.portal.createDeal({ dealname: 'A' }, [id]);
    bench.portal.delete('contacts', id);
    const bonds = () =>
      bench.api('POST', '/crm/associations/2026-09/deals/contacts/batch/read', { inputs: [{ id: deal }] });
    expect((await bonds()).status).toBe(207);
    bench.portal.restore('contacts', id);
    expect((await bonds()).body.results[0].to[0].toObjectId).toBe(id);
    expect((await bench.api('GET', contacts('/ann@example.com?idProperty=email'))).body.id).toBe(id);
  });

  test('is not possible once somebody else has the address', async () => {
    const bench = await startBench();
    const id = bench.portal.createContact({ email: 'ann@example.com' });
    bench.portal.delete('contacts', id);
    bench.portal.createContact({ email: 'ann@example.com' });
    expect(() => bench.portal.restore('contacts', id)).toThrow(/has this email/);
  });
});
