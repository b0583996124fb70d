import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmRejected, CrmUnavailable } from '../../backend/src/crm/errors.ts';
import type { ContactDraft, CrmPort, RecordWrite } from '../../backend/src/crm/port.ts';
import { ACCOUNT, record, results, startLoopbackAdapter } from './support/loopback-adapter.ts';
import type { LoopbackServer, ReceivedRequest } from './support/loopback-server.ts';

type Input = { readonly id: string; readonly objectWriteTraceId?: string; readonly properties: Record<string, string> };

let server: LoopbackServer;
let crm: CrmPort;
beforeEach(async () => {
  ({ server, crm } = await startLoopbackAdapter());
});
afterEach(() => server.close());

const bodyOf = ({ text }: ReceivedRequest) => JSON.parse(text) as { inputs: Input[]; [name: string]: unknown };
const readContacts = (...ids: string[]) => crm.readRecords(ACCOUNT, { objectType: 'contact', ids, fields: ['city'] });

describe('reading from HubSpot', () => {
  it('asks for what the mapping needs besides the caller’s fields, and passes on only the latter', async () => {
    server.answer(() =>
      results(record('1', { city: '', lastmodifieddate: '2026-02-03T04:05:06.789Z', hs_merged_object_ids: '7; 8;' })),
    );
    const found = (await readContacts('1')).get('1');
    expect(bodyOf(server.requests[0]!)['properties']).toEqual([
      'city',
      'hs_object_id',
      'createdate',
      'lastmodifieddate',
      'hs_merged_object_ids',
    ]);
    expect(found).toMatchObject({ values: { city: null }, mergedIds: ['7', '8'] });
    expect(found?.modifiedAt.toISOString()).toBe('2026-02-03T04:05:06.789Z');
  });

  it('takes a deal’s time of change from its own property, also as epoch milliseconds', async () => {
    server.answer(() =>
      results(record('1', { hs_lastmodifieddate: '1770000000000', lastmodifieddate: '2020-01-01T00:00:00Z' })),
    );
    const found = await crm.readRecords(ACCOUNT, { objectType: 'deal', ids: ['1'], fields: [] });
    expect(found.get('1')?.modifiedAt.getTime()).toBe(1_770_000_000_000);
  });

  it('answers ids merged into one record in one call, by the survivor’s list', async () => {
    server.answer(() => results(record('9', { hs_merged_object_ids: '1;2' }), record('3')));
    const found = await readContacts('1', '2', '3');
    expect([...found].map(([asked, { id }]) => [asked, id])).toEqual([
      ['1', '9'],
      ['2', '9'],
      ['3', '3'],
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it('tells survivors apart by asking singly when HubSpot is silent about what was merged', async () => {
    const survivors: Record<string, string> = { '1': '1', '2': '91', '3': '92' };
    server.answer((request) => {
      const ids = new Set(
        bodyOf(request)
          .inputs.map(({ id }) => survivors[id]!)
          .filter(Boolean),
      );
      return results(...[...ids].map((id) => record(id)));
    });
    const found = await readContacts('1', '2', '3', '4');
    expect([...found].map(([asked, { id }]) => [asked, id])).toEqual([
      ['1', '1'],
      ['2', '91'],
      ['3', '92'],
    ]);
  });

  it('leaves out a record in the recycling bin, and one without a readable time is a failure, not an absence', async () => {
    server.answer(() => results(record('1', {}, { archived: true })));
    expect((await readContacts('1')).size).toBe(0);
    server.answer(() => results({ id: '1', properties: {} }));
    await expect(readContacts('1')).rejects.toBeInstanceOf(CrmUnavailable);
    server.answer(() => ({ status: 200, body: {} }));
    await expect(readContacts('1')).rejects.toBeInstanceOf(CrmUnavailable);
  });

  it('follows every page of an association and counts two labels of one pair once', async () => {
    const page = (id: string, to: number[], after?: string) => ({
      from: { id },
      to: to.map((toObjectId) => ({ toObjectId, associationTypes: [] })),
      ...(after ? { paging: { next: { after } } } : {}),
    });
    server.answer((_request, index) =>
      index === 0 ? results(page('1', [30, 10], 'p2'), page('2', [5])) : results(page('1', [20, 10])),
    );
    const found = await crm.readAssociations(ACCOUNT, { from: 'deal', to: 'contact', ids: ['1', '2', '3'] });
    expect(Object.fromEntries(found)).toEqual({ '1': ['10', '20', '30'], '2': ['5'], '3': [] });
    expect(bodyOf(server.requests[1]!).inputs).toEqual([{ id: '1', after: 'p2' }]);
  });

  it('takes "no associations" for an empty list and any other refusal for a failure', async () => {
    const refuse = (error: object) => server.answer(() => ({ status: 207, body: { results: [], errors: [error] } }));
    const read = () => crm.readAssociations(ACCOUNT, { from: 'deal', to: 'contact', ids: ['1'] });
    refuse({ category: 'OBJECT_NOT_FOUND', subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', message: 'none' });
    expect((await read()).get('1')).toEqual([]);
    refuse({ category: 'VALIDATION_ERROR', message: 'no' });
    await expect(read()).rejects.toBeInstanceOf(CrmRejected);
  });

  it('cuts pages of changes by record id, without HubSpot’s cursor, and refuses a page in another order', async () => {
    const window = { objectType: 'deal', from: new Date(1_000), to: new Date(2_000) } as const;
    const found = (...ids: string[]) => results(...ids.map((id) => record(id, { hs_lastmodifieddate: '1500' })));
    server.answer(() => found('9', '10'));
    const page = await crm.readChangedRecords(ACCOUNT, { ...window, afterId: '8' });
    expect(page).toEqual({
      records: [
        { id: '9', modifiedAtMs: 1_500 },
        { id: '10', modifiedAtMs: 1_500 },
      ],
      nextAfterId: null,
    });
    const body = bodyOf(server.requests[0]!);
    expect(body['filterGroups']).toEqual([
      {
        filters: [
          { propertyName: 'hs_lastmodifieddate', operator: 'BETWEEN', value: '1000', highValue: '2000' },
          { propertyName: 'hs_object_id', operator: 'GT', value: '8' },
        ],
      },
    ]);
    expect(body).not.toHaveProperty('after');
    expect(body['limit']).toBe(200);
    server.answer(() => found('10', '9'));
    await expect(crm.readChangedRecords(ACCOUNT, { ...window, afterId: null })).rejects.toBeInstanceOf(CrmUnavailable);
  });
});

const drafts = (count: number): ContactDraft[] =>
  Array.from({ length: count }, (_value, index) => ({
    key: `k${String(index)}`,
    email: `p${String(index)}@example.com`,
    values: {},
  }));

/** A HubSpot that refuses a whole batch, naming nobody, as long as one of its e-mails is on the list. */
function refuseWhole(status: number, bad: readonly string[], existing: Readonly<Record<string, string>> = {}) {
  server.answer((request) => {
    const { inputs, idProperty } = bodyOf(request);
    if (idProperty === 'email') {
      return results(
        ...inputs.filter(({ id }) => id in existing).map(({ id }) => record(existing[id]!, { email: id })),
      );
    }
    const emails = inputs.map(({ properties }) => properties['email']!);
    if (emails.some((email) => bad.includes(email)))
      return { status, body: { category: 'VALIDATION_ERROR', message: 'Something is wrong' } };
    return {
      status: 201,
      body: { results: emails.map((email) => record(`9${email.slice(1, -12)}`, { email: email.toUpperCase() })) },
    };
  });
}

describe('writing to HubSpot', () => {
  it('finds one bad contact among a hundred in few calls when HubSpot refuses the whole batch', async () => {
    refuseWhole(400, ['p37@example.com']);
    const outcomes = await crm.createContacts(ACCOUNT, drafts(100));
    expect(outcomes.map(({ key }) => key)).toEqual(drafts(100).map(({ key }) => key));
    expect(outcomes.filter(({ ok }) => !ok).map(({ key }) => key)).toEqual(['k37']);
    expect(server.requests.length).toBeLessThanOrEqual(16);
  });

  it('needs no more than a third over one call each when every contact is refused', async () => {
    refuseWhole(
      400,
      drafts(100).map(({ email }) => email),
    );
    const outcomes = await crm.createContacts(ACCOUNT, drafts(100));
    expect(outcomes.every(({ ok }) => !ok)).toBe(true);
    expect(server.requests.length).toBeLessThanOrEqual(133);
  });

  it('asks once who is in the way of a batch refused with 409, and creates the others together', async () => {
    const existing = { 'p3@example.com': '31', 'p90@example.com': '32' };
    refuseWhole(409, Object.keys(existing), existing);
    const outcomes = await crm.createContacts(ACCOUNT, drafts(100));
    const refused = outcomes
      .filter((outcome) => !outcome.ok)
      .map((outcome) => [outcome.key, outcome.refusal.code, outcome.refusal.existingRecordId]);
    expect(refused).toEqual([
      ['k3', 'record_exists', '31'],
      ['k90', 'record_exists', '32'],
    ]);
    expect(server.requests).toHaveLength(3);
  });

  it('reads the existing id out of HubSpot’s words', async () => {
    server.answer(() => ({
      status: 409,
      body: { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 2926551' },
    }));
    const [outcome] = await crm.createContacts(ACCOUNT, drafts(1));
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'record_exists', existingRecordId: '2926551' } });
  });

  it('gives up none of the good drafts to a property the account lacks, in one call more', async () => {
    const message = `Property values were not valid: ${JSON.stringify([{ name: 'gone', error: 'PROPERTY_DOESNT_EXIST', message: 'Property "gone" does not exist' }])}`;
    server.answer((request) => {
      const { inputs } = bodyOf(request);
      if (inputs.some(({ properties }) => 'gone' in properties))
        return { status: 400, body: { message, category: 'VALIDATION_ERROR' } };
      return {
        status: 201,
        body: {
          results: inputs.map(({ objectWriteTraceId }, index) => record(String(index + 1), {}, { objectWriteTraceId })),
        },
      };
    });
    const given = drafts(10).map((draft, index) => (index % 2 === 0 ? { ...draft, values: { gone: 'x' } } : draft));
    const outcomes = await crm.createContacts(ACCOUNT, given);
    expect(outcomes.map(({ ok }) => ok)).toEqual(given.map((_draft, index) => index % 2 === 1));
    expect(outcomes[0]).toMatchObject({
      refusal: { code: 'record_rejected', fields: ['gone'], message: 'gone: Property "gone" does not exist' },
    });
    expect(server.requests).toHaveLength(2);
  });

  it('asks alone about a record the partial answer does not mention, and never guesses', async () => {
    server.answer((request, index) => {
      const { inputs } = bodyOf(request);
      if (index === 0)
        return {
          status: 207,
          body: {
            results: [record('1', { city: 'A' })],
            errors: [{ category: 'VALIDATION_ERROR', message: 'one failed' }],
          },
        };
      return inputs[0]?.id === '2'
        ? { status: 207, body: { results: [], errors: [{ category: 'OBJECT_LOCKED', message: 'locked' }] } }
        : results(record('77', { city: 'A' }));
    });
    const writes = ['1', '2', '3'].map((id) => ({ id, values: { city: 'A' } }));
    const outcomes = await crm.updateRecords(ACCOUNT, { objectType: 'contact', writes });
    expect(outcomes).toEqual([
      { key: '1', ok: true, recordId: '1', values: { city: 'A' }, modifiedAt: new Date('2026-01-02T00:00:00.000Z') },
      { key: '2', ok: false, refusal: { code: 'record_locked', message: 'locked', fields: [] } },
      { key: '3', ok: true, recordId: '77', values: { city: 'A' }, modifiedAt: new Date('2026-01-02T00:00:00.000Z') },
    ]);
  });

  it('sends two writes to one record as one, the later value winning, and null as HubSpot’s empty text', async () => {
    server.answer((request) => results(...bodyOf(request).inputs.map(({ id, properties }) => record(id, properties))));
    const writes: readonly RecordWrite[] = [
      { id: '1', values: { city: 'A', zip: '1' } },
      { id: '1', values: { city: null } },
    ];
    await crm.updateRecords(ACCOUNT, { objectType: 'contact', writes });
    expect(bodyOf(server.requests[0]!).inputs).toEqual([
      { id: '1', properties: { city: '', zip: '1' }, objectWriteTraceId: '1' },
    ]);
  });

  it('leaves a write for later when HubSpot answers a single record with nothing at all', async () => {
    server.answer(() => results());
    const writes = [{ id: '1', values: { city: 'A' } }];
    await expect(crm.updateRecords(ACCOUNT, { objectType: 'contact', writes })).rejects.toBeInstanceOf(CrmUnavailable);
  });
});

describe('setting up and leaving', () => {
  it('knows a won stage by its probability, whatever its name', async () => {
    const stage = (id: string, displayOrder: number, probability: string) => ({
      id,
      label: id,
      displayOrder,
      metadata: { probability, isClosed: 'true' },
    });
    server.answer(() =>
      results({
        id: 'p',
        label: 'P',
        stages: [stage('b', 2, '1.0'), stage('a', 1, '0.0'), { ...stage('old', 0, '1.0'), archived: true }],
      }),
    );
    const [pipeline] = await crm.readPipelines(ACCOUNT);
    expect(pipeline?.stages.map(({ id, won }) => [id, won])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('refuses a token that answers for another portal', async () => {
    server.answer(() => ({
      status: 200,
      body: { portalId: 34, timeZone: 'UTC', companyCurrency: 'EUR', uiDomain: 'app.hubspot.com' },
    }));
    await expect(crm.readAccount(ACCOUNT)).rejects.toBeInstanceOf(CrmRejected);
  });

  it.each([204, 404, 401])('has left when HubSpot answers %i, and has not when it is down', async (status) => {
    server.answer(() => ({ status }));
    await crm.uninstall(ACCOUNT);
    expect(server.requests[0]).toMatchObject({ method: 'DELETE', path: '/appinstalls/2026-09/external-install' });
    server.answer(() => ({ status: 503 }));
    await expect(crm.uninstall(ACCOUNT)).rejects.toBeInstanceOf(CrmUnavailable);
  });
});
