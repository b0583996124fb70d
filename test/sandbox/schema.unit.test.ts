import { describe, expect, test } from 'vitest';

import { ourScopes, startBench } from './harness.ts';
import type { Bench } from './harness.ts';

const PROPERTIES = '/crm/properties/2026-09/contacts';
const FIELD = {
  name: 'passalong_status',
  label: 'Status',
  type: 'enumeration',
  fieldType: 'select',
  groupName: 'passalong',
  options: [{ label: 'Pending', value: 'pending', displayOrder: 0, hidden: false }],
};

async function withGroup(): Promise<Bench> {
  const bench = await startBench();
  expect(
    (await bench.api('POST', `${PROPERTIES}/groups`, { name: 'passalong', label: 'Passalong', displayOrder: -1 }))
      .status,
  ).toBe(201);
  return bench;
}

describe('properties', () => {
  test('a group and a property are made once; a second time is 409', async () => {
    const { api } = await withGroup();
    expect((await api('POST', `${PROPERTIES}/groups`, { name: 'passalong', label: 'P' })).status).toBe(409);
    const made = await api('POST', PROPERTIES, FIELD);
    expect(made.body).toMatchObject({
      ...FIELD,
      hidden: false,
      hasUniqueValue: false,
      archived: false,
      modificationMetadata: { readOnlyValue: false },
    });
    expect(await api('POST', PROPERTIES, FIELD)).toMatchObject({ status: 409, body: { category: 'CONFLICT' } });
  });

  test.each<[string, Record<string, unknown>]>([
    ['a name with capitals', { ...FIELD, name: 'Status' }],
    ['a group that does not exist', { ...FIELD, groupName: 'nobody' }],
    ['a type that does not exist', { ...FIELD, type: 'text' }],
    ['a field type that does not fit', { ...FIELD, fieldType: 'text' }],
    ['an enumeration without options', { ...FIELD, options: [] }],
    ['an option without its place', { ...FIELD, options: [{ label: 'A', value: 'a' }] }],
    ['an unknown key', { ...FIELD, unique: true }],
    ['unique values of an enumeration', { ...FIELD, hasUniqueValue: true }],
  ])('%s is refused', async (_, body) => {
    const { api } = await withGroup();
    expect((await api('POST', PROPERTIES, body)).status).toBe(400);
  });

  test('several are made at once; those that exist are errors of a 207', async () => {
    const { api } = await withGroup();
    await api('POST', PROPERTIES, FIELD);
    const answer = await api('POST', `${PROPERTIES}/batch/create`, {
      inputs: [FIELD, { ...FIELD, name: 'passalong_other' }],
    });
    expect(answer).toMatchObject({ status: 207, body: { numErrors: 1, results: [{ name: 'passalong_other' }] } });
  });

  test('are read one by one, in batches and in full', async () => {
    const { api } = await withGroup();
    await api('POST', PROPERTIES, FIELD);
    expect((await api('GET', `${PROPERTIES}/passalong_status`)).body.label).toBe('Status');
    expect((await api('GET', `${PROPERTIES}/nothing`)).status).toBe(404);
    const batch = await api('POST', `${PROPERTIES}/batch/read`, {
      archived: false,
      inputs: [{ name: 'email' }, { name: 'nothing' }],
    });
    expect(batch).toMatchObject({ status: 207, body: { results: [{ name: 'email', hasUniqueValue: true }] } });
    const all = await api('GET', PROPERTIES);
    const stage = all.body.results.find(({ name }: { name: string }) => name === 'lifecyclestage');
    expect(stage.options.map(({ value }: { value: string }) => value)).toContain('198374465');
  });

  test('a changed label and option list hold, and an archived property takes no values', async () => {
    const { api, portal } = await withGroup();
    await api('POST', PROPERTIES, FIELD);
    const option = { label: 'Done', value: 'done', displayOrder: 1, hidden: false };
    expect(
      (await api('PATCH', `${PROPERTIES}/passalong_status`, { label: 'State', options: [...FIELD.options, option] }))
        .body.label,
    ).toBe('State');
    const id = portal.createContact({ passalong_status: 'done' });
    expect((await api('DELETE', `${PROPERTIES}/passalong_status`)).status).toBe(204);
    expect(() => portal.setProperties('contacts', id, { passalong_status: 'pending' })).toThrow(/does not exist/);
    expect((await api('DELETE', `${PROPERTIES}/email`)).status).toBe(400);
  });

  test('schemas of deals are read by those who may read deals, and not written', async () => {
    const { api } = await startBench({ scopes: ['oauth', 'crm.objects.deals.read'] });
    expect((await api('GET', '/crm/properties/2026-09/deals/dealstage')).body.externalOptions).toBe(true);
    expect((await api('POST', '/crm/properties/2026-09/deals', FIELD)).status).toBe(403);
  });
});

describe('what else an account tells', () => {
  test('two deal pipelines, with "Closed Won" under two ids', async () => {
    const { api } = await startBench();
    const { body } = await api('GET', '/crm/pipelines/2026-09/deals');
    type Stage = { id: string; label: string; metadata: Record<string, string> };
    const won = body.results
      .flatMap(({ stages }: { stages: Stage[] }) => stages)
      .filter(({ label }: Stage) => label === 'Closed Won');
    expect(won.map(({ id, metadata }: Stage) => [id, metadata])).toEqual([
      ['closedwon', { isClosed: 'true', probability: '1.0' }],
      ['181022703', { isClosed: 'true', probability: '1.0' }],
    ]);
    expect((await api('GET', '/crm/pipelines/2026-09/deals/default/stages')).body.results[0].id).toBe(
      'appointmentscheduled',
    );
  });

  test('its details, with the offset of its time zone', async () => {
    const { api, control } = await startBench();
    expect((await api('GET', '/account-info/2026-09/details')).body).toMatchObject({
      companyCurrency: 'USD',
      utcOffset: '+00:00',
      uiDomain: 'app.hubspot.com',
    });
    control.createPortal({ portalId: 102, timeZone: 'Asia/Kolkata', currency: 'INR' });
    const { accessToken } = control.portal(102).install(501);
    expect((await api('GET', '/account-info/2026-09/details', undefined, accessToken)).body).toMatchObject({
      utcOffset: '+05:30',
      utcOffsetMilliseconds: 19_800_000,
      companyCurrency: 'INR',
    });
  });

  test('its owners, to those who may see them', async () => {
    const { api } = await startBench({ scopes: ['oauth', 'crm.objects.owners.read'] });
    const { body } = await api('GET', '/crm/owners/2026-09?limit=1');
    expect(body).toMatchObject({ results: [{ firstName: 'Ada', type: 'PERSON' }], paging: { next: {} } });
    expect((await api('GET', `/crm/owners/2026-09/${body.results[0].userId}?idProperty=userId`)).body.id).toBe(
      body.results[0].id,
    );
    const without = await startBench({ scopes: ['oauth', 'crm.objects.deals.read'] });
    expect((await without.api('GET', '/crm/owners/2026-09')).status).toBe(403);
  });
});

describe('associations', () => {
  const BONDS = '/crm/associations/2026-09/deals/contacts/batch';
  const scopes = ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write', 'crm.objects.deals.read'];

  test('are read with their types; a record without any is an error of a 207', async () => {
    const { api, portal } = await startBench();
    const contact = portal.createContact({});
    const [deal, lonely] = [portal.createDeal({ dealname: 'A' }, [contact]), portal.createDeal({ dealname: 'B' })];
    const answer = await api('POST', `${BONDS}/read`, { inputs: [{ id: deal }, { id: lonely }] });
    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject({
      results: [
        {
          from: { id: deal },
          to: [{ toObjectId: contact, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 3 }] }],
        },
      ],
      errors: [
        {
          category: 'OBJECT_NOT_FOUND',
          subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
          context: { fromObjectId: [lonely] },
        },
      ],
    });
  });

  test('up to a thousand at a time', async () => {
    const { api } = await startBench();
    const inputs = Array.from({ length: 1001 }, (_, index) => ({ id: String(index) }));
    expect((await api('POST', `${BONDS}/read`, { inputs })).status).toBe(400);
    expect((await api('POST', `${BONDS}/read`, { inputs: inputs.slice(1) })).status).toBe(207);
  });

  test('many come in pages', async () => {
    const { api, portal } = await startBench();
    const contact = portal.createContact({});
    for (let index = 0; index < 501; index += 1) portal.createDeal({ dealname: `D${index}` }, [contact]);
    const first = await api('POST', '/crm/associations/2026-09/contacts/deals/batch/read', {
      inputs: [{ id: contact }],
    });
    expect(first.body.results[0].to).toHaveLength(500);
    const { after } = first.body.results[0].paging.next;
    const second = await api('POST', '/crm/associations/2026-09/contacts/deals/batch/read', {
      inputs: [{ id: contact, after }],
    });
    expect(second.body.results[0].to).toHaveLength(1);
    expect(second.body.results[0].paging).toBeUndefined();
  });

  test('are made by type, by default and one by one, and taken away', async () => {
    const { api, portal } = await startBench({ scopes });
    const [one, two] = [portal.createContact({}), portal.createContact({})];
    const deal = portal.createDeal({ dealname: 'A' });
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }];
    const create = (type: number) =>
      api('POST', `${BONDS}/create`, {
        inputs: [{ from: { id: deal }, to: { id: one }, types: [{ ...types[0], associationTypeId: type }] }],
      });
    expect((await create(4)).status).toBe(400);
    expect((await create(3)).status).toBe(200);
    expect(
      (await api('POST', `${BONDS}/associate/default`, { inputs: [{ from: { id: deal }, to: { id: two } }] })).status,
    ).toBe(200);
    expect(portal.get('deals', deal)?.associations['contacts']).toEqual([one, two]);
    expect(
      (await api('POST', `${BONDS}/archive`, { inputs: [{ from: { id: deal }, to: [{ id: one }] }] })).status,
    ).toBe(200);
    expect((await api('DELETE', `/crm/objects/2026-09/deals/${deal}/associations/contacts/${two}`)).status).toBe(204);
    expect(portal.get('deals', deal)?.associations['contacts']).toEqual([]);
    expect((await api('PUT', `/crm/objects/2026-09/deals/${deal}/associations/default/contacts/${one}`)).status).toBe(
      200,
    );
    expect((await api('GET', `/crm/objects/2026-09/deals/${deal}?associations=contacts`)).body.associations).toEqual({
      contacts: { results: [{ id: one, type: 'deal_to_contact' }] },
    });
  });

  test('companies are out of reach without their scope', async () => {
    const { api } = await startBench({
      scopes: ourScopes().filter((scope) => scope !== 'crm.objects.companies.read'),
    });
    expect(
      (await api('POST', '/crm/associations/2026-09/contacts/companies/batch/read', { inputs: [] })).body.category,
    ).toBe('MISSING_SCOPES');
  });
});
