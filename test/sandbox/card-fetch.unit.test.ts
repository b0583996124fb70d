import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, onTestFinished, test } from 'vitest';

import { connectLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { APP_ID, CLIENT_ID, PORTAL_ID, SECRET, startBench, writeProject } from './harness.ts';
import type { Bench } from './harness.ts';

const PUBLIC_URL = 'https://passalong.example.com';
const USER = { userId: 9_000_001, userEmail: 'ada.marlow@portal-101.example.com' };
const CARD_URL = `${PUBLIC_URL}/hubspot/contacts/7/card`;

interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Service {
  url: string;
  asked: Asked[];
  answer: (response: ServerResponse, asked: Asked) => void;
}

const json = (response: ServerResponse, status: number, value: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

async function startService(): Promise<Service> {
  const service: Service = { url: '', asked: [], answer: (response) => json(response, 200, { kind: 'contact' }) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const asked = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      service.asked.push(asked);
      service.answer(response, asked);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

/** Our app at its public address, which leads to a service on this machine. */
async function open(): Promise<Bench & { service: Service }> {
  const service = await startService();
  const bench = await startBench();
  bench.control.uploadApp({
    projectDir: writeProject(),
    variables: { PUBLIC_URL },
    appId: APP_ID,
    clientId: CLIENT_ID,
    clientSecrets: [SECRET, 'the-one-before'],
    proxy: { [PUBLIC_URL]: service.url },
  });
  return { ...bench, service };
}

const get = (bench: Bench, more: object = {}) => bench.portal.cardFetch({ ...USER, url: CARD_URL, ...more });
const refusal = (body: string): any => JSON.parse(body);

describe('what the service gets', () => {
  test('who looks is appended, and both signatures are over the public address', async () => {
    const bench = await open();
    const answer = await get(bench, { method: 'POST', body: { requestKey: 'k', note: 'Grüße' } });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { kind: 'contact' }]);
    const [asked] = bench.service.asked;
    const path = `/hubspot/contacts/7/card?userId=9000001&portalId=101&userEmail=ada.marlow%40portal-101.example.com&appId=501`;
    expect(asked?.url).toBe(path);
    const timestamp = asked?.headers['x-hubspot-request-timestamp'];
    expect(timestamp).toBe(String(bench.clock.now()));
    const body = '{"requestKey":"k","note":"Grüße"}';
    expect(asked?.body).toBe(body);
    // Only `%40` and its like are decoded before v3 is made.
    const text = `POST${PUBLIC_URL}${path.replace('%40', '@')}${body}${String(timestamp)}`;
    expect(asked?.headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', SECRET).update(text).digest('base64'));
    const v2 = createHash('sha256').update(`${SECRET}POST${PUBLIC_URL}${path}${body}`).digest('hex');
    expect(asked?.headers['x-hubspot-signature']).toBe(v2);
    expect(asked?.headers['x-hubspot-signature-version']).toBe('v2');
    expect(asked?.headers['content-type']).toBe('application/json');
  });

  test('names the card put in itself are signed too, beside the appended ones', async () => {
    const bench = await open();
    await get(bench, { url: `${CARD_URL}?portalId=666&cursor=a%20b#part` });
    const query = new URL(bench.service.asked[0]?.url ?? '', PUBLIC_URL).searchParams;
    expect(query.getAll('portalId')).toEqual(['666', '101']);
    expect(query.get('cursor')).toBe('a b');
  });

  test('what stands behind a # is neither sent nor signed', async () => {
    const bench = await open();
    await get(bench, { url: `${CARD_URL}#part` });
    const [asked] = bench.service.asked;
    expect(asked?.url).not.toContain('part');
    const text = `GET${PUBLIC_URL}${asked?.url.replace('%40', '@') ?? ''}${String(bench.clock.now())}`;
    expect(asked?.headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', SECRET).update(text).digest('base64'));
  });

  test('an Authorization header is passed on, a GET carries no body', async () => {
    const bench = await open();
    await get(bench, { headers: { Authorization: 'Bearer x' }, body: { a: 1 } });
    expect(bench.service.asked[0]).toMatchObject({ body: '', headers: { authorization: 'Bearer x' } });
    expect(bench.service.asked[0]?.headers['content-type']).toBeUndefined();
  });

  test('a path that looks like another host stays a path of the service', async () => {
    const bench = await open();
    expect((await get(bench, { url: `${PUBLIC_URL}//elsewhere.example.com/x` })).status).toBe(200);
    expect(bench.service.asked[0]?.url).toMatch(/^\/\/elsewhere\.example\.com\/x\?userId/);
  });
});

describe('what never leaves HubSpot', () => {
  test.each([
    ['a relative address', { url: '/hubspot/contacts/7/card' }, /absolute/],
    ['another origin', { url: 'https://elsewhere.example.com/' }, /permittedUrls/],
    ['the same host over http', { url: CARD_URL.replace('https', 'http') }, /permittedUrls/],
    ['an origin that only begins alike', { url: `${PUBLIC_URL}.evil.example/` }, /permittedUrls/],
    ['credentials in the address', { url: CARD_URL.replace('//', '//me:secret@') }, /credentials/],
    ['a user name in the address', { url: CARD_URL.replace('//', '//me@') }, /credentials/],
    ['a password in the address', { url: CARD_URL.replace('//', '//:secret@') }, /credentials/],
    ['a header of another name', { headers: { 'x-portal': '1' } }, /Authorization/],
    ['two headers', { headers: { authorization: 'a', accept: 'b' } }, /Authorization/],
    ['a text as body', { method: 'POST', body: 'a=b' }, /plain object/],
    ['a list as body', { method: 'POST', body: [1] }, /plain object/],
    ['over a megabyte', { method: 'POST', body: { note: 'x'.repeat(1_000_000) } }, /1 MB/],
    ['a method it does not know', { method: 'HEAD' }, /HEAD/],
    ['a patience over two minutes', { timeoutMs: 120_001 }, /120000/],
  ])('%s', async (_, more, reason) => {
    const bench = await open();
    const { status, body } = await get(bench, more);
    expect([status, refusal(body).category]).toEqual([400, 'VALIDATION_ERROR']);
    expect(refusal(body).message).toMatch(reason);
    expect(bench.service.asked).toEqual([]);
    expect(bench.control.log.cardCalls()).toMatchObject([{ status: 400, attempts: [] }]);
  });

  test('the twenty-first request at once, until one has ended', async () => {
    const bench = await open();
    const held: ServerResponse[] = [];
    bench.service.answer = (response) => void held.push(response);
    const running = Array.from({ length: 20 }, () => get(bench));
    await expect.poll(() => held.length).toBe(20);
    bench.control.createPortal({ portalId: PORTAL_ID + 1 });
    const elsewhere = bench.control.portal(PORTAL_ID + 1);
    elsewhere.install(APP_ID);
    const unhindered = elsewhere.cardFetch({ ...USER, url: CARD_URL });
    const over = await get(bench);
    await expect.poll(() => held.length).toBe(21);
    expect([over.status, refusal(over.body).category]).toEqual([429, 'RATE_LIMITS']);
    bench.service.answer = (response) => json(response, 200, {});
    held.forEach((response) => json(response, 200, {}));
    await Promise.all(running);
    expect((await unhindered).status).toBe(200);
    expect((await get(bench)).status).toBe(200);
  });

  test('anything of an app that is not installed', async () => {
    const bench = await open();
    bench.portal.uninstall(APP_ID);
    await expect(get(bench, { appId: APP_ID })).rejects.toThrow(/not installed/);
    await expect(get(bench)).rejects.toThrow(/which app/);
    expect(bench.service.asked).toEqual([]);
  });
});

describe('what the card is told', () => {
  test.each([404, 422, 302])('a %i of the service: its status, and its words inside the proxy’s', async (status) => {
    const bench = await open();
    bench.service.answer = (response) => {
      response.setHeader('location', `${PUBLIC_URL}/elsewhere`);
      json(response, status, { error: { code: 'no' } });
    };
    const answer = await get(bench);
    expect(answer.status).toBe(status);
    expect(refusal(answer.body)).toMatchObject({
      status: 'error',
      category: 'BAD_GATEWAY',
      responseBody: { error: { code: 'no' } },
      context: { appServerStatusCode: [String(status)], portalId: ['101'] },
    });
    expect(bench.service.asked).toHaveLength(1);
  });

  test('a 5xx is tried once more without a word, with a signature of its own', async () => {
    const bench = await open();
    let tries = 0;
    bench.service.answer = (response) => json(response, (tries += 1) === 1 ? 503 : 201, { tries });
    const answer = await get(bench, { method: 'POST', body: { requestKey: 'k' } });
    expect([answer.status, answer.body]).toEqual([201, '{"tries":2}']);
    expect(bench.service.asked.map(({ body }) => body)).toEqual(['{"requestKey":"k"}', '{"requestKey":"k"}']);
    bench.service.answer = (response) => json(response, 500, {});
    expect((await get(bench)).status).toBe(500);
    expect(bench.control.log.cardCalls().map(({ attempts }) => attempts)).toEqual([
      [503, 201],
      [500, 500],
    ]);
  });

  test('nobody listens: a 502 after two tries', async () => {
    const bench = await open();
    bench.control.faults.add({ kind: 'cardDown', appId: APP_ID });
    const answer = await get(bench);
    expect([answer.status, refusal(answer.body).category]).toEqual([502, 'BAD_GATEWAY']);
    expect(bench.control.log.cardCalls()[0]?.attempts).toEqual(['unreachable', 'unreachable']);
    expect(bench.service.asked).toEqual([]);
  });

  test('a lost answer: the service is asked twice for the same thing', async () => {
    const bench = await open();
    bench.control.faults.add({ kind: 'cardAnswerLost', appId: APP_ID, times: 1 });
    expect((await get(bench, { method: 'POST', body: { requestKey: 'k' } })).status).toBe(200);
    expect(bench.service.asked).toHaveLength(2);
    bench.control.faults.add({ kind: 'cardAnswerLost', appId: APP_ID + 1 });
    await get(bench);
    expect(bench.service.asked).toHaveLength(3);
  });

  test('no answer within its patience: a 504, though the service has begun', async () => {
    const bench = await open();
    bench.control.faults.add({ kind: 'cardSlow', delayMs: 60_000 });
    const answer = await get(bench, { timeoutMs: 30 });
    expect([answer.status, refusal(answer.body).category]).toEqual([504, 'GATEWAY_TIMEOUT']);
    expect(bench.service.asked).toHaveLength(1);
    bench.control.faults.clear();
    bench.service.answer = () => undefined;
    expect((await get(bench, { timeoutMs: 30 })).status).toBe(504);
  });

  test('both tries share one patience: what the first took, the second lacks', async () => {
    const bench = await open();
    bench.service.answer = (response) => json(response, 503, {});
    bench.control.faults.add({ kind: 'cardSlow', delayMs: 400 });
    expect((await get(bench, { timeoutMs: 700 })).status).toBe(504);
    expect(bench.control.log.cardCalls()[0]?.attempts).toEqual([503, 'timeout']);
  });

  test('more than a megabyte back is not passed on', async () => {
    const bench = await open();
    bench.service.answer = (response) => json(response, 200, { note: 'x'.repeat(1_000_001) });
    expect((await get(bench)).status).toBe(502);
    expect(bench.control.log.cardCalls()[0]?.attempts).toEqual(['too large']);
  });
});

test('the log tells who asked for what and holds nothing that was written or signed', async () => {
  const bench = await open();
  await get(bench, { method: 'POST', headers: { authorization: 'Bearer hush' }, body: { note: 'between us' } });
  const [call] = bench.control.log.cardCalls();
  expect(call).toMatchObject({
    appId: APP_ID,
    portalId: PORTAL_ID,
    method: 'POST',
    url: CARD_URL,
    appended: { userId: '9000001', portalId: '101', userEmail: USER.userEmail, appId: '501' },
    attempts: [200],
    status: 200,
  });
  expect(JSON.stringify(call)).not.toMatch(/hush|between us|signature/);
  bench.control.log.clear();
  expect(bench.control.log.cardCalls()).toEqual([]);
});

test('the same from another process', async () => {
  const bench = await open();
  const remote = connectLocalHubSpot(bench.hubspot.url).portal(PORTAL_ID);
  const answer = await remote.cardFetch({ ...USER, url: CARD_URL });
  expect([answer.status, answer.body]).toEqual([200, '{"kind":"contact"}']);
});
