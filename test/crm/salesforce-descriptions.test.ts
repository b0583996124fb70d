import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmPermissionMissing, CrmUnavailable } from '../../backend/src/crm/errors.ts';
import type { PlannedAnswer, ReceivedRequest } from './support/loopback-server.ts';
import {
  description,
  ORG,
  refusal,
  rows,
  soqlOf,
  startSalesforceLoopback,
  type SalesforceLoopback,
} from './support/salesforce-loopback.ts';

const DAY_MS = 86_400_000;
const CHANGED = 'Mon, 02 Nov 2026 09:00:00 GMT';
const TIMES = { CreatedDate: '2026-11-02T09:00:00.000+0000', SystemModstamp: '2026-11-02T09:00:00.000+0000' };

let org: SalesforceLoopback;
beforeEach(async () => {
  org = await startSalesforceLoopback();
});
afterEach(() => org.close());

const idOf = (index: number) => `003${String(index).padStart(12, '0')}AAA`;
const contact = (id: string, more: object = {}) => ({
  Id: id,
  IsDeleted: false,
  MasterRecordId: null,
  ...TIMES,
  ...more,
});
const isDescribe = ({ path }: ReceivedRequest) => path.endsWith('/describe');
const described = () => org.server.requests.filter(isDescribe);

function serve(describing: PlannedAnswer, querying: (soql: string, request: ReceivedRequest) => PlannedAnswer): void {
  org.server.answer((request) => (isDescribe(request) ? describing : querying(soqlOf(request), request)));
}

async function read(fields: readonly string[], ids: readonly string[] = [idOf(1)]) {
  return org.crm.readRecords(ORG, { objectType: 'contact', ids, fields });
}

describe('what we remember of an org’s objects', () => {
  it('is asked for once a day, and then only for what is new', async () => {
    const headers = { 'last-modified': CHANGED };
    serve(description('Contact', ['Email'], headers), () => rows(contact(idOf(1), { Email: 'e@example.com' })));
    await Promise.all(Array.from({ length: 20 }, () => read(['Email'])));
    org.clock.advance(DAY_MS - 1_000);
    await read(['Email']);
    expect(described()).toHaveLength(1);
    expect(described()[0]?.headers['if-modified-since']).toBeUndefined();
    org.clock.advance(2_000);
    serve({ status: 304 }, () => rows(contact(idOf(1), { Email: 'e@example.com' })));
    const record = (await read(['Email'])).get(idOf(1));
    expect(record?.values).toEqual({ Email: 'e@example.com' });
    expect(described()[1]?.headers['if-modified-since']).toBe(CHANGED);
    await read(['Email']);
    expect(described()).toHaveLength(2);
  });

  it('is asked for in full when it changed in the second of the answer: more may have changed since', async () => {
    const changed = new Date(Date.now()).toUTCString();
    const headers = { 'last-modified': changed, date: changed };
    serve(description('Contact', ['Email'], headers), () => rows());
    await read(['Email']);
    org.clock.advance(DAY_MS + 1);
    await read(['Email']);
    expect(described().map((request) => request.headers['if-modified-since'])).toEqual([undefined, undefined]);
  });

  it('never lets a field we do not know into a query, and looks for it again after ten minutes', async () => {
    serve(description('Contact', ['Email']), () => rows(contact(idOf(1), { Email: null })));
    expect((await read(['Email', 'Plan__c'])).get(idOf(1))?.values).toEqual({ Email: null });
    org.clock.advance(600_000);
    await read(['Plan__c']);
    expect(described()).toHaveLength(1);
    expect(org.queries().join(' ')).not.toContain('Plan__c');
    serve(description('Contact', ['Email', 'Plan__c']), () => rows(contact(idOf(1), { Plan__c: 'Gold' })));
    org.clock.advance(1_000);
    expect((await read(['Plan__c'])).get(idOf(1))?.values).toEqual({ Plan__c: 'Gold' });
    expect(described()).toHaveLength(2);
  });

  it('is thrown away when Salesforce no longer knows a field, and the read is made once more, not for ever (E23)', async () => {
    serve(description('Contact', ['Email', 'Plan__c']), () =>
      refusal(400, 'INVALID_FIELD', "No such column 'Plan__c'"),
    );
    await expect(read(['Email', 'Plan__c'])).rejects.toMatchObject({ code: 'crm_permission_missing' });
    expect(org.calls()).toHaveLength(4);
    serve(description('Contact', ['Email']), () => rows(contact(idOf(1), { Email: 'e@example.com' })));
    org.clock.advance(DAY_MS + 1);
    expect((await read(['Email', 'Plan__c'])).get(idOf(1))?.values).toEqual({ Email: 'e@example.com' });
  });

  it('says whose permission is missing when an object is not there for us', async () => {
    serve(refusal(404, 'NOT_FOUND'), () => rows());
    await expect(read(['Email'])).rejects.toBeInstanceOf(CrmPermissionMissing);
  });

  it('calls an encrypted field, and one of a kind rules cannot read, other', async () => {
    const choices = [
      { value: 'A', label: 'Alpha', active: true },
      { value: 'B', label: 'Beta', active: false },
    ];
    const fields = [
      { name: 'Secret__c', more: { encrypted: true } },
      { name: 'Old__c', type: 'encryptedstring' },
      { name: 'Place', type: 'address' },
      { name: 'Kind__c', type: 'multipicklist', more: { picklistValues: choices } },
      { name: 'Active__c', type: 'boolean' },
      { name: 'Sum__c', type: 'currency' },
      { name: 'OwnerId', type: 'reference' },
      { name: 'passalong__Referral_Id__c' },
    ];
    serve(description('Contact', fields), () => rows());
    const types = Object.fromEntries((await org.crm.readFields(ORG, 'contact')).map(({ name, type }) => [name, type]));
    expect(types).toEqual({
      Secret__c: 'other',
      Old__c: 'other',
      Place: 'other',
      Kind__c: 'choice',
      Active__c: 'boolean',
      Sum__c: 'number',
      OwnerId: 'text',
      Referral_Id__c: 'text',
    });
    const [kind] = (await org.crm.readFields(ORG, 'contact')).filter(({ name }) => name === 'Kind__c');
    expect(kind?.options).toEqual([{ value: 'A', label: 'Alpha' }]);
  });
});

describe('queries of Salesforce', () => {
  it('stay short enough for an address, however long the values are, and ask for each once', async () => {
    serve(description('Contact', []), () => rows());
    const emails = Array.from({ length: 200 }, (_value, index) => `${'x'.repeat(110)}-${String(index)}@example.com`);
    await org.crm.findContactsByEmail(ORG, { emails, fields: [] });
    const asked = org.queries().filter((soql) => soql.includes('FROM Contact'));
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.flatMap((soql) => soql.match(/'[^']+'/g) ?? []).sort()).toEqual(
      emails.map((email) => `'${email}'`).sort(),
    );
    for (const { path } of org.server.requests) expect(path.length).toBeLessThan(12_100);
  });

  it('ask for very many fields in parts, and put each record together again', async () => {
    const fields = Array.from({ length: 500 }, (_value, index) => `Field_With_A_Long_Name_${String(index)}__c`);
    serve(description('Contact', fields), (soql) => {
      const named = fields.filter((field) => soql.includes(field));
      return rows(
        ...[1, 2].map((index) =>
          contact(idOf(index), Object.fromEntries(named.map((name) => [name, `${name} ${String(index)}`]))),
        ),
      );
    });
    const records = await read(fields, [idOf(1), idOf(2)]);
    expect(org.queries().length).toBeGreaterThan(1);
    for (const index of [1, 2])
      expect(records.get(idOf(index))?.values).toEqual(
        Object.fromEntries(fields.map((name) => [name, `${name} ${String(index)}`])),
      );
    for (const { path } of org.server.requests) expect(path.length).toBeLessThan(16_000);
  });

  it('follow every further page, of the rows and of what hangs on a row', async () => {
    const step = (StageName: string, minute: number) => ({
      Id: `008${String(minute).padStart(12, '0')}AAA`,
      StageName,
      CreatedDate: `2026-11-02T09:0${String(minute)}:00.000+0000`,
    });
    const deal = (index: number) => `006${String(index).padStart(12, '0')}AAA`;
    const more = '/services/data/v67.0/query/01g-';
    const history = { totalSize: 2, done: false, records: [step('A', 1)], nextRecordsUrl: `${more}history` };
    const first = { Id: deal(1), ...TIMES, OpportunityHistories: history };
    const second = { Id: deal(2), ...TIMES, OpportunityHistories: null };
    org.server.answer((request) => {
      if (isDescribe(request)) return description('Opportunity', []);
      if (request.path.endsWith('history')) return rows(step('B', 2));
      if (request.path.endsWith('rows')) return rows(second);
      return { status: 200, body: { done: false, records: [first], nextRecordsUrl: `${more}rows` } };
    });
    const fields = ['StageName.entered:A', 'StageName.entered:B'];
    const records = await org.crm.readRecords(ORG, { objectType: 'deal', ids: [deal(1), deal(2)], fields });
    expect(records.get(deal(1))?.values).toEqual({
      'StageName.entered:A': '2026-11-02T09:01:00.000Z',
      'StageName.entered:B': '2026-11-02T09:02:00.000Z',
    });
    expect(records.get(deal(2))?.values).toEqual({ 'StageName.entered:A': null, 'StageName.entered:B': null });
  });

  it.each([
    ['leads to itself', { done: false, records: [], nextRecordsUrl: '/services/data/v67.0/query/01g-1' }],
    ['does not say where it goes on', { done: false, records: [] }],
    ['has no rows', { done: true }],
  ])('raise when a page %s', async (_name, body) => {
    org.server.answer(() => ({ status: 200, body }));
    await expect(org.crm.readOwners(ORG)).rejects.toBeInstanceOf(CrmUnavailable);
  });

  it('raise when a walk comes in another order than asked for: the next page would skip records', async () => {
    serve(description('Contact', []), () => rows({ Id: idOf(2), ...TIMES }, { Id: idOf(1), ...TIMES }));
    const window = { from: new Date(0), to: new Date(1), afterId: null };
    const changes = org.crm.readChangedRecords(ORG, { objectType: 'contact', ...window });
    await expect(changes).rejects.toBeInstanceOf(CrmUnavailable);
    await expect(org.crm.readAllContacts(ORG, { fields: [], afterId: null, createdFrom: null })).rejects.toBeInstanceOf(
      CrmUnavailable,
    );
  });

  it('raise when a write is answered for another number of records', async () => {
    org.server.answer((request) =>
      isDescribe(request) ? description('Contact', ['Email']) : { status: 200, body: [{ success: true, id: idOf(1) }] },
    );
    const writes = [1, 2].map((index) => ({ id: idOf(index), values: { Email: null } }));
    await expect(org.crm.updateRecords(ORG, { objectType: 'contact', writes })).rejects.toBeInstanceOf(CrmUnavailable);
  });

  it('are what nobody waits for where they walk, and what a person waits for where one does', async () => {
    org.server.answer((request) => (isDescribe(request) ? description('Contact', []) : rows()));
    const at = new Date(0);
    const window = { objectType: 'contact', from: at, to: at, afterId: null } as const;
    for (const crm of [org.crm, org.adapter({ urgency: 'user' })]) {
      await crm.readChangedRecords(ORG, window);
      await crm.findLists(ORG, { query: null, listIds: [] });
      await crm.readOwners(ORG);
    }
    expect(org.taken).toEqual(['background', 'background', 'background', 'default', 'user', 'user', 'user', 'user']);
  });
});
