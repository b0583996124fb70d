import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSalesforceSite, WON_RULE, type SalesforceSite } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

/** Salesforce's answer to a write says nothing of what it stored: that is seen only when the record is read again. */
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

const HOUR_MS = 60 * 60_000;
const FINN = 'finn@example.org';

async function open(): Promise<SalesforceSite> {
  return openSalesforceSite(stage, { rules: [WON_RULE] });
}

/** Calls that write records. */
function writes({ tenant }: SalesforceSite): number {
  const calls = stage.salesforce.control.log.calls({ orgId: tenant.orgId, path: '/composite/sobjects' });
  return calls.filter(({ method }) => method !== 'GET').length;
}

async function letters({ tenant }: SalesforceSite): Promise<any[]> {
  return (await tenant.api('GET', '/dead-letters')).body.items;
}

test('a field that the org stores otherwise is written no more than twice, then set aside and told of, and left alone (E34)', async () => {
  const site = await open();
  site.org.addCoercion({ object: 'Contact', field: 'Referral_Program__c', storedValue: 'FIXED' });
  await site.refer(FINN);
  const finn = site.one('Contact', FINN);
  await site.settle();
  const before = writes(site);
  await site.settle(HOUR_MS);
  site.org.set(finn.Id, { Title: 'Buyer' });
  await site.settle();
  expect(writes(site) - before).toBe(0);
  expect(await letters(site)).toMatchObject([
    { kind: 'write', recordId: finn.Id, lastError: { code: 'value_coerced', fields: ['program'] } },
  ]);
  expect(site.org.get(finn.Id)).toMatchObject({ Referral_Program__c: 'FIXED', Referral_Status__c: 'pending' });
});

test('what we want in other fields is written all the same, once each time (E34)', async () => {
  const site = await open();
  site.org.addCoercion({ object: 'Contact', field: 'Referral_Program__c', storedValue: 'FIXED' });
  const referralId = await site.refer(FINN);
  const finn = site.one('Contact', FINN);
  await site.settle();
  const before = writes(site);
  await site.tenant.api('POST', `/referrals/${referralId}/decide`, { status: 'qualified' });
  await site.settle(HOUR_MS);
  expect(site.org.get(finn.Id)).toMatchObject({ Referral_Program__c: 'FIXED', Referral_Status__c: 'qualified' });
  expect(await letters(site)).toMatchObject([{ recordId: finn.Id, lastError: { code: 'value_coerced' } }]);
  // The contacts in one call, the record of the referral in another.
  expect(writes(site) - before).toBe(2);
});

test('an org that is mended takes the value when somebody replays it, and the dead letter is gone (E34)', async () => {
  const site = await open();
  site.org.addCoercion({ object: 'Contact', field: 'Referral_Program__c', storedValue: 'FIXED' });
  await site.refer(FINN);
  await site.settle();
  const [before] = await letters(site);
  await site.tenant.api('POST', `/dead-letters/${before.id}/replay`, {});
  await site.settle();
  expect((await letters(site)).map(({ id }) => id)).toEqual([before.id]);
  site.org.clearRules();
  await site.tenant.api('POST', `/dead-letters/${before.id}/replay`, {});
  await site.settle();
  expect(await letters(site)).toEqual([]);
  expect(site.one('Contact', FINN)).toMatchObject({ Referral_Program__c: 'Customer referrals' });
});

test('what a person changed by hand is put right; who changes it back to the same is told of, and not fought (E34)', async () => {
  const site = await open();
  await site.refer(FINN);
  const ada = site.one('Contact', 'ada@example.com').Id;
  const count = () => site.org.get(ada)!['Referred_Count__c'];
  const changed = async (values: Record<string, number | null>) => {
    site.org.set(ada, values);
    await site.settle();
    return count();
  };
  expect(await changed({ Referred_Count__c: 99 })).toBe(1);
  expect(await changed({ Referred_Count__c: 98 })).toBe(1);
  expect(await letters(site)).toEqual([]);
  expect(await changed({ Referred_Count__c: 99 })).toBe(99);
  expect(await letters(site)).toMatchObject([
    { recordId: ada, lastError: { code: 'value_coerced', fields: ['referredCount'] } },
  ]);
  await site.refer('greta@example.org');
  expect([count(), await letters(site)]).toEqual([2, []]);
});

test('of an automation that stores another value each time no more than three are written over (E34)', async () => {
  const site = await open();
  await site.refer(FINN);
  const ada = site.one('Contact', 'ada@example.com').Id;
  const held: unknown[] = [];
  for (const value of [91, 92, 93, 94, 95]) {
    site.org.set(ada, { Referred_Count__c: value });
    await site.settle();
    held.push(site.org.get(ada)!['Referred_Count__c']);
  }
  expect(held).toEqual([1, 1, 1, 94, 95]);
});
