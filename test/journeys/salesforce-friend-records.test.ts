import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTHING_LEFT, openSalesforceSite, WON_RULE } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

const FRIEND = 'finn@example.org';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});

afterAll(() => stage.close());

test('of two contacts of one friend the one that is left says everything once the first is deleted (E5, RR-16)', async () => {
  const site = await openSalesforceSite(stage, { rules: [WON_RULE] });
  const referralId = await site.refer(FRIEND);
  const first = site.one('Contact', FRIEND).Id;
  const second = site.org.createContact({ Email: FRIEND, LastName: 'Friend' });
  await site.settle();
  expect(site.org.get(second)).toMatchObject({ Referral_Id__c: null, Referral_Status__c: 'pending' });
  site.org.delete(first);
  await site.settle();
  expect(site.org.get(second)).toMatchObject({ Referral_Id__c: referralId });
  expect(site.referralRecord(referralId)).toMatchObject({ Friend_Contact__c: second });
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
});

test('of two contacts of an advocate the one that is left is named by the record of the referral (E5)', async () => {
  const site = await openSalesforceSite(stage, { rules: [WON_RULE] });
  const referralId = await site.refer(FRIEND);
  const first = site.one('Contact', 'ada@example.com').Id;
  const second = site.org.createContact({ Email: 'ada@example.com', LastName: 'Advocate' });
  await site.settle();
  expect(site.referralRecord(referralId)).toMatchObject({ Advocate__c: first });
  site.org.delete(first);
  await site.settle();
  expect(site.referralRecord(referralId)).toMatchObject({ Advocate__c: second });
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
});

test('a friend whose contact becomes their advocate’s was never referred: the entry says so and names both records (E5, E18)', async () => {
  const site = await openSalesforceSite(stage, { rules: [WON_RULE] });
  const bea = await site.enrol('bea@example.com');
  const referralId = await site.refer(FRIEND, { code: bea.code });
  const friend = site.one('Contact', FRIEND).Id;
  const advocate = site.one('Contact', 'bea@example.com').Id;
  site.org.createOpportunity({ Name: 'Won', StageName: 'Closed Won', Amount: 10 }, [friend]);
  await site.settle();
  site.org.merge(advocate, [friend]);
  await site.settle();
  expect(await site.referral(referralId)).toMatchObject({
    status: 'denied',
    statusReason: 'Friend and advocate are one person',
  });
  expect(await stage.rows('select state, void_cause from rewards where referral_id = $1', [referralId])).toEqual([
    { state: 'voided', void_cause: 'merged' },
  ]);
  const merged = await stage.rows(
    "select state, reason, trigger, trace from entries where referral_id = $1 and reason_code = 'merged'",
    [referralId],
  );
  expect(merged).toEqual([
    {
      state: 'processed',
      reason: 'Friend and advocate are one person',
      trigger: { kind: 'merged', objectType: 'contact', from: friend, into: advocate },
      trace: { recordIds: [friend, advocate] },
    },
  ]);
});

test('a duplicate rule that goes by the name makes nobody the friend: whoever has no address is for a person to tell (E16, SG-10)', async () => {
  const site = await openSalesforceSite(stage, { capture: { personAs: 'lead' }, rules: [WON_RULE] });
  site.org.addDuplicateRule({ object: 'Lead', action: 'block', matchObjects: ['Contact'], by: 'LastName' });
  const namesake = site.org.createContact({ LastName: 'Friend' });
  const referralId = await site.refer(FRIEND);
  expect(site.org.get(namesake)).toMatchObject({ Referral_Id__c: null });
  const [entry] = await site.entries(referralId, 'failed');
  expect(entry).toMatchObject({
    reasonCode: 'contact_refused',
    reason: expect.stringContaining(`takes them for record ${namesake}, which has none of their addresses`),
  });
  site.org.createOpportunity({ Name: 'Won', StageName: 'Closed Won', Amount: 10 }, [namesake]);
  await site.settle();
  expect(await stage.rows('select state from rewards where referral_id = $1', [referralId])).toEqual([]);
  // The person says that it is them.
  site.org.set(namesake, { Email: FRIEND });
  await site.retry(entry.id);
  await site.settle();
  expect(site.org.get(namesake)).toMatchObject({ Referral_Id__c: referralId, Referral_Status__c: 'approved' });
});

test('a contact that was deleted when we wrote to it, and is restored before we look, is told what it missed (E5, E9)', async () => {
  const site = await openSalesforceSite(stage, { rules: [WON_RULE] });
  const referralId = await site.refer(FRIEND);
  const friend = site.one('Contact', FRIEND).Id;
  const nextLook = async () => {
    const [row] = await stage.rows<{ due: Date }>(
      'select min(due_at) as due from poll_cursors where connection_id = $1',
      [site.tenant.connectionId],
    );
    return (row?.due.getTime() ?? 0) - stage.clock.now();
  };
  // Just after a look, so that everything happens before the next one.
  await site.settle((await nextLook()) + 3_000);
  site.org.delete(friend);
  await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'approved' });
  await site.settle(20_000);
  expect(await nextLook()).toBeGreaterThan(5_000);
  site.org.undelete(friend);
  await site.settle();
  await site.settle();
  expect(site.org.get(friend)).toMatchObject({ Referral_Id__c: referralId, Referral_Status__c: 'approved' });
});
