import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 5_201;
const MINUTE_MS = 60_000;

let stage: Stage;
let tenant: Tenant;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  for (const name of ['shop_id', 'referred_by_code', 'named_by']) {
    const groupName = 'contactinformation';
    portal().createProperty('contacts', { name, label: name, groupName, type: 'string', fieldType: 'text' });
  }
  tenant = await stage.install(PORTAL);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

function launchWith(matching: object, decisions: object = {}): Promise<Launched> {
  return launch(stage, tenant, {
    name: 'Customer referrals',
    landingUrl: 'https://example.com/welcome',
    capture: { enabled: false },
    rules: [{ object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'approved' }],
    rewardRules: [],
    decisions,
    matching: {
      target: [{ object: 'contact', field: 'shop_id', holds: 'external_id' }],
      member: [
        { object: 'contact', field: 'referred_by_code', holds: 'advocate_code' },
        { object: 'contact', field: 'named_by', holds: 'advocate_email' },
      ],
      ...matching,
    },
  });
}

function write(contactId: string, values: Record<string, string>): Promise<void> {
  stage.clock.advance(MINUTE_MS);
  portal().setProperties('contacts', contactId, values);
  return stage.pass(3 * MINUTE_MS);
}

async function entries(state: string): Promise<any[]> {
  const { items } = (await tenant.api('GET', `/entries?state=${state}`)).body;
  return items.filter(({ trigger }: any) => trigger.kind === 'match');
}

const referralCount = async (): Promise<number> => (await tenant.api('GET', '/referrals')).body.items.length;
const referralIdOf = (contactId: string) => ownProperties(stage, PORTAL, contactId)['passalong_referral_id'];

test('with rule a for people, an id waits for a yes, and the contact is the friend from then on (RR-39, RR-43)', async () => {
  const launched = await launchWith({ directMatches: 'review' }, { notifyReview: true });
  const request = { code: launched.code, email: 'otto@example.org', externalId: 'order-9' };
  const { referralId } = (await tenant.api('POST', `/programs/${launched.programId}/referrals`, request)).body;
  await stage.settle();
  const contactId = portal().createContact({ email: 'private@example.net' });
  await write(contactId, { shop_id: 'order-9' });
  const [asked, ...more] = await entries('review');
  expect(more).toEqual([]);
  expect(asked).toMatchObject({ reasonCode: 'match_by_id', recordId: contactId, notify: true });
  expect(referralIdOf(contactId)).toBe(undefined);
  await write(contactId, { firstname: 'Otto' });
  expect(await entries('review')).toHaveLength(1);
  expect((await tenant.api('POST', `/entries/${asked.id}/approve`, {})).status).toBe(200);
  await stage.settle();
  expect(referralIdOf(contactId)).toBe(referralId);
});

test('with rule b for people, an address waits and is refused for good; an advocate who is named by address waits, too (RR-40)', async () => {
  const launched = await launchWith({ fuzzyMatches: 'review' });
  await referFriend(tenant, launched, { email: 'finn@example.org' });
  await stage.settle();
  const contactId = portal().createContact({ email: 'finn@example.org' });
  await write(contactId, { firstname: 'Not' });
  const [asked] = await entries('review');
  expect(asked).toMatchObject({ reasonCode: 'match_by_address', recordId: contactId });
  await tenant.api('POST', `/entries/${asked.id}/reject`, {});
  await write(contactId, { lastname: 'Finn' });
  expect(await entries('review')).toEqual([]);
  expect(referralIdOf(contactId)).toBe(undefined);

  const named = portal().createContact({ email: 'new@example.org' });
  await write(named, { named_by: 'ADA.advocate@example.com' });
  const [member] = await entries('review');
  expect(member).toMatchObject({ reasonCode: 'advocate_to_confirm', recordId: named });
  expect(await referralCount()).toBe(1);
  expect((await tenant.api('POST', `/entries/${member.id}/approve`, {})).status).toBe(200);
  await stage.settle();
  expect(referralIdOf(named)).toMatch(/^ref_/);
  expect(await referralCount()).toBe(2);
});

test('with rule c off, a riddle is kept and asks nobody; the right code on the record solves it (RR-28, RR-41)', async () => {
  const launched = await launchWith({ unmatched: 'ignore' });
  const contactId = portal().createContact({ email: 'rita@example.org' });
  await write(contactId, { referred_by_code: 'zzzzzzzzzzz' });
  await write(contactId, { firstname: 'Rita' });
  expect(await entries('review')).toEqual([]);
  expect(await entries('ignored')).toMatchObject([{ reasonCode: 'referral_code_unknown' }]);
  await write(contactId, { referred_by_code: launched.code });
  expect(referralIdOf(contactId)).toMatch(/^ref_/);
});

test('a riddle is asked once per record, follows what the record says, and is over when the record says it right (RR-41)', async () => {
  const launched = await launchWith({});
  const contactId = portal().createContact({ email: 'rita@example.org' });
  await write(contactId, { referred_by_code: 'zzzzzzzzzzz' });
  await write(contactId, { firstname: 'Rita' });
  const [first, ...more] = await entries('review');
  expect(more).toEqual([]);
  await write(contactId, { referred_by_code: 'yyyyyyyyyyy' });
  const [second, ...others] = await entries('review');
  expect(others).toEqual([]);
  expect(second.id).not.toBe(first.id);
  expect((await tenant.api('GET', `/entries/${second.id}`)).body.input.code).toBe('yyyyyyyyyyy');
  await write(contactId, { referred_by_code: launched.code });
  expect(await entries('review')).toEqual([]);
  const solved = (await tenant.api('GET', `/entries/${second.id}`)).body;
  expect(solved).toMatchObject({
    state: 'processed',
    reasonCode: 'match_overtaken',
    referralId: referralIdOf(contactId),
  });
  const other = portal().createContact({ email: 'olga@example.org' });
  await write(other, { shop_id: 'order-0' });
  expect(await entries('review')).toMatchObject([{ reasonCode: 'referral_unknown', recordId: other }]);
  await write(other, { shop_id: '' });
  expect(await entries('review')).toEqual([]);
});

test('a riddle is solved with the id of a referral, and what it says goes when its contact is erased (RR-30)', async () => {
  const launched = await launchWith({});
  const referralId = await referFriend(tenant, launched, { email: 'finn@example.org' });
  await stage.settle();
  const contactId = portal().createContact({ email: 'finn.private@example.net' });
  await write(contactId, { shop_id: 'order-1' });
  const [asked] = await entries('review');
  const none = await tenant.api('POST', `/entries/${asked.id}/retry`, { edits: { referralId: 'ref_nobody' } });
  expect(none.body.state).toBe('review');
  expect((await tenant.api('POST', `/entries/${asked.id}/retry`, { edits: { referralId } })).body.state).toBe(
    'processed',
  );
  await stage.settle();
  expect(referralIdOf(contactId)).toBe(referralId);

  const stranger = portal().createContact({ email: 'stranger@example.net' });
  await write(stranger, { referred_by_code: 'zzzzzzzzzzz' });
  const [riddle] = await entries('review');
  portal().privacyDelete(stranger);
  await stage.settle();
  await stage.pass(MINUTE_MS);
  const erased = (await tenant.api('GET', `/entries/${riddle.id}`)).body;
  expect(JSON.stringify(erased)).not.toContain('stranger@example.net');
  expect(erased).toMatchObject({ input: null, trace: null });
});
