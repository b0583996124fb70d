import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../backend/src/ids.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, NOW, startTestServer, type TestServer } from './test-server.ts';

const CONTACT = '003000000000001AAA';
const LEAD = '00Q000000000001AAA';
const RECORD = 'a00000000000001AAA';
const HOST = 'acme.lightning.force.com';

let server: TestServer;
let account = 200;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

type Linked = {
  readonly seed: Seed;
  readonly workspaceId: string;
  change(table: string, where: object, to: object): Promise<void>;
};

/** A workspace whose referral and advocate are in a Salesforce org. */
async function linked(letter: string, advocateRecord = CONTACT): Promise<Linked> {
  const workspaceId = `ws_go_${letter}`;
  await createWorkspace(server.database, workspaceId);
  account += 1;
  const seed = await seedWorkspace(server.database, workspaceId, { letter, account: String(account) });
  const of = { workspace_id: workspaceId };
  const at = new Date(NOW);
  const connection = { ...of, connection_id: `con_org_${letter}` };
  await server.database.inWorkspace(workspaceId, async (tx) => {
    await tx('connections').insert({
      ...of,
      id: connection.connection_id,
      crm: 'salesforce',
      external_account_id: `00D${letter}`,
      status: 'connected',
      ui_domain: HOST,
      connected_at: at,
      created_at: at,
    });
    await tx('crm_records').insert({
      ...connection,
      object_type: 'contact',
      record_id: advocateRecord,
      person_id: `per_a_seed${letter}`,
      first_seen_at: at,
    });
    await tx('write_backs').insert({
      ...connection,
      object_type: 'referral',
      record_id: seed.referralId,
      desired: '{}',
      written: JSON.stringify({ referralState: 'pending', referralRecordId: RECORD }),
    });
  });
  const change: Linked['change'] = async (table, where, to) => {
    const changed = await server.database.inWorkspace(workspaceId, (tx) => tx(table).where(where).update(to));
    expect(changed).toBe(1);
  };
  return { seed, workspaceId, change };
}

const open = (path: string, app = server.app) => request(app).get(`/go/${path}`);

/** What somebody learns, but for the number of the request. */
async function answerTo(path: string): Promise<readonly unknown[]> {
  const { status, text, headers } = await open(path, server.appWith({}));
  const { date: _date, 'x-request-id': _id, ...rest } = headers as Record<string, string>;
  return [status, text, rest];
}

test('leads to the referral’s own record, and to the advocate’s contact or lead, and says nothing else (RR-20)', async () => {
  const { seed } = await linked('b');
  const referral = await open(`referrals/${seed.referralId}`);
  expect([referral.status, referral.headers['location']]).toEqual([302, `https://${HOST}/lightning/r/${RECORD}/view`]);
  expect(referral.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(referral.headers['set-cookie']).toBeUndefined();
  const advocate = await open(`advocates/${seed.advocateId}`);
  expect(advocate.headers['location']).toBe(`https://${HOST}/lightning/r/Contact/${CONTACT}/view`);
  const { seed: other } = await linked('c', LEAD);
  const lead = await open(`advocates/${other.advocateId}`);
  expect(lead.headers['location']).toBe(`https://${HOST}/lightning/r/Lead/${LEAD}/view`);
});

test.each<[string, 'referrals' | 'advocates', (one: Linked) => Promise<void> | void]>([
  [
    'whose friend was erased',
    'referrals',
    (one) => one.change('people', { id: one.seed.referralId.replace('ref_', 'per_f_') }, { erased_at: new Date(NOW) }),
  ],
  [
    'that is not written yet',
    'referrals',
    (one) => one.change('write_backs', { record_id: one.seed.referralId }, { written: null }),
  ],
  [
    'that was written before its record was kept',
    'referrals',
    (one) => one.change('write_backs', { record_id: one.seed.referralId }, { written: '{"referralState":"pending"}' }),
  ],
  [
    'of an org that left',
    'referrals',
    (one) => one.change('connections', { crm: 'salesforce' }, { status: 'disconnected' }),
  ],
  [
    'of an org that says no address',
    'referrals',
    (one) => one.change('connections', { crm: 'salesforce' }, { ui_domain: null }),
  ],
  [
    'of an org with an odd address',
    'referrals',
    (one) => one.change('connections', { crm: 'salesforce' }, { ui_domain: 'evil.example/x?' }),
  ],
  [
    'who was erased',
    'advocates',
    (one) => one.change('people', { id: one.seed.advocateId.replace('adv_', 'per_a_') }, { erased_at: new Date(NOW) }),
  ],
  [
    'whose record is gone',
    'advocates',
    (one) => one.change('crm_records', { record_id: CONTACT }, { deleted_at: new Date(NOW) }),
  ],
])('one %s looks exactly like one that nobody has (RR-20, E36)', async (name, of, change) => {
  const letter = 'dfghjkmnpq'[account % 10] ?? 'x';
  const one = await linked(`${letter}${String(account)}`);
  const id = of === 'referrals' ? one.seed.referralId : one.seed.advocateId;
  expect((await open(`${of}/${id}`)).status, name).toBe(302);
  await change(one);
  expect(await answerTo(`${of}/${id}`)).toEqual(await answerTo(`${of}/${newId(of === 'referrals' ? 'ref' : 'adv')}`));
});

test('an id is looked for as what it is asked as, however it is written (RR-20)', async () => {
  const { seed } = await linked('t');
  const paths = [
    `advocates/${seed.referralId}`,
    `referrals/${seed.advocateId}`,
    'referrals/%00',
    'advocates/%3Cscript%3E',
    'referrals/%E0%A4%A',
  ];
  for (const path of paths) {
    const answer = await open(path, server.appWith({}));
    expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 404, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('This page does not exist');
    expect(answer.text).not.toContain('<script');
  }
});

test('whoever tries too many ids waits, with good ones too (E36)', async () => {
  const { seed } = await linked('v');
  const app = server.appWith({});
  for (let guess = 0; guess < 30; guess += 1) expect((await open(`referrals/${newId('ref')}`, app)).status).toBe(404);
  const refused = await open(`referrals/${seed.referralId}`, app);
  expect([refused.status, refused.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  server.clock.moveMs(300_000);
  expect((await open(`referrals/${seed.referralId}`, app)).status).toBe(302);
});

test('ids have about a hundred bits, so thirty tries in five minutes find none in a lifetime (E36)', () => {
  const ids = Array.from({ length: 200 }, () => newId('ref'));
  for (const id of ids) expect(id).toMatch(/^ref_[0-9a-z]{20}$/);
  expect(new Set(ids).size).toBe(200);
  expect(20 * Math.log2(36)).toBeGreaterThan(100);
});
