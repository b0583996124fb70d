import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { recordWrites, type Sent } from './sent-values.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 301;
/** Each is another order, other copies and other batch sizes of the same deliveries. */
const ORDERS = 25;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let sent: Sent[];

beforeAll(async () => {
  sent = recordWrites();
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, { ...DEAL_PROGRAM, decisions: { alreadyMet: 'qualify' } });
});

afterAll(() => {
  vi.restoreAllMocks();
  return stage.close();
});

function contactOf(email: string): string {
  const [found] = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', email);
  if (!found) throw new Error(`no contact ${email}`);
  return found.id;
}

/** One friend's whole story, every kind of message in it, each delivered three times and more, in any order. */
async function story(order: number): Promise<{ friendId: string; referralId: string }> {
  const { control } = stage.hubspot;
  const portal = control.portal(PORTAL);
  const email = `friend-${order}@example.org`;
  const referralId = await referFriend(tenant, launched, { email, firstName: 'Finn', lastName: `Friend ${order}` });
  await stage.settle();
  control.settings.set({
    eventShape: order % 3 === 0 ? 'legacy' : order % 3 === 1 ? 'object' : 'both',
    mergeCreatesNewId: order % 2 === 0,
  });
  control.deliveries.hold();
  control.deliveries.disorder({ copies: 3, freshCopies: true, shuffle: true, batchSize: 1 + ((order * 7) % 100) });
  const friendId = contactOf(email);
  const twinId = portal.createContact({ firstname: 'Finn', lastname: 'Twin' });
  const dealId = portal.createDeal({ dealname: `Deal ${order}`, pipeline: 'default', dealstage: 'qualifiedtobuy' });
  portal.moveDeal(dealId, 'closedwon');
  portal.associate(['deals', dealId], ['contacts', friendId]);
  portal.setProperties('deals', dealId, { amount: '1000.00' });
  portal.setProperties('contacts', friendId, { lifecyclestage: 'customer' });
  const strangerId = portal.createContact({ email: `stranger-${order}@example.org` });
  portal.delete('contacts', friendId);
  portal.restore('contacts', friendId);
  portal.privacyDelete(strangerId);
  const survivorId = portal.merge('contacts', friendId, twinId);
  control.deliveries.release();
  await stage.settle();
  control.deliveries.disorder({});
  return { friendId: survivorId, referralId };
}

test('every kind of message, three times and more, with new ids and times and in any order: one reward, exact numbers (E1, E2, SG-09)', async () => {
  const friends: string[] = [];
  for (let order = 1; order <= ORDERS; order += 1) {
    stage.hubspot.control.faults.seed(order);
    const { friendId, referralId } = await story(order);
    friends.push(friendId);
    expect(ownProperties(stage, PORTAL, friendId), `order ${order}`).toMatchObject({
      passalong_referral_id: referralId,
      passalong_referral_status: 'approved',
      passalong_status_reason: 'Deal reached Closed Won on 2 Nov 2026',
      passalong_referred_by_name: 'Ada Advocate',
    });
  }
  const rewards = await stage.rows(
    'select state, milestone, amount_minor::text as minor, currency, count(*)::int from rewards group by 1, 2, 3, 4',
  );
  expect(rewards).toEqual([
    { state: 'pending', milestone: 'approved', minor: '10000', currency: 'EUR', count: ORDERS },
  ]);
  expect(await stage.rows('select status, count(*)::int from referrals group by 1')).toEqual([
    { status: 'approved', count: ORDERS },
  ]);
  expect(ownProperties(stage, PORTAL, launched.advocateContactId)).toMatchObject({
    passalong_referred_count: String(ORDERS),
    passalong_qualified_count: String(ORDERS),
    passalong_approved_count: String(ORDERS),
    passalong_reward_status: 'pending',
    passalong_reward_total: '0',
  });
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
}, 120_000);

test('no value was written twice: each property of a record was only ever sent what it did not hold (E9, E34)', () => {
  expect(sent.length).toBeGreaterThan(ORDERS);
  const held = new Map<string, string>();
  for (const { key, properties, confirmed } of sent) {
    expect(confirmed).toBe(true);
    for (const [name, value] of Object.entries(properties).filter(([name]) => name.startsWith('passalong_'))) {
      expect(held.get(`${key} ${name}`), `${name} of ${key}`).not.toBe(value);
      held.set(`${key} ${name}`, value);
    }
  }
});

test('a deal won and lost again between two reads is still seen, by the time the CRM says it entered the stage (E2, RF-31)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  await referFriend(tenant, launched, { email: 'blink@example.org' });
  await stage.settle();
  const friendId = contactOf('blink@example.org');
  const dealId = portal.createDeal(
    { dealname: 'Blink', pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '10' },
    [friendId],
  );
  portal.moveDeal(dealId, 'closedwon');
  stage.clock.advance(1_000);
  portal.moveDeal(dealId, 'closedlost');
  await stage.settle();
  // What a later reading would take back is not given first: a lost deal pays nobody (E8).
  expect(ownProperties(stage, PORTAL, friendId)).toMatchObject({
    passalong_referral_status: 'pending',
    passalong_status_reason: 'Deal left Closed Won and is now in Closed Lost',
  });
  const [entry] = (await tenant.api('GET', `/entries?objectType=deal&recordId=${dealId}`)).body.items;
  const { trace } = (await tenant.api('GET', `/entries/${entry.id}`)).body;
  expect(trace.verdict.trace[0]).toMatchObject({
    missing: 'left_stage',
    seen: [{ source: 'stage_entered', value: 'closedwon', standsIn: 'closedlost' }, { source: 'current_value' }],
  });
});

test('an amount that comes after the stage is paid once, and follows the deal until somebody approved it (E4, RF-42, RL-04)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const referralId = await referFriend(tenant, launched, { email: 'late@example.org' });
  await stage.settle();
  const friendId = contactOf('late@example.org');
  const dealId = portal.createDeal({ dealname: 'Late', pipeline: 'default', dealstage: 'closedwon' }, [friendId]);
  await stage.settle();
  const ofReferral = 'select amount_minor::text as minor from rewards where referral_id = $1';
  expect(await stage.rows(ofReferral, [referralId])).toEqual([]);
  portal.setProperties('deals', dealId, { amount: '333.33' });
  await stage.settle();
  expect(await stage.rows(ofReferral, [referralId])).toEqual([{ minor: '3333' }]);
  portal.setProperties('deals', dealId, { amount: '999.99' });
  await stage.settle();
  expect(await stage.rows(ofReferral, [referralId])).toEqual([{ minor: '10000' }]);
  const [reward] = await stage.rows<{ id: string }>('select id from rewards where referral_id = $1', [referralId]);
  expect((await tenant.api('POST', `/rewards/${reward?.id}/approve`)).status).toBe(200);
  portal.setProperties('deals', dealId, { amount: '5' });
  await stage.settle();
  expect(await stage.rows(ofReferral, [referralId])).toEqual([{ minor: '10000' }]);
});

test('a deal that was won before the friend was known is found through the friend’s contact (E4)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const contactId = portal.createContact({ email: 'early@example.org' });
  portal.createDeal({ dealname: 'Early', pipeline: 'default', dealstage: 'closedwon', amount: '50' }, [contactId]);
  await stage.settle();
  await referFriend(tenant, launched, { email: 'Early@Example.org' });
  await stage.settle();
  expect(ownProperties(stage, PORTAL, contactId)['passalong_referral_status']).toBe('approved');
});

test('two referred people on one deal: nobody is paid on a guess, and the entry asks for a person (E3, RL-04)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  for (const email of ['left@example.org', 'right@example.org']) await referFriend(tenant, launched, { email });
  await stage.settle();
  const friends = [contactOf('left@example.org'), contactOf('right@example.org')];
  portal.createDeal({ dealname: 'Shared', pipeline: 'default', dealstage: 'closedwon', amount: '70' }, friends);
  await stage.settle();
  for (const friendId of friends) {
    expect(ownProperties(stage, PORTAL, friendId)).toMatchObject({
      passalong_referral_status: 'pending',
      passalong_status_reason: 'Several referred people are on this deal: needs review',
    });
  }
  expect((await tenant.api('GET', '/entries?state=review')).body.items.length).toBeGreaterThan(0);
});
