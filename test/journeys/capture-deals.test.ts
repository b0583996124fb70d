import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OwnerPolicy } from '../../shared/capture-settings.ts';
import { openSite, type Site } from './capture.ts';
import { openStage, type Stage } from './stage.ts';

const DEAL = { pipelineId: 'default', stageId: 'qualifiedtobuy', name: '{friend} via {advocate} ({program})' };
const CREATE = { deal: { ...DEAL, policy: 'create' } } as const;
const ATTACH = { deal: { ...DEAL, policy: 'attach' }, duplicates: { policy: 'overwrite_mapped' } } as const;

let stage: Stage;
let creating: Site;
let attaching: Site;

beforeAll(async () => {
  stage = await openStage();
  creating = await openSite(stage, 2201, CREATE);
  attaching = await openSite(stage, 2202, ATTACH);
});

afterAll(() => stage.close());

/** The deals of a contact, the older ones first. */
function dealsOf(site: Site, email: string) {
  const { id } = site.contact(email);
  return site.deals().filter(({ associations }) => associations['contacts']?.includes(id));
}

test('create: the friend’s deal is made once, in the chosen stage, named, joined and carrying our id, in one call (RF-28, RF-30)', async () => {
  stage.hubspot.control.log.clear();
  const referralId = await creating.refer('finn@example.org');
  await stage.settle();
  const [deal, ...others] = dealsOf(creating, 'finn@example.org');
  expect(others).toEqual([]);
  expect(deal?.createdWith).toMatchObject({
    properties: {
      dealname: 'Finn Friend via Ada Advocate (Customer referrals)',
      pipeline: 'default',
      dealstage: 'qualifiedtobuy',
      passalong_referral_id: referralId,
    },
    associations: { contacts: [creating.contact('finn@example.org').id] },
  });
  expect(deal?.properties['hubspot_owner_id'] ?? '').toBe('');
  expect(creating.createCalls('deals').map(({ status, inputs }) => [status, inputs])).toEqual([[201, 1]]);
  expect(await creating.referral(referralId)).toMatchObject({
    status: 'pending',
    statusReason: 'Waiting for a deal to reach Closed Won',
  });
  creating.portal.setProperties('deals', deal!.id, { amount: '500' });
  creating.portal.moveDeal(deal!.id, 'closedwon');
  await stage.settle();
  expect(await creating.referral(referralId)).toMatchObject({ status: 'approved', rewards: [{ amount: '50.00' }] });
});

test('create: a deal the friend has already changes nothing, each referral gets its own (C9)', async () => {
  const contactId = creating.portal.createContact({ email: 'known@example.org' });
  creating.portal.createDeal({ dealname: 'Theirs', pipeline: 'default', dealstage: 'appointmentscheduled' }, [
    contactId,
  ]);
  const referralId = await creating.refer('known@example.org');
  await stage.settle();
  const deals = dealsOf(creating, 'known@example.org').map(
    ({ properties }) => properties['passalong_referral_id'] ?? '',
  );
  expect(deals).toEqual(['', referralId]);
});

describe.each(['serverError', 'down'] as const)('when the answer to the creation is lost (%s)', (kind) => {
  test.each(['contacts', 'deals'] as const)('of %s, there is one contact and one deal (E6)', async (type) => {
    const email = `lost-${kind.toLowerCase()}-${type}@example.org`;
    const { faults } = stage.hubspot.control;
    const fault = { when: 'after' as const, times: 1, path: `${type}/batch/create`, portalId: 2201 };
    faults.add(kind === 'down' ? { kind, ...fault } : { kind, status: 502, ...fault });
    const referralId = await creating.refer(email);
    await stage.settle(120_000);
    faults.clear();
    const deals = dealsOf(creating, email);
    expect(deals.map(({ properties }) => properties['passalong_referral_id'])).toEqual([referralId]);
    expect(await creating.entries(referralId)).toEqual([]);
    expect(await stage.rows('select kind from outbox where key = $1 and done_at is null', [referralId])).toEqual([]);
  });
});

test('attach: the friend’s only open deal of the pipeline becomes the referral’s, otherwise as it was (C9)', async () => {
  const { portal } = attaching;
  const contactId = portal.createContact({ email: 'open@example.org' });
  portal.createDeal({ dealname: 'Lost', pipeline: 'default', dealstage: 'closedlost' }, [contactId]);
  const open = portal.createDeal({ dealname: 'Open', pipeline: 'default', dealstage: 'contractsent' }, [contactId]);
  const referralId = await attaching.refer('open@example.org');
  await stage.settle();
  expect(dealsOf(attaching, 'open@example.org')).toHaveLength(2);
  expect(portal.get('deals', open)?.properties).toMatchObject({
    dealname: 'Open',
    dealstage: 'contractsent',
    passalong_referral_id: referralId,
  });
  portal.moveDeal(open, 'closedwon');
  await stage.settle();
  expect((await attaching.referral(referralId)).status).toBe('approved');
});

test('attach: a friend without an open deal gets one (C9)', async () => {
  const contactId = attaching.portal.createContact({ email: 'closed@example.org' });
  attaching.portal.createDeal({ dealname: 'Lost', pipeline: 'default', dealstage: 'closedlost' }, [contactId]);
  const referralId = await attaching.refer('closed@example.org');
  await stage.settle();
  const [, made, ...others] = dealsOf(attaching, 'closed@example.org');
  expect(others).toEqual([]);
  expect(made?.properties).toMatchObject({ dealstage: 'qualifiedtobuy', passalong_referral_id: referralId });
});

test('attach: of several open deals none is touched and a person chooses; looked at again, the chosen one is kept (E3)', async () => {
  const { portal } = attaching;
  const contactId = portal.createContact({ email: 'several@example.org' });
  const [one, two] = ['One', 'Two'].map((dealname) =>
    portal.createDeal({ dealname, pipeline: 'default', dealstage: 'qualifiedtobuy' }, [contactId]),
  ) as [string, string];
  // Long after, so that it cannot be taken for one of our making.
  stage.clock.advance(3_600_000);
  const referralId = await attaching.refer('several@example.org');
  await stage.settle();
  const before = dealsOf(attaching, 'several@example.org');
  expect(before.map(({ history }) => history['passalong_referral_id'] ?? [])).toEqual([[], []]);
  const [entry, ...others] = await attaching.entries(referralId);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ state: 'review', reasonCode: 'several_open_deals' });
  expect([...entry.trace.dealIds].sort()).toEqual([one, two].sort());

  // Nothing was chosen yet: asked again, it is put before a person again. It is about the deal only, not the contact.
  portal.setProperties('contacts', contactId, { firstname: 'Phineas' });
  await attaching.retry(entry.id);
  await stage.settle();
  const [again] = await attaching.entries(referralId);
  expect(again).toMatchObject({ state: 'review', reasonCode: 'several_open_deals' });
  portal.moveDeal(one, 'closedlost');
  await attaching.retry(again.id);
  await stage.settle();
  expect(portal.get('deals', two)?.properties['passalong_referral_id']).toBe(referralId);
  expect(dealsOf(attaching, 'several@example.org')).toHaveLength(2);
  expect((await attaching.entries(referralId)).map(({ state }) => state)).toEqual(['processed', 'processed']);
  expect(attaching.contact('several@example.org').properties['firstname']).toBe('Phineas');
});

test('attach: open deals on a second contact of the friend count as theirs (E3)', async () => {
  const { portal } = attaching;
  const [first, second] = ['twin@example.org', 'twin2@example.org'].map((email) => portal.createContact({ email })) as [
    string,
    string,
  ];
  const deal = portal.createDeal({ dealname: 'On the second', pipeline: 'default', dealstage: 'qualifiedtobuy' }, [
    second,
  ]);
  stage.hubspot.control.deliveries.hold();
  const referralId = await attaching.refer('twin@example.org');
  const [row] = await stage.rows('select person_id, workspace_id from referrals where id = $1', [referralId]);
  for (const id of [first, second])
    await stage.rows(
      `insert into crm_records (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
       values ($1, 'contact', $2, $3, $4, now())`,
      [attaching.tenant.connectionId, id, row?.['workspace_id'], row?.['person_id']],
    );
  await stage.settle();
  stage.hubspot.control.deliveries.release();
  await stage.settle();
  expect(portal.get('deals', deal)?.properties['passalong_referral_id']).toBe(referralId);
});

test('await: the sales team’s deal is the only one there is (C9)', async () => {
  const waiting = await openSite(stage, 2203, {});
  const referralId = await waiting.refer('finn@example.org');
  await stage.settle();
  expect([waiting.deals(), waiting.createCalls('deals')]).toEqual([[], []]);
  const { id } = waiting.contact('finn@example.org');
  waiting.portal.createDeal({ dealname: 'Theirs', pipeline: 'default', dealstage: 'closedwon', amount: '10' }, [id]);
  await stage.settle();
  expect((await waiting.referral(referralId)).status).toBe('approved');
  expect(waiting.deals()).toHaveLength(1);
});

test('a referral that ends before its deal is made gets none', async () => {
  const { faults } = stage.hubspot.control;
  faults.add({ kind: 'locked', path: 'deals/batch/create', portalId: 2201, times: 1 });
  const referralId = await creating.refer('ended@example.org');
  await stage.service.process(creating.tenant);
  faults.clear();
  // The deal waits for longer than it takes to find out that friend and advocate are one.
  const later = new Date(stage.clock.now() + 600_000);
  const due = await stage.rows(`update outbox set due_at = $2 where key = $1 and kind = 'ensure_deal' returning id`, [
    referralId,
    later,
  ]);
  expect(due).toHaveLength(1);
  const before = creating.deals().length;
  creating.portal.merge('contacts', creating.launched.advocateContactId, creating.contact('ended@example.org').id);
  await stage.settle(60_000);
  expect((await creating.referral(referralId)).status).toBe('denied');
  await stage.settle(3_600_000);
  expect(creating.deals()).toHaveLength(before);
  expect(await stage.rows('select kind from outbox where key = $1 and done_at is null', [referralId])).toEqual([]);
});

test('what HubSpot refuses about a deal becomes a failed entry with its words, and mended it is made (E37)', async () => {
  const { portal } = attaching;
  const [pipeline] = portal.pipelines();
  const stages = pipeline!.stages.filter(({ id }) => id !== 'qualifiedtobuy');
  portal.savePipeline({ ...pipeline!, stages });
  const referralId = await attaching.refer('refused@example.org');
  await stage.settle();
  expect(dealsOf(attaching, 'refused@example.org')).toEqual([]);
  const [entry] = await attaching.entries(referralId);
  expect(entry).toMatchObject({
    state: 'failed',
    reasonCode: 'deal_refused',
    trace: { refusal: { fields: ['dealstage'] } },
  });
  expect(entry.reason).toContain('qualifiedtobuy');
  portal.savePipeline(pipeline!);
  await attaching.retry(entry.id);
  await stage.settle();
  expect(dealsOf(attaching, 'refused@example.org')).toHaveLength(1);
  expect((await attaching.retry(entry.id)).status).toBe(409);
});

describe('owners of the new contact and its deal (RL-05)', () => {
  const rows: [OwnerPolicy, 'theirs' | 'fixed' | 'nobody'][] = [
    ['crm', 'nobody'],
    ['advocate_owner', 'theirs'],
    ['fixed', 'fixed'],
  ];
  test.each(rows)('%s: %s', async (policy, expected) => {
    const portalId = 2210 + rows.findIndex(([row]) => row === policy);
    stage.hubspot.control.createPortal({ portalId, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
    const portal = stage.hubspot.control.portal(portalId);
    const owners = ['Theirs', 'Fixed'].map((firstName) =>
      portal.addOwner({ firstName, lastName: 'Owner', email: `${firstName}@example.com` }),
    ) as [string, string];
    const owner = { policy, ownerId: policy === 'fixed' ? owners[1] : null };
    const site = await openSite(stage, portalId, { ...CREATE, owner });
    portal.setProperties('contacts', site.launched.advocateContactId, { hubspot_owner_id: owners[0] });
    const ids = { theirs: owners[0], fixed: owners[1], nobody: undefined };
    await site.refer('finn@example.org');
    await stage.settle();
    const ownerOf = (record: { createdWith: { properties: Record<string, string> } } | undefined) =>
      record?.createdWith.properties['hubspot_owner_id'];
    expect(ownerOf(site.contact('finn@example.org'))).toBe(ids[expected]);
    expect(ownerOf(site.deals()[0])).toBe(ids[expected]);
    // A contact that was there keeps the owner it has, or has none on purpose; the deal is new.
    portal.createContact({ email: 'known@example.org' });
    await site.refer('known@example.org');
    await stage.settle();
    expect(site.contact('known@example.org').properties['hubspot_owner_id'] ?? null).toBeNull();
    expect(ownerOf(dealsOf(site, 'known@example.org')[0])).toBe(ids[expected]);
    if (policy === 'crm') return;
    // The colleague left: nothing new can be given to them, and the friend must not wait for that.
    portal.deactivateOwner(policy === 'fixed' ? owners[1] : owners[0]);
    await site.refer('late@example.org');
    await stage.settle();
    expect(ownerOf(site.contact('late@example.org'))).toBeUndefined();
    expect(dealsOf(site, 'late@example.org')).toHaveLength(1);
    const { body } = await site.tenant.api('GET', '/entries?state=failed');
    const told = body.items.map(({ reasonCode }: { reasonCode: string }) => reasonCode);
    // A colleague the program names is somebody's choice, so somebody is told.
    expect(told).toEqual(policy === 'fixed' ? ['fields_unwritable'] : []);
  });
});
