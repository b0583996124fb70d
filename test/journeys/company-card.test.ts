import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCompanyCard } from '../../backend/src/cards/company-card-store.ts';
import type { CompanyCardView } from '../../shared/card-view.ts';
import { cardClient } from '../cards/card-client.ts';
import { launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 631;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let alder: string;
let birch: string;
let cedar: string;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', currency: 'EUR' });
  const portal = stage.hubspot.control.portal(PORTAL);
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  [alder, birch, cedar] = [
    portal.createCompany({ name: 'Alder' }),
    portal.createCompany({ name: 'Birch' }),
    portal.createCompany({ name: 'Cedar' }),
  ];
});
afterAll(() => stage.close());

async function card(companyId: string): Promise<CompanyCardView> {
  const { workspaceId, connectionId } = tenant;
  return stage.service.database.inWorkspace(workspaceId, (tx) =>
    readCompanyCard(tx, {
      workspaceId,
      connectionId,
      recordId: companyId,
      publicUrl: stage.publicUrl,
      appUrl: stage.hubspot.url,
      now: new Date(stage.clock.now()),
    }),
  );
}

const counts = async (companyId: string): Promise<readonly number[]> => {
  const { advocates, referred, received } = await card(companyId);
  return [advocates, referred, received];
};

const move = (contactId: string, from: string | null, to: string | null): void => {
  const portal = stage.hubspot.control.portal(PORTAL);
  if (from !== null) portal.dissociate(['contacts', contactId], ['companies', from]);
  if (to !== null) portal.associate(['contacts', contactId], ['companies', to]);
};

const companyCalls = (): number =>
  stage.hubspot.control.log.calls({ portalId: PORTAL }).filter(({ path }) => path.includes('compan')).length;

test('whoever changes company takes their referrals along, with no call to HubSpot for the company (RL-02, RL-06)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const friendId = portal.createContact({ email: 'dana@example.com', firstname: 'Dana' });
  await referFriend(tenant, launched, { email: 'dana@example.com' });
  await stage.settle();
  expect(await counts(alder)).toEqual([0, 0, 0]);

  move(launched.advocateContactId, null, alder);
  move(friendId, null, birch);
  await stage.settle();
  expect([await counts(alder), await counts(birch)]).toEqual([
    [1, 1, 0],
    [0, 0, 1],
  ]);
  expect((await card(birch)).referrals.items.map(({ direction }) => direction)).toEqual(['received']);

  move(launched.advocateContactId, alder, birch);
  await stage.settle();
  expect([await counts(alder), await counts(birch)]).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
  expect((await card(birch)).referrals.items.map(({ direction }) => direction)).toEqual(['made']);

  move(launched.advocateContactId, birch, null);
  await stage.settle();
  expect(await counts(birch)).toEqual([0, 0, 1]);
  expect(companyCalls()).toBe(0);
});

test('a company at the end of an association is neither looked at nor set aside (RL-02)', async () => {
  move(launched.advocateContactId, null, alder);
  await stage.settle();
  expect(await stage.rows(`select * from dirty_records where object_type = 'company'`)).toEqual([]);
  expect(await counts(alder)).toEqual([1, 1, 0]);
});

test('a contact that is merged into one of another company moves there (RL-02)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const other = portal.createContact({ email: 'ada.at.birch@example.com' });
  move(other, null, birch);
  portal.merge('contacts', other, launched.advocateContactId);
  await stage.settle();
  const [inAlder, inBirch] = [await counts(alder), await counts(birch)];
  expect([inAlder[0], inBirch[0]]).toEqual([0, 1]);
});

test('what changes without a message, as when companies are merged, is found by the poll (RL-02)', async () => {
  const survivor = stage.hubspot.control.portal(PORTAL).merge('companies', alder, birch);
  await stage.pass(6 * 60_000);
  expect((await card(survivor)).advocates).toBe(1);
});

test('everybody an enrolment meets comes with their company, at no further call (RL-02, RR-03)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const people = ['bo@example.com', 'cy@example.com'].map((email) => portal.createContact({ email }));
  for (const contactId of people) move(contactId, null, cedar);
  await stage.settle();
  const started = await tenant.api('POST', `/programs/${launched.programId}/enrolments`, {
    source: 'all',
    ongoing: false,
  });
  expect(started.status).toBe(201);
  await stage.settle();
  expect((await card(cedar)).advocates).toBe(2);
});

test('people known before their company was kept are taken in when the card is first looked at (RL-02)', async () => {
  await stage.rows(`update crm_records set company_id = null where company_id = $1`, [cedar]);
  const before = companyCalls();
  const rep = cardClient(stage, tenant);
  for (const look of ['first', 'second']) {
    const { status, body } = await rep.get(`/hubspot/companies/${cedar}/card`);
    expect([look, status, body.advocates]).toEqual([look, 200, 2]);
  }
  // Is it there, and who is in it: asked once.
  expect(companyCalls()).toBe(before + 2);
});
