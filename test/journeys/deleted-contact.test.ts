import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { recordWrites, type Sent } from './sent-values.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 821;
const EMAIL = 'finn@example.org';
const MINUTE_MS = 60_000;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let sent: Sent[];
let friendId: string;

beforeEach(async () => {
  sent = recordWrites();
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  await referFriend(tenant, launched, { email: EMAIL, firstName: 'Finn', lastName: 'Friend' });
  await stage.settle();
  friendId = contactsOf(EMAIL)[0]!;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

const portal = () => stage.hubspot.control.portal(PORTAL);
const contactsOf = (email: string) =>
  portal()
    .find('contacts', 'email', email)
    .map(({ id }) => id);
const advocate = () => ownProperties(stage, PORTAL, launched.advocateContactId);

test('a deleted contact gets nothing written and is not made anew while its person’s numbers change; restored, it is caught up (E5)', async () => {
  portal().delete('contacts', launched.advocateContactId);
  await stage.settle();
  sent.length = 0;
  const deal = { dealname: 'Finn', pipeline: 'default', dealstage: 'closedwon', amount: '500' };
  portal().createDeal(deal, [friendId]);
  await stage.pass(10 * MINUTE_MS);
  expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('approved');
  expect(sent.map(({ key }) => key)).not.toContain(launched.advocateContactId);
  expect(sent.map(({ key }) => key)).not.toContain('ada.advocate@example.com');
  expect(contactsOf('ada.advocate@example.com')).toEqual([launched.advocateContactId]);
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);

  portal().restore('contacts', launched.advocateContactId);
  await stage.settle();
  expect(advocate()).toMatchObject({
    passalong_referred_count: '1',
    passalong_approved_count: '1',
    passalong_reward_status: 'pending',
  });
  sent.length = 0;
  await referFriend(tenant, launched, { email: 'second@example.org' });
  await stage.settle();
  expect(advocate()['passalong_referred_count']).toBe('2');
});

test('a contact that is deleted while a write to it is queued costs the others nothing, and leaves no dead letter (E5, E34)', async () => {
  const [reward] = await wonReward();
  await tenant.api('POST', `/rewards/${reward?.id}/approve`);
  await referFriend(tenant, launched, { email: 'second@example.org' });
  stage.hubspot.control.deliveries.hold();
  portal().delete('contacts', launched.advocateContactId);
  sent.length = 0;
  await stage.settle();
  // Nobody has told us yet: HubSpot's refusal of the write is all there is.
  expect(sent.map(({ key }) => key)).toContain(launched.advocateContactId);
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
  stage.hubspot.control.deliveries.release();
  await stage.settle();
  const [second] = contactsOf('second@example.org');
  expect(ownProperties(stage, PORTAL, second!)['passalong_referral_status']).toBe('pending');
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
  portal().restore('contacts', launched.advocateContactId);
  await stage.settle();
  expect(advocate()).toMatchObject({ passalong_referred_count: '2', passalong_reward_total: '50' });
});

const MERGES = [true, false].flatMap((newId) => ['friend', 'unknown'].map((primary) => ({ newId, primary })));

test.each(MERGES)(
  'a friend merged with an unknown contact that brings the won deal is approved and paid once, the $primary being primary, new id: $newId (E5, E1)',
  async ({ newId, primary }) => {
    stage.hubspot.control.settings.set({ mergeCreatesNewId: newId });
    const unknownId = portal().createContact({ firstname: 'Finn', lastname: 'Unknown' });
    const deal = { dealname: 'Unknown', pipeline: 'default', dealstage: 'closedwon', amount: '300' };
    portal().createDeal(deal, [unknownId]);
    await stage.settle();
    expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('pending');

    stage.hubspot.control.deliveries.disorder({ copies: 3, freshCopies: true, shuffle: true });
    const [kept, other] = primary === 'friend' ? [friendId, unknownId] : [unknownId, friendId];
    const survivorId = portal().merge('contacts', kept, other);
    await stage.settle();
    expect(ownProperties(stage, PORTAL, survivorId)).toMatchObject({
      passalong_referral_id: await referralOf(EMAIL),
      passalong_referral_status: 'approved',
    });
    expect(advocate()).toMatchObject({ passalong_referred_count: '1', passalong_approved_count: '1' });
    expect(await stage.rows('select state, amount_minor::text as minor from rewards')).toEqual([
      { state: 'pending', minor: '3000' },
    ]);
    const alias = await stage.rows('select merged_into from crm_records where record_id = $1', [friendId]);
    expect(alias).toEqual([{ merged_into: survivorId === friendId ? null : survivorId }]);
  },
);

async function referralOf(email: string): Promise<string | undefined> {
  const [row] = await stage.rows<{ id: string }>(
    'select r.id from referrals r join person_emails e on e.person_id = r.person_id where e.email = $1',
    [email],
  );
  return row?.id;
}

async function wonReward(): Promise<{ id: string }[]> {
  portal().createDeal({ dealname: 'Finn', pipeline: 'default', dealstage: 'closedwon', amount: '500' }, [friendId]);
  await stage.settle();
  return (await tenant.api('GET', '/rewards')).body.items;
}
