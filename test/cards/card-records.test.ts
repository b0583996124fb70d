import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from '../journeys/program.ts';
import { openStage, type Stage, type Tenant } from '../journeys/stage.ts';
import { cardClient, newRequestKey, type CardClient } from './card-client.ts';

const PORTAL = 2_001;
const OTHER_PORTAL = 2_002;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let rep: CardClient;
let otherRep: CardClient;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL });
  stage.hubspot.control.createPortal({ portalId: OTHER_PORTAL });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  rep = cardClient(stage, tenant);
  otherRep = cardClient(stage, await stage.install(OTHER_PORTAL));
  await stage.settle();
});
afterAll(() => stage.close());

const KINDS = ['contacts', 'deals', 'companies'] as const;
const callsOf = (): number => stage.hubspot.control.log.calls({ portalId: PORTAL }).length;

function expectNoData(answer: { status: number; body: any }): void {
  expect([answer.status, Object.keys(answer.body as object), answer.body.error.code]).toEqual([
    403,
    ['error'],
    'card_record_refused',
  ]);
}

test.each(KINDS)('a card on %s of another account is refused with no data (E33)', async (kind) => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const id =
    kind === 'contacts'
      ? launched.advocateContactId
      : kind === 'deals'
        ? portal.createDeal({ dealname: 'Ours', pipeline: 'default', dealstage: 'closedwon' }, [])
        : portal.createCompany({ name: 'Ours Ltd' });
  expect((await rep.get(`/hubspot/${kind}/${id}/card`)).status).toBe(200);
  expectNoData(await otherRep.get(`/hubspot/${kind}/${id}/card`));
});

test('what another account’s card asks to be done on our record is refused, and nothing is done (E33)', async () => {
  const { advocateContactId: id, programId } = launched;
  const key = (): object => ({ requestKey: newRequestKey(), programId });
  expectNoData(await otherRep.post(`/hubspot/contacts/${id}/referrals`, { ...key(), email: 'x@example.com' }));
  const enrolled = await otherRep.post(`/hubspot/contacts/${id}/advocate`, key());
  expect([enrolled.status, enrolled.body.error.code]).toEqual([404, 'program_not_found']);
  expect(await stage.rows(`select 1 from people where email = 'x@example.com'`)).toEqual([]);
});

test('a record is asked for once: its second view makes no call to HubSpot', async () => {
  const id = stage.hubspot.control.portal(PORTAL).createContact({ email: 'quiet@example.com' });
  const before = callsOf();
  expect((await rep.get(`/hubspot/contacts/${id}/card`)).body).toMatchObject({ kind: 'contact', advocacies: [] });
  expect(callsOf()).toBe(before + 1);
  expect((await rep.get(`/hubspot/contacts/${id}/card`)).status).toBe(200);
  expect(callsOf()).toBe(before + 1);
});

test('a record that HubSpot does not have is refused, however often it is asked for (E33)', async () => {
  for (const _ of [1, 2]) expectNoData(await rep.get('/hubspot/contacts/99999999/card'));
  expect(await stage.rows(`select 1 from crm_records where record_id = '99999999'`)).toEqual([]);
});

test('a deleted contact is refused; restored, it is there again (E33)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const id = portal.createContact({ email: 'coming.going@example.com' });
  expect((await rep.get(`/hubspot/contacts/${id}/card`)).status).toBe(200);
  portal.delete('contacts', id);
  await stage.settle();
  expectNoData(await rep.get(`/hubspot/contacts/${id}/card`));
  portal.restore('contacts', id);
  await stage.settle();
  // HubSpot said a moment ago that it is not there, and is not asked again so soon.
  stage.clock.advance(60_000);
  expect((await rep.get(`/hubspot/contacts/${id}/card`)).status).toBe(200);
});

test('the card of a merged contact shows the one that is left', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const id = portal.createContact({ email: 'ada.second@example.com', firstname: 'Ada', lastname: 'Second' });
  const key = { requestKey: newRequestKey(), programId: launched.programId };
  expect((await rep.post(`/hubspot/contacts/${id}/advocate`, key)).status).toBe(201);
  await stage.settle();
  portal.merge('contacts', launched.advocateContactId, id);
  await stage.settle();
  const [left] = portal.find('contacts', 'email', 'ada.advocate@example.com');
  const [ofOld, ofLeft] = [
    await rep.get(`/hubspot/contacts/${id}/card`),
    await rep.get(`/hubspot/contacts/${String(left?.id)}/card`),
  ];
  expect([ofOld.status, ofOld.body.contact]).toEqual([200, ofLeft.body.contact]);
  expect(ofLeft.body.advocacies).toHaveLength(1);
});

test('while HubSpot is down, known records are shown and unknown ones say that HubSpot does not answer', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const [known] = portal.find('contacts', 'email', 'ada.advocate@example.com');
  const unknown = portal.createContact({ email: 'unknown@example.com' });
  const fault = stage.hubspot.control.faults.add({ kind: 'down' });
  expect((await rep.get(`/hubspot/contacts/${String(known?.id)}/card`)).status).toBe(200);
  const answer = await rep.get(`/hubspot/contacts/${unknown}/card`);
  expect([answer.status, answer.body.error.code]).toEqual([503, 'crm_unavailable']);
  stage.hubspot.control.faults.remove(fault);
  await stage.settle();
});

test('a user with invented ids spends a few calls of the account, and the sync has the rest (E33)', async () => {
  stage.clock.advance(60_000);
  const before = callsOf();
  const answers: { status: number; body: any }[] = [];
  for (let n = 0; n < 200; n += 1) answers.push(await rep.get(`/hubspot/deals/${String(70_000_000 + n)}/card`));
  expect(callsOf() - before).toBe(20);
  const limited = answers.filter(({ status }) => status === 503);
  expect(limited).toHaveLength(180);
  expect(limited[0]?.body.error).toMatchObject({ code: 'crm_rate_limited', retryAtMs: stage.clock.now() + 10_000 });
  const portal = stage.hubspot.control.portal(PORTAL);
  const email = 'after.the.flood@example.com';
  const [ada] = portal.find('contacts', 'email', 'ada.advocate@example.com');
  const friend = { requestKey: newRequestKey(), programId: launched.programId, email };
  expect((await rep.post(`/hubspot/contacts/${String(ada?.id)}/referrals`, friend)).status).toBe(201);
  await stage.settle();
  expect(portal.find('contacts', 'email', email)).toHaveLength(1);
  const deal = portal.createDeal({ dealname: 'Honest', pipeline: 'default', dealstage: 'closedwon' }, []);
  stage.clock.advance(10_000);
  expect((await rep.get(`/hubspot/deals/${deal}/card`)).status).toBe(200);
});
