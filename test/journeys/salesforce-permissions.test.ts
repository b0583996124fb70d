import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS, NOTHING_LEFT, openSalesforceSite, type SalesforceSite } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

/** What an administrator takes from the connected user costs no more than that, and nothing has to be connected again. */
const HOUR_MS = 60 * MINUTE_MS;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

async function connection({ tenant }: SalesforceSite): Promise<{ status: string; statusReason: string | null }> {
  const { status, statusReason } = (await tenant.api('GET', '/connections')).body.items[0];
  return { status, statusReason };
}

const deadLetters = async ({ tenant }: SalesforceSite) => (await tenant.api('GET', '/dead-letters')).body.items;
const openSite = (capture: object = {}) => openSalesforceSite(stage, { capture: { personAs: 'lead', ...capture } });
const CONNECTED = { status: 'connected', statusReason: null };

test('an address that is not on the org’s allowlist costs no friend a try, for however many days (E24)', async () => {
  const site = await openSite();
  const referralId = await site.signUp('finn@example.org');
  site.org.settings({ refreshTokenIpAllowlist: ['192.0.2.1'] });
  site.org.revokeAccessTokens();
  for (let round = 0; round < 16; round += 1) {
    await stage.service.process(site.tenant);
    stage.clock.advance(6 * HOUR_MS);
  }
  expect(await stage.rows('select attempts, dead_at from outbox where done_at is null')).toEqual([
    { attempts: 0, dead_at: null },
  ]);
  expect((await connection(site)).status).toBe('connected');
  site.org.settings({ refreshTokenIpAllowlist: null });
  await site.settle();
  expect(site.one('Lead', 'finn@example.org')).toMatchObject({ Referral_Id__c: referralId });
  expect(await deadLetters(site)).toEqual([]);
});

test.each([
  { what: 'a fault without a name', status: 403, errorCode: 'UNKNOWN_EXCEPTION' },
  { what: 'a session that ended', status: 403, errorCode: 'INVALID_SESSION_ID' },
])('one answer 403 for $what breaks nothing', async ({ status, errorCode }) => {
  const site = await openSite();
  const { faults } = stage.salesforce.control;
  faults.add({ kind: 'serverError', orgId: site.tenant.orgId, status, errorCode, times: 1 });
  const referralId = await site.refer('finn@example.org');
  expect(await connection(site)).toEqual(CONNECTED);
  expect(site.one('Lead', 'finn@example.org')).toMatchObject({ Referral_Id__c: referralId });
});

test('our field hidden on leads is left out and told of in an entry, and the friend is there (E23)', async () => {
  const site = await openSite();
  site.org.setFieldAccess('Lead', 'Referral_Id__c', 'hidden');
  const referralId = await site.refer('finn@example.org');
  expect(site.one('Lead', 'finn@example.org')).toMatchObject({ Referral_Id__c: null });
  const [entry] = (await site.entries(referralId)).filter(({ reasonCode }) => reasonCode === 'fields_unwritable');
  expect(entry?.reason).toContain('Referral_Id__c');
  expect(await deadLetters(site)).toMatchObject([
    { kind: 'write', lastError: { code: 'field_unwritable', fields: ['Referral_Id__c'] } },
  ]);
});

test.each(['Contact', 'Lead'] as const)(
  'where the e-mail of a %s is hidden new friends wait, the others are decided, and all goes on once it is shown (E23)',
  async (object) => {
    const site = await openSite();
    const known = await site.refer('known@example.org');
    site.org.setFieldAccess(object, 'Email', 'hidden');
    const waiting = await site.signUp('waiting@example.org');
    const lead = site.one('Lead', 'known@example.org').Id;
    site.org.convertLead(lead);
    await site.settle(30 * MINUTE_MS);
    expect((await site.referral(known)).status).toBe('approved');
    expect(site.org.find('Lead', 'Email', 'waiting@example.org')).toEqual([]);
    const { status, statusReason } = await connection(site);
    expect(status).toBe('connected');
    expect(statusReason).toContain('Email');
    expect(statusReason).toContain('permission set “Passalong Integration”');

    site.org.setFieldAccess(object, 'Email', 'edit');
    await site.settle(30 * MINUTE_MS);
    expect(site.one('Lead', 'waiting@example.org')).toMatchObject({ Referral_Id__c: waiting });
    expect(await connection(site)).toEqual(CONNECTED);
    expect(await deadLetters(site)).toEqual([]);
    expect(await site.leftOver()).toEqual(NOTHING_LEFT);
  },
);

test('an object that is taken away is asked for seldom, told of, and read again once it is given back', async () => {
  const site = await openSite();
  const referralId = await site.refer('finn@example.org');
  site.org.setObjectAccess('Account', { read: false });
  site.org.setObjectAccess('OpportunityContactRole', { read: false });
  stage.salesforce.control.log.clear();
  await site.settle(2 * HOUR_MS);
  const refused = stage.salesforce.control.log.calls({ orgId: site.tenant.orgId }).filter((call) => call.status >= 400);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(40);
  const { status, statusReason } = await connection(site);
  expect(status).toBe('connected');
  expect(statusReason).toContain('OpportunityContactRole');
  site.org.setObjectAccess('Account', {});
  site.org.setObjectAccess('OpportunityContactRole', {});
  site.org.convertLead(site.one('Lead', 'finn@example.org').Id);
  await site.settle(20 * MINUTE_MS);
  expect((await site.referral(referralId)).status).toBe('approved');
  expect(await connection(site)).toEqual(CONNECTED);
  expect(await stage.rows("select 1 from audit_log where action = 'connection.broken'")).toEqual([]);
});
