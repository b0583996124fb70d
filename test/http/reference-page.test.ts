import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PUBLIC_URL, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('the reference is a page that needs no key and may load nothing (SG-37)', async () => {
  const answer = await request(server.app).get('/reference');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  expect(answer.text).toContain('<h1 id="title">Passalong API</h1>');
  expect(answer.text).toContain(`${PUBLIC_URL}/api/v1/programs`);
});

test('the Postman collection and the document name this deployment, and pages elsewhere may read them (SG-37)', async () => {
  const postman = await request(server.app).get('/postman.json');
  expect(postman.status).toBe(200);
  expect(postman.body.variable).toContainEqual({ key: 'baseUrl', value: PUBLIC_URL, type: 'string' });
  const document = await request(server.app).get('/openapi.json');
  expect(document.body.servers[0].url).toBe(PUBLIC_URL);
  for (const { headers } of [postman, document]) {
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'content-type': expect.stringContaining('json'),
    });
  }
});

test('both are read only (SG-37)', async () => {
  for (const path of ['/reference', '/postman.json']) {
    const answer = await request(server.app).post(path);
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect((await request(server.app).head(path)).status).toBe(200);
  }
});

test('an error the document shows is the error the service answers (SG-37)', async () => {
  const { body } = await request(server.app).get('/openapi.json');
  const shown =
    body.paths['/api/v1/programs'].get.responses['401'].content['application/json'].examples.api_key_refused;
  const answer = await request(server.app).get('/api/v1/programs');
  const { requestId: _shown, ...expected } = shown.value.error;
  const { requestId: _answered, ...error } = answer.body.error;
  expect([answer.status, error]).toEqual([401, expected]);
  expect(answer.headers).toMatchObject({ 'www-authenticate': 'Bearer', 'x-request-id': answer.body.error.requestId });
});
