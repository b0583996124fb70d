import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTHING_LEFT, openSalesforceSite, WON_RULE, type SalesforceSite } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

const ON_APPROVAL = {
  rules: [WON_RULE],
  rewardRules: [
    { id: 'rwr_ten', onStatus: 'approved', approval: 'manual', kind: 'fixed', amount: '10.00', currency: 'EUR' },
  ],
} as const;

const rewards = ({ tenant }: SalesforceSite) =>
  stage.rows(
    `select state, split_part(approved_by, ':', 1) as by from rewards where workspace_id = $1 order by created_at`,
    [tenant.workspaceId],
  );

const rewardEvents = ({ tenant }: SalesforceSite) =>
  stage.rows<{ to_state: string }>('select to_state from reward_events where workspace_id = $1 order by id', [
    tenant.workspaceId,
  ]);

/** A friend whose won opportunity somebody has paid for, and another contact of theirs that nobody knew of. */
async function approvedFriend() {
  const site = await openSalesforceSite(stage, ON_APPROVAL);
  const referralId = await site.refer('finn@example.org');
  const friendId = site.one('Contact', 'finn@example.org').Id;
  site.org.createOpportunity({ Name: 'Won', StageName: 'Closed Won', Amount: 1 }, [friendId]);
  await site.settle();
  const [reward] = (await site.tenant.api('GET', '/rewards')).body.items;
  await site.tenant.api('POST', `/rewards/${reward.id}/approve`, {});
  const otherId = site.org.createContact({ Email: 'finn@work.example.org', LastName: 'Friend' });
  await site.settle();
  return { site, referralId, friendId, otherId };
}

test('what somebody approved stays approved when the friend’s contact is merged into another one (E5)', async () => {
  const { site, referralId, friendId, otherId } = await approvedFriend();
  const before = await rewardEvents(site);
  site.org.merge(otherId, [friendId]);
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('approved');
  expect(await rewards(site)).toEqual([{ state: 'approved', by: 'api_key' }]);
  expect(await rewardEvents(site)).toEqual(before);
  expect(await site.entries(referralId, 'review')).toEqual([]);
  expect(site.org.get(otherId)).toMatchObject({ Referral_Id__c: referralId, Referral_Status__c: 'approved' });
});

test('an issued reward is not asked about when the friend’s contact is merged (E5, E8)', async () => {
  const { site, referralId, friendId, otherId } = await approvedFriend();
  await stage.rows(`update rewards set state = 'issued' where workspace_id = $1`, [site.tenant.workspaceId]);
  site.org.merge(otherId, [friendId]);
  await site.settle();
  const asked = (await site.entries(referralId)).filter(({ reason }) => /not met any more/i.test(reason));
  expect([asked, (await site.referral(referralId)).status]).toEqual([[], 'approved']);
});

test('an advocate’s contact that is merged just before we write to it is followed all the same (E5, E9)', async () => {
  const site = await openSalesforceSite(stage, ON_APPROVAL);
  const bea = await site.enrol('bea@example.com');
  const otherId = site.org.createContact({ Email: 'bea@work.example.com', LastName: 'Bea' });
  await site.settle();
  // The sign-up makes us write Bea's count onto the very contact, in the minute before the poll looks again.
  await site.signUp('flo@example.org', { code: bea.code });
  site.org.merge(otherId, [site.one('Contact', 'bea@example.com').Id]);
  stage.clock.advance(1_500);
  await site.settle();
  await site.settle();
  expect(site.org.get(otherId)).toMatchObject({ Referral_Code__c: bea.code, Referred_Count__c: 1 });
});

test('who is merged with her own friend is paid nothing for herself, whatever we wrote meanwhile (E18, E9)', async () => {
  const site = await openSalesforceSite(stage, { ...ON_APPROVAL });
  const bea = await site.enrol('bea@example.com');
  const referralId = await site.refer('finn@example.org', { code: bea.code });
  const friendId = site.one('Contact', 'finn@example.org').Id;
  await site.signUp('flo@example.org', { code: bea.code });
  site.org.merge(friendId, [site.one('Contact', 'bea@example.com').Id]);
  stage.clock.advance(1_500);
  await site.settle();
  site.org.createOpportunity({ Name: 'Won', StageName: 'Closed Won', Amount: 1 }, [friendId]);
  await site.settle();
  expect((await site.referral(referralId)).status).toBe('denied');
  expect((await rewards(site)).filter(({ state }) => state !== 'voided')).toEqual([]);
});

const holdPeople = ({ tenant }: SalesforceSite, dueAt: string) =>
  stage.rows(`update poll_cursors set due_at = $1 where connection_id = $2 and object_type = 'contact'`, [
    dueAt,
    tenant.connectionId,
  ]);

test('a merge of which only the deal tells so far takes nothing back: the contact that it lost is read with it (E5)', async () => {
  const { site, referralId, friendId, otherId } = await approvedFriend();
  const before = await rewardEvents(site);
  await holdPeople(site, '2100-01-01T00:00:00.000Z');
  site.org.merge(otherId, [friendId]);
  await site.settle();
  expect(await rewardEvents(site)).toEqual(before);
  expect(await rewards(site)).toEqual([{ state: 'approved', by: 'api_key' }]);
  expect((await site.referral(referralId)).status).toBe('approved');
  await holdPeople(site, '2000-01-01T00:00:00.000Z');
  await site.settle();
  expect(await rewardEvents(site)).toEqual(before);
  expect(site.org.get(otherId)).toMatchObject({ Referral_Id__c: referralId, Referral_Status__c: 'approved' });
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
});

test('a friend whose contact is deleted keeps what they have, whichever is looked at first, the contact or the deal (E5)', async () => {
  const ends: unknown[] = [];
  for (const dealFirst of [true, false]) {
    const { site, referralId, friendId } = await approvedFriend();
    if (dealFirst) await holdPeople(site, '2100-01-01T00:00:00.000Z');
    site.org.delete(friendId);
    await site.settle();
    await holdPeople(site, '2000-01-01T00:00:00.000Z');
    await site.settle();
    const asked = (await site.entries(referralId, 'review')).map(({ reasonCode }) => reasonCode);
    ends.push([await rewards(site), (await site.referral(referralId)).status, asked]);
  }
  expect(ends[0]).toEqual(ends[1]);
  expect(ends[0]).toMatchObject([[{ state: 'approved', by: 'api_key' }], 'approved', [expect.any(String)]]);
});
