import { afterEach, beforeEach, expect, test } from 'vitest';
import { addAdvocate, openBench, PORTAL_ID, referralOf, serve, type OpenBench } from './bench.ts';

let open: OpenBench;

beforeEach(async () => {
  open = await openBench();
  addAdvocate(open.control, { firstname: 'Ada', email: 'ada@example.com', code: 'ada1' });
  serve(open.service, { referrals: [referralOf('ref_1', { firstName: 'Finn', email: 'finn@example.com' })] });
});
afterEach(() => open.close());

const FRIEND = { code: 'ada1', email: 'gil@example.com', firstName: 'Gil', lastName: '' };

test('a sign-up is a referral of the program, with what was left empty left out', async () => {
  open.service.answers.set('POST /api/v1/programs/prg_1/referrals', {
    status: 201,
    body: { referralId: 'ref_2', created: true },
  });
  expect(await open.act('sign-up', FRIEND)).toEqual({
    status: 200,
    body: { message: 'Gil is signed up.', choose: 'ref_2' },
  });
  expect(open.service.asked.find(({ method }) => method === 'POST')?.body).toEqual({
    code: 'ada1',
    email: 'gil@example.com',
    firstName: 'Gil',
    lastName: null,
    source: 'form',
  });
});

test('what the service refuses is said at the field it is about', async () => {
  open.service.answers.set('POST /api/v1/programs/prg_1/referrals', {
    status: 422,
    body: { error: { message: 'Not valid.', remedy: 'Mend it.', fields: [{ path: 'email', message: 'No address.' }] } },
  });
  const { status, body } = await open.act('sign-up', FRIEND);
  expect([status, body.fields]).toEqual([422, { email: 'No address.' }]);
  open.service.answers.set('POST /api/v1/programs/prg_1/referrals', {
    status: 409,
    body: { error: { message: 'Refers herself.', remedy: 'Use another address.' } },
  });
  expect((await open.act('sign-up', FRIEND)).body).toEqual({
    message: 'Refers herself. Use another address.',
    fields: {},
  });
});

test('what is missing is asked for before anybody is bothered', async () => {
  expect((await open.act('sign-up', { ...FRIEND, email: ' ' })).body.fields).toEqual({
    email: 'Enter an e-mail address.',
  });
  expect((await open.act('move-deal', { deal: '', stage: 'closedwon' })).body.fields).toEqual({
    deal: 'Choose a deal.',
  });
  expect(open.service.asked.filter(({ method }) => method === 'POST')).toEqual([]);
});

test('a deal is made and moved as a person in HubSpot would', async () => {
  const portal = open.control.portal(PORTAL_ID);
  const deal = { friend: 'ref_1', name: 'Plan', amount: '99.50', stage: 'qualifiedtobuy' };
  expect((await open.act('create-deal', deal)).body.fields.friend).toContain('no contact for Finn Friend yet');
  portal.createContact({ email: 'finn@example.com' });
  expect((await open.act('create-deal', { ...deal, amount: '1e3' })).body.fields).toHaveProperty('amount');
  expect((await open.act('create-deal', deal)).status).toBe(200);
  const [dealId = ''] = portal.ids('deals');
  expect((await open.act('move-deal', { deal: dealId, stage: 'nowhere' })).body.fields).toHaveProperty('stage');
  expect((await open.act('move-deal', { deal: dealId, stage: 'closedwon' })).body.message).toBe(
    '“Plan” is now in Closed Won.',
  );
  expect(portal.get('deals', dealId)?.properties).toMatchObject({ dealstage: 'closedwon', amount: '99.50' });
  expect((await open.view()).regions.timeline).toContain('Deal “Plan” was moved to Closed Won');
});

test('a deal of somebody who was not referred is nobody’s to move here', async () => {
  const portal = open.control.portal(PORTAL_ID);
  const dealId = portal.createDeal({ dealname: 'Other', pipeline: 'default', dealstage: 'qualifiedtobuy' });
  expect((await open.act('move-deal', { deal: dealId, stage: 'closedwon' })).status).toBe(422);
  expect(portal.get('deals', dealId)?.properties['dealstage']).toBe('qualifiedtobuy');
});

test('the switches switch the local HubSpot, and the page knows', async () => {
  await open.act('hubspot-down', { on: 'true' });
  expect(open.control.faults.list()).toMatchObject([{ kind: 'down' }]);
  expect((await open.view()).switches).toEqual({ 'deliver-twice': false, 'hubspot-down': true });
  expect((await open.view()).regions.banner).toContain('HubSpot’s API is switched off.');
  await open.act('hubspot-down', { on: 'false' });
  await open.act('deliver-twice', { on: 'true' });
  expect(open.control.faults.list()).toEqual([]);
  const { switches, regions } = await open.view();
  expect(switches).toEqual({ 'deliver-twice': true, 'hubspot-down': false });
  expect(regions.timeline).toContain('Every webhook is now delivered twice');
});

test('a service that is away is said to be, and nothing is claimed to be done', async () => {
  await open.bench.viewer.view(0);
  await open.service.close();
  const { status, body } = await open.act('approve-reward', { reward: 'rwd_1' });
  expect([status, body.message]).toEqual([503, 'Passalong does not answer. Try again in a moment.']);
});

test.each([
  ['another site', { 'content-type': 'application/json', origin: 'https://evil.example.com' }, 403],
  ['a name that was made to point here', { 'content-type': 'application/json', origin: 'http://evil.test:3000' }, 403],
  ['a plain form of another site', { 'content-type': 'text/plain' }, 403],
  ['our page', { 'content-type': 'application/json', origin: 'http://localhost:3000' }, 200],
  ['our page at the public address', { 'content-type': 'application/json', origin: 'https://refer.example.com' }, 200],
])('a button pressed by %s', async (_, headers, status) => {
  expect((await open.act('hubspot-down', { on: 'true' }, headers)).status).toBe(status);
});

test('what is no action, no JSON object or too long is refused', async () => {
  expect((await open.act('constructor', {})).status).toBe(404);
  const post = (body: string) =>
    fetch(`${open.url}/workbench/actions/sign-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  expect((await post('[1]')).status).toBe(400);
  expect((await post(JSON.stringify({ email: 'x'.repeat(20_000) }))).status).toBe(400);
  expect((await fetch(`${open.url}/workbench/../main.ts`)).status).toBe(404);
});
