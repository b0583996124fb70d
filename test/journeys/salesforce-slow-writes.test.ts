import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MINUTE_MS, SAID_SO, openSalesforceSite, type SalesforceSite } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

const HOUR_MS = 60 * MINUTE_MS;
const WRITES_MS = 120_000;
/** Pays ten euros once somebody says so on the contact. */
const QUALIFIED = {
  rules: [SAID_SO],
  rewardRules: [
    {
      id: 'rwr_ten',
      onStatus: 'qualified',
      approval: 'automatic',
      kind: 'fixed',
      amount: '10.00',
      currency: 'EUR',
    },
  ],
};
const LOCKED_INSIDE =
  'ContactTrigger: execution of AfterInsert caused by: System.DmlException: Update failed. First exception on row 0; first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record: []';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

/** The org does the work and never says so. */
const unanswered = ({ tenant }: SalesforceSite, path: string, more: object = {}): number =>
  stage.salesforce.control.faults.add({
    kind: 'down',
    when: 'after',
    orgId: tenant.orgId,
    method: 'PATCH',
    path,
    ...more,
  });

test.each([
  ['any write', '/composite/sobjects'],
  ['our records of referrals', '/composite/sobjects/Referral__c'],
])('what people change in an org is still found while it never answers %s in time', async (_what, path) => {
  const site = await openSalesforceSite(stage, QUALIFIED);
  const referralId = await site.refer('finn@example.org');
  const { Id } = site.one('Contact', 'finn@example.org');
  const fault = unanswered(site, path);
  await site.signUp('gina@example.org');
  await site.settle();
  site.org.set(Id, { LeadSource: 'Partner Referral' });
  await site.settle(HOUR_MS);
  expect(await site.referral(referralId)).toMatchObject({ status: 'qualified' });
  stage.salesforce.control.faults.remove(fault);
  await site.settle();
  expect(site.one('Contact', 'finn@example.org')).toMatchObject({ Referral_Status__c: 'qualified' });
  expect(site.org.find('Contact', 'Email', 'gina@example.org')).toHaveLength(1);
});

test.each([
  ['a friend', '/composite/sobjects/Contact', 'outbox'],
  ['our fields', '/composite/sobjects', 'write_backs'],
])('nobody else takes up %s for as long as an answer to the write may take', async (_what, path, table) => {
  const site = await openSalesforceSite(stage, QUALIFIED);
  if (table === 'outbox') await site.signUp('finn@example.org');
  else {
    await site.refer('finn@example.org');
    await site.enrol('eva@example.org');
    site.org.set(site.one('Contact', 'finn@example.org').Id, { LeadSource: 'Partner Referral' });
  }
  const claimed = () =>
    stage.rows<{ claimed_until: Date }>(
      `select claimed_until from ${table} where connection_id = $1 and claimed_until > $2`,
      [site.tenant.connectionId, new Date(stage.clock.now())],
    );
  stage.salesforce.control.faults.add({
    kind: 'slow',
    orgId: site.tenant.orgId,
    method: 'PATCH',
    path,
    delayMs: 1_000,
    times: 1,
  });
  const settled = site.settle();
  const [row] = await vi.waitUntil(async () => {
    const rows = await claimed();
    return rows.length > 0 && rows;
  });
  const left = row!.claimed_until.getTime() - stage.clock.now();
  await settled;
  expect(left).toBeGreaterThan(2 * WRITES_MS);
});

test('a friend whose creation met a lock inside the org’s own trigger is made by the next try, without anybody', async () => {
  const site = await openSalesforceSite(stage, {});
  stage.salesforce.control.faults.add({
    kind: 'failRecords',
    orgId: site.tenant.orgId,
    path: '/composite/sobjects/Contact',
    times: 1,
    errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    message: LOCKED_INSIDE,
  });
  const referralId = await site.refer('finn@example.org');
  expect(site.org.find('Contact', 'Email', 'finn@example.org')).toHaveLength(1);
  expect(await site.entries(referralId, 'failed')).toEqual([]);
});

test('a friend whom an approval keeps locked is tried again, and waits for nobody', async () => {
  const site = await openSalesforceSite(stage, QUALIFIED);
  await site.refer('finn@example.org');
  const { Id } = site.one('Contact', 'finn@example.org');
  const fault = stage.salesforce.control.faults.add({
    kind: 'failRecords',
    orgId: site.tenant.orgId,
    path: '/composite/sobjects',
    recordIds: [Id],
    errorCode: 'ENTITY_IS_LOCKED',
    message: 'This record is locked. If you need to edit it, contact your admin.',
  });
  site.org.set(Id, { LeadSource: 'Partner Referral' });
  await site.settle(10 * MINUTE_MS);
  expect(site.one('Contact', 'finn@example.org')).not.toMatchObject({ Referral_Status__c: 'qualified' });
  stage.salesforce.control.faults.remove(fault);
  await site.settle(HOUR_MS);
  expect(site.one('Contact', 'finn@example.org')).toMatchObject({ Referral_Status__c: 'qualified' });
  expect((await site.tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
});
