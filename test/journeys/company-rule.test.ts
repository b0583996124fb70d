import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 841;
const MINUTE_MS = 60_000;

/** Approves everybody whose company becomes a customer. */
const COMPANY_PROGRAM = {
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  rules: [
    {
      object: 'company',
      field: 'lifecyclestage',
      operator: 'any_of',
      values: ['customer'],
      status: 'approved',
      enabled: true,
    },
  ],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'manual',
      kind: 'fixed',
      amount: '25.00',
      currency: 'EUR',
    },
  ],
};

let stage: Stage;
let tenant: Tenant;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const contactOf = (email: string): string => portal().find('contacts', 'email', email)[0]!.id;
const statusOf = (email: string) => ownProperties(stage, PORTAL, contactOf(email))['passalong_referral_status'];
const rewards = async () => (await stage.rows<{ count: number }>('select count(*)::int from rewards'))[0]?.count;
const companyReads = () => stage.hubspot.control.log.calls({ path: '/companies/batch/read' });
const openQuestions = () =>
  stage.rows(
    `select object_type, record_id, referral_id, reason_code from entries where state = 'review' order by seq`,
  );

/** Friends who are referred and then found to work at one company. */
async function referColleagues(launched: Launched, companyId: string, emails: readonly string[]): Promise<void> {
  for (const email of emails) await referFriend(tenant, launched, { email });
  await stage.settle();
  for (const email of emails) portal().associate(['contacts', contactOf(email)], ['companies', companyId]);
  await stage.pass(2 * MINUTE_MS);
}

function makeCustomer(companyId: string): Promise<void> {
  portal().setProperties('companies', companyId, { lifecyclestage: 'customer' });
  return stage.pass(3 * MINUTE_MS);
}

test('a company that becomes a customer approves the friend who works there, and the entry names the company (RR-53, RR-32)', async () => {
  const launched = await launch(stage, tenant, COMPANY_PROGRAM);
  const alder = portal().createCompany({ name: 'Alder', lifecyclestage: 'lead' });
  await referColleagues(launched, alder, ['finn@example.org']);
  expect(statusOf('finn@example.org')).toBe('pending');
  await makeCustomer(alder);
  expect(statusOf('finn@example.org')).toBe('approved');
  expect(await rewards()).toBe(1);
  const [entry] = await stage.rows(
    `select object_type, record_id, trace -> 'verdict' -> 'decidingRecord' as deciding
       from entries where state = 'processed' and reason_code = 'rule_met' and referral_id is not null order by seq desc limit 1`,
  );
  expect(entry).toMatchObject({ object_type: 'company', record_id: alder });
});

test('companies nobody was referred from are never read, however often they change', async () => {
  const launched = await launch(stage, tenant, COMPANY_PROGRAM);
  const [alder, birch] = [portal().createCompany({ name: 'Alder' }), portal().createCompany({ name: 'Birch' })];
  const stranger = portal().createContact({ email: 'stranger@example.org' });
  portal().associate(['contacts', stranger], ['companies', birch]);
  await referColleagues(launched, alder, ['finn@example.org']);
  expect(companyReads().length).toBeGreaterThan(0);
  stage.hubspot.control.log.clear();
  await makeCustomer(birch);
  expect(companyReads()).toEqual([]);
  expect(statusOf('finn@example.org')).toBe('pending');
});

test('after two companies became one, what happens to the one that is left counts for the people of both', async () => {
  const launched = await launch(stage, tenant, COMPANY_PROGRAM);
  const [alder, birch] = [portal().createCompany({ name: 'Alder' }), portal().createCompany({ name: 'Birch' })];
  await referColleagues(launched, birch, ['finn@example.org']);
  const survivor = portal().merge('companies', alder, birch);
  await stage.pass(2 * MINUTE_MS);
  await makeCustomer(survivor);
  expect(statusOf('finn@example.org')).toBe('approved');
  expect(await rewards()).toBe(1);
});

test('who leaves a company has nothing of what becomes of it', async () => {
  const launched = await launch(stage, tenant, COMPANY_PROGRAM);
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(launched, alder, ['finn@example.org', 'greta@example.org']);
  portal().dissociate(['contacts', contactOf('greta@example.org')], ['companies', alder]);
  await stage.pass(2 * MINUTE_MS);
  await makeCustomer(alder);
  expect([statusOf('finn@example.org'), statusOf('greta@example.org')]).toEqual(['approved', 'pending']);
  portal().delete('companies', alder);
  await stage.pass(2 * MINUTE_MS);
  const [gone] = await stage.rows(
    `select deleted_at is not null as gone from crm_records where object_type = 'company'`,
  );
  expect(gone).toEqual({ gone: true });
});

const withContacts = (maxContacts: number) => ({
  ...COMPANY_PROGRAM,
  matching: { contacts: 'company_contacts', maxContacts },
});
const THREE = ['finn@example.org', 'greta@example.org', 'henry@example.org'];

test('where the program says so, a change of one contact looks at all three people of the company (RR-38)', async () => {
  const launched = await launch(stage, tenant, withContacts(50));
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(launched, alder, THREE);
  await makeCustomer(alder);
  expect(THREE.map(statusOf)).toEqual(['approved', 'approved', 'approved']);
  expect(await rewards()).toBe(3);
  const [before] = await stage.rows<{ last: string }>('select max(seq) as last from entries');
  const finn = contactOf('finn@example.org');
  const deal = { dealname: 'One', pipeline: 'default', dealstage: 'appointmentscheduled' };
  portal().createDeal(deal, [finn]);
  await stage.pass(MINUTE_MS);
  const looked = await stage.rows(
    `select count(distinct referral_id)::int as friends from entries where seq > $1 and object_type = 'deal'`,
    [before?.last],
  );
  expect(looked).toEqual([{ friends: 3 }]);
  expect(await rewards()).toBe(3);
});

test('more people than allowed: nobody is looked at, and one entry of the company says so (E38)', async () => {
  const launched = await launch(stage, tenant, withContacts(2));
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(launched, alder, THREE);
  await makeCustomer(alder);
  portal().setProperties('companies', alder, { lifecyclestage: 'opportunity' });
  await stage.pass(3 * MINUTE_MS);
  await makeCustomer(alder);
  expect(THREE.map(statusOf)).toEqual(['pending', 'pending', 'pending']);
  expect(await rewards()).toBe(0);
  expect(await openQuestions()).toEqual([
    { object_type: 'company', record_id: alder, referral_id: null, reason_code: 'too_many_contacts' },
  ]);
});

test('that question is due by the program’s setting, and time says yes as a person would (E27, E38)', async () => {
  const decisions = { reviewTimeout: { policy: 'approve', afterDays: 5 }, notifyReview: true };
  const launched = await launch(stage, tenant, { ...withContacts(2), decisions });
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(launched, alder, THREE);
  await makeCustomer(alder);
  const [asked] = await stage.rows<{ id: string; ms: number; notify: boolean }>(
    `select id, extract(epoch from review_due_at - created_at)::int * 1000 as ms, notify from entries where state = 'review'`,
  );
  expect(asked).toMatchObject({ ms: 5 * 24 * 60 * MINUTE_MS, notify: true });
  stage.clock.advance(5 * 24 * 60 * MINUTE_MS);
  await stage.service.timeOutReviews();
  await stage.pass(MINUTE_MS);
  expect(THREE.map(statusOf)).toEqual(['approved', 'approved', 'approved']);
  expect((await tenant.api('GET', `/entries/${asked?.id}`)).body.reasonCode).toBe('review_timed_out');
});

test('a person who says yes to that has all of them looked at, once; a no changes nothing (E38)', async () => {
  const launched = await launch(stage, tenant, withContacts(2));
  const [alder, birch] = [portal().createCompany({ name: 'Alder' }), portal().createCompany({ name: 'Birch' })];
  const others = THREE.map((email) => `other.${email}`);
  await referColleagues(launched, alder, THREE);
  await referColleagues(launched, birch, others);
  await makeCustomer(alder);
  await makeCustomer(birch);
  const asked = await stage.rows<{ id: string; record_id: string }>(
    `select id, record_id from entries where state = 'review' order by seq`,
  );
  expect(asked.map(({ record_id: recordId }) => recordId)).toEqual([alder, birch]);
  const answer = (companyId: string, verb: 'approve' | 'reject') =>
    tenant.api('POST', `/entries/${asked.find((entry) => entry.record_id === companyId)?.id}/${verb}`, {});
  expect((await answer(alder, 'approve')).status).toBe(200);
  expect((await answer(alder, 'approve')).status).toBe(200);
  expect((await answer(birch, 'reject')).status).toBe(200);
  await stage.pass(MINUTE_MS);
  expect(THREE.map(statusOf)).toEqual(['approved', 'approved', 'approved']);
  expect(others.map(statusOf)).toEqual(['pending', 'pending', 'pending']);
  expect(await rewards()).toBe(3);
});

test('as many people as allowed are looked at, all of them (E38)', async () => {
  const launched = await launch(stage, tenant, withContacts(3));
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(launched, alder, THREE);
  await makeCustomer(alder);
  expect(THREE.map(statusOf)).toEqual(['approved', 'approved', 'approved']);
  expect(await openQuestions()).toEqual([]);
});

test('a program with too many people at a company asks for itself; the other decides its own, also the same people (E38)', async () => {
  const narrow = await launch(stage, tenant, withContacts(2));
  const wide = (await tenant.api('POST', '/programs', { ...withContacts(50), name: 'Wide' })).body.id as string;
  await tenant.api('POST', `/programs/${wide}/publish`);
  const bea = (await tenant.api('POST', `/programs/${wide}/advocates`, { email: 'bea@example.com' })).body;
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(narrow, alder, THREE);
  await referFriend(tenant, { ...narrow, programId: wide, code: bea.code }, { email: 'finn@example.org' });
  await stage.pass(2 * MINUTE_MS);
  const statuses = async () =>
    (
      await stage.rows<{ said: string }>(
        `select r.program_id = $1 as wide, p.email, r.status,
                concat(case when r.program_id = $1 then 'wide' else 'narrow' end, ' ', r.status) as said
           from referrals r join people p on p.id = r.person_id order by 1, 2`,
        [wide],
      )
    ).map(({ said }) => said);
  await makeCustomer(alder);
  expect(await statuses()).toEqual(['narrow pending', 'narrow pending', 'narrow pending', 'wide approved']);
  const asked = await stage.rows<{ id: string }>(
    `select id, program_id, review_key, review_due_at from entries where state = 'review'`,
  );
  const { programId } = narrow;
  expect(asked).toEqual([
    { id: asked[0]?.id, program_id: programId, review_key: `too_many_contacts:${programId}`, review_due_at: null },
  ]);
  expect((await tenant.api('POST', `/entries/${asked[0]?.id}/approve`, {})).status).toBe(200);
  expect(await statuses()).toEqual(['narrow approved', 'narrow approved', 'narrow approved', 'wide approved']);
});

/** As many more friends at the company as if each had been referred one by one. */
async function copyFriend(email: string, copies: number): Promise<void> {
  const columns = async (table: string, others: readonly string[]): Promise<string> => {
    const all = await stage.rows<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
      [table],
    );
    return all
      .map(({ name }) => `"${name}"`)
      .filter((name) => !others.includes(name))
      .join(', ');
  };
  const contactId = contactOf(email);
  const [friend] = await stage.rows<{ person_id: string }>('select person_id from crm_records where record_id = $1', [
    contactId,
  ]);
  for (const { table, key, id, where } of [
    { table: 'people', key: '"id"', id: `'per_copy' || n`, where: 't.id = $1' },
    {
      table: 'crm_records',
      key: '"record_id"',
      id: `'9' || n`,
      where: `t.person_id = $1 and t.object_type = 'contact'`,
    },
    { table: 'referrals', key: '"id"', id: `'ref_copy' || n`, where: 't.person_id = $1' },
  ]) {
    const ofPerson = table === 'people' ? [] : ['"person_id"'];
    const same = await columns(table, [key, ...ofPerson]);
    const named = [key, ...ofPerson, same].join(', ');
    const values = [id, ...ofPerson.map(() => `'per_copy' || n`), same].join(', ');
    await stage.rows(
      `insert into ${table} (${named}) select ${values} from ${table} t, generate_series(1, ${String(copies)}) n where ${where}`,
      [friend?.person_id],
    );
  }
}

test('five hundred people at one company are asked about once, and decided page by page when a person says so (E38)', async () => {
  const launched = await launch(stage, tenant, COMPANY_PROGRAM);
  const alder = portal().createCompany({ name: 'Alder' });
  await referColleagues(launched, alder, ['finn@example.org']);
  await copyFriend('finn@example.org', 499);
  await makeCustomer(alder);
  const byStatus = () => stage.rows('select status, count(*)::int from referrals group by 1');
  expect(await byStatus()).toEqual([{ status: 'pending', count: 500 }]);
  const asked = await stage.rows<{ id: string }>(`select id from entries where state = 'review'`);
  expect(asked).toHaveLength(1);
  const answer = await tenant.api('POST', `/entries/${asked[0]?.id}/approve`, {});
  expect(answer.status).toBe(200);
  expect(await byStatus()).toEqual([{ status: 'approved', count: 500 }]);
  expect(await rewards()).toBe(500);
});

test('companies are searched while a version in use decides by them, and no longer', async () => {
  const launched = await launch(stage, tenant, COMPANY_PROGRAM);
  const searches = () => stage.hubspot.control.log.calls({ path: '/companies/search' }).length;
  await stage.pass(10 * MINUTE_MS);
  expect(searches()).toBeGreaterThan(2);
  const [rule] = COMPANY_PROGRAM.rules;
  const { programId } = launched;
  const saved = await tenant.api('PUT', `/programs/${programId}`, {
    ...COMPANY_PROGRAM,
    rules: [{ ...rule, object: 'contact' }],
  });
  expect(saved.status).toBe(200);
  expect((await tenant.api('POST', `/programs/${programId}/publish`)).status).toBe(200);
  await stage.pass(MINUTE_MS);
  stage.hubspot.control.log.clear();
  await stage.pass(15 * MINUTE_MS);
  expect(searches()).toBe(0);
});
