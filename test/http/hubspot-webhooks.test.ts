import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangeSignal } from '../../backend/src/crm/port.ts';
import {
  CLIENT_SECRET,
  NOW,
  PUBLIC_URL,
  recordingCards,
  signV3,
  startTestServer,
  type TestServer,
} from './test-server.ts';
import type { HttpServerDeps } from '../../backend/src/http/server.ts';

const accepted: ChangeSignal[][] = [];
const hubspot: NonNullable<HttpServerDeps['hubspot']> = {
  clientSecrets: ['next-secret', CLIENT_SECRET],
  appUrl: 'https://app.hubspot.com',
  installs: {
    invitation: () => Promise.reject(new Error()),
    begin: () => Promise.reject(new Error()),
    finish: () => Promise.reject(new Error()),
  },
  acceptSignals: (signals) => {
    accepted.push([...signals]);
    return Promise.resolve({ accepted: signals.length - 1, repeated: 0, unknown: 1 });
  },
  appId: null,
  cards: recordingCards([]),
};

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ hubspot });
});
afterAll(() => server.close());
beforeEach(() => {
  accepted.length = 0;
});

function event(objectId: number, more: object = {}): object {
  return {
    eventId: objectId,
    subscriptionType: 'object.propertyChange',
    objectTypeId: '0-1',
    portalId: 111,
    objectId,
    propertyName: 'lifecyclestage',
    propertyValue: 'customer',
    occurredAt: NOW,
    ...more,
  };
}

function deliver(
  body: string,
  options: { app?: TestServer['app']; headers?: Record<string, string> } = {},
): request.Test {
  return request(options.app ?? server.app)
    .post('/hubspot/webhooks')
    .set('Content-Type', 'application/json')
    .set(options.headers ?? signV3({ body, atMs: NOW }))
    .send(body);
}

test('a signed delivery is handed on and answered in a few bytes', async () => {
  const answer = await deliver(
    JSON.stringify([event(501), event(502), event(503, { propertyName: 'passalong_program' }), 'junk']),
  );
  expect([answer.status, answer.text]).toEqual([200, '{"received":4}']);
  expect(accepted.map((signals) => signals.map(({ records }) => records))).toEqual([
    [[{ objectType: 'contact', recordId: '501' }], [{ objectType: 'contact', recordId: '502' }]],
  ]);
  const metrics = await server.metrics.text();
  for (const [outcome, count] of Object.entries({ accepted: 1, unknown: 1, echo: 1, unreadable: 1 })) {
    expect(metrics).toContain(`passalong_signals_total{outcome="${outcome}"} ${count}`);
  }
});

test('the signature is over the bytes as sent: any byte changed is a 401 and nothing is kept', async () => {
  const body = JSON.stringify([event(501)]);
  const headers = signV3({ body, atMs: NOW });
  const answer = await deliver(`${body} `, { headers });
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({
    error: { code: 'signature_refused', requestId: answer.headers['x-request-id'] as string },
  });
  expect(accepted).toEqual([]);
});

test.each([
  ['no signature', {}, 'missing_signature'],
  ['a stale time', signV3({ body: '[]', atMs: NOW - 301_000 }), 'stale_timestamp'],
  ['another secret', signV3({ body: '[]', atMs: NOW, secret: 'wrong' }), 'signature_mismatch'],
  [
    'another address',
    signV3({ body: '[]', atMs: NOW, uri: 'https://evil.example/hubspot/webhooks' }),
    'signature_mismatch',
  ],
])('%s is refused and counted by its reason', async (_name, headers, reason) => {
  const answer = await deliver('[]', { headers });
  expect(answer.status).toBe(401);
  expect(answer.text).not.toContain(reason);
  expect(await server.metrics.text()).toContain(`passalong_webhook_refused_total{reason="${reason}"}`);
});

test('a Host header does not move the address that is signed', async () => {
  const headers = { ...signV3({ body: '[]', atMs: NOW }), Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' };
  expect((await deliver('[]', { headers })).status).toBe(200);
});

test('during a rotation both secrets verify', async () => {
  expect((await deliver('[]', { headers: signV3({ body: '[]', atMs: NOW, secret: 'next-secret' }) })).status).toBe(200);
});

test('an intake that fails is a 503, so that HubSpot sends again', async () => {
  const app = server.appWith({ hubspot: { ...hubspot, acceptSignals: () => Promise.reject(new Error('disk full')) } });
  const answer = await deliver(JSON.stringify([event(501)]), { app });
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({ error: { code: 'intake_unavailable' } });
  expect(answer.text).not.toContain('disk full');
});

test('an intake that takes too long is a 503 before HubSpot gives up', async () => {
  const never = new Promise<void>(() => undefined);
  const app = server.appWith({ hubspot: { ...hubspot, acceptSignals: () => never }, webhookPatienceMs: 50 });
  expect((await deliver(JSON.stringify([event(501)]), { app })).status).toBe(503);
});

test('a body above 1.5 MB is a 413 and is not kept, whether its length was announced or not', async () => {
  const body = JSON.stringify([event(501, { propertyValue: 'x'.repeat(1_500_000) })]);
  expect((await deliver(body)).status).toBe(413);
  const chunked = request(server.app)
    .post('/hubspot/webhooks')
    .set('Transfer-Encoding', 'chunked')
    .set(signV3({ body, atMs: NOW }));
  chunked.write(body);
  const answer = await chunked;
  expect(answer.status).toBe(413);
  expect(answer.body).toMatchObject({ error: { code: 'body_too_large' } });
  expect(accepted).toEqual([]);
});

test('a signed body that is not JSON is a 400; one that is no list is counted and answered', async () => {
  expect((await deliver('{"half":')).status).toBe(400);
  expect((await deliver('{}')).text).toBe('{"received":1}');
});

test('without HubSpot’s secrets the route says that it is not set up', async () => {
  const answer = await deliver('[]', { app: server.appWith({ hubspot: null }) });
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({ error: { code: 'hubspot_not_configured' } });
});

test('the delivery writes no line into the log and no header but its own', async () => {
  server.log.length = 0;
  const answer = await deliver('[]');
  expect(server.log).toEqual([]);
  expect(Object.keys(answer.headers).sort()).toEqual(['connection', 'content-length', 'content-type', 'date']);
  expect(PUBLIC_URL).toMatch(/^https/);
});

test('an event without a portal belongs to nobody and does not fail its batch-mates', async () => {
  const { portalId: _left, ...orphan } = event(601) as { portalId: number };
  const answer = await deliver(JSON.stringify([orphan, event(602), event(603, { portalId: 'abc' })]));
  expect(answer.status).toBe(200);
  expect(accepted.flat().flatMap(({ records }) => records)).toEqual([{ objectType: 'contact', recordId: '602' }]);
});

test('a delivery in which one event names two portals is refused whole, and nothing of it is kept', async () => {
  const twice = JSON.stringify(event(701)).replace('"portalId":111', '"portalId":111,"portalId":222');
  const answer = await deliver(`[${twice},${JSON.stringify(event(702))}]`);
  expect([answer.status, answer.body.error.code]).toEqual([400, 'body_ambiguous']);
  expect(accepted).toEqual([]);
  const quoted = JSON.stringify([event(703, { propertyValue: '"portalId": 5' })]);
  expect((await deliver(quoted)).status).toBe(200);
});

test('a portal named twice is found however it is hidden, and a name inside a value is no second portal', async () => {
  const plain = JSON.stringify(event(801));
  const hidden = [
    `[${plain.replace('"portalId":111', '"portalId":222,"portalId":111')},{"objectId":1}]`,
    `[${plain.replace('"portalId":111', '"portal\\u0049d":222,"portalId":111')}]`,
    `[${plain.replace('"portalId":111', '"portalId" : 222 , "portalId"\n:111')}]`,
  ];
  for (const body of hidden) expect((await deliver(body)).body.error?.code, body).toBe('body_ambiguous');
  expect(accepted).toEqual([]);
  const nested = JSON.stringify([event(802, { detail: { portalId: 5 }, note: '{"portalId":6}' })]);
  expect((await deliver(nested)).status).toBe(200);
});

test('an event nested deeper than can be written down does not fail its batch-mates', async () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const odd = JSON.stringify(event(803)).replace('"customer"', deep);
  expect((await deliver(`[${odd},${JSON.stringify(event(804))}]`)).status).toBe(200);
});
