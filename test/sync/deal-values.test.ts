import { afterAll, beforeAll, expect, test } from 'vitest';
import { dealValues } from '../../backend/src/sync/deal-values-store.ts';
import { NOW, openWorld, type World, type WorldOfOne } from '../cards/contact-world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const DEAL = '9001';

async function onDeal(ours: WorldOfOne, dealId: string, ...contactIds: readonly string[]): Promise<void> {
  const of = { workspace_id: ours.workspaceId, connection_id: ours.connectionId };
  await ours.run(async (tx) => {
    const record = { ...of, object_type: 'deal', record_id: dealId, first_seen_at: NOW };
    await tx('crm_records').insert(record).onConflict().ignore();
    for (const contactId of contactIds)
      await tx('record_links')
        .insert({ ...of, deal_id: dealId, contact_id: contactId })
        .onConflict()
        .ignore();
  });
}

async function valuesFor(ours: WorldOfOne, ...names: readonly string[]) {
  const personIds = names.map((name) => ours.personId(name));
  const found = await ours.run((tx) => dealValues(tx, { connectionId: ours.connectionId, personIds }));
  return Object.fromEntries(found);
}

/** Ada referred Dana, who is on a deal. */
async function withDana(name: string): Promise<{ readonly ours: WorldOfOne; readonly adaId: string }> {
  const { ours, adaId } = await world.withAda(name);
  await ours.friend('dana');
  await ours.contact('601', 'dana');
  await ours.referral('1', { advocate: 'ada', friend: 'dana' });
  await onDeal(ours, DEAL, '601');
  return { ours, adaId };
}

async function alsoReferred(ours: WorldOfOne, name: string, contactId: string, advocate = 'ada'): Promise<void> {
  await ours.friend(name);
  await ours.contact(contactId, name);
  await ours.referral(name, { advocate, friend: name });
}

test('the only deal of a friend says whose it is and which referral it comes from (SG-26)', async () => {
  const { ours, adaId } = await withDana('one_deal');
  const said = { dealAdvocateId: adaId, dealReferralId: ours.referralId('1') };
  expect(await valuesFor(ours, 'dana')).toEqual({ [DEAL]: said });
});

test('a second deal of the friend is owed to the same advocate, and neither takes the referral’s id (SG-26)', async () => {
  const { ours, adaId } = await withDana('two_deals');
  await onDeal(ours, '9002', '601');
  expect(await valuesFor(ours, 'dana')).toEqual({
    [DEAL]: { dealAdvocateId: adaId },
    '9002': { dealAdvocateId: adaId },
  });
});

test('a deal with two friends of one advocate is theirs, and with friends of two nobody’s (SG-26, E3)', async () => {
  const { ours, adaId } = await withDana('shared');
  await alsoReferred(ours, 'eli', '602');
  await onDeal(ours, DEAL, '602');
  expect(await valuesFor(ours, 'dana')).toEqual({ [DEAL]: { dealAdvocateId: adaId } });
  await ours.person('bea');
  await ours.advocate('bea', 'main');
  await alsoReferred(ours, 'fay', '603', 'bea');
  await onDeal(ours, DEAL, '603');
  expect(await valuesFor(ours, 'fay')).toEqual({});
});

test('who was named on a deal that is nobody’s any more is taken off it again (SG-26, E3)', async () => {
  const { ours } = await withDana('taken_off');
  await ours.run((tx) =>
    tx('referrals')
      .where({ id: ours.referralId('1') })
      .update({ status: 'denied' }),
  );
  expect(await valuesFor(ours, 'dana')).toEqual({});
  await ours.run((tx) =>
    tx('write_backs').insert({
      workspace_id: ours.workspaceId,
      connection_id: ours.connectionId,
      object_type: 'deal',
      record_id: DEAL,
      desired: '{}',
    }),
  );
  expect(await valuesFor(ours, 'dana')).toEqual({ [DEAL]: { dealAdvocateId: null } });
});

test('deals that are gone, and people without a referral, are owed to nobody (SG-26, E5)', async () => {
  const { ours } = await withDana('gone');
  expect(await valuesFor(ours, 'ada')).toEqual({});
  await ours.run((tx) => tx('crm_records').where({ record_id: DEAL }).update({ deleted_at: NOW }));
  expect(await valuesFor(ours, 'dana')).toEqual({});
});
