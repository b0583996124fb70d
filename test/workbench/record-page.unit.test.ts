import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeProject } from '../sandbox/harness.ts';
import { addAdvocate, API_KEY, openBench, PORTAL_ID, serve, type OpenBench } from './bench.ts';

const APP_ID = 77;
const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

let open: OpenBench;

beforeEach(async () => {
  open = await openBench();
  serve(open.service, {});
});
afterEach(() => open.close());

const portal = () => open.control.portal(PORTAL_ID);
const page = async (path: string) => {
  const answer = await fetch(`${open.url}/workbench/${path}`, { redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const json = async (path: string): Promise<any> => (await fetch(`${open.url}/workbench/${path}`)).json();

/** An app with one card on contacts, whose service is the fake one. */
function connectApp(): void {
  open.control.uploadApp({
    projectDir: writeProject(),
    variables: { PUBLIC_URL: open.service.url },
    appId: APP_ID,
    clientId: 'c',
    clientSecrets: ['s'],
  });
  portal().install(APP_ID);
}

const contactOf = (values: Record<string, string> = {}) =>
  portal().createContact({ firstname: 'Ada', lastname: 'Advocate', email: 'ada@example.com', ...values });

describe('a record page', () => {
  test('shows the contact, what may be edited, what Passalong wrote and what is linked', async () => {
    const contact = contactOf({ passalong_referral_status: 'pending', lifecyclestage: 'lead' });
    const deal = portal().createDeal({ dealname: 'Plan', pipeline: 'default', dealstage: 'contractsent', amount: 99 }, [
      contact,
    ]);
    const company = portal().createCompany({ name: 'Alder', domain: 'alder.example.com' });
    portal().associate(['contacts', contact], ['companies', company]);
    const { status, text } = await page(`record/0-1/${contact}`);
    expect(status).toBe(200);
    expect(text).toContain('<h1>Ada Advocate</h1>');
    expect(text).toMatch(/<option value="lead"\s+selected>\s*Lead\s*<\/option>/);
    expect(text).toMatch(/data-property="passalong_referral_status"[^]*?<dd>pending<\/dd>/);
    expect(text).toContain(`href="/workbench/record/0-3/${deal}"`);
    expect(text).toContain(`data-preview="0-2/${company}"`);
    expect((await page(`record/deals/${deal}`)).text).toMatch(/value="contractsent"[^>]*aria-current="step"/);
  });

  test.each(['0-1', '0-2', '0-3', '0-5'])('keeps what strangers wrote a text on a record of type %s', async (type) => {
    const contact = contactOf({ firstname: HOSTILE, passalong_referral_status: HOSTILE });
    const ids = {
      '0-1': contact,
      '0-2': portal().createCompany({ name: HOSTILE, domain: HOSTILE }),
      '0-3': portal().createDeal({ dealname: HOSTILE }, [contact]),
      '0-5': portal().createTicket({ subject: HOSTILE, content: HOSTILE }, [contact]),
    };
    portal().associate(['contacts', contact], ['companies', ids['0-2']]);
    connectApp();
    const id = ids[type as keyof typeof ids];
    for (const path of [`record/${type}/${id}`, `records/${type}?q=${encodeURIComponent('<img')}`]) {
      const { text } = await page(path);
      expect(text).not.toContain('<img');
      expect(text).toContain('&lt;img src=x');
    }
    expect(JSON.stringify((await json(`record/${type}/${id}/view`)).regions)).not.toContain('<img');
  });

  test('of a record that is gone says so, and one that was merged leads to what is left', async () => {
    const [one, two] = [contactOf(), contactOf({ email: 'two@example.com' })];
    const left = portal().merge('contacts', one, two);
    const answer = await page(`record/0-1/${one}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/workbench/record/0-1/${left}`]);
    portal().delete('contacts', left);
    expect((await page(`record/0-1/${left}`)).status).toBe(404);
    expect((await page('record/0-9/1')).status).toBe(404);
    expect((await json(`record/0-1/${left}/view`)).message).toBe('This contact is gone.');
  });

  test('lets cards show pictures of their service and nothing else foreign, and carries no key', async () => {
    connectApp();
    const { headers, text } = await page(`record/0-1/${contactOf()}`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`img-src 'self' data: ${open.service.url};`);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).toContain("frame-src 'none'");
    expect(text).toContain('data-card="small_card"');
    expect(text).not.toContain(API_KEY);
  });

  test('is told every change at once, with the values for its cards', async () => {
    const contact = contactOf();
    const { version, properties } = await json(`record/0-1/${contact}/view`);
    expect(properties).toMatchObject({ firstname: 'Ada' });
    expect(await json(`record/0-1/${contact}/view?known=${version}`)).toEqual({ version });
    portal().setProperties('contacts', contact, { lifecyclestage: 'customer' });
    const next = await json(`record/0-1/${contact}/view?known=${version}`);
    expect([next.properties.lifecyclestage, next.fields.lifecyclestage]).toEqual(['customer', 'customer']);
  });

  test('before the account is there leads to the overview, which waits', async () => {
    const starting = await openBench({ started: false });
    try {
      const answer = await fetch(`${starting.url}/workbench/record/0-1/1`, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
      expect((await fetch(`${starting.url}/workbench/card-host/cards.json`)).status).toBe(503);
    } finally {
      await starting.close();
    }
  });
});

describe('a list of records', () => {
  test('shows those Passalong knows first, and finds by name and address', async () => {
    contactOf({ firstname: 'Zoe', email: 'zoe@example.com' });
    addAdvocate(open.control, { firstname: 'Bea', email: 'bea@example.com', code: 'bea1' });
    const { text } = await page('records/0-1');
    expect(text.indexOf('Bea Advocate')).toBeLessThan(text.indexOf('Zoe Advocate'));
    const found = (await page('records/0-1?q=ZOE%40')).text;
    expect(found).toContain('Zoe Advocate');
    expect(found).not.toContain('Bea Advocate');
    expect((await page('records/0-1?q=nobody')).text).toContain('None found.');
  });
});

describe('a rep', () => {
  const users = () => portal().owners();

  test('saves what was changed and nothing else, in their own name', async () => {
    const contact = contactOf({ lifecyclestage: 'lead' });
    await open.act('act-as', { user: String(users()[1]?.userId) });
    const given = { type: '0-1', id: contact, firstname: 'Ada', lifecyclestage: 'customer', hs_object_id: '5' };
    expect((await open.act('save-record', given)).body.message).toBe('Saved: lifecycle stage.');
    const { history, properties } = portal().get('contacts', contact) ?? {};
    expect(properties?.['lifecyclestage']).toBe('customer');
    expect(history?.['lifecyclestage']?.at(-1)).toMatchObject({
      sourceType: 'CRM_UI',
      sourceId: `userId:${users()[1]?.userId}`,
    });
    expect(history?.['firstname']).toHaveLength(1);
    expect((await open.act('save-record', given)).body.message).toBe('Nothing was changed.');
  });

  test('is told by HubSpot what is wrong, at the field', async () => {
    const [contact, other] = [contactOf(), contactOf({ email: 'other@example.com' })];
    const wrong = await open.act('save-record', { type: '0-1', id: contact, lifecyclestage: 'nowhere' });
    expect([wrong.status, Object.keys(wrong.body.fields)]).toEqual([422, ['lifecyclestage']]);
    const taken = await open.act('save-record', { type: '0-1', id: other, email: 'ada@example.com' });
    expect([taken.status, taken.body.fields]).toEqual([422, { email: 'Another record has this value.' }]);
    expect((await open.act('save-record', { type: '0-1', id: '1' })).status).toBe(404);
  });

  test('moves a deal along its own pipeline only', async () => {
    const deal = portal().createDeal({ dealname: 'Plan', pipeline: 'default', dealstage: 'qualifiedtobuy' });
    const move = (stage: string) => open.act('move-record-deal', { type: '0-3', id: deal, stage });
    expect((await move('closedwon')).body.message).toBe('“Plan” is now in Closed Won.');
    expect((await move('181022703')).status).toBe(422);
    expect(portal().get('deals', deal)?.properties['dealstage']).toBe('closedwon');
  });

  test('is one of the users of the account', async () => {
    expect((await open.act('act-as', { user: '1' })).body.fields).toHaveProperty('user');
    expect((await open.act('act-as', { user: String(users()[2]?.userId) })).body.message).toContain('You are now Mina');
    expect((await json(`record/0-1/${contactOf()}/view`)).userId).toBe(users()[2]?.userId);
  });
});

describe('a card on the page', () => {
  const send = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${open.url}/workbench/hubspot-fetch`, { method: 'POST', headers, body: JSON.stringify(body) });

  test('reaches its service through the local HubSpot, as whoever sits there', async () => {
    connectApp();
    const [, second] = portal().owners();
    await open.act('act-as', { user: String(second?.userId) });
    open.service.answers.set('GET /hubspot/contacts/1/card', { status: 200, body: { kind: 'contact' } });
    const answer = await send({
      url: `${open.service.url}/hubspot/contacts/1/card?userId=1`,
      method: 'GET',
      timeout: 900,
    });
    expect(await answer.json()).toMatchObject({ status: 200, body: '{"kind":"contact"}' });
    expect(open.control.log.cardCalls()[0]?.appended).toMatchObject({
      userId: String(second?.userId),
      userEmail: second?.email,
      portalId: String(PORTAL_ID),
      appId: String(APP_ID),
    });
  });

  test.each([
    ['passalong-down', 502],
    ['answers-lost', 502],
  ])('hears nothing good while %s is switched on', async (name, status) => {
    connectApp();
    const request = {
      url: `${open.service.url}/hubspot/contacts/1/advocate`,
      method: 'POST',
      body: { requestKey: 'k' },
    };
    await open.act(name, { on: 'true' });
    expect(await (await send(request)).json()).toMatchObject({ status });
    const asked = open.service.asked.filter(({ path }) => path === '/hubspot/contacts/1/advocate');
    // Lost answers are of work that was done, and HubSpot asks a second time by itself.
    expect(asked).toHaveLength(name === 'answers-lost' ? 2 : 0);
    await open.act(name, { on: 'false' });
    expect(await (await send(request)).json()).toMatchObject({ status: 200 });
  });

  test('waits twenty seconds while Passalong is slow', async () => {
    connectApp();
    await open.act('passalong-slow', { on: 'true' });
    expect(open.control.faults.list()).toMatchObject([{ kind: 'cardSlow', delayMs: 20_000 }]);
    const request = { url: `${open.service.url}/hubspot/contacts/1/card`, timeout: 20 };
    expect(await (await send(request)).json()).toMatchObject({ status: 504 });
  });

  test('is not to be used by another site, nor without an app', async () => {
    const request = { url: 'https://passalong.example.com/' };
    const foreign = { 'content-type': 'application/json', origin: 'https://evil.example.com' };
    expect((await send(request, foreign)).status).toBe(403);
    expect((await send(request)).status).toBe(409);
    expect((await send({ address: 1 })).status).toBe(400);
  });

  test('reads properties and linked records of its record', async () => {
    const contact = contactOf();
    portal().createDeal({ dealname: 'Plan', amount: 12 }, [contact]);
    expect(await json(`hubspot/properties/0-1/${contact}?names=firstname,nothing`)).toEqual({
      firstname: 'Ada',
      nothing: null,
    });
    expect(await json(`hubspot/properties/0-1/${contact}?names=*`)).toMatchObject({ lastname: 'Advocate' });
    expect(
      await json(`hubspot/associations/0-1/${contact}?to=0-3&names=dealname,amount&pageLength=5&offset=0`),
    ).toMatchObject({ results: [{ properties: { dealname: 'Plan', amount: '12' } }], hasMore: false, nextOffset: 1 });
    expect((await page('hubspot/properties/0-1/1?names=a')).status).toBe(404);
  });

  test('comes with its files, and a build that failed says why and is tried again', async () => {
    expect(await json('card-host/cards.json')).toMatchObject([{ uid: 'small_card' }]);
    expect((await page('card-host/cards/s.js')).text).toBe('self.card = 1');
    expect((await page('card-host/nothing.js')).status).toBe(404);
    let tries = 0;
    const broken = await openBench({
      buildCards: () =>
        (tries += 1) === 1 ? Promise.reject(new Error('Card.tsx: line 3')) : Promise.resolve(new Map()),
    });
    try {
      const answer = await fetch(`${broken.url}/workbench/card-host/cards.json`);
      expect([answer.status, await answer.json()]).toEqual([500, { message: 'Card.tsx: line 3' }]);
      expect((await fetch(`${broken.url}/workbench/card-host/cards.json`)).status).toBe(404);
    } finally {
      await broken.close();
    }
  });
});

test('the access token can be over now, and the connection stays', async () => {
  expect((await open.act('expire-token', {})).status).toBe(409);
  connectApp();
  const { accessToken } = portal().install(APP_ID);
  const { url } = open.hubspot;
  const details = () =>
    fetch(`${url}/account-info/2026-09/details`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect((await details()).status).toBe(200);
  expect((await open.act('expire-token', {})).status).toBe(200);
  expect(await (await details()).json()).toMatchObject({ category: 'EXPIRED_AUTHENTICATION' });
  expect(portal().installedApps()).toEqual([APP_ID]);
});

test('overview and record pages lead to each other', async () => {
  const contact = addAdvocate(open.control, { firstname: 'Ada', email: 'ada@example.com', code: 'ada1' });
  connectApp();
  const overview = await (await fetch(`${open.url}/?shown=${contact}`)).text();
  expect(overview).toContain(`href="/workbench/record/0-1/${contact}"`);
  expect(overview).toContain('data-card="small_card"');
  expect((await page(`record/0-1/${contact}`)).text).toContain('<a class="back" href="/">Workbench overview</a>');
});
