import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE_MS, NOTHING_LEFT, openSalesforceSite, type SalesforceSite } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

/** What an org's own rules say about the friends that are added to it. */
const HOUR_MS = 60 * MINUTE_MS;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

const creations = (site: SalesforceSite) =>
  stage.salesforce.control.log
    .calls({ orgId: site.tenant.orgId, path: '/composite/sobjects/' })
    .filter(({ path }) => /\/(Lead|Contact)\b/.test(path));

describe.each([0, 10 * MINUTE_MS, -10 * MINUTE_MS])('with the org’s clock %i ms ahead of ours', (aheadMs) => {
  let site: SalesforceSite;

  beforeAll(async () => {
    const duplicates = { policy: 'deny' };
    site = await openSalesforceSite(stage, { capture: { personAs: 'lead', duplicates } });
    stage.salesforce.control.clock.skew(aheadMs);
  });
  afterAll(() => stage.salesforce.control.clock.skew(0));

  test.each([
    ['59:59', -1_000, 'pending'],
    ['60:00', 0, 'pending'],
    ['60:01', 1_000, 'denied'],
  ])('a lead that was created %s before the referral, by that clock (E6)', async (age, offMs, status) => {
    const email = `${age.replace(':', '-')}.${String(aheadMs)}@example.org`;
    const leadId = site.org.createLead({ Email: email });
    stage.clock.advance(HOUR_MS + offMs);
    const referralId = await site.refer(email);
    expect((await site.referral(referralId)).status).toBe(status);
    expect(site.one('Lead', email)).toMatchObject({ Id: leadId, Referral_Id__c: referralId });
    if (status === 'pending') return;
    const [entry] = (await site.entries(referralId)).filter(({ reasonCode }) => reasonCode === 'existing_contact');
    const { body } = await site.tenant.api('GET', `/entries/${entry.id}`);
    expect(body.trace.existing).toMatchObject({ recordId: leadId, clockOffsetMs: aheadMs });
  });
});

test.each(['crm', 'fixed'] as const)(
  'owner policy %s, where the org has an assignment rule: the rule is asked only by the first (RL-05)',
  async (policy) => {
    let [inbound, rob] = ['', ''];
    const site = await openSalesforceSite(stage, (org) => {
      inbound = org.addQueue('Inbound');
      rob = org.addUser({ firstName: 'Rob', lastName: 'Rep', email: 'rob@example.com' });
      org.addLeadAssignmentRule({ ownerId: inbound });
      return { capture: { personAs: 'lead', owner: { policy, ownerId: policy === 'fixed' ? rob : null } } };
    });
    await site.refer('finn@example.org');
    expect(site.one('Lead', 'finn@example.org')['OwnerId']).toBe(policy === 'crm' ? inbound : rob);
  },
);

test('what a validation rule refuses is kept with the org’s own words, tried by nobody, and made once it is mended (E37)', async () => {
  const site = await openSalesforceSite(stage, { capture: { personAs: 'lead' } });
  const message = 'Every lead needs a phone number.';
  site.org.addValidationRule({ object: 'Lead', errorWhen: [{ field: 'Phone', operator: 'blank' }], message });
  const refused = await site.signUp('bad@example.org');
  const taken = await site.signUp('good@example.org', { phone: '+49 30 1' });
  await site.settle();
  expect(site.one('Lead', 'good@example.org')).toMatchObject({ Referral_Id__c: taken });
  expect(site.org.find('Lead', 'Email', 'bad@example.org')).toEqual([]);
  const [entry, ...others] = await site.entries(refused, 'failed');
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ reasonCode: 'contact_refused', reason: expect.stringContaining(message) });
  const before = creations(site).length;
  await site.settle(2 * HOUR_MS);
  expect(creations(site)).toHaveLength(before);
  site.org.clearRules();
  expect(await site.retry(entry.id)).toMatchObject({ status: 200, body: { state: 'processed' } });
  await site.settle();
  expect(site.one('Lead', 'bad@example.org')).toMatchObject({ Referral_Id__c: refused });
  expect((await site.retry(entry.id)).status).toBe(409);
  expect(await site.leftOver()).toEqual(NOTHING_LEFT);
});

test.each(['Contact', 'Lead'] as const)(
  'a duplicate rule of the org that blocks the new lead makes the %s it names the friend (SG-10)',
  async (object) => {
    const duplicates = { policy: 'create_anyway' };
    const site = await openSalesforceSite(stage, { capture: { personAs: 'lead', duplicates } });
    site.org.addDuplicateRule({ object: 'Lead', action: 'block', matchObjects: [object] });
    const known = { Email: 'known@example.org', LastName: 'Known' };
    const id = object === 'Contact' ? site.org.createContact(known) : site.org.createLead(known);
    const referralId = await site.refer('known@example.org');
    expect(site.one(object, 'known@example.org')).toMatchObject({ Id: id, Referral_Id__c: referralId });
    expect(site.org.ids('Lead')).toHaveLength(object === 'Lead' ? 1 : 0);
    expect(await site.entries(referralId, 'failed')).toEqual([]);
    expect(await site.leftOver()).toEqual(NOTHING_LEFT);
  },
);

test('a duplicate rule that only alerts is passed where the program wants a record of its own (C7)', async () => {
  const duplicates = { policy: 'create_anyway' };
  const site = await openSalesforceSite(stage, { capture: { personAs: 'lead', duplicates } });
  site.org.addDuplicateRule({ object: 'Lead', action: 'alert' });
  const known = site.org.createLead({ Email: 'known@example.org' });
  const referralId = await site.refer('known@example.org');
  const leads = site.org.find('Lead', 'Email', 'known@example.org');
  expect(leads.map(({ Referral_Id__c: id }) => id).toSorted()).toEqual([referralId, null].toSorted());
  expect(site.org.get(known)).toMatchObject({ Referral_Id__c: null });
});

test('who bought before is a customer, though the opportunity’s close date still lies ahead (E18)', async () => {
  const site = await openSalesforceSite(stage, { integrity: { existingCustomer: 'deny' } });
  const contactId = site.org.createContact({ Email: 'carla@example.org', LastName: 'Customer' });
  site.org.createOpportunity({ Name: 'Won early', StageName: 'Closed Won', CloseDate: '2030-01-31' }, [{ contactId }]);
  stage.clock.advance(HOUR_MS);
  const referralId = await site.refer('carla@example.org');
  const { status, statusReason } = await site.referral(referralId);
  expect([status, statusReason]).toEqual(['denied', expect.stringContaining('was a customer before the referral')]);
});
