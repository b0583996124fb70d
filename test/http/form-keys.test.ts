import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ALLOWED_ORIGIN, DEFINITION, seedWorkspace, type Seed } from './seed.ts';
import { realUseCases } from './real-use-cases.ts';
import { createWorkspace, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let mine: Workspace;
let seed: Seed;
let foreign: Seed;

beforeAll(async () => {
  server = await startTestServer();
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  await createWorkspace(server.database, 'ws_other');
  foreign = await seedWorkspace(server.database, 'ws_other', { letter: 'c', account: '222' });
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
  // Out of every limit's window.
  server.clock.moveMs(301_000);
});

const FRIEND = { email: 'dana@example.com', firstName: 'Dana' };
const PLACES = [
  { what: 'referrals', useCase: 'recordReferral', body: { ...FRIEND, code: 'k7m2x9qdwtb' } },
  { what: 'advocates', useCase: 'enrolAdvocate', body: FRIEND },
] as const;

type Sent = {
  readonly app?: TestServer['app'];
  readonly what?: string;
  readonly body?: object;
  readonly key?: string;
  readonly origin?: string | null;
  readonly programId?: string;
};

/** As a page of the program's own site would call. */
function send({ app = server.app, what = 'referrals', origin = ALLOWED_ORIGIN, ...sent }: Sent): request.Test {
  const call = request(app)
    .post(`/api/v1/programs/${sent.programId ?? seed.programId}/${what}`)
    .set('Authorization', `Bearer ${sent.key ?? seed.formKey}`);
  if (origin !== null) void call.set('Origin', origin);
  return call.send(sent.body ?? PLACES[0].body);
}

function refusal(answer: request.Response): [number, string] {
  return [answer.status, (answer.body as { error: { code: string } }).error.code];
}

describe.each(PLACES)('POST …/$what with a form key', ({ what, useCase, body }) => {
  test('is received from an allowed origin, and the page may read the answer', async () => {
    const answer = await send({ what, body });
    expect([answer.status, answer.body]).toEqual([202, { received: true }]);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ALLOWED_ORIGIN, vary: 'Origin' });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    const [call] = server.calls;
    expect(call).toMatchObject([useCase, 'ws_mine', 'form_key', { programId: seed.programId, ...body }]);
  });

  test.each([
    ['of a page nobody named', 'https://evil.example'],
    ['that only begins like an allowed one', `${ALLOWED_ORIGIN}.evil.example`],
    ['of the same host without encryption', 'http://www.example.com'],
    ['that is opaque', 'null'],
    ['that is missing', null],
  ])('is refused from an origin %s', async (_what, origin) => {
    const answer = await send({ what, body, origin });
    expect(refusal(answer)).toEqual([403, 'origin_not_allowed']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(server.calls).toEqual([]);
  });

  test('of another program answers as if the program did not exist', async () => {
    const made = await request(server.app)
      .post('/api/v1/programs')
      .set('Authorization', mine.authorization)
      .send({ name: 'Beside it' });
    for (const programId of [(made.body as { id: string }).id, foreign.programId, 'prg_nowhere']) {
      expect(refusal(await send({ what, body, programId }))).toEqual([404, 'program_not_found']);
    }
    expect(server.calls).toEqual([]);
  });

  test('that is unknown, malformed or of a draft is refused', async () => {
    const draft = await request(server.app)
      .post('/api/v1/programs')
      .set('Authorization', mine.authorization)
      .send({ name: 'Draft' });
    const { formKey } = draft.body as { formKey: string };
    for (const key of [`pf_${'z'.repeat(26)}`, 'pf_short', `pf_${'%'.repeat(26)}`, formKey]) {
      expect(refusal(await send({ what, body, key }))).toEqual([401, 'api_key_refused']);
    }
    expect(server.calls).toEqual([]);
  });

  test('is told which fields are wrong, readable by the page', async () => {
    const answer = await send({ what, body: { ...body, surprise: 1 } });
    expect(refusal(answer)).toEqual([422, 'request_invalid']);
    expect(answer.headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
  });

  test('is asked for beforehand by a browser, and only allowed origins get a yes', async () => {
    const ask = (origin: string, programId: string) =>
      request(server.app)
        .options(`/api/v1/programs/${programId}/${what}`)
        .set({ Origin: origin, 'Access-Control-Request-Method': 'POST' });
    const yes = await ask(ALLOWED_ORIGIN, seed.programId);
    expect(yes.status).toBe(204);
    expect(yes.headers).toMatchObject({
      'access-control-allow-origin': ALLOWED_ORIGIN,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
      vary: 'Origin',
    });
    expect(yes.headers['access-control-allow-credentials']).toBeUndefined();
    for (const [origin, programId] of [
      ['https://evil.example', seed.programId],
      [ALLOWED_ORIGIN, 'prg_nowhere'],
      [ALLOWED_ORIGIN, seed.formKey],
      [ALLOWED_ORIGIN, 'prg_%00'],
    ] as const) {
      const no = await ask(origin, programId);
      expect(refusal(no)).toEqual([403, 'origin_not_allowed']);
      expect(no.headers['access-control-allow-origin']).toBeUndefined();
    }
    const plain = await request(server.app).options(`/api/v1/programs/${seed.programId}/${what}`);
    expect(plain.status).toBe(405);
  });

  test('answers a server with an API key as ever, without asking where it is', async () => {
    const answer = await send({ what, body, key: mine.authorization.slice('Bearer '.length), origin: null });
    expect(answer.status).toBe(201);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

test('a form key opens nothing else', async () => {
  for (const path of ['referrals', 'programs', 'connections', 'entries']) {
    const answer = await request(server.app)
      .get(`/api/v1/${path}`)
      .set({ Authorization: `Bearer ${seed.formKey}`, Origin: ALLOWED_ORIGIN });
    expect(refusal(answer)).toEqual([401, 'api_key_refused']);
  }
});

test('a form cannot say where a referral came from, nor who somebody is in the CRM or by an id of the customer’s', async () => {
  await send({ body: { ...PLACES[0].body, source: 'rep', externalId: 'order-9' } });
  expect(server.calls[0]?.[3]).toMatchObject({ source: 'form', externalId: null });
  await send({ what: 'advocates', body: { ...FRIEND, externalId: 'P-77' } });
  expect(server.calls.pop()?.[3]).toMatchObject({ externalId: null });
  const answer = await send({ what: 'advocates', body: { ...FRIEND, crmRecordId: '501' } });
  expect(refusal(answer)).toEqual([422, 'request_invalid']);
  expect(answer.text).toContain('crmRecordId');
  expect(server.calls).toHaveLength(1);
});

test('nobody joins by a form where the program does not take them', async () => {
  const definition = JSON.stringify({ ...DEFINITION, page: { ...DEFINITION.page, joinOpen: false } });
  await server.database.inWorkspace('ws_other', async (tx) => {
    await tx('program_versions').insert({
      workspace_id: 'ws_other',
      program_id: foreign.programId,
      version: 2,
      definition,
      published_by: 'test',
      published_at: new Date(server.clock.now()),
    });
    await tx('programs').where({ id: foreign.programId }).update({ published_version: 2 });
  });
  const theirs = { programId: foreign.programId, key: foreign.formKey };
  expect(refusal(await send({ ...theirs, what: 'advocates', body: FRIEND }))).toEqual([403, 'join_closed']);
  expect((await send(theirs)).status).toBe(202);
});

describe('with the real ledger behind it', () => {
  let app: TestServer['app'];

  beforeAll(() => {
    app = server.appWith({ useCases: realUseCases(server) });
  });

  async function newestReason(): Promise<string> {
    const answer = await request(app).get('/api/v1/entries').set('Authorization', mine.authorization);
    return (answer.body as { items: { reasonCode: string }[] }).items[0]?.reasonCode ?? '';
  }

  test('a new friend, one who was referred before, by whomever, and the advocate are answered alike, and kept apart', async () => {
    const second = await request(app)
      .post(`/api/v1/programs/${seed.programId}/advocates`)
      .set('Authorization', mine.authorization)
      .send({ email: 'second@example.com' });
    const { code } = second.body as { code: string };
    const cases = [
      ['referral_recorded', { code: seed.code, email: 'new@example.com' }],
      ['referral_repeated', { code: seed.code, email: 'new@example.com' }],
      ['already_referred', { code, email: 'new@example.com' }],
      ['self_referral', { code: seed.code, email: 'ada.b@example.com' }],
    ] as const;
    const shapes = new Set<string>();
    for (const [reason, body] of cases) {
      const { status, text, headers } = await send({ app, body });
      const { 'x-request-id': _id, date: _date, ...others } = headers as Record<string, string>;
      shapes.add(JSON.stringify([status, text, others]));
      expect(await newestReason()).toBe(reason);
    }
    expect([...shapes]).toHaveLength(1);
    expect([...shapes][0]).toMatch(/^\[202,"\{\\"received\\":true\}"/);
  });

  test('an advocate who joins twice is answered alike, and nobody is told a code', async () => {
    const [first, again] = [
      await send({ app, what: 'advocates', body: { email: 'joins@example.com' } }),
      await send({ app, what: 'advocates', body: { email: 'joins@example.com' } }),
    ];
    expect([first.status, first.text, again.status]).toEqual([202, again.text, 202]);
  });

  test('an unknown code and a malformed address are told, and kept to be mended', async () => {
    const unknown = await send({ app, body: { code: 'zzzzzzzzzzz', email: 'x@example.com' } });
    expect(refusal(unknown)).toEqual([422, 'referral_code_unknown']);
    const malformed = await send({ app, body: { code: seed.code, email: 'x@' } });
    expect(refusal(malformed)).toEqual([422, 'email_malformed']);
    expect(await newestReason()).toBe('email_malformed');
  });

  test('whoever tries codes is made to wait, and then let in again', async () => {
    const guess = (index: number) =>
      send({ app, body: { code: `zzzzzzzzz${'bcdfghjkmnpqrstvwxyz'[index % 20]}b`, email: 'x@example.com' } });
    for (let index = 0; index < 30; index += 1) {
      expect((await guess(index)).status).toBe(422);
      // So that only the codes are too many, and not the forms.
      if (index === 15) server.clock.moveMs(200_000);
    }
    server.clock.moveMs(99_000);
    const refused = await guess(30);
    expect(refusal(refused)).toEqual([429, 'too_many_tries']);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'access-control-allow-origin': ALLOWED_ORIGIN });
    server.clock.moveMs(1_000);
    expect((await guess(31)).status).toBe(422);
  });
});

test('one address sends at most thirty forms in five minutes, and API keys are not concerned', async () => {
  const app = server.appWith({});
  const statuses = await Promise.all(Array.from({ length: 31 }, () => send({ app }).then(({ status }) => status)));
  expect([
    statuses.filter((status) => status === 202).length,
    statuses.filter((status) => status === 429).length,
  ]).toEqual([30, 1]);
  expect((await send({ app, key: mine.authorization.slice('Bearer '.length) })).status).toBe(201);
  server.clock.moveMs(300_000);
  expect((await send({ app })).status).toBe(202);
});

describe('Idempotency-Key', () => {
  test('runs a form once and answers it twice', async () => {
    const [first, second] = [
      await send({}).set('Idempotency-Key', 'form-1'),
      await send({}).set('Idempotency-Key', 'form-1'),
    ];
    expect([first.status, second.status, second.headers['idempotent-replayed']]).toEqual([202, 202, 'true']);
    expect(server.calls).toHaveLength(1);
    const other = await send({ body: { ...PLACES[0].body, email: 'else@example.com' } }).set(
      'Idempotency-Key',
      'form-1',
    );
    expect(refusal(other)).toEqual([409, 'idempotency_key_reused']);
  });

  test('of an API key and of a form key are two: neither reads the answer of the other', async () => {
    const asServer = () => send({ key: mine.authorization.slice('Bearer '.length) }).set('Idempotency-Key', 'shared');
    const asForm = () => send({}).set('Idempotency-Key', 'shared');
    expect((await asServer()).body).toMatchObject({ referralId: 'ref_new' });
    const form = await asForm();
    expect([form.status, form.body]).toEqual([202, { received: true }]);
    expect((await asServer()).body).toMatchObject({ referralId: 'ref_new' });
    expect(server.calls).toHaveLength(2);
  });
});
