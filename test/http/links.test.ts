import { PNG } from 'pngjs';
import { create } from 'qrcode';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisitCounter, type Visit } from '../../backend/src/http/public/visit-counter.ts';
import { countVisits } from '../../backend/src/referrals/visits-store.ts';
import { BROWSER, publishPage, type PublishedPage } from '../pages/published-page.ts';
import { NOW, PUBLIC_URL, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let page: PublishedPage;
const visits: Visit[] = [];
const NOW_S = NOW / 1000;

beforeAll(async () => {
  server = await startTestServer({ countVisit: (visit) => visits.push(visit) });
  page = await publishPage(server.database, { letter: 'b', account: '111' }, { attributionDays: 30 });
});
afterAll(() => server.close());

function open(code: string, headers: Record<string, string> = {}, app = server.app): request.Test {
  return request(app)
    .get(`/r/${code}`)
    .set({ 'User-Agent': BROWSER, ...headers });
}

test('a link without a landing page leads to the sign-up page, remembered for the program’s days', async () => {
  const answer = await open(page.code.toUpperCase());
  expect(answer.status).toBe(302);
  expect(answer.headers['location']).toBe(`${PUBLIC_URL}/p/${page.programId}/sign-up?ref=${page.code}`);
  expect(answer.headers['set-cookie']?.[0]).toBe(
    `passalong_ref=${page.code}.${NOW_S}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure`,
  );
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('a landing page keeps its own query beside the code', async () => {
  const other = await publishPage(server.database, { letter: 'c', account: '112' });
  await other.publish({}, { landingUrl: 'https://example.com/welcome?utm=x&ref=old#top' });
  const answer = await open(other.code);
  expect(answer.headers['location']).toBe(`https://example.com/welcome?utm=x&ref=${other.code}#top`);
});

test('a full stop that a mail program took for a part of the link does no harm', async () => {
  for (const end of ['.', ',', '%29', '%E2%80%9D']) expect((await open(`${page.code}${end}`)).status).toBe(302);
});

test.each([
  ['a HEAD request', 'HEAD', {}],
  ['a browser fetching ahead', 'GET', { 'Sec-Purpose': 'prefetch;prerender' }],
  ['an older browser fetching ahead', 'GET', { Purpose: 'prefetch' }],
  ['Firefox fetching ahead', 'GET', { 'X-Moz': 'prefetch' }],
  ['a messenger’s preview', 'GET', { 'User-Agent': 'WhatsApp/2.23.20.0' }],
  ['Slack’s preview', 'GET', { 'User-Agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
  ['a program without a name', 'GET', { 'User-Agent': '' }],
])('%s is sent on, and is neither a visit nor given a cookie (E35)', async (_who, method, headers) => {
  visits.length = 0;
  const sent =
    method === 'HEAD' ? request(server.app).head(`/r/${page.code}`) : request(server.app).get(`/r/${page.code}`);
  const answer = await sent.set({ 'User-Agent': BROWSER, ...headers });
  expect([answer.status, answer.headers['location']]).toEqual([302, expect.stringContaining(`ref=${page.code}`)]);
  expect([answer.headers['set-cookie'], visits]).toEqual([undefined, []]);
});

test('a person’s visit is counted once, for the advocate', async () => {
  visits.length = 0;
  await open(page.code);
  expect(visits).toEqual([{ workspaceId: page.workspaceId, advocateId: page.advocateId }]);
});

test('visits are written together, a row for each link and day', async () => {
  const counter = createVisitCounter({
    clock: server.clock,
    write: (counted) => countVisits(server.database, counted),
    onFailure: (error) => {
      throw error;
    },
  });
  const app = server.appWith({ countVisit: (visit) => counter.count(visit) });
  for (let visit = 0; visit < 3; visit += 1) await open(page.code, {}, app);
  await counter.flush();
  await open(page.code, {}, app);
  counter.count({ workspaceId: page.workspaceId, advocateId: 'adv_gone' });
  await counter.stop();
  const rows = await server.database.inWorkspace(page.workspaceId, (tx) =>
    tx('link_visits').select('advocate_id', 'visits', tx.raw(`to_char(day, 'YYYY-MM-DD') as day`)),
  );
  expect(rows).toEqual([{ advocate_id: page.advocateId, visits: 4, day: '2026-11-20' }]);
});

test('a link nobody owns is a page with 404, however it is written', async () => {
  for (const code of ['k7m2x9qdwtz', 'short', '%3Cscript%3E', 'k7m2x9qdwtb%00', '%E0%A4%A']) {
    const answer = await open(code);
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.text).toContain('This link is not valid');
    expect(answer.text).not.toContain('<script');
  }
});

test('a link that rests or is closed takes nobody on', async () => {
  const other = await publishPage(server.database, { letter: 'd', account: '113' }, { brandName: 'Copper Kettle' });
  const set = (values: object): Promise<number> =>
    server.database.inWorkspace(other.workspaceId, (tx) =>
      tx('advocates').where({ id: other.advocateId }).update(values),
    );
  visits.length = 0;
  await set({ paused_at: new Date(NOW) });
  const resting = await open(other.code);
  expect([resting.status, resting.headers['set-cookie']]).toEqual([404, undefined]);
  expect(resting.text).toContain('This link is resting');
  expect(resting.text).toContain('Copper Kettle');
  await set({ closed_at: new Date(NOW) });
  expect((await open(other.code)).text).toContain('This link is not valid');
  expect(visits).toEqual([]);
});

test('whoever tries too many codes waits, with good codes too, until the window has passed (E36)', async () => {
  const app = server.appWith({});
  for (let guess = 0; guess < 30; guess += 1) expect((await open('k7m2x9qdwtz', {}, app)).status).toBe(404);
  server.clock.moveMs(60_000);
  const refused = await open(page.code, {}, app);
  expect([refused.status, refused.headers['retry-after'], refused.headers['set-cookie']]).toEqual([
    429,
    '240',
    undefined,
  ]);
  expect(refused.headers['content-type']).toContain('text/html');
  expect(refused.text).toContain('Too many tries');
  const page2 = await request(app).get(`/p/${page.programId}/sign-up?ref=${page.code}`);
  expect(page2.status).toBe(429);
  server.clock.moveMs(240_000);
  expect((await open(page.code, {}, app)).status).toBe(302);
});

test('of many guesses at once, none beyond the limit is answered (E36)', async () => {
  const app = server.appWith({});
  const answers = await Promise.all(Array.from({ length: 80 }, () => open('k7m2x9qdwtz', {}, app)));
  const told = answers.filter(({ status }) => status === 404).length;
  expect(told).toBe(30);
});

test('behind a proxy every visitor is counted for themselves, and nobody can pose as another (E36)', async () => {
  const app = server.appWith({ trustedProxyHops: 1 });
  const from = (address: string, code: string) => open(code, { 'X-Forwarded-For': address }, app);
  for (let guess = 0; guess < 30; guess += 1) await from(`198.51.100.${guess}, 203.0.113.9`, 'k7m2x9qdwtz');
  expect((await from('203.0.113.9', page.code)).status).toBe(429);
  expect((await from('203.0.113.10', page.code)).status).toBe(302);
});

test('a forwarding header that nobody is said to write is not read, and the log says so once', async () => {
  const app = server.appWith({});
  server.log.length = 0;
  for (let guess = 0; guess < 30; guess += 1)
    await open('k7m2x9qdwtz', { 'X-Forwarded-For': `198.51.100.${guess}` }, app);
  expect((await open(page.code, { 'X-Forwarded-For': '198.51.100.77' }, app)).status).toBe(429);
  expect(server.log.filter(({ msg }) => String(msg).includes('TRUSTED_PROXY_HOPS'))).toHaveLength(1);
});

test('a link as QR code is a picture other origins may show, and looking at it is no visit (RF-09)', async () => {
  visits.length = 0;
  const picture = await open(`${page.code}/qr.png`).buffer(true);
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png']);
  expect(picture.headers['cross-origin-resource-policy']).toBe('cross-origin');
  expect(picture.headers['cache-control']).toBe('public, max-age=86400');
  expect([picture.headers['set-cookie'], visits]).toEqual([undefined, []]);
  expect(darkModules(picture.body as Buffer)).toEqual([...create(`${PUBLIC_URL}/r/${page.code}`).modules.data]);
});

test('there is no QR code of a code that nobody has', async () => {
  expect((await open('nobodyhasit/qr.png')).status).toBe(404);
});

/** The middle of each square of the picture, which has a white margin of four squares. */
function darkModules(picture: Buffer): number[] {
  const { width, data } = PNG.sync.read(picture);
  const { size } = create(`${PUBLIC_URL}/r/${page.code}`).modules;
  const square = Math.floor(width / (size + 8));
  const start = Math.floor((width - square * size) / 2);
  const middle = (index: number): number => start + index * square + Math.floor(square / 2);
  return Array.from({ length: size * size }, (_, index) => {
    const [x, y] = [middle(index % size), middle(Math.floor(index / size))];
    return data[(y * width + x) * 4] === 0 ? 1 : 0;
  });
}
