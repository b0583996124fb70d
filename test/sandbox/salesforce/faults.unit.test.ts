import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { connectLocalSalesforce } from '../../../sandbox/salesforce/local-salesforce.ts';
import { CLIENT_ID, codesIn, DATA, recordsOf, request, SECRET, startBench } from './harness.ts';

describe('faults', () => {
  test('down: the connection ends without an answer, for as many calls as asked', async () => {
    const { api, control } = await startBench();
    control.faults.add({ kind: 'down', times: 1 });
    await expect(api('GET', '/limits')).rejects.toThrow();
    expect((await api('GET', '/limits')).status).toBe(200);
    expect(control.log.calls().map(({ status }) => status)).toEqual([0, 200]);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('503 %s the work', async (when, made) => {
    const { api, control, org } = await startBench();
    control.faults.add({ kind: 'serverError', when, path: '/composite/sobjects' });
    const answer = await api('POST', '/composite/sobjects', { body: recordsOf('Contact', { LastName: 'Ann' }) });
    expect([answer.status, answer.body[0].errorCode]).toEqual([503, 'SERVER_UNAVAILABLE']);
    expect(org.ids('Contact')).toHaveLength(made);
  });

  test('rows under a lock fail alone, by their own id or their account, as often as asked', async () => {
    const { api, control, org } = await startBench();
    const acme = org.createAccount();
    const [ann, bob] = [org.createContact({ AccountId: acme }), org.createContact()];
    const body = recordsOf('Contact', { id: ann, Title: 'CEO' }, { id: bob, Title: 'CTO' });
    control.faults.add({ kind: 'lockedRows', recordIds: [acme], times: 1 });
    expect(codesIn(await api('PATCH', '/composite/sobjects', { body }))).toEqual(['UNABLE_TO_LOCK_ROW', 'ok']);
    expect(codesIn(await api('PATCH', '/composite/sobjects', { body }))).toEqual(['ok', 'ok']);
    control.faults.add({
      kind: 'failRecords',
      recordIds: [bob],
      errorCode: 'STORAGE_LIMIT_EXCEEDED',
      message: 'storage limit exceeded',
    });
    expect(codesIn(await api('PATCH', '/composite/sobjects', { body }))).toEqual(['ok', 'STORAGE_LIMIT_EXCEEDED']);
  });

  test('strike one org or one path, or a share of the calls, the same share for one seed', async () => {
    const { api, control, orgId } = await startBench();
    const other = await control.createOrg();
    control.faults.add({ kind: 'requestLimit', orgId: other.orgId });
    control.faults.add({ kind: 'requestLimit', path: '/queryAll' });
    expect((await api('GET', '/limits')).status).toBe(200);
    control.faults.clear();
    const round = async () => {
      control.faults.seed(7);
      const number = control.faults.add({ kind: 'serverError', rate: 0.3, orgId });
      const statuses = [];
      for (let call = 0; call < 30; call += 1) statuses.push((await api('GET', '/limits')).status);
      control.faults.remove(number);
      return statuses;
    };
    const first = await round();
    expect(await round()).toEqual(first);
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(3);
  });
});

describe('the daily allowance', () => {
  test('stands on every answer, refusals too, and ends calls when it is used up', async () => {
    const { api, org, query, clock } = await startBench();
    org.setApiUsage(98, 100);
    const usage = ({ headers }: { headers: Headers }) => headers.get('sforce-limit-info');
    expect(usage(await query('SELECT Nope FROM Contact'))).toBe('api-usage=99/100');
    const last = await api('GET', '/limits');
    expect([usage(last), last.body.DailyApiRequests]).toEqual(['api-usage=100/100', { Max: 100, Remaining: 0 }]);
    const over = await api('GET', '/limits');
    expect([over.status, over.body[0].errorCode, usage(over)]).toEqual([
      403,
      'REQUEST_LIMIT_EXCEEDED',
      'api-usage=100/100',
    ]);
    clock.advance(86_400_000);
    const { accessToken } = org.install(CLIENT_ID);
    expect((await api('GET', '/limits', { token: accessToken })).status).toBe(200);
  });

  test('counts calls of the data API only, per org', async () => {
    const { api, control, orgId, instanceUrl, accessToken } = await startBench();
    const other = await control.createOrg();
    await api('GET', '/limits');
    await request('GET', `${instanceUrl}/services/oauth2/userinfo`, { token: accessToken });
    await request('GET', `${instanceUrl}/services/data`);
    await api('GET', '/limits', { token: 'nonsense' });
    expect(control.log.counts()).toEqual({ [orgId]: 1 });
    expect(control.log.calls({ orgId: other.orgId })).toEqual([]);
  });

  test('an edition without the API answers that it has none', async () => {
    const { api, org } = await startBench();
    org.settings({ apiEnabled: false });
    expect((await api('GET', '/limits')).body[0].errorCode).toBe('API_DISABLED_FOR_ORG');
  });
});

describe('the log and the clock', () => {
  test('keep what was asked with which headers, without the token', async () => {
    const { api, query, control, accessToken } = await startBench();
    await query('SELECT Id FROM Contact', { headers: { 'sforce-call-options': 'client=Passalong' } });
    await api('POST', '/composite/sobjects', { body: recordsOf('Contact', { LastName: 'A' }, { LastName: 'B' }) });
    const [asked, written] = control.log.calls();
    expect(asked).toMatchObject({
      soql: 'SELECT Id FROM Contact',
      results: 0,
      headers: { 'sforce-call-options': 'client=Passalong' },
    });
    expect(written).toMatchObject({ inputs: 2, results: 2, counted: true, host: 'instance' });
    expect(JSON.stringify(control.log.calls())).not.toContain(accessToken);
  });

  test('a skewed Salesforce dates its answers and its records by its own clock', async () => {
    const { api, control, org } = await startBench();
    control.clock.skew(90_000);
    expect((await api('GET', '/limits')).headers.get('date')).toBe('Fri, 20 Nov 2026 09:01:30 GMT');
    expect(org.get(org.createContact())?.['CreatedDate']).toBe('2026-11-20T09:01:30.000+0000');
  });
});

test('as a process of its own it is driven over HTTP', async () => {
  const main = fileURLToPath(new URL('../../../sandbox/salesforce/main.ts', import.meta.url));
  const child = fork(main, ['--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [{ url, sandboxLoginUrl }] = (await once(child, 'message')) as [{ url: string; sandboxLoginUrl: string }];
  const control = connectLocalSalesforce(url);
  expect((await control.hosts()).sandboxLoginUrl).toBe(sandboxLoginUrl);
  await control.registerApp({ clientId: CLIENT_ID, clientSecret: SECRET, redirectUris: [] });
  const { orgId } = await control.createOrg({ namespace: 'passalong' });
  const org = control.org(orgId);
  const ann = await org.createContact({ LastName: 'Ann' });
  const { accessToken, instanceUrl } = await org.install(CLIENT_ID);
  const read = await request('GET', `${instanceUrl}${DATA}/sobjects/Contact/${ann}?fields=Name`, {
    token: accessToken,
  });
  expect(read.body.Name).toBe('Ann');
  await expect(org.set(ann, { LastName: null })).rejects.toThrow('Required fields are missing: [LastName]');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await exited)[0]).toBe(0);
});
