import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPool } from '../../backend/src/db/database.ts';
import {
  AdvocatePaused,
  AlreadyReferred,
  EmailMalformed,
  SelfReferral,
} from '../../backend/src/referrals/referral-errors.ts';
import { openedForm } from '../pages/opened-form.ts';
import { publishPage, type PublishedPage } from '../pages/published-page.ts';
import { recordingUseCases, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let page: PublishedPage;
let other: PublishedPage;
const DANA = { firstName: 'Dana', lastName: 'Friend', email: 'dana@example.com', phone: '' };
const CONSENT = 'I agree to be contacted.';

beforeAll(async () => {
  server = await startTestServer();
  page = await publishPage(
    server.database,
    { letter: 'b', account: '111' },
    {
      brandName: 'Blue <Bottle>',
      logoUrl: 'https://cdn.example.com/logo.svg?v=1',
      color: '#ffe600',
      attributionDays: 30,
      consentText: CONSENT,
      privacyUrl: 'https://example.com/privacy',
      questions: [
        { key: 'companySize', label: 'How many are you?', required: true, options: ['1-10', '11-50'] },
        { key: 'wish', label: 'What do you wish for?', required: false, options: [] },
      ],
    },
  );
  other = await publishPage(server.database, { letter: 'c', account: '112' });
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
  server.clock.moveMs(3_600_000);
});

function signUpPath(of = page): string {
  return `/p/${of.programId}/sign-up`;
}

function openForm(app = server.app, path = `${signUpPath()}?ref=${page.code}`): Promise<Record<string, string>> {
  return openedForm(app, path);
}

function post(values: object, app = server.app, path = signUpPath()): request.Test {
  return request(app).post(path).type('form').send(values);
}

describe('the sign-up page', () => {
  test('asks for what the program asks for, in the brand’s name, with everything escaped', async () => {
    const answer = await request(server.app).get(`${signUpPath()}?ref=${page.code}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const part of ['name="firstName"', 'name="answer.companySize"', 'name="answer.wish"', CONSENT, '11-50'])
      expect(answer.text).toContain(part);
    expect(answer.text).toContain('alt="Blue &lt;Bottle&gt;"');
    expect(answer.text).not.toContain('<Bottle>');
    expect(answer.text).toContain('href="https://example.com/privacy"');
  });

  test('lets nothing run, be loaded or frame it, but the brand’s own logo', async () => {
    const { headers } = await request(server.app).get(`${signUpPath()}?ref=${page.code}`);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src https:\/\/cdn\.example\.com; /);
    expect(policy).toContain("form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  test('records the friend with answers and the words of consent, then sends the browser on (RF-20)', async () => {
    const form = await openForm();
    const answer = await post({ ...form, ...DANA, 'answer.companySize': '11-50', 'answer.wish': ' tea\u0000 ' });
    expect([answer.status, answer.headers['location']]).toEqual([303, `${signUpPath()}/thanks`]);
    const at = new Date(server.clock.now()).toISOString();
    expect(server.calls).toEqual([
      [
        'recordReferral',
        page.workspaceId,
        'page:sign_up',
        {
          programId: page.programId,
          code: page.code,
          email: 'dana@example.com',
          firstName: 'Dana',
          lastName: 'Friend',
          phone: null,
          source: 'link',
          answers: { companySize: '11-50', wish: 'tea' },
          consent: { text: CONSENT, at },
        },
      ],
    ]);
    const thanks = await request(server.app).get(String(answer.headers['location']));
    expect([thanks.status, thanks.text]).toEqual([200, expect.stringContaining('Thank you')]);
  });

  test('says at each field what is wrong, keeps what was typed, and leads from the summary to the fields', async () => {
    const form = await openForm();
    const { consent: _untouched, ...unticked } = form;
    const typed = { ...unticked, firstName: ' ', email: 'dana@', 'answer.companySize': 'many', phone: '<b>"1"</b>' };
    const answer = await post(typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('role="alert" tabindex="-1" autofocus');
    for (const name of ['firstName', 'email', 'answer-companySize', 'consent']) {
      expect(answer.text).toContain(`<a href="#field-${name}"`);
      expect(answer.text).toContain(`aria-invalid="true" aria-describedby="field-${name}-problem"`);
      expect(answer.text).toContain(`id="field-${name}-problem"`);
    }
    expect(answer.text).toContain('value="dana@"');
    expect(answer.text).toContain('value="&lt;b&gt;&quot;1&quot;&lt;/b&gt;"');
    expect(answer.text).toContain(`value="${form['submission']}"`);
    expect(server.calls).toEqual([]);
  });

  test('takes no tick beneath words that have changed since', async () => {
    const changing = await publishPage(server.database, { letter: 'd', account: '113' }, { consentText: CONSENT });
    const form = await openForm(server.app, `${signUpPath(changing)}?ref=${changing.code}`);
    await changing.publish({ consentText: 'I agree to everything.' });
    const answer = await post({ ...form, ...DANA }, server.app, signUpPath(changing));
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('The text has changed')]);
    const again = await post(
      { ...(await openForm(server.app, `${signUpPath(changing)}?ref=${changing.code}`)), ...DANA },
      server.app,
      signUpPath(changing),
    );
    expect([again.status, server.calls.length]).toEqual([303, 1]);
  });
});

describe('whose friend it is', () => {
  const cookieOf = (code: string, atS: number) => `other=1; passalong_ref=${code}.${atS}; more=2`;
  const nowS = () => server.clock.now() / 1000;
  const opened = (cookie: string, query = '', of = page) =>
    request(server.app)
      .get(`${signUpPath(of)}${query}`)
      .set('Cookie', cookie);

  test('says the address first, then the visit the browser remembers while it counts', async () => {
    expect((await opened(cookieOf(page.code, nowS() - 29 * 86_400))).status).toBe(200);
    expect((await opened(cookieOf('k7m2x9qdwtz', nowS()), `?ref=${page.code}`)).status).toBe(200);
    expect((await opened(cookieOf(page.code, nowS()), '?ref=newsletter')).status).toBe(200);
  });

  test.each([
    ['none', () => ''],
    ['an expired one', () => cookieOf(page.code, nowS() - 30 * 86_400 - 1)],
    ['one from the future', () => cookieOf(page.code, nowS() + 3_600)],
    ['a forged one', () => `passalong_ref=${page.code}`],
    ['another forged one', () => `passalong_ref=${page.code}.1e9`],
    ['one of a code nobody has', () => cookieOf('k7m2x9qdwtz', nowS())],
    ['one of another program', () => cookieOf(other.code, nowS())],
  ])('with a cookie such as %s, the page asks for a personal link', async (_which, cookie) => {
    const answer = await opened(cookie());
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('You need a personal link')]);
    expect(answer.text).not.toContain('<form');
  });

  test('a code of another program is nobody’s, and records nothing when it is posted', async () => {
    expect((await opened(cookieOf(page.code, nowS()), `?ref=${other.code}`)).status).toBe(404);
    const form = await openForm();
    const answer = await post({ ...form, ...DANA, ref: other.code, 'answer.companySize': '1-10' });
    expect([answer.status, server.calls]).toEqual([404, []]);
  });
});

describe('what the answer must not tell', () => {
  const refused = (error: Error) =>
    server.appWith({ useCases: { ...recordingUseCases([]), recordReferral: () => Promise.reject(error) } });
  const send = async (app = server.app) => {
    const answer = await post({ ...(await openForm(app)), ...DANA, 'answer.companySize': '1-10' }, app);
    const { 'x-request-id': _id, date: _date, ...headers } = answer.headers;
    return { status: answer.status, text: answer.text, headers };
  };

  test.each([
    ['a friend of somebody else', new AlreadyReferred('x')],
    ['the advocate themselves', new SelfReferral('x')],
  ])('%s gets word for word the answer of a new friend', async (_who, error) => {
    expect(await send(refused(error))).toEqual(await send());
  });

  test('a link that came to rest meanwhile says so, and an address only the use case refuses is a field error', async () => {
    expect((await send(refused(new AdvocatePaused('x')))).text).toContain('This link is resting');
    const malformed = await send(refused(new EmailMalformed('x')));
    expect([malformed.status, malformed.text]).toEqual([422, expect.stringContaining('href="#field-email"')]);
  });

  test('a robot that fills in the trap is thanked, and nothing is recorded', async () => {
    const answer = await post({ ...(await openForm()), ...DANA, homepage: 'https://spam.example' });
    expect([answer.status, answer.headers['location']]).toEqual([303, `${signUpPath()}/thanks`]);
    expect(server.calls).toEqual([]);
  });
});

describe('sending a form again', () => {
  const filled = async () => ({ ...(await openForm()), ...DANA, 'answer.companySize': '1-10' });

  test('with the same token runs once, at once or later, in this process or another', async () => {
    const values = await filled();
    const answers = await Promise.all([post(values), post(values, server.appWith({})), post(values)]);
    answers.push(await post(values));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect(new Set(answers.map(({ headers }) => headers['location'])).size).toBe(1);
    expect(server.calls).toHaveLength(1);
  });

  test('after going back to mend it is a sign-up of its own', async () => {
    const values = await filled();
    await post({ ...values, email: 'dana@exmaple.com' });
    await post(values);
    await post(values);
    expect(server.calls.map((call) => (call[3] as { email: string }).email)).toEqual([
      'dana@exmaple.com',
      'dana@example.com',
    ]);
  });

  test('after a failure runs again', async () => {
    const values = await filled();
    const failing = server.appWith({
      useCases: { ...recordingUseCases([]), recordReferral: () => Promise.reject(new Error('secret detail')) },
    });
    const failed = await post(values, failing);
    expect([failed.status, failed.text]).toEqual([500, expect.not.stringContaining('secret detail')]);
    expect((await post(values)).status).toBe(303);
    expect(server.calls).toHaveLength(1);
  });

  test('without a token of ours still works, each time', async () => {
    const values = await filled();
    for (const submission of ['', 'x', '../../etc']) expect((await post({ ...values, submission })).status).toBe(303);
    expect(server.calls).toHaveLength(3);
  });
});

describe('what cannot be answered is a page too', () => {
  const values = { ...DANA, submission: 'a'.repeat(26) };

  test.each([
    ['a program nobody has', '/p/prg_nobody/sign-up', 404],
    ['something that is no program', '/p/%3Cscript%3E/sign-up', 404],
    ['a page nobody has', '/p/prg_seedb/nothing', 404],
    ['an address that is not well encoded', '/p/%E0%A4%A/sign-up', 404],
  ])('%s', async (_what, path, status) => {
    const answer = await request(server.app).get(path).set('Accept', 'text/html');
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('This page does not exist');
  });

  test('a form key names the program and opens no page', async () => {
    expect((await request(server.app).get(`/p/${page.formKey}/sign-up?ref=${page.code}`)).status).toBe(404);
  });

  test('nobody joins where the join page is closed, or before the program is published', async () => {
    const closed = await publishPage(server.database, { letter: 'f', account: '115' }, { joinOpen: false });
    const draft = await publishPage(server.database, { letter: 'g', account: '116' });
    await server.database.inWorkspace(draft.workspaceId, (tx) =>
      tx('programs').where({ id: draft.programId }).update({ published_version: null }),
    );
    for (const path of [`/p/${closed.programId}/join`, `/p/${draft.programId}/join`]) {
      expect((await request(server.app).get(path)).status).toBe(404);
      expect((await post(values, server.app, path)).status).toBe(404);
    }
    expect(server.calls).toEqual([]);
  });

  test('a form that is too large, or is no form', async () => {
    const large = await post({ ...values, 'answer.wish': 'x'.repeat(300_000) });
    expect([large.status, large.headers['content-type']]).toEqual([413, 'text/html; charset=utf-8']);
    const json = await request(server.app).post(signUpPath()).send(values);
    expect([json.status, json.headers['content-type']]).toEqual([415, 'text/html; charset=utf-8']);
    const latin = await request(server.app)
      .post(signUpPath())
      .set('Content-Type', 'application/x-www-form-urlencoded; charset=latin1')
      .send('firstName=D');
    expect(latin.status).toBe(415);
    expect(server.calls).toEqual([]);
  });

  test('a method nobody offers, with what is offered', async () => {
    const answer = await request(server.app).post(`${signUpPath()}/thanks`).type('form').send(values);
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect(answer.headers['content-type']).toContain('text/html');
  });

  test('a form too many, which can be sent again later with everything in it', async () => {
    const app = server.appWith({});
    for (let form = 0; form < 30; form += 1) await post({}, app);
    const answer = await post({ ...values, lastName: '"><script>alert(1)</script>' }, app);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '300']);
    expect(answer.text).toContain('Send again');
    expect(answer.text).toContain('name="email" value="dana@example.com"');
    expect(answer.text).not.toContain('<script');
  });

  test('a database that is down, and what was typed can be sent again', async () => {
    const database = openPool({ url: 'postgres://nobody@127.0.0.1:1/none', maxConnections: 1 });
    const app = server.appWith({ database });
    for (const path of [`/r/${page.code}`, signUpPath(), `/p/${page.programId}/join`]) {
      const opened = await request(app).get(path);
      expect([opened.status, opened.headers['retry-after']]).toEqual([503, '10']);
      expect(opened.headers['content-type']).toContain('text/html');
    }
    const answer = await post(values, app);
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('What you typed is still here')]);
    for (const [name, value] of Object.entries(values))
      expect(answer.text).toContain(`name="${name}" value="${value}"`);
    await database.close();
  });
});

test('no page has a script in it, and every one is in the same strict frame', async () => {
  const paths = [
    `/r/k7m2x9qdwtz`,
    `${signUpPath()}?ref=${page.code}`,
    signUpPath(),
    `${signUpPath()}/thanks`,
    `/p/${page.programId}/join`,
    `/p/${page.programId}/join/done?code=${page.code}`,
    `/p/prg_nobody/join`,
  ];
  for (const path of paths) {
    const answer = await request(server.app).get(path);
    expect(answer.text).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
    expect(answer.text).not.toMatch(/<script|\son\w+=|javascript:/i);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-");
    expect(answer.headers['x-frame-options']).toBe('DENY');
  }
});
