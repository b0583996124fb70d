import { expect, test } from 'vitest';

import { startLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { ManualClock, PORTAL_ID, ourScopes, startBench } from './harness.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DEALS_TO_CONTACTS = '/crm/associations/2026-09/deals/contacts';
const LABEL = 'Decision maker';

async function openDeal() {
  const bench = await startBench({ scopes: ourScopes() });
  const { portal, api } = bench;
  const typeId = portal.createAssociationLabel('deals', 'contacts', LABEL);
  const contact = portal.createContact({ firstname: 'Ada' });
  const deal = portal.createDeal({ dealname: 'Two', dealstage: 'appointmentscheduled', pipeline: 'default' }, [
    contact,
  ]);
  const typesFrom = async (from: string, to: string, id: string) => {
    const path = `/crm/associations/2026-09/${from}/${to}/batch/read`;
    const { body } = await api('POST', path, { inputs: [{ id }] });
    return body.results[0].to[0].associationTypes;
  };
  return { ...bench, typeId, contact, deal, typesFrom };
}

const PLAIN = { category: 'HUBSPOT_DEFINED', typeId: 3, label: null };
const PLAIN_BACK = { category: 'HUBSPOT_DEFINED', typeId: 4, label: null };

test('a label comes beside the plain association, from both ends, and leaves without it', async () => {
  const { portal, typeId, contact, deal, typesFrom } = await openDeal();
  expect(await typesFrom('deals', 'contacts', deal)).toEqual([PLAIN]);
  portal.addLabel(['deals', deal], ['contacts', contact], LABEL);
  const own = { category: 'USER_DEFINED', label: LABEL };
  expect(await typesFrom('deals', 'contacts', deal)).toEqual([PLAIN, { ...own, typeId }]);
  expect(await typesFrom('contacts', 'deals', contact)).toEqual([PLAIN_BACK, { ...own, typeId: typeId + 1 }]);
  portal.removeLabel(['contacts', contact], ['deals', deal], LABEL);
  expect(await typesFrom('deals', 'contacts', deal)).toEqual([PLAIN]);
  expect(await typesFrom('contacts', 'deals', contact)).toEqual([PLAIN_BACK]);
});

test('an account’s own label may carry the number of one of HubSpot’s types and is not taken for it', async () => {
  const { api, typeId, contact, deal, typesFrom } = await openDeal();
  expect(typeId).toBe(PLAIN.typeId);
  const types = [{ associationCategory: 'USER_DEFINED', associationTypeId: typeId }];
  const inputs = [{ from: { id: deal }, to: { id: contact }, types }];
  const created = await api('POST', `${DEALS_TO_CONTACTS}/batch/create`, { inputs });
  expect(created.body.results[0].labels).toEqual([LABEL]);
  expect((await typesFrom('deals', 'contacts', deal)).map(({ category }: any) => category)).toEqual([
    'HUBSPOT_DEFINED',
    'USER_DEFINED',
  ]);
});

test('a label nobody made is refused, and one of another pair is, too', async () => {
  const { api, portal, contact, deal } = await openDeal();
  const other = portal.createAssociationLabel('contacts', 'companies', 'Consultant');
  for (const associationTypeId of [other, 999]) {
    const types = [{ associationCategory: 'USER_DEFINED', associationTypeId }];
    const inputs = [{ from: { id: deal }, to: { id: contact }, types }];
    expect((await api('POST', `${DEALS_TO_CONTACTS}/batch/create`, { inputs })).status).toBe(400);
  }
});

test('the labels of a pair are listed with the plain association, each way with its own id', async () => {
  const { api, typeId } = await openDeal();
  const there = await api('GET', `${DEALS_TO_CONTACTS}/labels`);
  const own = { category: 'USER_DEFINED', label: LABEL };
  expect(there.body.results).toEqual([PLAIN, { ...own, typeId }]);
  const back = await api('GET', '/crm/associations/2026-09/contacts/deals/labels');
  expect(back.body.results).toEqual([PLAIN_BACK, { ...own, typeId: typeId + 1 }]);
});

test('a label set or taken away is announced like an association, and set twice only once', async () => {
  const { portal, control, contact, deal } = await openDeal();
  await control.deliveries.deliverNow();
  control.deliveries.hold();
  const news = () =>
    control.deliveries.pending().map(({ event }) => [event['associationType'], event['associationRemoved']]);
  const before = news().length;
  portal.addLabel(['deals', deal], ['contacts', contact], LABEL);
  portal.addLabel(['deals', deal], ['contacts', contact], LABEL);
  portal.removeLabel(['deals', deal], ['contacts', contact], LABEL);
  expect(news().slice(before)).toEqual([
    ['DEAL_TO_CONTACT', false],
    ['CONTACT_TO_DEAL', false],
    ['DEAL_TO_CONTACT', true],
    ['CONTACT_TO_DEAL', true],
  ]);
});

test('labels are still there after a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hubspot-labels-'));
  const clock = new ManualClock();
  const first = await startLocalHubSpot({ clock, dataDir });
  first.control.createPortal({ portalId: PORTAL_ID, seed: 'empty' });
  first.control.portal(PORTAL_ID).createAssociationLabel('deals', 'contacts', LABEL);
  await first.close();
  const second = await startLocalHubSpot({ clock, dataDir });
  expect(second.control.portal(PORTAL_ID).createAssociationLabel('deals', 'contacts', 'Champion')).toBe(5);
  await second.close();
  rmSync(dataDir, { recursive: true, force: true });
});
