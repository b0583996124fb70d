import { describe, expect, test } from 'vitest';

import { portalControl } from '../../sandbox/hubspot/control/portal-control.ts';
import { complete } from '../../sandbox/hubspot/state/complete.ts';
import { createWorld } from '../../sandbox/hubspot/world.ts';
import { APP_ID, CLIENT_ID, PORTAL_ID, PROJECT_DIR, SECRET, ourScopes, startBench, startReceiver } from './harness.ts';
import type { Bench } from './harness.ts';

const COMPANIES = '/crm/objects/2026-09/companies';
const SCOPES = [...ourScopes(), 'crm.objects.companies.read'];

const companyOf = (bench: Bench, contact: string) =>
  bench.portal.get('contacts', contact)?.properties['associatedcompanyid'] ?? null;

async function openPeople() {
  const bench = await startBench({ scopes: SCOPES });
  const { portal } = bench;
  const [ada, bo] = [portal.createContact({ firstname: 'Ada' }), portal.createContact({ firstname: 'Bo' })];
  const [alder, basalt] = [portal.createCompany({ name: 'Alder' }), portal.createCompany({ name: 'Basalt' })];
  return { ...bench, ada, bo, alder, basalt };
}

describe('a contact’s company', () => {
  test('is the first one it was joined with, and the property follows', async () => {
    const bench = await openPeople();
    const { portal, ada, alder, basalt } = bench;
    portal.associate(['contacts', ada], ['companies', alder]);
    portal.associate(['companies', basalt], ['contacts', ada]);
    expect(companyOf(bench, ada)).toBe(alder);
    portal.dissociate(['contacts', ada], ['companies', alder]);
    expect(companyOf(bench, ada)).toBeNull();
    portal.associate(['companies', alder], ['contacts', ada]);
    expect(companyOf(bench, ada)).toBe(alder);
  });

  test('can be made another one over the API, and the one before becomes an ordinary one', async () => {
    const bench = await startBench({ scopes: [...SCOPES, 'crm.objects.companies.write'] });
    const { portal, api } = bench;
    const contact = portal.createContact({});
    const [one, two] = [portal.createCompany({ name: 'One' }), portal.createCompany({ name: 'Two' })];
    portal.associate(['contacts', contact], ['companies', one]);
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }];
    await api('POST', '/crm/associations/2026-09/contacts/companies/batch/create', {
      inputs: [{ from: { id: contact }, to: { id: two }, types }],
    });
    expect(companyOf(bench, contact)).toBe(two);
    const { body } = await api('POST', '/crm/associations/2026-09/contacts/companies/batch/read', {
      inputs: [{ id: contact }],
    });
    const typeIds = body.results[0].to.map(({ toObjectId, associationTypes }: any) => [
      toObjectId,
      associationTypes.map(({ typeId }: any) => typeId),
    ]);
    expect(typeIds).toEqual([
      [one, [279]],
      [two, [1]],
    ]);
  });

  test('is nobody’s to type in', async () => {
    const bench = await openPeople();
    const answer = await bench.api('PATCH', `/crm/objects/2026-09/contacts/${bench.ada}`, {
      properties: { associatedcompanyid: bench.alder },
    });
    expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'READ_ONLY_VALUE']);
  });

  test('follows when companies or people are merged, deleted and restored', async () => {
    const bench = await openPeople();
    const { portal, ada, bo, alder, basalt } = bench;
    portal.associate(['contacts', ada], ['companies', alder]);
    portal.associate(['contacts', bo], ['companies', basalt]);
    const joined = portal.merge('contacts', ada, bo);
    expect(companyOf(bench, joined)).toBe(alder);
    expect(portal.get('contacts', joined)?.associations['companies']).toEqual([alder, basalt]);
    const company = portal.merge('companies', basalt, alder);
    expect(companyOf(bench, joined)).toBe(company);
    portal.delete('companies', company);
    expect(companyOf(bench, joined)).toBeNull();
    portal.restore('companies', company);
    expect(companyOf(bench, joined)).toBe(company);
  });

  test('brings a webhook each way it was subscribed to, with who it is about', async () => {
    const receiver = await startReceiver();
    const bench = await openPeople();
    const { control, portal, ada, alder } = bench;
    control.uploadApp({
      projectDir: PROJECT_DIR,
      variables: { PUBLIC_URL: receiver.url },
      appId: APP_ID,
      clientId: CLIENT_ID,
      clientSecrets: [SECRET],
    });
    await control.deliveries.deliverNow();
    receiver.deliveries.length = 0;
    portal.associate(['contacts', ada], ['companies', alder]);
    portal.dissociate(['contacts', ada], ['companies', alder]);
    await control.deliveries.deliverNow();
    const changes = receiver.events().filter(({ associationType }) => associationType === 'CONTACT_TO_COMPANY');
    expect(changes).toMatchObject([
      { fromObjectId: Number(ada), toObjectId: Number(alder), associationRemoved: false, isPrimaryAssociation: true },
      { fromObjectId: Number(ada), toObjectId: Number(alder), associationRemoved: true, isPrimaryAssociation: true },
    ]);
  });
});

describe('companies over the API', () => {
  test('are read one by one and in batches, and their people in one call', async () => {
    const { api, portal, ada, bo, alder, basalt } = await openPeople();
    portal.associate(['contacts', ada], ['companies', alder]);
    portal.associate(['contacts', bo], ['companies', alder]);
    expect((await api('GET', `${COMPANIES}/${alder}?properties=name`)).body.properties.name).toBe('Alder');
    const batch = await api('POST', `${COMPANIES}/batch/read`, {
      inputs: [{ id: alder }, { id: basalt }, { id: '1' }],
      properties: ['name'],
    });
    expect(batch.status).toBe(207);
    expect(batch.body.results.map(({ properties }: any) => properties.name)).toEqual(['Alder', 'Basalt']);
    const people = await api('POST', '/crm/associations/2026-09/companies/contacts/batch/read', {
      inputs: [{ id: alder }, { id: basalt }],
    });
    expect(people.body.results).toMatchObject([{ from: { id: alder }, to: [{ toObjectId: ada }, { toObjectId: bo }] }]);
    expect(people.body.errors).toMatchObject([{ subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' }]);
  });

  test('need their scope, and tickets theirs', async () => {
    const { api, portal } = await startBench({ scopes: ['oauth', 'crm.objects.contacts.read'] });
    const category = async (method: string, path: string, body?: object) =>
      (await api(method, path, body)).body.category;
    expect(await category('GET', `${COMPANIES}/1`)).toBe('MISSING_SCOPES');
    expect(await category('POST', `${COMPANIES}/batch/read`, { inputs: [] })).toBe('MISSING_SCOPES');
    expect(await category('POST', '/crm/associations/2026-09/companies/contacts/batch/read', { inputs: [] })).toBe(
      'MISSING_SCOPES',
    );
    const ticket = portal.createTicket({ subject: 'Help' });
    const refused = await api('GET', `/crm/objects/2026-09/tickets/${ticket}`);
    expect(refused.body.errors[0].context.requiredGranularScopes).toEqual(['tickets']);
  });
});

test('a ticket is made with its contact and found from both ends', async () => {
  const { portal } = await startBench();
  const contact = portal.createContact({ firstname: 'Ada' });
  const ticket = portal.createTicket({ subject: 'Cannot log in', hs_pipeline_stage: '1' }, [contact]);
  expect(portal.get('tickets', ticket)?.associations['contacts']).toEqual([contact]);
  expect(portal.get('contacts', contact)?.associations['tickets']).toEqual([ticket]);
  expect(() => portal.createTicket({ subject: 'x', hs_pipeline_stage: '9' })).toThrow(/hs_pipeline_stage/);
});

test('the people of a believable account belong to companies, and none of them was changed for it today', async () => {
  const { portal, clock } = await startBench({ seed: 'believable' });
  const people = portal.ids('contacts').map((id) => portal.get('contacts', id));
  for (const person of people) {
    const company = portal.get('companies', person?.properties['associatedcompanyid'] ?? '');
    expect(company?.properties['name']).toBe(person?.properties['company']);
    expect(company?.associations['contacts']).toContain(person?.id);
    expect(Date.parse(person?.properties['lastmodifieddate'] ?? '')).toBeLessThan(clock.now() - 86_400_000);
  }
  expect(people).toHaveLength(300);
});

test('what a card reads of a record: texts, null for the rest, and joined records in pages', async () => {
  const { portal, ada, alder, basalt } = await openPeople();
  portal.setProperties('contacts', ada, { seats: 12 });
  portal.associate(['contacts', ada], ['companies', basalt]);
  portal.associate(['contacts', ada], ['companies', alder]);
  expect(portal.cardProperties('0-1', ada, ['firstname', 'seats', 'email', 'no_such_thing'])).toEqual({
    firstname: 'Ada',
    seats: '12',
    email: null,
    no_such_thing: null,
  });
  expect(Object.keys(portal.cardProperties('0-1', ada, '*'))).toContain('lifecyclestage');
  const page = (offset: number) =>
    portal.cardAssociations(['0-1', ada], { toObjectType: '0-2', properties: ['name'], pageLength: 1, offset });
  expect(page(0)).toEqual({
    results: [
      {
        toObjectId: Number(basalt),
        associationTypes: [
          { category: 'HUBSPOT_DEFINED', typeId: 279, label: '' },
          { category: 'HUBSPOT_DEFINED', typeId: 1, label: 'Primary' },
        ],
        properties: { name: 'Basalt' },
      },
    ],
    hasMore: true,
    nextOffset: 1,
  });
  expect(page(1)).toMatchObject({ results: [{ toObjectId: Number(alder) }], hasMore: false });
  expect(() => portal.cardProperties('0-1', '1', [])).toThrow(/no contact 1/);
});

test('an account kept from before companies counted gets them when it is opened', () => {
  const world = createWorld({ clock: { now: () => 0 }, dataDir: undefined, seed: 1 });
  const kept = { portalId: PORTAL_ID, name: '', timeZone: 'UTC', currency: 'EUR', atMs: 0 };
  world.store.commit({ kind: 'portal.created', ...kept });
  const portal = portalControl(world, PORTAL_ID);
  const [contact, company] = [portal.createContact({}), portal.createCompany({ name: 'Alder' })];
  const before = world.state.portals.get(PORTAL_ID);
  if (!before) throw new Error('no portal');
  Reflect.deleteProperty(before.objects, '0-5');
  before.objects['0-1'].properties.delete('associatedcompanyid');
  before.associations.set(`0-1:${contact}>0-2`, new Map([[company, [279]]]));
  before.associations.set(`0-2:${company}>0-1`, new Map([[contact, [280]]]));
  complete(world.state);
  expect(portal.cardProperties('contacts', contact, ['associatedcompanyid'])).toEqual({ associatedcompanyid: company });
  portal.dissociate(['companies', company], ['contacts', contact]);
  expect(portal.cardProperties('contacts', contact, ['associatedcompanyid'])).toEqual({ associatedcompanyid: null });
  expect(portal.ids('tickets')).toEqual([]);
});
