import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 401;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let second: { readonly code: string; readonly contactId: string };

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  const answer = await enrol('bea.advocate@example.com');
  await stage.settle();
  second = { code: answer.code, contactId: contactOf('bea.advocate@example.com') };
});

afterAll(() => stage.close());

async function enrol(email: string): Promise<{ code: string; advocateId: string }> {
  return (await tenant.api('POST', `/programs/${launched.programId}/advocates`, { email, firstName: 'Bea' })).body;
}

function portal(): ReturnType<Stage['hubspot']['control']['portal']> {
  return stage.hubspot.control.portal(PORTAL);
}

function contactOf(email: string): string {
  const [found] = portal().find('contacts', 'email', email);
  if (!found) throw new Error(`no contact ${email}`);
  return found.id;
}

async function friend(email: string, code = launched.code): Promise<{ referralId: string; contactId: string }> {
  const referralId = await referFriend(tenant, { ...launched, code }, { email, firstName: 'Finn', lastName: 'Friend' });
  await stage.settle();
  return { referralId, contactId: contactOf(email) };
}

async function win(contactId: string, amount: string): Promise<void> {
  portal().createDeal({ dealname: 'Won', pipeline: 'default', dealstage: 'closedwon', amount }, [contactId]);
  await stage.settle();
}

function counts(contactId: string): (string | undefined)[] {
  const own = ownProperties(stage, PORTAL, contactId);
  return [own['passalong_referred_count'], own['passalong_approved_count'], own['passalong_reward_status']];
}

for (const createsNewId of [true, false]) {
  test(`merging two referred contacts keeps the older attribution and voids the younger reward, ${createsNewId ? 'under a new id' : 'under the kept id'} (E5)`, async () => {
    stage.hubspot.control.settings.set({ mergeCreatesNewId: createsNewId });
    const tag = createsNewId ? 'new' : 'kept';
    const older = await friend(`older-${tag}@example.org`);
    stage.clock.advance(60_000);
    const younger = await friend(`younger-${tag}@example.org`, second.code);
    const [before] = [counts(second.contactId)];
    await win(younger.contactId, '100');
    expect(counts(second.contactId)[1]).toBe(String(Number(before?.[1] ?? 0) + 1));
    stage.hubspot.control.deliveries.disorder({ copies: 3, freshCopies: true, shuffle: true });
    const survivor = portal().merge('contacts', younger.contactId, older.contactId);
    await stage.settle();
    stage.hubspot.control.deliveries.disorder({});
    const referrals = await stage.rows(
      'select id, status, merged_into from referrals where id = any($1) order by referred_at',
      [[older.referralId, younger.referralId]],
    );
    expect(referrals).toEqual([
      { id: older.referralId, status: 'approved', merged_into: null },
      { id: younger.referralId, status: 'denied', merged_into: older.referralId },
    ]);
    const rewards = await stage.rows(
      'select referral_id, state from rewards where referral_id = any($1) order by state',
      [[older.referralId, younger.referralId]],
    );
    expect(rewards).toEqual([
      { referral_id: older.referralId, state: 'pending' },
      { referral_id: younger.referralId, state: 'voided' },
    ]);
    // The ended referral counts no more.
    expect(counts(second.contactId)).toEqual([String(Number(before?.[0]) - 1), before?.[1], before?.[2]]);
    expect(ownProperties(stage, PORTAL, survivor)).toMatchObject({
      passalong_referral_id: older.referralId,
      passalong_referral_status: 'approved',
      passalong_referred_by_name: 'Ada Advocate',
    });
  });
}

test('merging two advocates adds their numbers up under the older one, and both codes go on working (E5)', async () => {
  const third = await enrol('cleo.advocate@example.com');
  await stage.settle();
  await friend('of-cleo@example.org', third.code);
  const survivor = portal().merge('contacts', second.contactId, contactOf('cleo.advocate@example.com'));
  await stage.settle();
  const own = ownProperties(stage, PORTAL, survivor);
  expect(own).toMatchObject({ passalong_referral_code: second.code, passalong_referred_count: '1' });
  const { referralId } = await friend('late-of-cleo@example.org', third.code);
  const [row] = await stage.rows<{ code: string }>(
    'select a.code from referrals r join advocates a on a.id = r.advocate_id where r.id = $1',
    [referralId],
  );
  expect(row?.code).toBe(second.code);
  expect(ownProperties(stage, PORTAL, survivor)['passalong_referred_count']).toBe('2');
});

test('what a merged advocate had earned is owed to the one that is left, and is not earned a second time (E5)', async () => {
  const fourth = await enrol('mia.advocate@example.com');
  await stage.settle();
  const { referralId, contactId } = await friend('of-mia@example.org', fourth.code);
  const dealId = portal().createDeal({ dealname: 'Won', pipeline: 'default', dealstage: 'closedwon', amount: '1000' }, [
    contactId,
  ]);
  await stage.settle();
  const [survivor] = portal().find('contacts', 'passalong_referral_code', second.code);
  portal().merge('contacts', survivor?.id ?? '', contactOf('mia.advocate@example.com'));
  await stage.settle();
  portal().setProperties('deals', dealId, { amount: '2000' });
  await stage.settle();
  const rewards = await stage.rows(
    `select w.state, w.amount_minor::text as minor, a.code from rewards w
       join referrals r on r.id = w.referral_id
       join advocates a on a.id = r.advocate_id and a.person_id = w.recipient_person_id where r.id = $1`,
    [referralId],
  );
  // The sum nobody approved yet follows the deal; the row is the one that was there.
  expect(rewards).toEqual([{ state: 'pending', minor: '20000', code: second.code }]);
  expect(await stage.rows('select 1 from rewards where referral_id = $1', [referralId])).toHaveLength(1);
});

/** A rep's question about this referral, as the card writes it down. */
async function askReview(referralId: string): Promise<void> {
  await stage.rows(
    `insert into entries (id, workspace_id, state, reason_code, reason, trigger, program_id, referral_id, connection_id, created_at, updated_at)
     select 'ent_' || $1, workspace_id, 'review', 'review_requested', 'A rep asked for a review',
            '{"kind": "review_request"}', program_id, id, $2, now(), now() from referrals where id = $1`,
    [referralId, tenant.connectionId],
  );
}

async function reviewsOf(...referralIds: string[]): Promise<unknown[]> {
  return stage.rows(
    `select e.state, e.reason_code from entries e join referrals r on r.id = e.referral_id
      where e.trigger ->> 'kind' = 'review_request' and r.id = any($1) order by r.referred_at`,
    [referralIds],
  );
}

const OVERTAKEN = { state: 'processed', reason_code: 'review_overtaken' };

test('a merge that ends a referral answers the question about it, and no other (E5, G10)', async () => {
  const older = await friend('asked.older@example.org');
  stage.clock.advance(60_000);
  const younger = await friend('asked.younger@example.org', second.code);
  await askReview(older.referralId);
  await askReview(younger.referralId);
  portal().merge('contacts', older.contactId, younger.contactId);
  await stage.settle();
  expect(await reviewsOf(older.referralId, younger.referralId)).toEqual([
    { state: 'review', reason_code: 'review_requested' },
    OVERTAKEN,
  ]);
});

test('a friend who turns out to be their own advocate: the question about it is answered (E5, G10)', async () => {
  const selma = await enrol('selma.advocate@example.com');
  await stage.settle();
  const { referralId, contactId } = await friend('selma.herself@example.org', selma.code);
  await askReview(referralId);
  portal().merge('contacts', contactOf('selma.advocate@example.com'), contactId);
  await stage.settle();
  expect(await stage.rows('select status from referrals where id = $1', [referralId])).toEqual([{ status: 'denied' }]);
  expect(await reviewsOf(referralId)).toEqual([OVERTAKEN]);
});

test('where two people who are one hold the same reward, the kept one’s stands and the other is voided (E5)', async () => {
  const kept = await enrol('gil.advocate@example.com');
  stage.clock.advance(60_000);
  const other = await enrol('gil.again@example.com');
  await stage.settle();
  const { referralId, contactId } = await friend('of-gil@example.org', kept.code);
  await win(contactId, '300');
  await stage.rows(
    `insert into rewards (id, workspace_id, program_id, program_version, referral_id, reward_rule_id, recipient_person_id,
                          milestone, state, amount_minor, currency, basis, created_at, state_at)
     select 'rwd_twin', workspace_id, program_id, program_version, referral_id, reward_rule_id,
            (select person_id from advocates where id = $2), milestone, state, amount_minor, currency, basis, created_at, state_at
       from rewards where referral_id = $1`,
    [referralId, other.advocateId],
  );
  portal().merge('contacts', contactOf('gil.advocate@example.com'), contactOf('gil.again@example.com'));
  await stage.settle();
  const rewards = await stage.rows(
    `select w.id = 'rwd_twin' as twin, w.state, w.recipient_person_id = a.person_id as of_kept
       from rewards w join advocates a on a.id = $2 where w.referral_id = $1 order by twin`,
    [referralId, kept.advocateId],
  );
  expect(rewards).toEqual([
    { twin: false, state: 'pending', of_kept: true },
    { twin: true, state: 'voided', of_kept: false },
  ]);
  expect(await stage.rows(`select to_state, cause from reward_events where reward_id = 'rwd_twin'`)).toEqual([
    { to_state: 'voided', cause: 'merged' },
  ]);
});

test('a deleted contact gets nothing written; restored, it gets what it missed (E5)', async () => {
  const { contactId } = await friend('gone@example.org');
  const others = await friend('stays@example.org');
  portal().delete('contacts', contactId);
  await stage.settle();
  stage.hubspot.control.log.clear();
  await win(others.contactId, '5');
  portal().restore('contacts', contactId);
  const dealId = portal().createDeal({ dealname: 'Back', pipeline: 'default', dealstage: 'closedwon', amount: '10' });
  portal().associate(['deals', dealId], ['contacts', contactId]);
  await stage.settle();
  expect(ownProperties(stage, PORTAL, contactId)['passalong_referral_status']).toBe('approved');
  expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
});

test('a privacy deletion of a friend erases the person and keeps the amounts (E32)', async () => {
  const { referralId, contactId } = await friend('erase.me@example.org');
  await win(contactId, '400');
  await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: 'unknowncode',
    email: 'Erase.Me@example.org',
  });
  portal().privacyDelete(contactId);
  await stage.settle();
  expect(await traces('erase.me@example.org')).toEqual([]);
  expect(await traces('Finn', contactId)).toEqual([]);
  expect(
    await stage.rows('select state, amount_minor::text as minor from rewards where referral_id = $1', [referralId]),
  ).toEqual([{ state: 'pending', minor: '4000' }]);
});

test('a privacy deletion of an advocate ends the link and takes the name off the friends’ records, here and in HubSpot (E32)', async () => {
  const dora = await enrol('dora.advocate@example.com');
  await stage.settle();
  const { contactId } = await friend('of-dora@example.org', dora.code);
  expect(ownProperties(stage, PORTAL, contactId)['passalong_referred_by_email']).toBe('dora.advocate@example.com');
  portal().privacyDelete(contactOf('dora.advocate@example.com'));
  await stage.settle();
  const own = ownProperties(stage, PORTAL, contactId);
  expect([
    own['passalong_referred_by_name'],
    own['passalong_referred_by_email'],
    own['passalong_referred_by_code'],
  ]).toEqual([undefined, undefined, undefined]);
  expect(await traces('dora.advocate@example.com')).toEqual([]);
  expect((await fetch(`${stage.publicUrl}/r/${dora.code}`, { redirect: 'manual' })).status).toBe(404);
  const refused = await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: dora.code,
    email: 'x@example.org',
  });
  expect([refused.status, refused.body.error.code]).toEqual([422, 'referral_code_unknown']);
});

/** Tables in which a text still stands; with a contact id, only in rows about that contact. */
async function traces(text: string, contactId?: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of [
    'people',
    'person_emails',
    'snapshots',
    'inbox',
    'entries',
    'outbox',
    'write_backs',
    'idempotency_keys',
  ]) {
    const about =
      contactId === undefined || !['snapshots', 'inbox', 'write_backs'].includes(table) ? '' : ' and record_id = $2';
    if (contactId !== undefined && about === '') continue;
    const values = contactId === undefined ? [text] : [text, contactId];
    const rows = await stage.rows<{ n: number }>(
      `select count(*)::int as n from ${table} t where lower(t::text) like '%' || lower($1) || '%'${about}`,
      values,
    );
    if ((rows[0]?.n ?? 0) > 0) found.push(table);
  }
  return found;
}
