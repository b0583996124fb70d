import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DuplicatePolicy } from '../../shared/capture-settings.ts';
import { CUSTOMER_RULES, customersProperties, openSite, RICH_MAP, type Site } from './capture.ts';
import { ownProperties } from './program.ts';
import { openStage, type Stage } from './stage.ts';

const YEAR_MS = 365 * 86_400_000;
const MINUTE_MS = 60_000;
/** Somebody the sales team has known for a year; their lead status and phone were never filled in. */
const KNOWN = {
  firstname: 'Philippa',
  lastname: 'Known',
  lifecyclestage: 'opportunity',
  lead_source: 'Fair',
  city: 'Bonn',
};

let stage: Stage;
const sites = new Map<DuplicatePolicy, Site>();
const site = (policy: DuplicatePolicy): Site => sites.get(policy)!;
/** A contact of every portal, made long before anybody is referred. */
const EMAILS = ['known@example.org', 'customer@example.org', 'other@example.org'];
/** Lines may say otherwise than the policy: the stage may be overwritten, it says, and the city never. */
const MAP = [
  ...RICH_MAP.map((line) => (line.field === 'city' ? { ...line, onExisting: 'never' } : line)),
  { field: 'lifecyclestage', value: 'lead', onExisting: 'overwrite' },
];

beforeAll(async () => {
  stage = await openStage();
  const policies = ['link', 'fill_blanks', 'overwrite_mapped', 'deny', 'review'] as const;
  for (const [index, policy] of policies.entries()) {
    const capture = { map: MAP, duplicates: { policy } };
    const opened = await openSite(stage, 2101 + index, capture, CUSTOMER_RULES);
    for (const email of EMAILS) opened.portal.createContact({ email, ...KNOWN });
    sites.set(policy, opened);
  }
  stage.clock.advance(YEAR_MS);
});

afterAll(() => stage.close());

function metrics(of: Site) {
  const own = ownProperties(stage, of.tenant.portalId, of.launched.advocateContactId);
  return ['referred', 'qualified', 'approved'].map((count) => own[`passalong_${count}_count`]);
}

test.each([
  ['link', {}],
  [
    'fill_blanks',
    {
      phone: '+49 30 1',
      hs_lead_status: 'NEW',
      team_size: '1',
      referrer_name: 'Ada Advocate',
      referrer_email: 'ada.advocate@example.com',
      campaign: 'Customer referrals',
    },
  ],
  [
    'overwrite_mapped',
    {
      firstname: 'Finn',
      lastname: 'Friend',
      phone: '+49 30 1',
      lead_source: 'Referral',
      hs_lead_status: 'NEW',
      team_size: '1',
      referrer_name: 'Ada Advocate',
      referrer_email: 'ada.advocate@example.com',
      campaign: 'Customer referrals',
    },
  ],
] as const)(
  '%s: the contact that was there becomes the friend, and exactly what the policy says is written (C7, E13, E14)',
  async (policy, written) => {
    const { portal } = site(policy);
    const before = site(policy).contact('known@example.org');
    const referralId = await site(policy).refer('known@example.org', {
      phone: '+49 30 1',
      answers: { city: 'Berlin' },
    });
    await stage.settle();
    const after = site(policy).contact('known@example.org');
    expect(after.id).toBe(before.id);
    expect(customersProperties(after)).toEqual({ ...customersProperties(before), ...written });
    expect(ownProperties(stage, site(policy).tenant.portalId, after.id)).toMatchObject({
      passalong_referral_id: referralId,
      passalong_referral_status: 'pending',
    });
    expect(portal.ids('contacts')).toHaveLength(EMAILS.length + 1);
    expect(await site(policy).entries(referralId)).toEqual([]);
    expect(metrics(site(policy))).toEqual(['1', '0', '0']);
  },
);

test('deny: the referral ends with the reason and its evidence, and the advocate’s numbers say so (C7, E6)', async () => {
  const denying = site('deny');
  const before = denying.contact('known@example.org');
  // They are a customer already: without the policy that would pay at once.
  denying.portal.setProperties('contacts', before.id, { lifecyclestage: 'customer' });
  const referralId = await denying.refer('known@example.org');
  expect(await denying.heldFor(referralId)).toBe('capture');
  const referredAt = new Date(stage.clock.now()).toISOString();
  await stage.settle();
  const reason = 'Not a new person: the contact was in the CRM more than 60 minutes before the referral';
  const referral = await denying.referral(referralId);
  expect(referral).toMatchObject({ status: 'denied', statusReason: reason, rewards: [] });
  const [entry, ...others] = await denying.entries(referralId);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ state: 'processed', reasonCode: 'existing_contact', reason, recordId: before.id });
  expect(entry.trace).toEqual({
    existing: {
      recordId: before.id,
      createdAt: before.properties['createdate'],
      referredAt,
      clockOffsetMs: 0,
      graceMinutes: 60,
    },
  });
  expect(referral.history).toMatchObject([
    { to: 'pending' },
    { to: 'denied', cause: 'existing_contact', entryId: entry.id },
  ]);
  const after = denying.contact('known@example.org');
  expect(customersProperties(after)).toEqual({ ...customersProperties(before), lifecyclestage: 'customer' });
  expect(after.properties).toMatchObject({ passalong_referral_status: 'denied', passalong_status_reason: reason });
  expect(metrics(denying)).toEqual(['1', '0', '0']);
  expect((await denying.retry(entry.id)).status).toBe(409);
});

test.each([
  ['59:59', -1_000, 'pending'],
  ['60:00', 0, 'pending'],
  ['60:01', 1_000, 'denied'],
])('deny: a contact created %s before the referral (E6)', async (age, offMs, status) => {
  const email = `${age.replace(':', '-')}@example.org`;
  site('deny').portal.createContact({ email });
  stage.clock.advance(60 * MINUTE_MS + offMs);
  const referralId = await site('deny').refer(email);
  await stage.settle();
  expect((await site('deny').referral(referralId)).status).toBe(status);
});

describe.each([10 * MINUTE_MS, -10 * MINUTE_MS])('deny, with HubSpot’s clock %i ms ahead of ours', (aheadMs) => {
  beforeAll(() => stage.hubspot.control.clock.skew(aheadMs));
  afterAll(() => stage.hubspot.control.clock.skew(0));

  test.each([
    ['59:59', -1_000, 'pending'],
    ['60:00', 0, 'pending'],
    ['60:01', 1_000, 'denied'],
  ])('a contact created %s before the referral, by HubSpot’s clock (E6)', async (age, offMs, status) => {
    const email = `${age.replace(':', '-')}.${String(aheadMs)}@example.org`;
    const contactId = site('deny').portal.createContact({ email });
    stage.clock.advance(60 * MINUTE_MS + offMs);
    const referralId = await site('deny').refer(email);
    const referredAt = new Date(stage.clock.now() + aheadMs).toISOString();
    await stage.settle();
    expect((await site('deny').referral(referralId)).status).toBe(status);
    const [entry] = await site('deny').entries(referralId);
    if (status === 'pending') expect(entry).toBeUndefined();
    else expect(entry.trace.existing).toMatchObject({ recordId: contactId, referredAt, clockOffsetMs: aheadMs });
  });

  test('a friend we created ourselves, whose creation we never heard of, is not one that was there (E6)', async () => {
    stage.hubspot.control.faults.add({ kind: 'down', when: 'after', times: 1, path: 'contacts/batch/create' });
    const email = `fresh.${String(aheadMs)}@example.org`;
    const referralId = await site('deny').refer(email);
    await stage.pass(2_000);
    stage.clock.advance(3 * 60 * MINUTE_MS);
    await stage.settle(120_000);
    stage.hubspot.control.faults.clear();
    site('deny').contact(email);
    expect(await site('deny').referral(referralId)).toMatchObject({ status: 'pending' });
    expect(await site('deny').heldFor(referralId)).toBeNull();
  });
});

test('deny: a plus tag makes no new person of somebody who is known, and nothing of theirs is touched (E17)', async () => {
  const denying = site('deny');
  const known = denying.contact('known@example.org');
  const referralId = await denying.refer('Known+new@example.org');
  await stage.settle();
  expect((await denying.referral(referralId)).status).toBe('denied');
  const [entry] = await denying.entries(referralId);
  expect(entry.trace.existing).toMatchObject({ recordId: known.id, untagged: true });
  expect(denying.portal.find('contacts', 'email', 'known+new@example.org')).toEqual([]);
  expect(customersProperties(denying.contact('known@example.org'))).toEqual(customersProperties(known));
});

test('deny: a friend we created ourselves is not one that was there, although our first try never heard of it (E6)', async () => {
  stage.hubspot.control.faults.add({ kind: 'down', when: 'after', times: 1, path: 'contacts/batch/create' });
  const referralId = await site('deny').refer('fresh@example.org');
  await stage.pass(2_000);
  // The service is kept from trying again for longer than the grace.
  stage.clock.advance(3 * 60 * MINUTE_MS);
  await stage.settle(120_000);
  stage.hubspot.control.faults.clear();
  site('deny').contact('fresh@example.org');
  expect(await site('deny').referral(referralId)).toMatchObject({ status: 'pending' });
  expect(await site('deny').heldFor(referralId)).toBeNull();
});

test('deny: our id written to a contact before it could be asked about does not make it one of ours (E6)', async () => {
  // Known as an advocate, so that the referral's id is written to them the moment they are referred.
  const denying = site('deny');
  await denying.tenant.api('POST', `/programs/${denying.launched.programId}/advocates`, { email: 'other@example.org' });
  await stage.settle();
  const referralId = await denying.refer('other@example.org');
  const contactId = denying.contact('other@example.org').id;
  denying.portal.setProperties('contacts', contactId, { passalong_referral_id: referralId });
  await stage.settle();
  expect((await denying.referral(referralId)).status).toBe('denied');
});

test('review: nothing is decided, although they meet the rule, until a person accepts; then it is decided and paid once (C7)', async () => {
  const reviewing = site('review');
  const before = reviewing.contact('customer@example.org');
  reviewing.portal.setProperties('contacts', before.id, { lifecyclestage: 'customer' });
  const referralId = await reviewing.refer('customer@example.org', { phone: '+49 30 1' });
  await stage.settle();
  expect(await reviewing.heldFor(referralId)).toBe('review');
  expect(await reviewing.referral(referralId)).toMatchObject({
    status: 'pending',
    statusReason: 'Waiting for review: this person was in the CRM before they were referred',
    rewards: [],
  });
  // Whatever moves meanwhile.
  reviewing.portal.setProperties('contacts', before.id, { lifecyclestage: 'lead' });
  await stage.settle();
  reviewing.portal.setProperties('contacts', before.id, { lifecyclestage: 'customer' });
  await stage.settle();
  expect((await reviewing.referral(referralId)).status).toBe('pending');
  const [entry, ...others] = await reviewing.entries(referralId);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    state: 'review',
    reasonCode: 'existing_contact',
    recordId: before.id,
    trace: { existing: { recordId: before.id, createdAt: before.properties['createdate'] } },
  });
  expect(metrics(reviewing)).toEqual(['1', '0', '0']);

  const acceptedAt = new Date(stage.clock.now()).toISOString();
  expect(await reviewing.retry(entry.id)).toMatchObject({ status: 200, body: { state: 'processed' } });
  await stage.settle();
  const [accepted] = await reviewing.entries(referralId);
  expect(accepted).toMatchObject({
    id: entry.id,
    state: 'processed',
    reasonCode: 'review_approved',
    edits: [{ at: acceptedAt, actor: expect.stringMatching(/key_/), answer: 'approve', state: 'processed' }],
  });
  const audited = await stage.rows('select action from audit_log where subject = $1', [entry.id]);
  expect(audited).toEqual([{ action: 'entry.approved' }]);
  const referral = await reviewing.referral(referralId);
  expect(referral).toMatchObject({ status: 'approved', rewards: [{ state: 'approved', amount: '10.00' }] });
  expect(metrics(reviewing)).toEqual(['1', '1', '1']);
  expect(customersProperties(reviewing.contact('customer@example.org'))).toMatchObject({
    firstname: 'Philippa',
    city: 'Bonn',
  });
  expect((await reviewing.retry(entry.id)).status).toBe(409);
  await stage.settle();
  expect((await reviewing.referral(referralId)).rewards).toHaveLength(1);
});

test('create_anyway cannot be published for HubSpot, which has one contact per address (C7)', async () => {
  const refused = await site('link').tenant.api('POST', '/programs', {
    name: 'Twice',
    landingUrl: 'https://example.com',
    ...CUSTOMER_RULES,
    capture: { duplicates: { policy: 'create_anyway' } },
  });
  expect(JSON.stringify(refused.body)).toContain('policy_unsupported');
});

test('an address that is on somebody else’s contact is put before a person: nothing of theirs is touched (E13)', async () => {
  const linking = site('overwrite_mapped');
  await linking.refer('bob@example.org', { firstName: 'Bob', lastName: 'First' });
  await stage.settle();
  const bob = linking.contact('bob@example.org');
  linking.portal.setProperties('contacts', bob.id, { email: 'shared@example.org' });
  await stage.settle();
  const referralId = await linking.refer('shared@example.org', { firstName: 'Cleo', lastName: 'Second' });
  await stage.settle();
  expect(linking.contact('shared@example.org').properties).toMatchObject({
    firstname: 'Bob',
    passalong_referral_id: bob.properties['passalong_referral_id'],
  });
  const [entry] = await linking.entries(referralId);
  expect(entry).toMatchObject({ state: 'failed', reasonCode: 'contact_of_another' });
  expect(entry.reason).toContain(bob.id);
  linking.portal.setProperties('contacts', bob.id, { email: 'bob@example.org' });
  await linking.retry(entry.id);
  await stage.settle();
  expect(linking.contact('shared@example.org').properties).toMatchObject({
    firstname: 'Cleo',
    passalong_referral_id: referralId,
  });
});

test('review: whether a plus tag is a new person is asked, and once a person accepts they become one (E17)', async () => {
  const reviewing = site('review');
  const referralId = await reviewing.refer('known+new@example.org');
  await stage.settle();
  expect(await reviewing.heldFor(referralId)).toBe('review');
  expect(reviewing.portal.find('contacts', 'email', 'known+new@example.org')).toEqual([]);
  const [entry] = await reviewing.entries(referralId);
  await reviewing.retry(entry.id);
  await stage.settle();
  expect(await reviewing.heldFor(referralId)).toBeNull();
  expect(reviewing.contact('known+new@example.org').properties).toMatchObject({ passalong_referral_id: referralId });
});
