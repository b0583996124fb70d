import { expect, it } from 'vitest';
import type { WriteOutcome } from '../../../backend/src/crm/port.ts';
import { writeWithoutMissing } from '../../../backend/src/sync/write-without-missing.ts';

type Item = { readonly values: Readonly<Record<string, string>> };

/** A CRM without some fields, that tells of one at a time, and refuses values it dislikes. */
function crm(missing: readonly string[]) {
  const sent: string[][] = [];
  const send = (items: ReadonlyMap<string, Item>): Promise<WriteOutcome[]> => {
    sent.push([...items.keys()]);
    return Promise.resolve([...items].map(([key, { values }]) => answer(key, values)));
  };
  function answer(key: string, values: Item['values']): WriteOutcome {
    const [unwritable] = Object.keys(values).filter((field) => missing.includes(field));
    const refusal = { code: 'record_rejected', message: 'No.' } as const;
    if (unwritable) return { key, ok: false, refusal: { ...refusal, fields: [], unwritableFields: [unwritable] } };
    if (Object.values(values).includes('wrong')) return { key, ok: false, refusal: { ...refusal, fields: ['city'] } };
    return { key, ok: true, recordId: `id-${key}`, values, modifiedAt: null };
  }
  return { send, sent };
}

async function write(items: Readonly<Record<string, Item['values']>>, missing: readonly string[]) {
  const { send, sent } = crm(missing);
  const entries = Object.entries(items).map(([key, values]): [string, Item] => [key, { values }]);
  const written = await writeWithoutMissing(new Map(entries), send);
  const told = [...written].map(([key, { outcome, left }]) => [key, outcome.ok && outcome.values, left]);
  return { told, sent };
}

it('a missing field is left out and told; who has nothing for it is written once (E23)', async () => {
  const { told, sent } = await write({ a: { city: 'Bonn', gone: '1' }, b: { city: 'Kiel' } }, ['gone']);
  expect(told).toEqual([
    ['b', { city: 'Kiel' }, []],
    ['a', { city: 'Bonn' }, ['gone']],
  ]);
  expect(sent).toEqual([['a', 'b'], ['a']]);
});

it('several missing fields are found one after the other', async () => {
  const { told } = await write({ a: { city: 'Bonn', gone: '1', lost: '2' } }, ['gone', 'lost']);
  expect(told).toEqual([['a', { city: 'Bonn' }, ['gone', 'lost']]]);
});

it('a value the CRM refuses stays refused, also beside a missing field (E37)', async () => {
  const { told, sent } = await write({ a: { city: 'wrong', gone: '1' } }, ['gone']);
  expect(told).toEqual([['a', false, []]]);
  expect(sent).toEqual([['a'], ['a']]);
});

it('an account that has none of the fields is not asked for ever', async () => {
  const fields = Array.from({ length: 10 }, (_, index) => `f${String(index)}`);
  const { told, sent } = await write({ a: Object.fromEntries(fields.map((field) => [field, '1'])) }, fields);
  expect(told).toEqual([['a', false, []]]);
  expect(sent).toHaveLength(4);
});
