import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openedForm } from '../pages/opened-form.ts';
import { publishPage, type PublishedPage } from '../pages/published-page.ts';
import { recordingUseCases, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let page: PublishedPage;
let other: PublishedPage;
const DANA = { firstName: 'Dana', lastName: 'Friend', email: 'dana@example.com' };

beforeAll(async () => {
  server = await startTestServer();
  page = await publishPage(server.database, { letter: 'b', account: '111' }, { consentText: 'I agree.' });
  other = await publishPage(server.database, { letter: 'c', account: '112' });
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
  server.clock.moveMs(3_600_000);
});

function joinPath(): string {
  return `/p/${page.programId}/join`;
}

function post(values: object, app = server.app, path = joinPath()): request.Test {
  return request(app).post(path).type('form').send(values);
}

test('makes an advocate and shows the link, the same for everybody (RL-13, RF-38)', async () => {
  const form = await openedForm(server.app, joinPath());
  const known = server.appWith({
    useCases: {
      ...recordingUseCases([]),
      enrolAdvocate: () =>
        Promise.resolve({ advocateId: page.advocateId, code: page.code, link: '', created: false, reopened: false }),
    },
  });
  const created = await post({ ...form, ...DANA }, server.app, joinPath());
  expect([created.status, created.headers['location']]).toEqual([303, `${joinPath()}/done?code=k7m2x9qdwtz`]);
  expect(server.calls).toEqual([
    [
      'enrolAdvocate',
      page.workspaceId,
      'page:join',
      {
        programId: page.programId,
        email: 'dana@example.com',
        firstName: 'Dana',
        lastName: 'Friend',
        phone: null,
        answers: {},
        consent: { text: 'I agree.', at: new Date(server.clock.now()).toISOString() },
        crmRecordId: null,
      },
    ],
  ]);
  const repeated = await post({ ...(await openedForm(known, joinPath())), ...DANA }, known, joinPath());
  expect(repeated.headers['location']).toBe(`${joinPath()}/done?code=${page.code}`);
  const done = await request(server.app).get(String(repeated.headers['location']));
  expect([done.status, done.text]).toEqual([
    200,
    expect.stringContaining(`>https://refer.example.com/r/${page.code}</textarea>`),
  ]);
});

test('asks for name, address and consent, and says what is missing', async () => {
  const answer = await post({ email: 'x' }, server.app, joinPath());
  expect(answer.status).toBe(422);
  for (const name of ['firstName', 'email', 'consent']) expect(answer.text).toContain(`<a href="#field-${name}"`);
  expect(answer.text).not.toContain('answer.');
  expect(server.calls).toEqual([]);
});

test('shows no link of another program, and counts who tries', async () => {
  const app = server.appWith({});
  expect((await request(app).get(`${joinPath()}/done?code=${other.code}`)).status).toBe(404);
  for (let guess = 0; guess < 30; guess += 1) await request(app).get(`${joinPath()}/done?code=k7m2x9qdwtz`);
  expect((await request(app).get(`${joinPath()}/done?code=${page.code}`)).status).toBe(429);
});

test('a robot that fills in the trap is thanked, and nobody is enrolled', async () => {
  const answer = await post({
    ...(await openedForm(server.app, joinPath())),
    ...DANA,
    homepage: 'https://spam.example',
  });
  expect(answer.status).toBe(303);
  expect((await request(server.app).get(String(answer.headers['location']))).text).toContain('Thank you');
  expect(server.calls).toEqual([]);
});

test('the same form again enrols once and leads to the same link', async () => {
  const values = { ...(await openedForm(server.app, joinPath())), ...DANA };
  const answers = await Promise.all([post(values), post(values), post(values)]);
  expect(new Set(answers.map(({ headers }) => headers['location'])).size).toBe(1);
  expect(server.calls).toHaveLength(1);
});
