import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CrmMisconfigured,
  CrmPermissionMissing,
  CrmRateLimited,
  CrmRejected,
  CrmUnavailable,
} from '../../backend/src/crm/errors.ts';
import { FreshTokenRefused, type CallFact } from '../../backend/src/crm/salesforce/gateway.ts';
import { createFetchTransport, type Transport } from '../../backend/src/crm/salesforce/transport.ts';
import type { PlannedAnswer } from './support/loopback-server.ts';
import { startSalesforceHarness } from './support/salesforce-harness.ts';
import {
  ORG,
  description,
  refusal,
  rows,
  startSalesforceLoopback,
  type SalesforceLoopback,
} from './support/salesforce-loopback.ts';

const QUARTER_MS = 15 * 60_000;
const send = createFetchTransport({ timeoutMs: 5_000 });

let org: SalesforceLoopback;
beforeEach(async () => {
  org = await startSalesforceLoopback();
});
afterEach(() => org.close());

const inDefault = () => org.crm.readOwners(ORG);
const inBackground = () => org.crm.findLists(ORG, { query: null, listIds: [] });
const byUser = () => org.adapter({ urgency: 'user' }).readOwners(ORG);

const used = (share: string): PlannedAnswer => ({
  status: 200,
  body: { done: true, records: [] },
  headers: { 'Sforce-Limit-Info': share },
});

/** Which kinds of call are held back now, each tried once, and whether that made a call. */
async function heldBack(): Promise<string[]> {
  const held: string[] = [];
  for (const [kind, call] of Object.entries({ inBackground, inDefault, byUser })) {
    const before = org.server.requests.length;
    const refused = await call().then(
      () => false,
      (error: unknown) => error instanceof CrmRateLimited,
    );
    expect(org.server.requests.length).toBe(refused ? before : before + 1);
    if (refused) held.push(kind);
  }
  return held;
}

describe('calling Salesforce', () => {
  it('sends the token and our name to the org’s own address', async () => {
    org.server.answer(() => rows());
    await inDefault();
    const [request] = org.server.requests;
    expect(request?.path).toMatch(/^\/services\/data\/v67\.0\/query\?q=SELECT/);
    expect(request?.headers).toMatchObject({ authorization: 'Bearer t1', 'sforce-call-options': 'client=Passalong' });
  });

  it('tells counters where it called, and never what for', async () => {
    const facts: CallFact[] = [];
    org.server.answer(() => rows());
    const crm = org.adapter({ observe: (fact) => facts.push(fact) });
    await crm.findContactsByEmail(ORG, { emails: ['eva@example.com'], fields: [] }).catch(() => null);
    await crm.readOwners(ORG);
    expect(facts.length).toBeGreaterThan(0);
    expect(facts.at(-1)).toMatchObject({ path: '/services/data/v67.0/query', status: 200, kind: 'default' });
    expect(JSON.stringify(facts)).not.toMatch(/SELECT|eva/);
  });

  it('takes a fresh token when one is refused, once, and then waits a minute', async () => {
    org.server.answer((_request, index) => (index === 0 ? refusal(401, 'INVALID_SESSION_ID') : rows()));
    expect(await inDefault()).toEqual([]);
    expect(org.discarded).toEqual(['t1']);
    expect(org.server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
    org.server.answer(() => refusal(401, 'INVALID_SESSION_ID'));
    const refused = await inDefault().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FreshTokenRefused);
    expect(refused).toMatchObject({ retryAtMs: org.clock.now() + 60_000 });
    expect(org.discarded).toEqual(['t1', 't2', 't3']);
  });

  it('does not carry a token to another address', async () => {
    org.server.answer(() => ({ status: 302, headers: { location: `${org.server.url}/elsewhere` } }));
    await expect(inDefault()).rejects.toBeInstanceOf(CrmUnavailable);
    expect(org.server.requests).toHaveLength(1);
    org.server.answer(() => ({
      status: 200,
      body: { done: false, records: [], nextRecordsUrl: '@127.0.0.1/services/data' },
    }));
    await expect(inDefault()).rejects.toBeInstanceOf(CrmUnavailable);
    expect(org.server.requests).toHaveLength(2);
  });

  it('waits two minutes for records to be written, as an org’s own flows run before the answer, and no longer at a screen', async () => {
    const seen: (number | undefined)[] = [];
    const transport: Transport = ({ url, timeoutMs, body }) => {
      if (url.includes('/composite/')) seen.push(timeoutMs);
      else return send({ method: 'GET', url, headers: {} });
      const { records } = JSON.parse(body ?? '{}') as { records: { id: string }[] };
      const text = JSON.stringify(records.map(({ id }) => ({ id, success: true, errors: [] })));
      return Promise.resolve({ status: 200, retryAfter: null, date: null, lastModified: null, limitInfo: null, text });
    };
    org.server.answer(() => description('Contact', ['Email']));
    const writes = [{ id: '003000000000001AAA', values: { Email: 'eva@example.com' } }];
    for (const input of [{ transport }, { transport, urgency: 'user' as const }])
      await org.adapter(input).updateRecords(ORG, { objectType: 'contact', writes });
    expect(seen).toEqual([120_000, undefined]);
    org.server.answer(() => null);
    const url = `${org.server.url}/services/`;
    await expect(send({ method: 'PATCH', url, headers: {}, timeoutMs: 50 })).rejects.toThrow('timeout');
  });

  it('raises when there is no answer, half of one, or one without an end', async () => {
    const answers: PlannedAnswer[] = ['cut', { status: 200, body: '{"records":' }, { status: 200, body: '<html>' }];
    const hanging = org.adapter({ timeoutMs: 50 });
    for (const answer of answers) {
      org.server.answer(() => answer);
      await expect(inDefault()).rejects.toBeInstanceOf(CrmUnavailable);
    }
    org.server.answer(() => null);
    await expect(hanging.readOwners(ORG)).rejects.toBeInstanceOf(CrmUnavailable);
  });

  it.each([
    [503, 'SERVER_UNAVAILABLE', CrmUnavailable, 'crm_unavailable'],
    [500, 'UNKNOWN_EXCEPTION', CrmUnavailable, 'crm_unavailable'],
    [400, 'QUERY_TIMEOUT', CrmUnavailable, 'crm_unavailable'],
    [400, 'INVALID_TYPE', CrmPermissionMissing, 'crm_permission_missing'],
    [403, 'INSUFFICIENT_ACCESS', CrmPermissionMissing, 'crm_permission_missing'],
    [403, 'UNKNOWN_EXCEPTION', CrmUnavailable, 'crm_unavailable'],
    [403, 'API_DISABLED_FOR_ORG', CrmMisconfigured, 'crm_api_closed'],
    [410, 'NOT_FOUND', CrmMisconfigured, 'crm_api_retired'],
    [400, 'MALFORMED_QUERY', CrmRejected, 'crm_rejected'],
    [414, 'UNKNOWN', CrmRejected, 'crm_rejected'],
  ])('says of %i %s what a person can do', async (status, code, kind, ours) => {
    org.server.answer(() => refusal(status, code));
    const error = await inDefault().catch((raised: unknown) => raised);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ code: ours });
  });

  it('takes a 403 of a proxy for something that passes', async () => {
    org.server.answer(() => ({ status: 403, body: '<html>Forbidden</html>' }));
    await expect(inDefault()).rejects.toMatchObject({ code: 'crm_unavailable' });
  });

  it('gets a new token for a session that ended, whichever status says so', async () => {
    org.server.answer((_request, index) => (index === 0 ? refusal(403, 'INVALID_SESSION_ID') : rows()));
    expect(await inDefault()).toEqual([]);
    expect(org.discarded).toEqual(['t1']);
  });

  it.each([
    ['INVALID_FIELD', "No such column 'Plan__c' where Name = 'Eva Olsen'", 'no such field', 'Plan__c'],
    ['STRING_TOO_LONG', 'data value too large: Eva Olsen', 'too long for its field', 'STRING_TOO_LONG'],
    ['INVALID_TYPE', "sObject type 'Opportunity' is not supported, 'a__c'", 'no such object', '(Opportunity)'],
    ['MALFORMED_QUERY', "unexpected 'Eva Olsen' in eva@example.com near 'Email'", 'cannot read a query', 'MALFORMED'],
    ['ODD_CODE', 'Eva Olsen is odd', 'did not say why', 'ODD_CODE'],
    ['Eva Olsen', 'Eva Olsen', 'did not say why', 'UNKNOWN'],
  ])('says what %s means without a word of a person: %s', async (code, message, meaning, named) => {
    org.server.answer(() => refusal(400, code, message));
    const error = await inDefault().catch((raised: unknown) => raised);
    expect(String(error)).toContain(meaning);
    expect(String(error)).toContain(named);
    expect(String(error)).toMatch(/ Its code: [A-Z_]+\.$/);
    expect(String(error) + JSON.stringify(error)).not.toMatch(/eva|olsen/i);
  });

  it('reads no answer that would fill the memory', async () => {
    const body = `"${'x'.repeat(1_000_000)}`;
    org.server.answer(() => ({ status: 200, body: body.repeat(21) }));
    await expect(inDefault()).rejects.toMatchObject({
      code: 'crm_unavailable',
      message: expect.stringContaining('larger'),
    });
  });
});

describe('the day’s allowance of calls', () => {
  it.each([
    ['799/1000', []],
    ['7999/10000', []],
    ['800/1000', ['inBackground']],
    ['949/1000', ['inBackground']],
    ['950/1000', ['inBackground', 'inDefault']],
    ['1000/1000', ['inBackground', 'inDefault']],
  ])('holds back at %s: %j, and not one call more', async (usage, held) => {
    org.server.answer(() => used(`api-usage=${usage}`));
    await byUser();
    expect(await heldBack()).toEqual(held);
    org.clock.advance(QUARTER_MS - 1_000);
    expect(await heldBack()).toEqual(held);
  });

  it('goes on after a quarter of an hour, when there is enough again', async () => {
    org.server.answer(() => used('api-usage=960/1000'));
    await inDefault();
    expect(await heldBack()).toEqual(['inBackground', 'inDefault']);
    org.server.answer(() => used('api-usage=500/1000; per-app-api-usage=990/1000(appName=Other)'));
    org.clock.advance(QUARTER_MS + 1_000);
    expect(await heldBack()).toEqual([]);
  });

  it('reads nothing into an answer that does not say', async () => {
    for (const words of ['', 'api-usage=many', 'per-app-api-usage=99/100(appName=X)', 'api-usage=5/0']) {
      org.server.answer(() => used(words));
      await inDefault();
    }
    expect(await heldBack()).toEqual([]);
  });

  it('calls nothing for a quarter of an hour once Salesforce says that none is left', async () => {
    org.server.answer(() => refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    await expect(inDefault()).rejects.toMatchObject({ retryAtMs: org.clock.now() + QUARTER_MS });
    expect(await heldBack()).toEqual(['inBackground', 'inDefault', 'byUser']);
    org.server.answer(() => rows());
    org.clock.advance(QUARTER_MS);
    expect(await heldBack()).toEqual([]);
  });

  it('waits half a minute when only too many long calls run at once, and as long as a named time', async () => {
    const message = 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.';
    org.server.answer(() => refusal(403, 'REQUEST_LIMIT_EXCEEDED', message));
    await expect(inDefault()).rejects.toMatchObject({ retryAtMs: org.clock.now() + 30_000 });
    org.clock.advance(30_000);
    org.server.answer(() => ({ status: 429, headers: { 'retry-after': '7' }, body: [] }));
    await expect(inDefault()).rejects.toMatchObject({ retryAtMs: org.clock.now() + 7_000 });
    expect(await heldBack()).toEqual(['inBackground', 'inDefault', 'byUser']);
  });
});

describe('the day’s allowance of an org', () => {
  it('is never passed by one call more than the brakes allow', async () => {
    const harness = await startSalesforceHarness();
    const { crm, account, salesforce } = harness;
    const counted = () => salesforce.control.log.counts()[account.externalAccountId] ?? 0;
    const walk = () => crm.findLists(account, { query: null, listIds: [] });
    const work = () => crm.readOwners(account);
    const wait = () => harness.adapter({ urgency: 'user' }).readOwners(account);
    harness.org.setApiUsage(7_998, 10_000);
    await walk();
    await walk();
    const atEighty = counted();
    await expect(walk()).rejects.toBeInstanceOf(CrmRateLimited);
    expect(counted()).toBe(atEighty);
    harness.org.setApiUsage(9_499, 10_000);
    await work();
    const atNinetyFive = counted();
    await expect(work()).rejects.toBeInstanceOf(CrmRateLimited);
    await expect(walk()).rejects.toBeInstanceOf(CrmRateLimited);
    expect(counted()).toBe(atNinetyFive);
    await wait();
    expect(counted()).toBe(atNinetyFive + 1);
    await harness.close();
  });
});
