import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inboundEvent } from '../../shared/contracts/events.ts';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { realUseCases } from './real-use-cases.ts';
import { createWorkspace, PUBLIC_URL, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let app: TestServer['app'];
let mine: Workspace;
let other: Workspace;
let seed: Seed;
let foreign: Seed;
/** A second program of the same workspace, and a code in it. */
let second: { programId: string; code: string };

beforeAll(async () => {
  server = await startTestServer();
  const { database } = server;
  app = server.appWith({ useCases: realUseCases(server) });
  mine = await createWorkspace(database, 'ws_mine');
  seed = await seedWorkspace(database, 'ws_mine', { letter: 'b', account: '111' });
  other = await createWorkspace(database, 'ws_other');
  foreign = await seedWorkspace(database, 'ws_other', { letter: 'c', account: '222' });
  await database.inWorkspace('ws_mine', (tx) => tx('connections').update({ status: 'disconnected' }));
  const programId = await publishSecond();
  const { code } = await call('post', `/programs/${programId}/advocates`, { email: 'bea@example.com' });
  second = { programId, code: code as string };
});
afterAll(() => server.close());

async function publishSecond(): Promise<string> {
  const rule = { status: 'approved', object: 'deal', pipelineId: 'default', values: ['closedwon'] };
  const { id } = await call('post', '/programs', { name: 'Second', rules: [rule] });
  await call('post', `/programs/${String(id)}/publish`);
  return id as string;
}

type Answer = Record<string, unknown>;

async function call(method: 'get' | 'post', path: string, body?: object): Promise<Answer> {
  const answer = await request(app)[method](`/api/v1${path}`).set('Authorization', mine.authorization).send(body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body as Answer;
}

function post(event: object, workspace = mine): request.Test {
  return request(app).post('/api/v1/events').set('Authorization', workspace.authorization).send(event);
}

let count = 0;
const ORDER = { id: '1001', amount: '120.00', currency: 'USD' };
const AT = '2026-11-20T09:59:00.000Z';

/** An order of somebody, under a new id. */
function order(referral: object, more: object = {}): { id: string; type: string } & Record<string, unknown> {
  count += 1;
  return { id: `evt_${count}`, type: 'order.completed', occurredAt: AT, referral, order: ORDER, ...more };
}

type Noted = { entryId: string; state: string; referralId: string | null };

async function noted(event: object): Promise<Noted> {
  const answer = await post(event);
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return answer.body as Noted;
}

async function refer(programId: string, code: string, email: string): Promise<string> {
  const { referralId } = await call('post', `/programs/${programId}/referrals`, { code, email, firstName: 'Dana' });
  return referralId as string;
}

describe('referral_created', () => {
  const created = (referral: object, more: object = {}): object =>
    order(referral, { type: 'referral_created', order: undefined, ...more });

  test('records a referral with its entry; the code tells the program (SG-25)', async () => {
    const event = created({ code: seed.code, email: 'new@example.com', firstName: 'Nina' });
    const { entryId, state, referralId } = await noted(event);
    expect(state).toBe('processed');
    expect(await call('get', `/referrals/${String(referralId)}`)).toMatchObject({
      programId: seed.programId,
      friend: { email: 'new@example.com', firstName: 'Nina' },
      status: 'pending',
    });
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({
      reasonCode: 'referral_recorded',
      trigger: { kind: 'event', type: 'referral_created', occurredAt: AT },
      input: { email: 'new@example.com', code: seed.code },
      programId: seed.programId,
      referralId,
    });
  });

  test('of a friend who was referred before is kept, and adds nothing', async () => {
    const referral = { code: seed.code, email: 'twice@example.com' };
    const first = await noted(created(referral));
    const again = await noted(created(referral));
    expect(again).toMatchObject({ state: 'ignored', referralId: first.referralId });
    const elsewhere = await noted(created({ code: seed.code, email: 'ada.b@example.com' }));
    expect(elsewhere).toMatchObject({ state: 'ignored', referralId: null });
  });

  test('with an unknown code is kept to be mended, and mended it is recorded', async () => {
    const { entryId, state, referralId } = await noted(
      created({ code: 'zzzzzzzzzzz', email: 'mend@example.com' }, { programId: seed.programId }),
    );
    expect([state, referralId]).toEqual(['failed', null]);
    await call('post', `/entries/${entryId}/retry`, { edits: { code: seed.code } });
    const entry = await call('get', `/entries/${entryId}`);
    expect(entry).toMatchObject({ state: 'processed', reasonCode: 'referral_recorded', attempts: 2 });
    expect(await call('get', `/referrals/${String(entry['referralId'])}`)).toMatchObject({
      friend: { email: 'mend@example.com' },
    });
  });

  test('with an unknown code and no program is kept, too, where several programs are live', async () => {
    const { entryId, state } = await noted(created({ code: 'zzzzzzzzzzz', email: 'lost@example.com' }));
    expect(state).toBe('failed');
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({ reasonCode: 'program_unclear', programId: null });
    await call('post', `/entries/${entryId}/retry`, { edits: { code: second.code } });
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({ programId: second.programId });
  });
});

describe('an event of a friend', () => {
  test('is noted with the referral, by its id or by the friend’s e-mail, and changes no status (SG-38)', async () => {
    const referralId = await refer(seed.programId, seed.code, 'buyer@example.com');
    for (const referral of [{ referralId }, { email: ' Buyer@Example.com ' }]) {
      const answer = await noted(order(referral));
      expect(answer).toMatchObject({ state: 'processed', referralId });
      expect(await call('get', `/entries/${answer.entryId}`)).toMatchObject({
        reasonCode: 'event_noted',
        reason: 'order.completed noted for this referral: 120.00 USD',
        programId: seed.programId,
        input: { order: ORDER },
      });
    }
    const converted = await noted(order({ referralId }, { type: 'referral_converted', order: undefined }));
    expect(await call('get', `/entries/${converted.entryId}`)).toMatchObject({
      reason: 'referral_converted noted for this referral',
    });
    expect(await call('get', `/referrals/${referralId}`)).toMatchObject({ status: 'pending' });
  });

  test('who is nobody’s is kept, and noted once the address is mended (SG-38)', async () => {
    const referralId = await refer(seed.programId, seed.code, 'typo@example.com');
    const { entryId, state } = await noted(order({ email: 'tpyo@example.com' }));
    expect(state).toBe('failed');
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({
      reasonCode: 'friend_unknown',
      input: { email: 'tpyo@example.com', order: ORDER },
    });
    const retry = await call('post', `/entries/${entryId}/retry`, { edits: { email: 'typo@example.com' } });
    expect(retry).toEqual({ entryId, state: 'processed' });
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({ reasonCode: 'event_noted', referralId });
  });

  test.each([
    ['a malformed address', { email: 'typo@' }, 'email_malformed'],
    ['an id that leads nowhere', { referralId: 'ref_nowhere' }, 'referral_unknown'],
    [
      'an id that leads nowhere, whatever the address',
      { referralId: 'ref_nowhere', email: 'a@b.example' },
      'referral_unknown',
    ],
  ])('with %s is kept to be mended', async (_what, referral, reasonCode) => {
    const { entryId, state } = await noted(order(referral));
    expect(state).toBe('failed');
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({ reasonCode });
  });

  test('who stands in two programs waits for a person, unless the program or the code tells which', async () => {
    const email = 'both@example.com';
    const [here, there] = [
      await refer(seed.programId, seed.code, email),
      await refer(second.programId, second.code, email),
    ];
    expect(await noted(order({ email }, { programId: second.programId }))).toMatchObject({ referralId: there });
    expect(await noted(order({ email, code: seed.code }))).toMatchObject({ referralId: here });
    const { entryId, state, referralId } = await noted(order({ email }));
    expect([state, referralId]).toEqual(['review', null]);
    const { reasonCode, trace } = await call('get', `/entries/${entryId}`);
    expect([reasonCode, trace]).toEqual(['referral_ambiguous', { referralIds: [here, there].sort() }]);
    await call('post', `/entries/${entryId}/retry`, { edits: { referralId: there } });
    expect(await call('get', `/entries/${entryId}`)).toMatchObject({ state: 'processed', referralId: there });
  });

  test('of another workspace is not found by its id, nor is its program', async () => {
    expect(await noted(order({ referralId: foreign.referralId }))).toMatchObject({ state: 'failed', referralId: null });
    const answer = await post(order({ email: 'x@example.com' }, { programId: foreign.programId }));
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { code: 'program_not_found' } });
  });

  test('that is noted is not retried, and an entry of an event takes no other edits', async () => {
    const referralId = await refer(seed.programId, seed.code, 'done@example.com');
    const retry = (entryId: string, edits: object) =>
      request(app).post(`/api/v1/entries/${entryId}/retry`).set('Authorization', mine.authorization).send({ edits });
    expect((await retry((await noted(order({ referralId }))).entryId, {})).status).toBe(409);
    const failed = await noted(order({ email: 'nobody@example.com' }));
    expect((await retry(failed.entryId, { type: 'x' })).status).toBe(422);
  });
});

describe('the same event again', () => {
  test('is answered with what was kept, and nothing is there twice (SG-09)', async () => {
    const event = order({ email: 'again@example.com' });
    const first = await noted(event);
    const { referral, ...rest } = event;
    const again = await post({ referral, ...rest });
    expect([again.status, again.body]).toEqual([200, first]);
    const referralId = await refer(seed.programId, seed.code, 'later@example.com');
    await call('post', `/entries/${first.entryId}/retry`, { edits: { email: 'later@example.com' } });
    expect((await post(event)).body).toEqual({ entryId: first.entryId, state: 'processed', referralId });
    expect(await entriesOf(event.id)).toBe(1);
  });

  test('at once is kept once: the database decides (SG-09)', async () => {
    const event = order({ email: 'race@example.com' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(event)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await entriesOf(event.id)).toBe(1);
  });

  test('with other content is refused, and says where the first one is', async () => {
    const event = order({ email: 'fixed@example.com' });
    const { entryId } = await noted(event);
    const answer = await post({ ...event, order: { ...ORDER, amount: '121.00' } });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ error: { code: 'event_id_reused', entryId } });
  });

  test('of another type or another workspace is another event', async () => {
    const event = order({ email: 'own@example.com' });
    await noted(event);
    expect((await post({ ...event, type: 'order.refunded' })).status).toBe(201);
    expect((await post(event, other)).status).toBe(201);
  });

  test('that was refused may be sent again when what it named is there', async () => {
    const { id } = await call('post', '/programs', { name: 'Draft' });
    const event = order(
      { code: seed.code, email: 'early@example.com' },
      { type: 'referral_created', order: undefined, programId: id },
    );
    const refused = await post(event);
    expect([refused.status, (refused.body as { error: { code: string } }).error.code]).toEqual([
      409,
      'program_not_published',
    ]);
    expect(await entriesOf(event.id)).toBe(0);
  });

  async function entriesOf(eventId: string): Promise<number> {
    return server.database.inWorkspace('ws_mine', async (tx) => {
      const rows = await tx('entries').whereRaw(`trigger ->> 'eventId' = ?`, [eventId]).select('id');
      return rows.length;
    });
  }
});

test('an event without a key is refused', async () => {
  const answer = await request(app)
    .post('/api/v1/events')
    .send(order({ email: 'x@example.com' }));
  expect([answer.status, answer.text.includes('api_key_refused')]).toEqual([401, true]);
});

describe('the published schema and the service agree (SG-06)', () => {
  const document = openApiDocument(PUBLIC_URL);
  const published = document.paths['/api/v1/events']?.['post']?.requestBody?.content['application/json']?.schema;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const fits = ajv.compile({ ...published, components: document.components });

  const good = { id: 'e1', type: 'order.completed', occurredAt: AT, referral: { email: 'a@b.example' }, order: ORDER };
  const { order: _order, ...withoutOrder } = good;
  const { referral: _referral, ...withoutReferral } = good;
  const created = { ...withoutOrder, type: 'referral_created', referral: { code: 'c', email: 'a@b.example' } };
  const facts = (entries: number): object =>
    Object.fromEntries(Array.from({ length: entries }, (_, i) => [`k${i}`, i]));

  test.each<[string, object, string[]]>([
    ['an order', good, []],
    ['an order by the referral’s id', { ...good, referral: { referralId: 'ref_1' } }, []],
    ['an order without one', withoutOrder, ['order']],
    ['an order of an unknown currency’s shape', { ...good, order: { ...ORDER, currency: 'usd' } }, ['order.currency']],
    ['an order with a float', { ...good, order: { ...ORDER, amount: 120.5 } }, ['order.amount']],
    ['an order with a negative amount', { ...good, order: { ...ORDER, amount: '-1' } }, ['order.amount']],
    ['an order with more in it', { ...good, order: { ...ORDER, lines: [] } }, ['order.lines']],
    ['an order of nobody', { ...good, referral: {} }, ['referral.email']],
    ['an order of a code alone', { ...good, referral: { code: 'c' } }, ['referral.email']],
    ['a new referral', created, []],
    ['a new referral without a code', { ...created, referral: { email: 'a@b.example' } }, ['referral.code']],
    ['a new referral without an address', { ...created, referral: { code: 'c' } }, ['referral.email']],
    ['a new referral by id', { ...created, referral: { referralId: 'ref_1' } }, ['referral.code', 'referral.email']],
    ['a converted one', { ...withoutOrder, type: 'referral_converted' }, []],
    ['a converted one of nobody', { ...withoutOrder, type: 'referral_converted', referral: {} }, ['referral.email']],
    ['a word of one’s own', { ...withoutOrder, type: 'demo.booked_2' }, []],
    ['a word of one’s own with an order', { ...good, type: 'order.refunded' }, []],
    ['a word in capitals', { ...good, type: 'Order' }, ['type']],
    ['a word of one letter', { ...good, type: 'o' }, ['type']],
    ['no type', { ...good, type: undefined }, ['type']],
    ['no referral', withoutReferral, ['referral']],
    ['an id with a space', { ...good, id: 'e 1' }, ['id']],
    ['an empty id', { ...good, id: '' }, ['id']],
    ['a day without a time', { ...good, occurredAt: '2026-11-20' }, ['occurredAt']],
    ['a day that is none', { ...good, occurredAt: '2026-02-30T10:00:00Z' }, ['occurredAt']],
    ['an address of spaces', { ...good, referral: { email: '  ' } }, ['referral.email']],
    [
      'a name that is too long',
      { ...good, referral: { email: 'a@b.example', firstName: 'x'.repeat(121) } },
      ['referral.firstName'],
    ],
    ['a foreign kind of id', { ...good, referral: { referralId: 'adv_1' } }, ['referral.referralId']],
    ['a program', { ...good, programId: 'prg_1' }, []],
    ['a program that is none', { ...good, programId: '1' }, ['programId']],
    ['plain facts', { ...good, data: { shop: 'eu', items: 2, gift: false, note: null } }, []],
    ['as many facts as may be', { ...good, data: facts(20) }, []],
    ['too many facts', { ...good, data: facts(21) }, ['data']],
    ['a fact with an inside', { ...good, data: { shop: { id: 1 } } }, ['data.shop']],
    ['a fact under a bad name', { ...good, data: { 'a b': 1 } }, ['data.a b']],
    ['a long fact', { ...good, data: { note: 'x'.repeat(501) } }, ['data.note']],
    ['a field nobody knows', { ...good, surprise: 1 }, ['surprise']],
    ['a list', [good] as object, ['body']],
  ])('on %s', async (what, sent, refused) => {
    const event = JSON.parse(JSON.stringify(sent)) as object;
    const ok = refused.length === 0;
    expect([inboundEvent.safeParse(event).success, fits(event)]).toEqual([ok, ok]);
    const id = Array.isArray(event) || refused.includes('id') ? {} : { id: `agree_${what.replaceAll(/[^a-z]/g, '_')}` };
    const answer = await post(Array.isArray(event) ? event : { ...event, ...id });
    if (ok && !('programId' in event)) expect(answer.status).toBe(201);
    if (ok) return;
    expect(answer.status).toBe(422);
    const { fields } = (answer.body as { error: { fields: { path: string; message: string }[] } }).error;
    expect(fields.map(({ path }) => path)).toEqual(refused);
    for (const { message } of fields) expect(message).toMatch(/\S/);
  });
});
