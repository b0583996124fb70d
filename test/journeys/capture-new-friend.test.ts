import { afterAll, beforeAll, expect, test } from 'vitest';
import { customersProperties, openSite, RICH_MAP, type Site } from './capture.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let site: Site;

beforeAll(async () => {
  stage = await openStage();
  site = await openSite(stage, 2001, { map: RICH_MAP });
});

afterAll(() => stage.close());

test('a friend becomes a contact with initial values, defaults, tags and who referred them in the one call that makes it (RF-24, RF-36, RF-50)', async () => {
  stage.hubspot.control.log.clear();
  const referralId = await site.refer('finn@example.org', { phone: '+49 30 1', answers: { teamSize: '50' } });
  await stage.settle();
  const friend = site.contact('finn@example.org');
  const mapped = {
    email: 'finn@example.org',
    firstname: 'Finn',
    lastname: 'Friend',
    phone: '+49 30 1',
    lead_source: 'Referral',
    hs_lead_status: 'NEW',
    city: 'unknown',
    team_size: '50',
    referrer_name: 'Ada Advocate',
    referrer_email: 'ada.advocate@example.com',
    campaign: 'Customer referrals',
  };
  expect(friend.createdWith.properties).toEqual({
    ...mapped,
    passalong_referral_id: referralId,
    passalong_referral_status: 'pending',
    passalong_status_reason: 'Waiting for a deal to reach Closed Won',
    passalong_referred_by_name: 'Ada Advocate',
    passalong_referred_by_email: 'ada.advocate@example.com',
    passalong_referred_by_code: site.launched.code,
    passalong_program: 'Customer referrals',
    passalong_source: 'api',
  });
  expect(customersProperties(friend)).toMatchObject(mapped);
  // What a portal's workflow on creation could see is final: nothing of the map was written later.
  for (const field of Object.keys(mapped)) expect(friend.history[field], field).toHaveLength(1);
  expect(site.createCalls('contacts').map(({ status, inputs }) => [status, inputs])).toEqual([[201, 1]]);
  expect(site.deals()).toEqual([]);
  expect(await site.entries(referralId)).toEqual([]);
});

for (const kind of ['serverError', 'down'] as const) {
  test(`an answer that is lost (${kind}) leaves one contact, the referral alive and no trace for anybody to clean up (E6)`, async () => {
    const email = `lost-${kind.toLowerCase()}@example.org`;
    const { faults } = stage.hubspot.control;
    faults.add({
      kind,
      when: 'after',
      times: 1,
      path: 'contacts/batch/create',
      ...(kind === 'down' ? {} : { status: 502 }),
    });
    const referralId = await site.refer(email);
    await stage.settle(120_000);
    faults.clear();
    expect(site.contact(email).properties).toMatchObject({
      passalong_referral_id: referralId,
      lead_source: 'Referral',
    });
    expect((await site.referral(referralId)).status).toBe('pending');
    expect(await site.entries(referralId)).toEqual([]);
  });
}

test('what HubSpot refuses becomes a failed entry with its words, the others of the batch go on, and mended it is captured (E37)', async () => {
  const good = ['one@example.org', 'two@example.org'];
  const [first = '', second = ''] = await Promise.all(good.map((email) => site.refer(email)));
  const bad = await site.refer('bad@example.org', { answers: { teamSize: 'a dozen' } });
  await stage.settle(120_000);
  for (const email of good) expect(site.contact(email).properties['lead_source']).toBe('Referral');
  expect([await site.entries(first), await site.entries(second)]).toEqual([[], []]);
  expect(site.portal.find('contacts', 'email', 'bad@example.org')).toEqual([]);
  const [entry, ...others] = await site.entries(bad);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    state: 'failed',
    reasonCode: 'contact_refused',
    reason: expect.stringContaining('a dozen'),
    trace: { refusal: { code: 'record_rejected', fields: ['team_size'] } },
  });
  expect((await site.referral(bad)).status).toBe('pending');
  const calls = site.createCalls('contacts').length;
  await stage.pass(3_600_000);
  expect(site.createCalls('contacts')).toHaveLength(calls);

  // The property takes words from now on.
  site.portal.changeProperty('contacts', 'team_size', { type: 'string', fieldType: 'text' });
  expect((await site.retry(entry.id, { edits: { email: 'x@example.org' } })).status).toBe(422);
  expect(await site.retry(entry.id)).toMatchObject({ status: 200, body: { state: 'processed' } });
  await stage.settle();
  expect(site.contact('bad@example.org').properties['team_size']).toBe('a dozen');
  const [retried] = await site.entries(bad);
  expect(retried).toMatchObject({
    id: entry.id,
    state: 'processed',
    edits: [{ actor: expect.stringMatching(/key_/) }],
  });
  expect((await site.retry(entry.id)).status).toBe(409);
});

test('a mapped field that somebody deleted costs that field only: the contact is made, and an entry names the field (E23)', async () => {
  const gone = await openSite(stage, 2002, { map: RICH_MAP });
  gone.portal.archiveProperty('contacts', 'campaign');
  const ids = await Promise.all(['a@example.org', 'b@example.org'].map((email) => gone.refer(email)));
  await stage.settle();
  for (const email of ['a@example.org', 'b@example.org']) {
    const { createdWith } = gone.contact(email);
    expect(createdWith.properties).toMatchObject({ lead_source: 'Referral', referrer_name: 'Ada Advocate' });
    expect(createdWith.properties).not.toHaveProperty('campaign');
  }
  const [entry] = await gone.entries(ids[0] ?? '');
  expect(entry).toMatchObject({ state: 'failed', reasonCode: 'fields_unwritable', trace: { fields: ['campaign'] } });
  expect(entry.reason).toContain('campaign');

  gone.portal.createProperty('contacts', {
    name: 'campaign',
    label: 'Campaign',
    groupName: 'contactinformation',
    type: 'string',
    fieldType: 'text',
  });
  await gone.retry(entry.id);
  await stage.settle();
  expect(gone.contact('a@example.org').properties['campaign']).toBe('Customer referrals');
});

test('with capture switched off nobody is created, and whoever the sales team makes is the friend all the same (RF-20)', async () => {
  const deal = { policy: 'create', pipelineId: 'default', stageId: 'qualifiedtobuy' } as const;
  const off = await openSite(stage, 2003, { enabled: false, deal });
  const referralId = await off.refer('later@example.org');
  await stage.settle();
  expect(off.createCalls('contacts')).toEqual([]);
  const contactId = off.portal.createContact({ email: 'later@example.org' });
  off.portal.createDeal({ dealname: 'Theirs', pipeline: 'default', dealstage: 'closedwon', amount: '100' }, [
    contactId,
  ]);
  await stage.settle();
  expect(off.contact('later@example.org').properties['passalong_referral_id']).toBe(referralId);
  expect((await off.referral(referralId)).status).toBe('approved');
  // Somebody HubSpot knows already gets no deal either.
  off.portal.createContact({ email: 'known@example.org' });
  await off.refer('known@example.org');
  await stage.settle();
  expect(off.createCalls('deals')).toEqual([]);
});

test('plus-tagged addresses are contacts of their own, as in HubSpot', async () => {
  const [plain, tagged] = [await site.refer('tag@example.org'), await site.refer('tag+x@example.org')];
  await stage.settle();
  expect(site.contact('tag@example.org').properties['passalong_referral_id']).toBe(plain);
  expect(site.contact('tag+x@example.org').properties['passalong_referral_id']).toBe(tagged);
});
