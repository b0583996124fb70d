import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CrmName } from '../../backend/src/crm/port.ts';
import type { CrmValues } from '../../backend/src/metrics/crm-values.ts';
import { publishedPrograms } from '../../backend/src/qualification/published-programs.ts';
import { desiredValues } from '../../backend/src/sync/desired-values-store.ts';
import { referralRecordValues } from '../../backend/src/sync/referral-values-store.ts';
import { NOW, openWorld, PUBLIC_URL, type World, type WorldOfOne } from '../cards/contact-world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function saidOf(ours: WorldOfOne, name: string, crm: CrmName = 'salesforce'): Promise<CrmValues> {
  const personId = ours.personId(name);
  return ours.run(async (tx) => {
    const programs = await publishedPrograms(tx, ours.workspaceId);
    const input = { personIds: [personId], programs, publicUrl: PUBLIC_URL, workspaceCurrency: 'USD' };
    return (await desiredValues(tx, input)).get(personId)?.(crm) ?? {};
  });
}

const change = (ours: WorldOfOne, table: string, id: string, to: object) =>
  ours.run((tx) => tx(table).where({ id }).update(to));

async function withDana(name: string): Promise<{ readonly ours: WorldOfOne; readonly adaId: string }> {
  const { ours, adaId } = await world.withAda(name);
  await change(ours, 'people', ours.personId('ada'), { phone: '+1 555 0100' });
  await change(ours, 'advocates', adaId, { external_id: 'C-7' });
  await ours.friend('dana');
  await ours.referral('1', { advocate: 'ada', friend: 'dana' });
  return { ours, adaId };
}

const answers = (ours: WorldOfOne, given: object) =>
  change(ours, 'referrals', ours.referralId('1'), { answers: JSON.stringify(given) });

test('a friend’s record names the advocate with phone and id in the customer’s system, and leads to both records (RR-17, RR-19, RR-20)', async () => {
  const { ours, adaId } = await withDana('said');
  expect(await saidOf(ours, 'dana')).toMatchObject({
    referredByName: 'Ada Advocate',
    referredByPhone: '+1 555 0100',
    referredByExternalId: 'C-7',
    sourceNote: 'Referred by Ada Advocate in Customer referrals, through their link',
    referralUrl: `${PUBLIC_URL}/go/referrals/${ours.referralId('1')}`,
    referredByUrl: `${PUBLIC_URL}/go/advocates/${adaId}`,
  });
  const inHubSpot = await saidOf(ours, 'dana', 'hubspot');
  expect(Object.keys(inHubSpot)).toEqual(expect.arrayContaining(['referredByName', 'referredByEmail']));
  for (const key of ['referredByPhone', 'referredByExternalId', 'sourceNote', 'referralUrl', 'referredByUrl'])
    expect(inHubSpot).not.toHaveProperty(key);
});

test('the words of a rep stand before those of a form, and blank ones are none (RR-17)', async () => {
  const { ours } = await withDana('notes');
  await answers(ours, { note: 'Call me after six.', companySize: '40' });
  expect((await saidOf(ours, 'dana')).sourceNote).toBe('Call me after six.');
  await answers(ours, { note: 'Call me after six.', repNote: 'Met at the fair.' });
  expect((await saidOf(ours, 'dana')).sourceNote).toBe('Met at the fair.');
  await answers(ours, { repNote: ' ', note: '' });
  expect((await saidOf(ours, 'dana')).sourceNote).toMatch(/^Referred by Ada Advocate/);
});

test('an advocate who was erased is named nowhere, not by the words that came with the referral either (RR-19)', async () => {
  const { ours } = await withDana('erased');
  await answers(ours, { note: 'Ada sent me.' });
  await change(ours, 'people', ours.personId('ada'), { erased_at: NOW });
  const values = await saidOf(ours, 'dana');
  expect(JSON.stringify(values)).not.toMatch(/Ada|555|C-7|adv_/);
  expect(values).toMatchObject({ referredByName: null, referredByUrl: null, referredByPhone: null });
});

test('our record of a referral says who, how it stands and what is owed, and where their records are (RR-20, SG-26)', async () => {
  const { ours } = await withDana('record');
  await ours.reward('r1', { referral: '1', recipient: 'ada', state: 'pending', minor: 1250 });
  const of = { workspaceId: ours.workspaceId, connectionId: ours.connectionId, workspaceCurrency: 'USD' };
  const read = (people: object) =>
    ours.run(async (tx) => {
      const programs = await publishedPrograms(tx, ours.workspaceId);
      return referralRecordValues(tx, { ...of, programs, personIds: [], ...people });
    });
  const values = (await read({ personIds: [ours.personId('dana')] })).get(ours.referralId('1'));
  expect(values).toMatchObject({
    referralFriendName: 'Dana Friend',
    referralState: 'pending',
    referralProgram: 'Customer referrals',
    referralRewardStatus: 'pending',
    referralRewardAmount: '12.5',
    referralRewardCurrency: 'USD',
    referralAdvocate: '501',
    referralFriend: null,
    referralDeal: null,
  });
  expect([...(await read({ linkedPersonIds: [ours.personId('ada')] })).keys()]).toEqual([ours.referralId('1')]);
  expect((await read({ personIds: [ours.personId('ada')] })).size).toBe(0);
});
