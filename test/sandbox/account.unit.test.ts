import { describe, expect, test } from 'vitest';

import { PORTAL_ID, contacts, startBench, startReceiver } from './harness.ts';

const FIELD = {
  name: 'passalong_note',
  label: 'Note',
  type: 'string',
  fieldType: 'text',
  groupName: 'contactinformation',
};

describe('an administrator of the account', () => {
  test('renames and removes a field under the app', async () => {
    const { api, portal } = await startBench();
    portal.createProperty('contacts', FIELD);
    portal.changeProperty('contacts', FIELD.name, { label: 'Their own words' });
    expect((await api('GET', `/crm/properties/2026-09/contacts/${FIELD.name}`)).body.label).toBe('Their own words');
    portal.archiveProperty('contacts', FIELD.name);
    const answer = await api('POST', contacts(''), { properties: { [FIELD.name]: 'x' } });
    expect(answer.body.errors[0].code).toBe('PROPERTY_DOESNT_EXIST');
  });

  test('adds a pipeline, and its stages keep their times', async () => {
    const { api, portal } = await startBench();
    const stage = { id: '555', label: 'Signed', displayOrder: 0, isClosed: 'true', probability: '1.0' };
    portal.savePipeline({ id: '9001', label: 'Partners', displayOrder: 2, stages: [stage] });
    const id = portal.createDeal({ dealname: 'A', dealstage: 'contractsent' });
    portal.moveDeal(id, '555');
    const { properties } = (
      await api('GET', `/crm/objects/2026-09/deals/${id}?properties=pipeline,hs_is_closed_won,hs_v2_date_entered_555`)
    ).body;
    expect(properties).toMatchObject({
      pipeline: '9001',
      hs_is_closed_won: 'true',
      hs_v2_date_entered_555: '2026-11-20T09:00:00.000Z',
    });
  });
});

test('an import is told as one', async () => {
  const receiver = await startReceiver();
  const { control } = await startBench({ publicUrl: receiver.url });
  control.portal(PORTAL_ID, { sourceType: 'IMPORT', userId: 7 }).createContact({});
  await control.deliveries.deliverNow();
  expect(receiver.events()).toMatchObject([{ changeSource: 'IMPORT', sourceId: 'userId:7' }]);
});

test('the log tells every call with its inputs, also of a token that has expired', async () => {
  const { api, control, clock } = await startBench();
  await api('POST', contacts('/batch/read'), { inputs: [{ id: '1' }, { id: '2' }], properties: [] });
  clock.advance(1_800_000);
  await api('GET', contacts(''));
  expect(control.log.calls().every(({ tookMs }) => tookMs >= 0 && tookMs < 5000)).toBe(true);
  expect(control.log.calls()).toMatchObject([
    {
      at: clock.now() - 1_800_000,
      portalId: PORTAL_ID,
      method: 'POST',
      path: contacts('/batch/read'),
      status: 207,
      inputs: 2,
      results: 0,
    },
    {
      at: clock.now(),
      portalId: PORTAL_ID,
      method: 'GET',
      path: contacts(''),
      status: 401,
      inputs: null,
      results: null,
    },
  ]);
});
