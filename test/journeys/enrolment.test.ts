import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, ownProperties } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

let stage: Stage;
let portalId = 500;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

type Settings = Readonly<Record<string, unknown>>;

async function program(tenant: Tenant, settings: Settings = {}): Promise<string> {
  const created = await tenant.api('POST', '/programs', { ...DEAL_PROGRAM, ...settings });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  // The primary program is the one published first: never two at the same moment.
  stage.clock.advance(1);
  expect((await tenant.api('POST', `/programs/${created.body.id}/publish`)).status).toBe(200);
  return created.body.id;
}

async function newTenant(contacts: number): Promise<Tenant> {
  portalId += 1;
  stage.hubspot.control.createPortal({ portalId, contacts });
  const tenant = await stage.install(portalId);
  await stage.settle();
  return tenant;
}

function portal(tenant: Tenant) {
  return stage.hubspot.control.portal(tenant.portalId);
}

async function enrol(tenant: Tenant, programId: string, body: Settings) {
  const answer = await tenant.api('POST', `/programs/${programId}/enrolments`, body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
  return answer.body;
}

async function progressOf(tenant: Tenant, enrolmentId: string) {
  const answer = await tenant.api('GET', `/enrolments/${enrolmentId}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

const MINUTE = 60_000;

test('every contact gets a link of its own, written to it, and nobody else hears of it (RF-07, RF-12, RF-08)', async () => {
  const tenant = await newTenant(250);
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'all' });
  expect(started).toMatchObject({ state: 'running', source: 'all', list: null, ongoing: false });
  await stage.settle(MINUTE);
  const ended = await progressOf(tenant, started.id);
  expect(ended).toMatchObject({ state: 'done', error: null });
  expect(ended.progress).toMatchObject({ total: 250, seen: 250, enrolled: 250, already: 0, skipped: 0, remaining: 0 });
  const links = portal(tenant)
    .ids('contacts')
    .map((id) => ownProperties(stage, tenant.portalId, id)['passalong_referral_link']);
  expect(new Set(links).size).toBe(250);
  expect(links.every((link) => link?.startsWith(`${stage.publicUrl}/r/`))).toBe(true);
});

test('the same again makes no link and writes nothing (RF-07)', async () => {
  const tenant = await newTenant(120);
  const programId = await program(tenant);
  await enrol(tenant, programId, { source: 'all' });
  await stage.settle(MINUTE);
  const before = portal(tenant)
    .ids('contacts')
    .map((id) => ownProperties(stage, tenant.portalId, id));
  const since = stage.clock.now();
  stage.clock.advance(1);
  const again = await enrol(tenant, programId, { source: 'all' });
  await stage.settle(MINUTE);
  expect((await progressOf(tenant, again.id)).progress).toMatchObject({ seen: 120, enrolled: 0, already: 120 });
  const writes = stage.hubspot.control.log.calls({
    portalId: tenant.portalId,
    path: 'batch/update',
    sinceMs: since + 1,
  });
  expect(writes).toEqual([]);
  const after = portal(tenant)
    .ids('contacts')
    .map((id) => ownProperties(stage, tenant.portalId, id));
  expect(after).toEqual(before);
});

test('a static list enrols its members and nobody else (RF-12, RF-13, RL-09)', async () => {
  const tenant = await newTenant(30);
  const ids = portal(tenant).ids('contacts');
  const listId = portal(tenant).createList({ name: 'Happy customers', recordIds: ids.slice(0, 12) });
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'list', listId });
  expect(started.list).toEqual({ id: listId, name: 'Happy customers', kind: 'static' });
  await stage.settle(MINUTE);
  expect((await progressOf(tenant, started.id)).progress).toMatchObject({ total: 12, seen: 12, enrolled: 12 });
  const withLink = ids.filter((id) => ownProperties(stage, tenant.portalId, id)['passalong_referral_link']);
  expect(withLink.sort()).toEqual(ids.slice(0, 12).sort());
});

test('an active list that goes on: joins get links within the stated interval, leaves keep theirs (RF-13, RF-17, E21)', async () => {
  const tenant = await newTenant(20);
  const ids = portal(tenant).ids('contacts');
  for (const id of ids.slice(0, 5)) portal(tenant).setProperties('contacts', id, { jobtitle: 'Ambassador' });
  const listId = portal(tenant).createList({
    name: 'Ambassadors',
    filters: [{ propertyName: 'jobtitle', operator: 'EQ', value: 'Ambassador' }],
  });
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'list', listId, ongoing: true });
  await stage.settle(MINUTE);
  const watching = await progressOf(tenant, started.id);
  expect(watching).toMatchObject({ state: 'watching', list: { kind: 'active' } });
  expect(Date.parse(watching.nextCheckAt) - stage.clock.now()).toBeLessThanOrEqual(15 * MINUTE);

  const [leaver = '', joiner = ''] = [ids[0], ids[7]];
  portal(tenant).setProperties('contacts', joiner, { jobtitle: 'Ambassador' });
  portal(tenant).setProperties('contacts', leaver, { jobtitle: 'Retired' });
  await stage.pass(15 * MINUTE + 5_000);
  expect(ownProperties(stage, tenant.portalId, joiner)['passalong_referral_link']).toMatch(/\/r\//);
  const kept = ownProperties(stage, tenant.portalId, leaver)['passalong_referral_link'];
  expect(kept).toMatch(/\/r\//);
  expect((await fetch(kept ?? '', { redirect: 'manual' })).status).toBe(302);
  expect((await progressOf(tenant, started.id)).progress).toMatchObject({ enrolled: 6, departed: 1 });
});

test('where the program says so, the link of somebody who left rests, and is open again when they come back (E21)', async () => {
  const tenant = await newTenant(6);
  const ids = portal(tenant).ids('contacts');
  const [leaver = ''] = ids;
  const listId = portal(tenant).createList({ name: 'Partners', recordIds: ids });
  const programId = await program(tenant, { enrolment: { onLeave: 'pause' } });
  await enrol(tenant, programId, { source: 'list', listId, ongoing: true });
  await stage.settle(MINUTE);
  const { passalong_referral_link: link = '', passalong_referral_code: code } = ownProperties(
    stage,
    tenant.portalId,
    leaver,
  );
  portal(tenant).removeFromList(listId, [leaver]);
  await stage.pass(15 * MINUTE + 5_000);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(404);
  const refused = await tenant.api('POST', `/programs/${programId}/referrals`, { code, email: 'f@example.com' });
  expect(refused.body.error).toMatchObject({ code: 'advocate_paused', entryId: expect.stringMatching(/^ent_/) });
  portal(tenant).addToList(listId, [leaver]);
  await stage.pass(15 * MINUTE + 5_000);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
  expect(ownProperties(stage, tenant.portalId, leaver)['passalong_referral_code']).toBe(code);
  const retried = await tenant.api('POST', `/entries/${refused.body.error.entryId}/retry`, {});
  expect(retried.body).toMatchObject({ state: 'processed' });
});

test('somebody whose link rests and who joins by themselves has an open link again, the same one (E21, RL-13)', async () => {
  const tenant = await newTenant(2);
  const [leaver = ''] = portal(tenant).ids('contacts');
  const listId = portal(tenant).createList({ name: 'Partners', recordIds: [leaver] });
  const programId = await program(tenant, { enrolment: { onLeave: 'pause' } });
  await enrol(tenant, programId, { source: 'list', listId, ongoing: true });
  await stage.settle(MINUTE);
  portal(tenant).removeFromList(listId, [leaver]);
  await stage.pass(15 * MINUTE + 5_000);
  const { passalong_referral_link: link = '' } = ownProperties(stage, tenant.portalId, leaver);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(404);
  const email = portal(tenant).get('contacts', leaver)?.properties['email'];
  expect((await tenant.api('POST', `/programs/${programId}/advocates`, { email })).body.link).toBe(link);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
});

test('a link rests only when no other list of the program holds its advocate any more (E21)', async () => {
  const tenant = await newTenant(1);
  const [member = ''] = portal(tenant).ids('contacts');
  const lists = ['Partners', 'Customers'].map((name) => portal(tenant).createList({ name, recordIds: [member] }));
  const programId = await program(tenant, { enrolment: { onLeave: 'pause' } });
  for (const listId of lists) await enrol(tenant, programId, { source: 'list', listId, ongoing: true });
  await stage.settle(MINUTE);
  const { passalong_referral_link: link = '' } = ownProperties(stage, tenant.portalId, member);
  portal(tenant).removeFromList(lists[0] ?? '', [member]);
  await stage.pass(15 * MINUTE + 5_000);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
  portal(tenant).removeFromList(lists[1] ?? '', [member]);
  await stage.pass(15 * MINUTE + 5_000);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(404);
});

test('contacts created after an enrolment of everybody that goes on are enrolled at the next look (RF-17)', async () => {
  const tenant = await newTenant(10);
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'all', ongoing: true });
  await stage.settle(MINUTE);
  const late = portal(tenant).createContact({ email: 'late@example.com', firstname: 'Late' });
  await stage.pass(15 * MINUTE + 10_000);
  expect(ownProperties(stage, tenant.portalId, late)['passalong_referral_link']).toMatch(/\/r\//);
  const { progress, pass } = await progressOf(tenant, started.id);
  expect(pass).toBeGreaterThan(1);
  expect(progress).toMatchObject({ enrolled: 11 });
});

test('maps fill our details from the CRM with defaults, and the customer’s own properties from us (RF-14, RF-15, RF-41)', async () => {
  const tenant = await newTenant(0);
  portal(tenant).createProperty('contacts', {
    name: 'my_link',
    label: 'My link',
    groupName: 'contactinformation',
    type: 'string',
    fieldType: 'text',
  });
  const contact = portal(tenant).createContact({
    email: 'mapped@example.com',
    lastname: 'Mapped',
    jobtitle: 'Director',
  });
  const programId = await program(tenant, {
    enrolment: {
      mapIn: [
        { field: 'firstname', to: 'firstName', default: 'Friend' },
        { field: 'lastname', to: 'lastName' },
        { field: 'email', to: 'email' },
        { field: 'jobtitle', to: 'role' },
      ],
      mapOut: [{ from: 'link', field: 'my_link' }],
    },
  });
  await enrol(tenant, programId, { source: 'all' });
  await stage.settle(MINUTE);
  const record = portal(tenant).get('contacts', contact);
  expect(record?.properties['my_link']).toBe(record?.properties['passalong_referral_link']);
  const people = await stage.rows<{ first_name: string; last_name: string; details: object }>(
    'select first_name, last_name, details from people where workspace_id = $1',
    [tenant.workspaceId],
  );
  expect(people).toEqual([{ first_name: 'Friend', last_name: 'Mapped', details: { role: 'Director' } }]);
  expect(portal(tenant).get('contacts', contact)?.properties['firstname'] ?? '').toBe('');
});

test('a second program with fields of its own shows its link beside the first one’s (RF-05)', async () => {
  const tenant = await newTenant(3);
  const first = await program(tenant, { name: 'Customers' });
  const second = await program(tenant, { name: 'Partners', enrolment: { ownFields: true } });
  await stage.settle();
  await enrol(tenant, first, { source: 'all' });
  await enrol(tenant, second, { source: 'all' });
  await stage.settle(MINUTE);
  const [id = ''] = portal(tenant).ids('contacts');
  const own = ownProperties(stage, tenant.portalId, id);
  expect(own['passalong_partners_referral_link']).toMatch(/\/r\//);
  expect(own['passalong_partners_referral_link']).not.toBe(own['passalong_referral_link']);
  expect(own['passalong_partners_referred_count']).toBe('0');
});

test('contacts without an address are enrolled by their id, and two contacts are never one person by that (E15)', async () => {
  const tenant = await newTenant(0);
  for (const firstname of ['Ann', 'Bea']) portal(tenant).createContact({ firstname });
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'all' });
  await stage.settle(MINUTE);
  expect((await progressOf(tenant, started.id)).progress).toMatchObject({ enrolled: 2, skipped: 0 });
});

test('a paused enrolment stands still, resumes where it was, and a cancelled one never goes on (E22)', async () => {
  const tenant = await newTenant(900);
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'all' });
  // A second start of the same source is the same enrolment.
  expect((await enrol(tenant, programId, { source: 'all' })).id).toBe(started.id);
  const { body: paused } = await tenant.api('POST', `/enrolments/${started.id}/pause`);
  expect(paused.state).toBe('paused');
  await stage.settle(MINUTE);
  const halted = await progressOf(tenant, started.id);
  expect(halted.progress.seen).toBeLessThan(900);
  expect((await tenant.api('POST', `/enrolments/${started.id}/resume`)).body.state).toBe('running');
  await stage.settle(MINUTE);
  expect(await progressOf(tenant, started.id)).toMatchObject({ state: 'done', progress: { enrolled: 900 } });
  expect((await tenant.api('POST', `/enrolments/${started.id}/pause`)).status).toBe(409);

  const second = await enrol(tenant, programId, { source: 'all' });
  expect((await tenant.api('POST', `/enrolments/${second.id}/cancel`)).body.state).toBe('cancelled');
  await stage.settle(MINUTE);
  expect((await progressOf(tenant, second.id)).progress.seen).toBeLessThan(900);
  expect((await tenant.api('POST', `/enrolments/${second.id}/resume`)).status).toBe(409);
});

test('a list that is deleted on the way ends the enrolment with a reason; the links given stay (E21)', async () => {
  const tenant = await newTenant(5);
  const ids = portal(tenant).ids('contacts');
  const listId = portal(tenant).createList({ name: 'Short-lived', recordIds: ids });
  const programId = await program(tenant);
  const started = await enrol(tenant, programId, { source: 'list', listId, ongoing: true });
  await stage.settle(MINUTE);
  portal(tenant).deleteList(listId);
  await stage.pass(15 * MINUTE + 5_000);
  const ended = await progressOf(tenant, started.id);
  expect(ended).toMatchObject({ state: 'failed', error: { code: 'crm_list_gone' } });
  expect(ownProperties(stage, tenant.portalId, ids[0] ?? '')['passalong_referral_link']).toMatch(/\/r\//);
});

test('what cannot be started says why: a draft, a list that is not there, enrolment switched off (RF-02, RF-40)', async () => {
  const tenant = await newTenant(1);
  const { body: draft } = await tenant.api('POST', '/programs', DEAL_PROGRAM);
  expect((await tenant.api('POST', `/programs/${draft.id}/enrolments`, { source: 'all' })).body.error.code).toBe(
    'program_not_published',
  );
  const programId = await program(tenant);
  const noList = await tenant.api('POST', `/programs/${programId}/enrolments`, { source: 'list', listId: '999999' });
  expect(noList.body.error).toMatchObject({ code: 'crm_list_gone' });
  const off = await program(tenant, { enrolment: { enabled: false } });
  expect((await tenant.api('POST', `/programs/${off}/enrolments`, { source: 'all' })).body.error.code).toBe(
    'enrolment_off',
  );
});

test('a mapped property that somebody deletes costs itself only: the other values are written, and the dead letter names it (E23)', async () => {
  const tenant = await newTenant(0);
  portal(tenant).createProperty('contacts', {
    name: 'my_code',
    label: 'My code',
    groupName: 'contactinformation',
    type: 'string',
    fieldType: 'text',
  });
  const [first, second] = ['one', 'two'].map((name) => portal(tenant).createContact({ email: `${name}@example.com` }));
  const programId = await program(tenant, { enrolment: { mapOut: [{ from: 'code', field: 'my_code' }] } });
  portal(tenant).archiveProperty('contacts', 'my_code');
  await enrol(tenant, programId, { source: 'all' });
  await stage.settle(MINUTE);
  for (const id of [first, second])
    expect(ownProperties(stage, tenant.portalId, id ?? '')['passalong_referral_link']).toMatch(/\/r\//);
  const dead = (await tenant.api('GET', '/dead-letters')).body.items;
  expect(dead).toHaveLength(2);
  expect(JSON.stringify(dead)).toContain('my_code');
});
