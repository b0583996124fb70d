import { describe, expect, test } from 'vitest';

import { deals, startBench, startReceiver } from './harness.ts';
import type { Bench } from './harness.ts';

const PROPERTIES = '/crm/properties/2026-09/deals';
const scopes = [
  'oauth',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.deals.read',
  'crm.objects.deals.write',
  'crm.schemas.deals.write',
];

const textProperty = (name: string, more = {}) => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  groupName: 'dealinformation',
  ...more,
});

const withContact = (contactId: string, properties: Record<string, string>) => ({
  properties,
  associations: [{ to: { id: contactId }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] }],
});

async function startWithReferralId(publicUrl?: string): Promise<Bench> {
  const bench = await startBench({ scopes, ...(publicUrl !== undefined && { publicUrl }) });
  await bench.api('POST', PROPERTIES, textProperty('referral_id', { hasUniqueValue: true }));
  return bench;
}

describe('a deal made in one call', () => {
  test('has its values and its contacts, and the account shows what that call gave', async () => {
    const { api, portal } = await startWithReferralId();
    const contactId = portal.createContact({ firstname: 'Ann' });
    const given = { dealname: 'Pilot', dealstage: 'contractsent', pipeline: 'default', referral_id: 'ref_1' };
    const answer = await api('POST', deals('/batch/create'), { inputs: [withContact(contactId, given)] });
    expect(answer.status).toBe(201);
    const dealId = answer.body.results[0].id;
    await api('PATCH', deals(`/${dealId}`), { properties: { amount: '100' } });
    expect(portal.get('deals', dealId)?.createdWith).toEqual({
      properties: given,
      associations: { contacts: [contactId] },
    });
    expect(portal.get('deals', dealId)?.associations['contacts']).toEqual([contactId]);
    expect(portal.get('contacts', contactId)?.createdWith.properties).toEqual({ firstname: 'Ann' });
  });

  test('is told with its values and its bond, as created', async () => {
    const receiver = await startReceiver();
    const { api, portal, control } = await startWithReferralId(receiver.url);
    const contactId = portal.createContact({});
    await control.deliveries.deliverNow();
    receiver.deliveries.length = 0;
    const given = { dealname: 'Pilot', dealstage: 'contractsent', amount: '50' };
    await api('POST', deals('/batch/create'), { inputs: [withContact(contactId, given)] });
    await control.deliveries.deliverNow();
    const told = receiver
      .events()
      .map(({ subscriptionType, propertyName, propertyValue, associationType }) =>
        [subscriptionType, propertyName ?? associationType, propertyValue].filter(Boolean).join(' '),
      );
    expect(told.sort()).toEqual([
      'object.associationChange CONTACT_TO_DEAL',
      'object.associationChange DEAL_TO_CONTACT',
      'object.creation',
      'object.propertyChange amount 50',
      'object.propertyChange deal_currency_code USD',
      'object.propertyChange dealstage contractsent',
      'object.propertyChange pipeline default',
    ]);
  });

  test.each([
    ['a stage of another pipeline', { dealname: 'x', pipeline: '75030411', dealstage: 'contractsent' }],
    ['a stage nobody knows', { dealname: 'x', dealstage: 'won' }],
    ['a pipeline nobody knows', { dealname: 'x', pipeline: 'enterprise' }],
    ['a property nobody made', { dealname: 'x', advocate: 'Ann' }],
  ])('is refused with %s, and the whole batch with it', async (_, bad) => {
    const { api, portal } = await startWithReferralId();
    const answer = await api('POST', deals('/batch/create'), {
      inputs: [{ properties: { dealname: 'good' } }, { properties: bad }],
    });
    expect([answer.status, answer.body.category]).toEqual([400, 'VALIDATION_ERROR']);
    expect(portal.ids('deals')).toEqual([]);
  });

  test('cannot be joined with a contact that is not there, nor by a type that leads elsewhere', async () => {
    const { api, portal } = await startWithReferralId();
    expect((await api('POST', deals('/batch/create'), { inputs: [withContact('7', {})] })).status).toBe(400);
    const input = withContact(portal.createContact({}), {});
    const back = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 4 };
    const wrong = { ...input, associations: [{ ...input.associations[0], types: [back] }] };
    expect((await api('POST', deals('/batch/create'), { inputs: [wrong] })).status).toBe(400);
    expect(portal.ids('deals')).toEqual([]);
  });
});

describe('a unique property of deals', () => {
  test('refuses the whole batch when another deal has the value', async () => {
    const { api, portal } = await startWithReferralId();
    const holder = portal.createDeal({ dealname: 'first', referral_id: 'ref_1' });
    const answer = await api('POST', deals('/batch/create'), {
      inputs: [{ properties: { referral_id: 'ref_2' } }, { properties: { referral_id: 'ref_1' } }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([
      { code: 'CONFLICTING_UNIQUE_VALUE', context: { propertyName: ['referral_id'] } },
    ]);
    expect(answer.body.message).toContain(`${holder} already has that value`);
    expect(portal.ids('deals')).toEqual([holder]);
  });

  test('refuses the whole batch when two of its inputs want the value', async () => {
    const { api, portal } = await startWithReferralId();
    const inputs = ['one', 'two'].map((dealname) => ({ properties: { dealname, referral_id: 'ref_1' } }));
    const answer = await api('POST', deals('/batch/create'), { inputs });
    expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'CONFLICTING_UNIQUE_VALUE']);
    expect(portal.ids('deals')).toEqual([]);
  });

  test('lets inputs stand for themselves when each is traced: the second of two is the only one to fail', async () => {
    const { api, portal } = await startWithReferralId();
    const inputs = ['one', 'two'].map((objectWriteTraceId) => ({
      objectWriteTraceId,
      properties: { referral_id: 'ref_1' },
    }));
    const answer = await api('POST', deals('/batch/create'), { inputs });
    expect(answer).toMatchObject({
      status: 207,
      body: { numErrors: 1, errors: [{ context: { objectWriteTraceId: ['two'] } }] },
    });
    expect(portal.ids('deals')).toHaveLength(1);
  });

  test('is a key to read by, until it is archived', async () => {
    const { api, portal } = await startWithReferralId();
    const dealId = portal.createDeal({ dealname: 'first', referral_id: 'ref_1' });
    const read = () =>
      api('POST', deals('/batch/read'), {
        idProperty: 'referral_id',
        properties: ['dealname'],
        inputs: [{ id: 'ref_1' }, { id: 'ref_9' }],
      });
    expect(await read()).toMatchObject({
      status: 207,
      body: { results: [{ id: dealId }], errors: [{ context: { ids: ['ref_9'] } }] },
    });
    portal.archiveProperty('deals', 'referral_id');
    expect((await read()).status).toBe(400);
  });

  test('is one of ten at most, and a batch that asks for more makes none', async () => {
    const { api, portal } = await startWithReferralId();
    const inputs = Array.from({ length: 10 }, (_, index) => textProperty(`key_${index}`, { hasUniqueValue: true }));
    const refused = await api('POST', `${PROPERTIES}/batch/create`, { inputs });
    expect(refused.status).toBe(400);
    expect(portal.properties('deals').some(({ name }) => name === 'key_0')).toBe(false);
    expect((await api('POST', `${PROPERTIES}/batch/create`, { inputs: inputs.slice(1) })).status).toBe(200);
    portal.archiveProperty('deals', 'key_9');
    expect((await api('POST', PROPERTIES, inputs[0])).status).toBe(201);
  });
});

test('deals have property groups of their own', async () => {
  const { api } = await startWithReferralId();
  const group = { name: 'referrals', label: 'Referrals', displayOrder: 1 };
  expect((await api('POST', `${PROPERTIES}/groups`, group)).status).toBe(201);
  expect((await api('POST', PROPERTIES, textProperty('advocate', { groupName: 'referrals' }))).status).toBe(201);
  expect((await api('POST', '/crm/properties/2026-09/contacts/groups', group)).status).toBe(403);
  await api('DELETE', `${PROPERTIES}/groups/referrals`);
  expect((await api('POST', PROPERTIES, textProperty('other', { groupName: 'referrals' }))).status).toBe(400);
});

test.each([
  ['crm.objects.deals.write', deals('/batch/create'), { inputs: [{ properties: { dealname: 'x' } }] }],
  ['crm.schemas.deals.write', PROPERTIES, textProperty('advocate')],
  ['crm.schemas.deals.write', `${PROPERTIES}/groups`, { name: 'referrals', label: 'Referrals' }],
])('%s is needed to write to %s', async (scope, path, body) => {
  const { api } = await startBench({ scopes: scopes.filter((one) => one !== scope) });
  const answer = await api('POST', path, body);
  expect([answer.status, answer.body.errors[0].context.requiredGranularScopes]).toEqual([403, [scope]]);
});
