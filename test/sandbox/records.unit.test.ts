import { describe, expect, test } from 'vitest';

import { PORTAL_ID, contacts, deals, startBench } from './harness.ts';

const READ = { properties: ['email', 'lifecyclestage'], propertiesWithHistory: [] };
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index + 1) }));

describe('one record', () => {
  test('is created, read, changed and deleted', async () => {
    const { api, clock } = await startBench();
    const made = await api('POST', contacts(''), {
      properties: { email: 'Ann.Bell@Example.com', firstname: 'Ann' },
      associations: [],
    });
    expect(made.status).toBe(201);
    expect(made.body.properties).toMatchObject({
      email: 'ann.bell@example.com',
      firstname: 'Ann',
      hs_object_id: made.body.id,
    });
    clock.advance(1000);
    const changed = await api('PATCH', contacts(`/${made.body.id}`), { properties: { lifecyclestage: 'lead' } });
    expect(changed.body.updatedAt).toBe('2026-11-20T09:00:01.000Z');
    const read = await api(
      'GET',
      contacts('/ANN.BELL@example.com?idProperty=email&properties=lifecyclestage,lastmodifieddate'),
    );
    expect(read.body.properties).toMatchObject({
      lifecyclestage: 'lead',
      lastmodifieddate: '2026-11-20T09:00:01.000Z',
      createdate: '2026-11-20T09:00:00.000Z',
    });
    expect((await api('DELETE', contacts(`/${made.body.id}`))).status).toBe(204);
    expect((await api('GET', contacts(`/${made.body.id}`))).body).toMatchObject({
      status: 'error',
      category: 'OBJECT_NOT_FOUND',
    });
    expect((await api('GET', contacts(`/${made.body.id}?archived=true`))).body.archived).toBe(true);
  });

  test('clearing a property reads as null', async () => {
    const { api, portal } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    await api('PATCH', contacts(`/${id}`), { properties: { firstname: '' } });
    expect((await api('GET', contacts(`/${id}?properties=firstname`))).body.properties.firstname).toBeNull();
  });

  test('a second contact with an address gets 409 and the id of the first', async () => {
    const { api, portal } = await startBench();
    const id = portal.createContact({ email: 'ann@example.com' });
    const answer = await api('POST', contacts(''), { properties: { email: 'ANN@example.com' } });
    expect([answer.status, answer.body.category]).toEqual([409, 'CONFLICT']);
    expect(answer.body.message).toBe(`Contact already exists. Existing ID: ${id}`);
  });

  test('contacts may be called contact, contacts or 0-1, and nothing else', async () => {
    const { api, portal } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    for (const name of ['contact', 'contacts', '0-1'])
      expect((await api('GET', `/crm/objects/2026-09/${name}/${id}`)).status).toBe(200);
    expect((await api('GET', `/crm/objects/2026-09/people/${id}`)).body.message).toContain(
      'Unable to infer object type',
    );
  });

  test.each([
    '/crm/v3/objects/contacts',
    '/crm/objects/2026-03/contacts',
    '/crm/objects/contacts',
    '/crm/v4/associations/deals/contacts/batch/read',
  ])('there is nothing at %s', async (path) => {
    const { api } = await startBench();
    expect((await api('GET', path)).status).toBe(404);
  });

  test('a method that is not there gets 405, a body that is not JSON 400 or 415', async () => {
    const { hubspot, api, accessToken } = await startBench();
    expect((await api('PUT', contacts(''), {})).status).toBe(405);
    const post = (type: string) =>
      fetch(hubspot.url + contacts(''), {
        method: 'POST',
        body: '{',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': type },
      });
    expect((await post('application/json')).status).toBe(400);
    expect((await post('text/plain')).status).toBe(415);
  });
});

describe('refused values', () => {
  test.each([
    ['contacts', 'nickname', 'Al', 'PROPERTY_DOESNT_EXIST'],
    ['contacts', 'createdate', '2026-01-01', 'READ_ONLY_VALUE'],
    ['contacts', 'hs_object_id', '5', 'READ_ONLY_VALUE'],
    ['contacts', 'lifecyclestage', 'Customer', 'INVALID_OPTION'],
    ['contacts', 'interests', 'product;weather', 'INVALID_OPTION'],
    ['contacts', 'seats', '12 ', 'INVALID_INTEGER'],
    ['contacts', 'seats', '1.4e-14', 'INVALID_INTEGER'],
    ['contacts', 'hs_email_optout', 'yes', 'INVALID_OPTION'],
    ['contacts', 'trial_end', '2026-02-30', 'INVALID_DATE'],
    ['contacts', 'trial_end', '1763629200000', 'INVALID_DATE'],
    ['contacts', 'closedate', 'tomorrow', 'INVALID_LONG'],
    ['contacts', 'email', 'ann@example', 'INVALID_EMAIL'],
    ['contacts', 'hubspot_owner_id', '1', 'INVALID_OPTION'],
  ])('%s.%s = %j is refused as %s', async (type, name, value, code) => {
    const { api } = await startBench();
    const answer = await api('POST', `/crm/objects/2026-09/${type}`, { properties: { [name]: value } });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      status: 'error',
      category: 'VALIDATION_ERROR',
      errors: [{ code, context: { propertyName: [name] } }],
    });
    expect(answer.body.message).toMatch(/^Property values were not valid: \[\{"isValid":false/);
  });

  test('a stage must belong to the pipeline', async () => {
    const { api } = await startBench({ scopes: ['oauth', 'crm.objects.deals.write'] });
    const create = (properties: Record<string, string>) => api('POST', deals(''), { properties });
    expect((await create({ dealname: 'A', pipeline: '75030411', dealstage: 'closedwon' })).body.errors[0].code).toBe(
      'INVALID_OPTION',
    );
    expect((await create({ dealname: 'A', dealstage: '181022703' })).status).toBe(400);
    expect((await create({ dealname: 'A', pipeline: '75030411', dealstage: '181022703' })).status).toBe(201);
  });

  test('values that are not strings and keys nobody knows are refused', async () => {
    const { api } = await startBench();
    expect((await api('POST', contacts(''), { properties: { seats: 3 } })).status).toBe(400);
    expect((await api('POST', contacts(''), { properties: {}, propertys: {} })).body.message).toContain('propertys');
  });

  test('dates and times are stored in one form', async () => {
    const { api } = await startBench();
    const answer = await api('POST', contacts(''), {
      properties: { trial_end: '1763596800000', closedate: '2026-11-20T10:00:00+01:00' },
    });
    expect(answer.body.properties).toMatchObject({ trial_end: '2025-11-20', closedate: '2026-11-20T09:00:00.000Z' });
  });
});

describe('batches', () => {
  test('are read by id or unique value; ids that lead nowhere make it 207', async () => {
    const { api, portal } = await startBench();
    const ids = ['ann', 'bob'].map((name) => portal.createContact({ email: `${name}@example.com` }));
    const all = await api('POST', contacts('/batch/read'), { ...READ, inputs: ids.map((id) => ({ id })) });
    expect([all.status, all.body.status, all.body.results.length]).toEqual([200, 'COMPLETE', 2]);
    const some = await api('POST', contacts('/batch/read'), {
      ...READ,
      idProperty: 'email',
      inputs: [{ id: 'BOB@example.com' }, { id: 'eve@example.com' }],
    });
    expect(some.status).toBe(207);
    expect(some.body).toMatchObject({
      numErrors: 1,
      results: [{ id: ids[1] }],
      errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['eve@example.com'] } }],
    });
  });

  test('answer by ascending id, leave unknown names out, and always tell id and times', async () => {
    const { api, portal } = await startBench();
    const ids = ['a', 'b', 'c'].map((firstname) => portal.createContact({ firstname }));
    const answer = await api('POST', contacts('/batch/read'), {
      inputs: [...ids].reverse().map((id) => ({ id })),
      properties: ['firstname', 'no_such'],
      propertiesWithHistory: [],
    });
    expect(answer.body.results.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(Object.keys(answer.body.results[0].properties).sort()).toEqual([
      'createdate',
      'firstname',
      'hs_object_id',
      'lastmodifieddate',
    ]);
  });

  test.each(['read', 'create', 'update', 'archive'])('%s takes 100 inputs and not 101', async (action) => {
    const { api } = await startBench();
    const inputs = many(101).map(({ id }) =>
      action === 'create' ? { properties: {} } : action === 'update' ? { id, properties: {} } : { id },
    );
    expect((await api('POST', contacts(`/batch/${action}`), { inputs })).status).toBe(400);
    expect((await api('POST', contacts(`/batch/${action}`), { inputs: inputs.slice(0, 100) })).status).toBeLessThan(
      300,
    );
  });

  test('an update with an unknown id does the rest', async () => {
    const { api, portal } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    const answer = await api('POST', contacts('/batch/update'), {
      inputs: [
        { id, properties: { firstname: 'Bea' } },
        { id: '5', properties: { firstname: 'X' } },
      ],
    });
    expect([answer.status, answer.body.errors[0].context.ids]).toEqual([207, ['5']]);
    expect(portal.get('contacts', id)?.properties['firstname']).toBe('Bea');
  });

  test('one bad value fails the whole update, unless every input has a trace id', async () => {
    const { api, portal } = await startBench();
    const [ann, bob] = [portal.createContact({ firstname: 'Ann' }), portal.createContact({ firstname: 'Bob' })];
    const inputs = [
      { id: ann, properties: { firstname: 'Anna' } },
      { id: bob, properties: { seats: 'many' } },
    ];
    expect((await api('POST', contacts('/batch/update'), { inputs })).status).toBe(400);
    expect(portal.get('contacts', ann)?.properties['firstname']).toBe('Ann');
    const traced = await api('POST', contacts('/batch/update'), {
      inputs: inputs.map((input, index) => ({ ...input, objectWriteTraceId: `t${index}` })),
    });
    expect(traced.status).toBe(207);
    expect(traced.body).toMatchObject({
      results: [{ id: ann, objectWriteTraceId: 't0' }],
      errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['t1'] } }],
    });
  });

  test('the same record twice in one update is refused', async () => {
    const { api, portal } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    const inputs = [
      { id, properties: { firstname: 'A' } },
      { id, properties: { firstname: 'B' } },
    ];
    expect((await api('POST', contacts('/batch/update'), { inputs })).body.message).toContain('Duplicate IDs');
  });

  test('e-mail is no key for a batch update', async () => {
    const { api } = await startBench();
    const answer = await api('POST', contacts('/batch/update'), {
      inputs: [{ id: 'ann@example.com', idProperty: 'email', properties: {} }],
    });
    expect(answer.body.message).toContain(`non-unique 0-1 property email in portal ID ${PORTAL_ID}`);
  });

  test('an upsert by a unique property makes or changes, and tells which', async () => {
    const { api } = await startBench();
    await api('POST', '/crm/properties/2026-09/contacts', {
      name: 'partner_key',
      label: 'Key',
      type: 'string',
      fieldType: 'text',
      groupName: 'contactinformation',
      hasUniqueValue: true,
    });
    const upsert = (id: string, firstname: string, idProperty = 'partner_key') =>
      api('POST', contacts('/batch/upsert'), { inputs: [{ id, idProperty, properties: { firstname } }] });
    const made = await upsert('k1', 'Ann');
    expect(made.body.results[0]).toMatchObject({ new: true, properties: { firstname: 'Ann' } });
    expect((await upsert('k1', 'Bea')).body.results[0]).toMatchObject({ new: false, id: made.body.results[0].id });
    expect((await upsert('Ann', 'X', 'firstname')).status).toBe(400);
  });

  test('two records cannot hold one unique value', async () => {
    const { api, portal } = await startBench();
    await api('POST', '/crm/properties/2026-09/contacts', {
      name: 'partner_key',
      label: 'Key',
      type: 'string',
      fieldType: 'text',
      groupName: 'contactinformation',
      hasUniqueValue: true,
    });
    const [ann, bob] = [portal.createContact({ partner_key: 'k1' }), portal.createContact({ firstname: 'Bob' })];
    const answer = await api('PATCH', contacts(`/${bob}`), { properties: { partner_key: 'k1' } });
    expect(answer.body.errors[0].code).toBe('CONFLICTING_UNIQUE_VALUE');
    portal.setProperties('contacts', ann, { partner_key: '' });
    expect((await api('PATCH', contacts(`/${bob}`), { properties: { partner_key: 'k1' } })).status).toBe(200);
  });

  test('creating tells 201, archiving 204', async () => {
    const { api, portal } = await startBench();
    const made = await api('POST', contacts('/batch/create'), {
      inputs: [{ properties: { firstname: 'Ann' }, associations: [] }],
    });
    expect(made.status).toBe(201);
    const { id } = made.body.results[0];
    expect((await api('POST', contacts('/batch/archive'), { inputs: [{ id }] })).status).toBe(204);
    expect(portal.get('contacts', id)?.archived).toBe(true);
  });
});

describe('history and stages', () => {
  test('every value keeps its time and who set it, newest first', async () => {
    const { api, portal, clock } = await startBench();
    const id = portal.createContact({ lifecyclestage: 'lead' });
    clock.advance(60_000);
    await api('PATCH', contacts(`/${id}`), { properties: { lifecyclestage: 'customer' } });
    const answer = await api('POST', contacts('/batch/read'), {
      inputs: [{ id }],
      properties: [],
      propertiesWithHistory: ['lifecyclestage'],
    });
    expect(answer.body.results[0].propertiesWithHistory.lifecyclestage).toMatchObject([
      { value: 'customer', timestamp: '2026-11-20T09:01:00.000Z', sourceType: 'INTEGRATION', sourceId: '501' },
      { value: 'lead', timestamp: '2026-11-20T09:00:00.000Z', sourceType: 'CRM_UI' },
    ]);
  });

  test('writing what is there changes nothing, not even the modification date', async () => {
    const { api, portal, clock } = await startBench();
    const id = portal.createContact({ firstname: 'Ann' });
    clock.advance(60_000);
    const answer = await api('PATCH', contacts(`/${id}`), { properties: { firstname: 'Ann' } });
    expect(answer.body.updatedAt).toBe('2026-11-20T09:00:00.000Z');
  });

  test('a deal that was won and lost between two reads still tells when it was won', async () => {
    const { api, portal, clock } = await startBench();
    const id = portal.createDeal({ dealname: 'A', dealstage: 'contractsent' });
    clock.advance(60_000);
    portal.moveDeal(id, 'closedwon');
    expect(portal.get('deals', id)?.properties).toMatchObject({
      hs_is_closed_won: 'true',
      closedate: '2026-11-20T09:01:00.000Z',
    });
    clock.advance(60_000);
    portal.moveDeal(id, 'closedlost');
    const answer = await api(
      'GET',
      deals(
        `/${id}?properties=hs_v2_date_entered_closedwon,hs_v2_date_exited_closedwon,hs_is_closed_won,dealstage,hs_v2_date_entered_qualifiedtobuy`,
      ),
    );
    expect(answer.body.properties).toMatchObject({
      dealstage: 'closedlost',
      hs_is_closed_won: 'false',
      hs_v2_date_entered_closedwon: '2026-11-20T09:01:00.000Z',
      hs_v2_date_exited_closedwon: '2026-11-20T09:02:00.000Z',
      hs_v2_date_entered_qualifiedtobuy: null,
    });
  });

  test('the lifecycle stage of a contact keeps its times too', async () => {
    const { portal } = await startBench();
    const id = portal.createContact({ lifecyclestage: 'customer' });
    expect(portal.get('contacts', id)?.properties['hs_v2_date_entered_customer']).toBe('2026-11-20T09:00:00.000Z');
  });
});
