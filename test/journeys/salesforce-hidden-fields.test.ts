import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS, SAID_SO, WON_RULE, openSalesforceSite, type SalesforceSite } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

/** A field that is no longer shown to us is not known, and not empty: it takes nothing back. */
const HOUR_MS = 60 * MINUTE_MS;
const TEN_EUROS = {
  id: 'rwr_ten',
  onStatus: 'qualified',
  approval: 'automatic',
  kind: 'fixed',
  amount: '10.00',
  currency: 'EUR',
} as const;
const TEN_PERCENT = {
  id: 'rwr_percent',
  recipient: 'advocate',
  onStatus: 'approved',
  approval: 'automatic',
  kind: 'percent',
  percent: '10',
  saleValue: { object: 'deal', field: 'Amount' },
} as const;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

function rewards({ tenant }: SalesforceSite): Promise<unknown> {
  const sql = 'select state, amount_minor::text as minor from rewards where workspace_id = $1 order by created_at';
  return stage.rows(sql, [tenant.workspaceId]);
}

async function qualifiedFriend() {
  const site = await openSalesforceSite(stage, { rules: [SAID_SO], rewardRules: [TEN_EUROS] });
  const referralId = await site.refer('finn@example.org');
  const id = site.one('Contact', 'finn@example.org').Id;
  site.org.set(id, { LeadSource: 'Partner Referral' });
  await site.settle();
  expect(await rewards(site)).toEqual([{ state: 'approved', minor: '1000' }]);
  const status = async () => (await site.referral(referralId)).status as string;
  return { site, id, status };
}

async function wonDeal(rule: object = WON_RULE) {
  const site = await openSalesforceSite(stage, { rules: [rule], rewardRules: [TEN_PERCENT] });
  await site.refer('finn@example.org');
  const { Id: contactId } = site.one('Contact', 'finn@example.org');
  const deal = site.org.createOpportunity({ StageName: 'Closed Won', Amount: 1000 }, [{ contactId }]);
  await site.settle();
  expect(await rewards(site)).toEqual([{ state: 'approved', minor: '10000' }]);
  return { site, deal, contactId };
}

test('a hidden field that a rule reads takes no reward back, nor does showing it again (E23)', async () => {
  const { site, id, status } = await qualifiedFriend();
  site.org.setFieldAccess('Contact', 'LeadSource', 'hidden');
  site.org.set(id, { Description: 'called' });
  await site.settle(HOUR_MS);
  expect([await status(), await rewards(site)]).toEqual(['qualified', [{ state: 'approved', minor: '1000' }]]);
  site.org.setFieldAccess('Contact', 'LeadSource', 'edit');
  await site.settle(HOUR_MS);
  site.org.set(id, { Description: 'called again' });
  await site.settle(HOUR_MS);
  expect([await status(), await rewards(site)]).toEqual(['qualified', [{ state: 'approved', minor: '1000' }]]);
});

test('a field that was emptied while it was hidden counts as empty once it is shown and its record changes (E23)', async () => {
  const { site, id, status } = await qualifiedFriend();
  site.org.setFieldAccess('Contact', 'LeadSource', 'hidden');
  site.org.set(id, { LeadSource: null });
  await site.settle(HOUR_MS);
  expect(await status()).toBe('qualified');
  site.org.setFieldAccess('Contact', 'LeadSource', 'edit');
  await site.settle(HOUR_MS);
  site.org.set(id, { Description: 'called' });
  await site.settle(HOUR_MS);
  expect(await status()).toBe('pending');
});

test('a hidden amount leaves the percentage that was paid of it as it is (E23)', async () => {
  const { site, deal } = await wonDeal();
  site.org.setFieldAccess('Opportunity', 'Amount', 'hidden');
  site.org.set(deal, { Description: 'called' });
  await site.settle(HOUR_MS);
  expect(await rewards(site)).toEqual([{ state: 'approved', minor: '10000' }]);
});

test('a hidden company leaves a contact where it was (E23)', async () => {
  const { site, contactId } = await wonDeal();
  const company = site.org.createAccount({ Name: 'Acme' });
  site.org.set(contactId, { AccountId: company });
  await site.settle();
  const held = () =>
    stage.rows(
      `select (select company_id from crm_records where connection_id = $1 and record_id = $2) as now,
              (select company_id from snapshots where connection_id = $1 and record_id = $2
                order by modified_at desc, id desc limit 1) as last_read`,
      [site.tenant.connectionId, contactId],
    );
  expect(await held()).toEqual([{ now: company, last_read: company }]);
  site.org.setFieldAccess('Contact', 'AccountId', 'hidden');
  site.org.set(contactId, { Description: 'called' });
  await site.settle(HOUR_MS);
  expect(await held()).toEqual([{ now: company, last_read: company }]);
});
