import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSite, type Capture, type Site } from './capture.ts';
import { openStage, type Stage } from './stage.ts';

/** What can happen between the moment a friend is taken up and the moment the CRM's answer is recorded, or instead of it. */
const CREATE: Capture = {
  map: [
    { field: 'email', from: 'friend.email' },
    { field: 'firstname', from: 'friend.firstName' },
  ],
  deal: { policy: 'create', pipelineId: 'default', stageId: 'qualifiedtobuy' },
};
const OPEN = 'select kind from outbox where done_at is null order by kind';

let stage: Stage;
let site: Site;

beforeEach(async () => {
  stage = await openStage();
  site = await openSite(stage, 2501, CREATE);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

/** Something happens while this call is on its way, once. */
function during(path: string, happen: () => Promise<unknown>): () => boolean {
  const realFetch = globalThis.fetch;
  let happened = false;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await realFetch(input, init);
    if (!happened && new Request(input).url.endsWith(path)) {
      happened = true;
      await happen();
    }
    return answer;
  });
  return () => happened;
}

function dealsOf(contactId: string) {
  return site.deals().filter(({ associations }) => associations['contacts']?.includes(contactId));
}

test('leaving while a deal is waiting: nothing is called any more, and after coming back the deal is made once (RF-46)', async () => {
  stage.hubspot.control.faults.add({ kind: 'locked', path: 'deals/batch/create' });
  const referralId = await site.refer('finn@example.org');
  await stage.settle(1_000);
  await site.tenant.api('DELETE', `/connections/${site.tenant.connectionId}`);
  stage.hubspot.control.faults.clear();
  stage.hubspot.control.log.clear();
  await stage.pass(3_600_000);
  expect(stage.hubspot.control.log.calls()).toEqual([]);
  await stage.install(2501);
  await stage.settle(600_000);
  const { id } = site.contact('finn@example.org');
  expect(dealsOf(id).map(({ properties }) => properties['passalong_referral_id'])).toEqual([referralId]);

  // A deal that people deleted is not made anew by leaving and coming back.
  site.portal.delete('deals', dealsOf(id)[0]!.id);
  await site.tenant.api('DELETE', `/connections/${site.tenant.connectionId}`);
  await stage.install(2501);
  await stage.settle(600_000);
  expect(site.deals()).toEqual([]);
});

test('a friend referred while the account was away is captured when it is back, also one whose contact was known (RF-47)', async () => {
  await site.tenant.api('POST', `/programs/${site.launched.programId}/advocates`, { email: 'known@example.org' });
  await stage.settle();
  await site.tenant.api('DELETE', `/connections/${site.tenant.connectionId}`);
  const ids = [await site.refer('known@example.org'), await site.refer('new@example.org')];
  await stage.install(2501);
  await stage.settle(600_000);
  const deals = site.deals().map(({ properties }) => properties['passalong_referral_id']);
  expect(deals.sort()).toEqual(ids.sort());
});

test('leaving while the contact is being created: the answer is kept, and coming back makes no second one (RF-46)', async () => {
  const left = during('/contacts/batch/create', () =>
    site.tenant.api('DELETE', `/connections/${site.tenant.connectionId}`),
  );
  const referralId = await site.refer('finn@example.org');
  await stage.service.process(site.tenant);
  expect(left()).toBe(true);
  await stage.install(2501);
  await stage.settle(600_000);
  const { id } = site.contact('finn@example.org');
  expect(dealsOf(id).map(({ properties }) => properties['passalong_referral_id'])).toEqual([referralId]);
});

test('a friend who becomes one with another person while the CRM is asked is captured as that one (E5)', async () => {
  await site.refer('older@example.org');
  await stage.settle();
  stage.clock.advance(60_000);
  const second = await site.program({ name: 'Second', capture: CREATE });
  const referralId = await site.refer('younger@example.org', second);
  const [older] = await stage.rows(`select person_id from person_emails where email = 'older@example.org'`);
  const [younger] = await stage.rows(`select person_id from person_emails where email = 'younger@example.org'`);
  const merge = async () => {
    const [kept, other] = [older?.['person_id'], younger?.['person_id']];
    for (const table of ['person_emails', 'crm_records', 'referrals'])
      await stage.rows(`update ${table} set person_id = $1 where person_id = $2`, [kept, other]);
    await stage.rows('update people set merged_into = $1 where id = $2', [kept, other]);
  };
  const merged = during('/contacts/batch/create', merge);
  await stage.service.process(site.tenant);
  await stage.settle(600_000);
  expect(merged()).toBe(true);
  const dead =
    'select record_id from crm_records r join people p on p.id = r.person_id where p.merged_into is not null';
  expect(await stage.rows(dead)).toEqual([]);
  const [deal, ...others] = site.deals().filter(({ properties }) => properties['passalong_referral_id'] === referralId);
  expect([deal?.properties['dealname'], others]).toEqual(['Finn Friend, referred by Ada Advocate', []]);
  expect(await stage.rows(OPEN)).toEqual([]);
});

test('somebody erased while the CRM is asked is left alone from then on (E32)', async () => {
  const referralId = await site.refer('gone@example.org', { answers: { city: 'Bonn' } });
  const erase = () =>
    stage.rows(`update people set erased_at = now(), email = null, first_name = null, last_name = null
                 where id = (select person_id from referrals where id = '${referralId}')`);
  const erased = during('/contacts/batch/create', erase);
  await stage.service.process(site.tenant);
  await stage.settle(600_000);
  expect(erased()).toBe(true);
  expect(site.deals()).toEqual([]);
  expect(await stage.rows(OPEN)).toEqual([]);
});

test('somebody erased before their deal is made gets none, although their contact is still there (E32)', async () => {
  stage.hubspot.control.faults.add({ kind: 'locked', path: 'deals/batch/create', times: 1 });
  const referralId = await site.refer('gone@example.org');
  await stage.service.process(site.tenant);
  const [waiting] = await stage.rows(`select id from outbox where kind = 'ensure_deal' and done_at is null`);
  expect(waiting).toBeDefined();
  await stage.rows(
    `update people set erased_at = now(), email = null, first_name = null, last_name = null
      where id = (select person_id from referrals where id = $1)`,
    [referralId],
  );
  await stage.settle(600_000);
  expect(site.deals()).toEqual([]);
  expect(await stage.rows(OPEN)).toEqual([]);
});

test('a privacy deletion takes the answers of the friend along, and HubSpot’s words about them (E32)', async () => {
  const referralId = await site.refer('finn@example.org', { answers: { city: 'Bonn' } });
  await stage.settle();
  const { id } = site.contact('finn@example.org');
  await stage.rows(
    `insert into entries (id, workspace_id, state, reason_code, reason, trigger, referral_id, input, trace, created_at, updated_at)
     values ('ent_x', $1, 'failed', 'contact_refused', 'finn@example.org is no address', '{"kind":"capture"}', $2, '{}',
             '{"refusal":{"message":"finn@example.org"}}', now(), now())`,
    [site.tenant.workspaceId, referralId],
  );
  site.portal.privacyDelete(id);
  await stage.settle();
  expect(await stage.rows('select answers from referrals')).toEqual([{ answers: {} }]);
  expect(JSON.stringify(await stage.rows('select * from entries'))).not.toMatch(/finn|Bonn/i);
  // Referred again, HubSpot refuses the address: kept as an entry, and nothing loops.
  const again = await site.refer('finn@example.org');
  await stage.settle(600_000);
  expect((await site.entries(again))[0]).toMatchObject({ state: 'failed', reasonCode: 'contact_refused' });
});

test('one item that cannot be read holds nobody else up: it alone is tried again and set aside (E37)', async () => {
  const realFetch = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : '';
    const ours = !new Request(input).url.startsWith(stage.hubspot.url);
    if (ours || !body.includes('poison@example.org')) return realFetch(input, init);
    return Response.json({ status: 'error', category: 'VALIDATION_ERROR', message: 'No.' }, { status: 400 });
  });
  const emails = ['a@example.org', 'b@example.org', 'c@example.org', 'poison@example.org', 'd@example.org'];
  const ids = await Promise.all(emails.map((email) => site.refer(email)));
  await stage.settle(10_000);
  expect(site.portal.ids('contacts')).toHaveLength(emails.length);
  const waiting = await stage.rows('select key, attempts from outbox where done_at is null');
  expect(waiting).toEqual([{ key: ids[3], attempts: 1 }]);
  vi.restoreAllMocks();
  await stage.settle(60_000);
  site.contact('poison@example.org');
});

test('with two accounts a referral waits until both have answered (C7)', async () => {
  const denying = await openSite(stage, 2502, { duplicates: { policy: 'deny' } });
  const referralId = await denying.refer('finn@example.org');
  await stage.rows(
    `insert into connections (id, workspace_id, crm, external_account_id, status, scopes, created_at, connected_at)
     select 'con_second', workspace_id, 'salesforce', '00D', 'connected', scopes, created_at, connected_at
       from connections where id = $1`,
    [denying.tenant.connectionId],
  );
  await stage.rows(
    `insert into outbox (id, workspace_id, connection_id, kind, key, payload, due_at, created_at)
     select 'out_second', workspace_id, 'con_second', kind, key, payload, due_at, created_at from outbox where key = $1`,
    [referralId],
  );
  await stage.service.process(denying.tenant);
  denying.contact('finn@example.org');
  expect(await denying.heldFor(referralId)).toBe('capture');
  // The other one answers, and this one happens to be the last.
  await stage.rows(`update outbox set done_at = created_at, due_at = null where id = 'out_second'`);
  await stage.rows('update outbox set due_at = created_at, done_at = null where key = $1 and connection_id = $2', [
    referralId,
    denying.tenant.connectionId,
  ]);
  await stage.service.process(denying.tenant);
  expect(await denying.heldFor(referralId)).toBeNull();
});

test('a referral that one account put before a person ends when another account denies it (C7)', async () => {
  const denying = await openSite(stage, 2503, { duplicates: { policy: 'deny' } });
  denying.portal.createContact({ email: 'known@example.org' });
  stage.clock.advance(2 * 3_600_000);
  const referralId = await denying.refer('known@example.org');
  await stage.rows(`update referrals set held_for = 'review' where id = $1`, [referralId]);
  await stage.settle();
  expect((await denying.referral(referralId)).status).toBe('denied');
  expect(await denying.heldFor(referralId)).toBeNull();
});
