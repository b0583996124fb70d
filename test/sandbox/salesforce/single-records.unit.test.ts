import { expect, test } from 'vitest';

import { startBench } from './harness.ts';

test('one record is made, read, changed and removed', async () => {
  const { api } = await startBench();
  const made = await api('POST', '/sobjects/Contact', { body: { LastName: 'Ann', Email: 'ann@example.com' } });
  expect([made.status, made.body.success, made.body.errors]).toEqual([201, true, []]);
  const path = `/sobjects/Contact/${made.body.id}`;
  const read = await api('GET', `${path}?fields=Email,LastName`);
  expect(read.body).toMatchObject({ Email: 'ann@example.com', LastName: 'Ann', attributes: { type: 'Contact' } });
  expect((await api('GET', `${path}?fields=Nope`)).body[0].errorCode).toBe('INVALID_FIELD');
  const changed = await api('PATCH', path, { body: { Title: 'CEO' } });
  expect([changed.status, changed.body]).toEqual([204, null]);
  expect((await api('GET', path)).body).toMatchObject({ Title: 'CEO', Phone: null });
  expect((await api('DELETE', path)).status).toBe(204);
  expect((await api('GET', path)).body[0].errorCode).toBe('ENTITY_IS_DELETED');
  expect((await api('PATCH', path, { body: { Title: 'CTO' } })).status).toBe(404);
});

test('a refusal is the whole answer, with its code and the columns it is about', async () => {
  const { api } = await startBench();
  const { status, body } = await api('POST', '/sobjects/Lead', { body: { LastName: 'Ann' } });
  expect([status, body]).toEqual([
    400,
    [{ message: 'Required fields are missing: [Company]', errorCode: 'REQUIRED_FIELD_MISSING', fields: ['Company'] }],
  ]);
  expect((await api('POST', '/sobjects/Nothing', { body: {} })).status).toBe(404);
  expect((await api('POST', '/sobjects/OpportunityHistory', { body: {} })).status).toBe(400);
  expect((await api('POST', '/sobjects/Contact', { body: { Id: 'x', LastName: 'Ann' } })).body[0].errorCode).toBe(
    'INVALID_FIELD',
  );
});

test('upsert by external id: 201 for a new record, 200 for one that is there, 300 where several have the value', async () => {
  const { api, org } = await startBench();
  const path = '/sobjects/Contact/Referral_Id__c/ref%201';
  const made = await api('PATCH', path, { body: { LastName: 'Ann' } });
  expect([made.status, made.body.created]).toEqual([201, true]);
  expect(org.get(made.body.id)?.['Referral_Id__c']).toBe('ref 1');
  const again = await api('PATCH', path, { body: { LastName: 'Anne' } });
  expect([again.status, again.body]).toMatchObject([200, { id: made.body.id, created: false }]);
  expect((await api('GET', path)).body).toMatchObject({ LastName: 'Anne' });
  org.addField('Contact', { name: 'Legacy__c', label: 'Legacy', type: 'string', externalId: true });
  const twins = [org.createContact({ Legacy__c: '7' }), org.createContact({ Legacy__c: '7' })];
  const several = await api('PATCH', '/sobjects/Contact/Legacy__c/7', { body: { LastName: 'Which' } });
  expect(several.status).toBe(300);
  expect(several.body.map((url: string) => url.split('/').at(-1)).sort()).toEqual(twins.sort());
});

test('a body that is not JSON is 415, and one that cannot be read a parser error', async () => {
  const { instanceUrl, accessToken } = await startBench();
  const send = (body: string, type: string) =>
    fetch(`${instanceUrl}/services/data/v67.0/sobjects/Contact`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': type },
      body,
    });
  expect((await send('<x/>', 'application/xml')).status).toBe(415);
  expect(await (await send('{', 'application/json')).json()).toMatchObject([{ errorCode: 'JSON_PARSER_ERROR' }]);
});
