import { describe, expect, test } from 'vitest';

import { codesIn, recordsOf, startBench } from './harness.ts';

describe('creating', () => {
  test('answers one result per record in the order given, and keeps what is right beside what is wrong', async () => {
    const { api, org } = await startBench();
    const taken = org.createContact({ LastName: 'Taken', Referral_Id__c: 'ref_1' });
    const answer = await api('POST', '/composite/sobjects', {
      body: recordsOf(
        'Contact',
        { LastName: 'Ann', Email: 'ann@example.com' },
        { FirstName: 'Bob' },
        { LastName: 'Cleo', Referral_Id__c: 'ref_1' },
        { LastName: 'Dan', Reward_Status__c: 'rich' },
        { LastName: 'Eve', Email: 'not an address' },
        { LastName: 'x'.repeat(81) },
        { LastName: 'Fay', Referral_Id__c: 'REF_1' },
      ),
    });
    expect(answer.status).toBe(200);
    expect(codesIn(answer)).toEqual([
      'ok',
      'REQUIRED_FIELD_MISSING',
      'DUPLICATE_VALUE',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'INVALID_EMAIL_ADDRESS',
      'STRING_TOO_LONG',
      'ok',
    ]);
    expect(answer.body[1]).toEqual({
      success: false,
      errors: [
        {
          statusCode: 'REQUIRED_FIELD_MISSING',
          message: 'Required fields are missing: [LastName]',
          fields: ['LastName'],
        },
      ],
    });
    expect(answer.body[2].errors[0].message).toBe(
      `duplicate value found: Referral_Id__c duplicates value on record with id: ${taken.slice(0, 15)}`,
    );
    expect(org.find('Contact', 'LastName', 'Ann')[0]).toMatchObject({ Id: answer.body[0].id, Name: 'Ann' });
    expect(org.ids('Contact')).toHaveLength(3);
  });

  test('with allOrNone nothing is kept once one record fails', async () => {
    const { api, org } = await startBench();
    const body = { ...recordsOf('Contact', { LastName: 'Ann' }, { FirstName: 'Bob' }), allOrNone: true };
    const answer = await api('POST', '/composite/sobjects', { body });
    expect(codesIn(answer)).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
    expect(org.ids('Contact')).toEqual([]);
  });

  test.each([
    ['an unknown column', { LastName: 'Bob', Nope__c: 1 }, 'INVALID_FIELD'],
    ['a number where a text belongs', { LastName: 5 }, 'JSON_PARSER_ERROR'],
    ['a text where a number belongs', { LastName: 'Bob', Referred_Count__c: '5' }, 'JSON_PARSER_ERROR'],
    ['a text where a check box is', { LastName: 'Bob', HasOptedOutOfEmail: 'true' }, 'JSON_PARSER_ERROR'],
    ['an instant without a zone', { LastName: 'Bob', Last_Referral_At__c: '2026-11-02T09:00:00' }, 'JSON_PARSER_ERROR'],
    ['a date that is none', { LastName: 'Bob', Birthdate: '2026-02-30' }, 'JSON_PARSER_ERROR'],
  ])('%s spoils the whole request, and nothing of it is written', async (_, record, code) => {
    const { api, org } = await startBench();
    const answer = await api('POST', '/composite/sobjects', {
      body: recordsOf('Contact', { LastName: 'Ann' }, record),
    });
    expect([answer.status, answer.body[0].errorCode]).toEqual([400, code]);
    expect(org.ids('Contact')).toEqual([]);
  });

  test('takes 200 records, ten runs of types, and nothing it does not know', async () => {
    const { api } = await startBench();
    const create = (body: unknown) => api('POST', '/composite/sobjects', { body });
    const many = (count: number) =>
      recordsOf('Contact', ...Array.from({ length: count }, () => ({ LastName: 'Many' })));
    expect((await create(many(200))).body).toHaveLength(200);
    expect((await create(many(201))).body[0].errorCode).toBe('EXCEEDED_MAX_SIZE_REQUEST');
    const mixed = (runs: number) => ({
      records: Array.from({ length: runs }, (_, index) => ({
        attributes: { type: index % 2 ? 'Account' : 'Contact' },
        ...(index % 2 ? { Name: 'Acme' } : { LastName: 'Ann' }),
      })),
    });
    expect(codesIn(await create(mixed(10)))).toEqual(Array(10).fill('ok'));
    expect((await create(mixed(11))).body[0].errorCode).toBe('LIMIT_EXCEEDED');
    expect((await create({ records: [{ LastName: 'Ann' }] })).status).toBe(400);
    expect((await create({ ...many(1), allOrNothing: true })).status).toBe(400);
  });

  test('texts are trimmed, empty ones are null, instants lose their milliseconds', async () => {
    const { api, org } = await startBench();
    const values = {
      LastName: ' Ann ',
      Title: '  ',
      Last_Referral_At__c: '2026-11-02T10:00:00.789+01:00',
      Reward_Total__c: 1.005,
    };
    const { body } = await api('POST', '/composite/sobjects', { body: recordsOf('Contact', values) });
    expect(org.get(body[0].id)).toMatchObject({
      LastName: 'Ann',
      Title: null,
      Last_Referral_At__c: '2026-11-02T09:00:00.000+0000',
      Referred_Count__c: null,
    });
  });
});

describe('changing', () => {
  test('goes by id, and says per record what is wrong with it', async () => {
    const { api, org } = await startBench();
    const [ann, gone] = [org.createContact({ LastName: 'Ann' }), org.createContact()];
    const acme = org.createAccount();
    const lead = org.createLead();
    org.convertLead(lead);
    org.delete(gone);
    const absent = ann.slice(0, 13) + 'zz';
    const update = (type: string, ...values: Record<string, unknown>[]) =>
      api('PATCH', '/composite/sobjects', { body: recordsOf(type, ...values) });
    const answer = await update(
      'Contact',
      { id: ann.slice(0, 15), Title: 'CEO' },
      { id: gone, Title: 'CEO' },
      { id: absent, Title: 'CEO' },
      { Title: 'CEO' },
      { Id: acme, Title: 'CEO' },
      { id: ann, Title: 'CTO' },
      { id: ann, AccountId: ann },
    );
    expect(codesIn(answer)).toEqual([
      'ok',
      'ENTITY_IS_DELETED',
      'INVALID_CROSS_REFERENCE_KEY',
      'MISSING_ARGUMENT',
      'MALFORMED_ID',
      'DUPLICATE_VALUE',
      'DUPLICATE_VALUE',
    ]);
    expect(answer.body[0]).toEqual({ id: ann, success: true, errors: [] });
    expect(org.get(ann)?.['Title']).toBe('CEO');
    expect(codesIn(await update('Lead', { id: lead, Title: 'CEO' }))).toEqual(['CANNOT_UPDATE_CONVERTED_LEAD']);
  });

  test('a lookup needs a record of the right kind that is there', async () => {
    const { api, org } = await startBench();
    const [ann, gone] = [org.createContact(), org.createAccount()];
    org.delete(gone);
    const to = async (AccountId: string) =>
      codesIn(await api('PATCH', '/composite/sobjects', { body: recordsOf('Contact', { id: ann, AccountId }) }))[0];
    expect(await to('Acme')).toBe('MALFORMED_ID');
    expect(await to(ann)).toBe('FIELD_INTEGRITY_EXCEPTION');
    expect(await to(gone)).toBe('ENTITY_IS_DELETED');
    expect(await to(`${gone.slice(0, 13)}zz`)).toBe('INVALID_CROSS_REFERENCE_KEY');
  });

  test('moves the modification times to the whole second, even when nothing is new', async () => {
    const { api, org, clock } = await startBench();
    const ann = org.createContact({ LastName: 'Ann' });
    clock.advance(61_900);
    await api('PATCH', '/composite/sobjects', { body: recordsOf('Contact', { id: ann, LastName: 'Ann' }) });
    expect(org.get(ann)).toMatchObject({
      CreatedDate: '2026-11-20T09:00:00.000+0000',
      SystemModstamp: '2026-11-20T09:01:01.000+0000',
      LastModifiedDate: '2026-11-20T09:01:01.000+0000',
    });
    org.settings({ wholeSeconds: false });
    org.set(ann, { LastName: 'Anne' });
    expect(org.get(ann)?.['SystemModstamp']).toBe('2026-11-20T09:01:01.900+0000');
  });
});

describe('upserting by an external id', () => {
  const path = '/composite/sobjects/Referral__c/Referral_Id__c';

  test('creates what is new, changes what is there, and says which', async () => {
    const { api, org } = await startBench();
    const upsert = (...values: Record<string, unknown>[]) =>
      api('PATCH', path, { body: recordsOf('Referral__c', ...values) });
    const first = await upsert({ Referral_Id__c: 'ref_1', Status__c: 'pending' });
    expect(first.body).toMatchObject([{ success: true, created: true }]);
    const second = await upsert(
      { Referral_Id__c: 'ref_1', Status__c: 'approved' },
      { Referral_Id__c: 'REF_1', Status__c: 'denied' },
    );
    expect(second.body).toMatchObject([{ id: first.body[0].id, created: false }, { created: true }]);
    expect(org.get(first.body[0].id)).toMatchObject({ Status__c: 'approved', Name: 'R-000001' });
  });

  test('refuses every record that shares its key, and those without one', async () => {
    const { api, org } = await startBench();
    const body = recordsOf(
      'Referral__c',
      { Referral_Id__c: 'a' },
      { Referral_Id__c: 'a' },
      { Status__c: 'pending' },
      { Referral_Id__c: 'b' },
    );
    expect(codesIn(await api('PATCH', path, { body }))).toEqual([
      'DUPLICATE_VALUE',
      'DUPLICATE_VALUE',
      'MISSING_ARGUMENT',
      'ok',
    ]);
    expect(org.ids('Referral__c')).toHaveLength(1);
  });

  test('goes by external ids only, and by records of the type in the address', async () => {
    const { api } = await startBench();
    const body = recordsOf('Contact', { LastName: 'Ann', Title: 'CEO' });
    expect((await api('PATCH', '/composite/sobjects/Contact/Title', { body })).status).toBe(404);
    expect((await api('PATCH', path, { body })).body[0].errorCode).toBe('INVALID_INPUT');
  });

  test('the same person may be referred in two objects at once, because the id is unique within each', async () => {
    const { api } = await startBench();
    for (const [type, own] of [
      ['Contact', { LastName: 'Ann' }],
      ['Lead', { LastName: 'Ann', Company: 'Acme' }],
    ] as const) {
      const body = recordsOf(type, { ...own, Referral_Id__c: 'ref_1' });
      expect(codesIn(await api('PATCH', `/composite/sobjects/${type}/Referral_Id__c`, { body }))).toEqual(['ok']);
    }
  });
});

test('deleting moves to the bin, once', async () => {
  const { api, org } = await startBench();
  const ann = org.createContact();
  expect(codesIn(await api('DELETE', `/composite/sobjects?ids=${ann},${ann},nonsense`))).toEqual([
    'ok',
    'ENTITY_IS_DELETED',
    'MALFORMED_ID',
  ]);
  expect(org.get(ann)?.['IsDeleted']).toBe(true);
});
