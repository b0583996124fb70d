import { beforeEach, describe, expect, test } from 'vitest';

import { namesIn, startBench } from './harness.ts';
import type { Bench } from './harness.ts';

const refusal = async (bench: Bench, soql: string) => {
  const { status, body } = await bench.query(soql);
  return [status, body[0]?.errorCode];
};

describe('filters', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
    const { org } = bench;
    org.createAccount({ Name: 'Acme', AnnualRevenue: 100, Industry: 'Banking' });
    org.createAccount({ Name: 'Böll & Söhne', AnnualRevenue: 200, Industry: 'Retail', Website: "it's.example" });
    org.createAccount({ Name: '100% Wool_Co', AnnualRevenue: null, Industry: 'Retail' });
  });

  test.each([
    ["Name = 'ACME'", ['Acme']],
    ["Name != 'Acme'", ['100% Wool_Co', 'Böll & Söhne']],
    ["Website != 'x'", ['100% Wool_Co', 'Acme', 'Böll & Söhne']],
    ["Name IN ('acme', 'Böll & Söhne')", ['Acme', 'Böll & Söhne']],
    ["Name NOT IN ('acme')", ['100% Wool_Co', 'Böll & Söhne']],
    ["Name LIKE '%s%'", ['Böll & Söhne']],
    ["Name LIKE '100\\% w__l\\_co'", ['100% Wool_Co']],
    ["Website = 'it\\'s.example'", ['Böll & Söhne']],
    ['AnnualRevenue > 100', ['Böll & Söhne']],
    ['AnnualRevenue <= 200', ['Acme', 'Böll & Söhne']],
    ['AnnualRevenue = null', ['100% Wool_Co']],
    ['AnnualRevenue != null', ['Acme', 'Böll & Söhne']],
    ["Industry = 'Retail' AND AnnualRevenue = 200", ['Böll & Söhne']],
    ["Name = 'Acme' OR (Industry = 'Retail' AND AnnualRevenue = null)", ['100% Wool_Co', 'Acme']],
    ["NOT Industry = 'Retail'", ['Acme']],
    ["(NOT (Name = 'Acme' OR AnnualRevenue = 200)) AND Industry = 'Retail'", ['100% Wool_Co']],
    ['IsDeleted = FALSE AND CreatedDate >= 2026-11-20T09:00:00Z', ['100% Wool_Co', 'Acme', 'Böll & Söhne']],
    ['CreatedDate < 2026-11-20T10:00:00+01:00', []],
  ])('%s', async (where, names) => {
    const answer = await bench.query(`select name from account where ${where} order by name`);
    expect(namesIn(answer)).toEqual(names);
    expect(answer.body).toMatchObject({ totalSize: names.length, done: true });
  });

  test.each([
    ["SELECT Id FROM Account WHERE Name = 'a' OR Name = 'b' AND Name = 'c'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE AnnualRevenue = '5'", 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE CreatedDate > '2026-11-20T09:00:00Z'", 'INVALID_FIELD'],
    ['SELECT Id FROM Account WHERE CreatedDate > 2026-11-20', 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["SELECT Id FROM Account WHERE Id LIKE '001%'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["SELECT Id FROM Account WHERE Description = 'x'", 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Nope = 'x'", 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Name = 'a\\q'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE CreatedDate = TODAY', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:3', 'MALFORMED_QUERY'],
    ['SELECT Nope FROM Account', 'INVALID_FIELD'],
    ['SELECT Id, id FROM Account', 'INVALID_FIELD'],
    ['SELECT Id FROM Accounts', 'INVALID_TYPE'],
    ['SELECT Nope.Name FROM Account', 'INVALID_FIELD'],
    ['SELECT Id FROM Account ORDER BY Nope', 'INVALID_FIELD'],
    ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE'],
    ['SELECT COUNT(Id) FROM Account', 'MALFORMED_QUERY'],
    ['SELECT Industry FROM Account GROUP BY Industry', 'MALFORMED_QUERY'],
    ['SELECT FIELDS(ALL) FROM Account LIMIT 10', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account FOR UPDATE', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY'],
    ['SELECT RecordTypeId FROM Opportunity', 'INVALID_FIELD'],
    ['SELECT CurrencyIsoCode FROM Opportunity', 'INVALID_FIELD'],
    ['SELECT Id FROM CurrencyType', 'INVALID_TYPE'],
  ])('%s is refused', async (soql, code) => {
    expect(await refusal(bench, soql)).toEqual([400, code]);
  });
});

test('ids are taken with 15 or 18 characters, a wrong check refused, and told apart by case', async () => {
  const { org, query } = await startBench();
  const { firstId, lastId } = org.addMany({ count: 50 });
  const twins = org.ids('Contact').filter((id) => id.slice(0, 15).toLowerCase() === lastId.slice(0, 15).toLowerCase());
  expect(twins.length).toBe(2);
  const found = await query(`SELECT Id FROM Contact WHERE Id IN ('${lastId.slice(0, 15)}', '${firstId}')`);
  expect(found.body.records.map(({ Id }: { Id: string }) => Id).sort()).toEqual([firstId, lastId].sort());
  expect((await query(`SELECT Id FROM Contact WHERE Id = '${firstId.slice(0, 17)}X'`)).status).toBe(400);
});

test('order: by several columns, empty values first, ties by nothing to rely on', async () => {
  const { org, query } = await startBench();
  const first = org.createAccount({ Name: 'B', AnnualRevenue: 1 });
  const second = org.createAccount({ Name: 'a', AnnualRevenue: 1 });
  const third = org.createAccount({ Name: 'c' });
  const ids = async (order: string) =>
    (await query(`SELECT Id FROM Account ${order}`)).body.records.map(({ Id }: { Id: string }) => Id);
  expect(await ids('ORDER BY AnnualRevenue, Name')).toEqual([third, second, first]);
  expect(await ids('ORDER BY AnnualRevenue DESC NULLS LAST, Name DESC')).toEqual([first, second, third]);
  expect(await ids('ORDER BY Id')).toEqual([first, second, third]);
  expect(await ids('')).toEqual([third, second, first]);
  expect(await ids('ORDER BY Id LIMIT 1 OFFSET 1')).toEqual([second]);
});

test('parents are objects inside the record, children a result of their own, and none of either is null', async () => {
  const { org, query } = await startBench();
  const acme = org.createAccount({ Name: 'Acme' });
  const ann = org.createContact({ LastName: 'Ann', AccountId: acme });
  const deal = org.createOpportunity({ Name: 'Deal', AccountId: acme }, [{ contactId: ann, role: 'Decision Maker' }]);
  org.createOpportunity({ Name: 'Lonely' });
  const { body } = await query(
    'SELECT Name, account.name, Owner.Email, (SELECT Role, Contact.Name FROM OpportunityContactRoles) FROM Opportunity ORDER BY Name',
  );
  expect(body.records[0]).toMatchObject({
    attributes: { type: 'Opportunity', url: `/services/data/v67.0/sobjects/Opportunity/${deal}` },
    Account: { attributes: { type: 'Account' }, Name: 'Acme' },
    Owner: { Email: 'ada.admin@org1.example.com' },
    OpportunityContactRoles: {
      totalSize: 1,
      done: true,
      records: [{ Role: 'Decision Maker', Contact: { Name: 'Ann' } }],
    },
  });
  expect(body.records[1]).toMatchObject({ Account: null, OpportunityContactRoles: null });
  expect(body.records[0]).not.toHaveProperty('Id');
});

test('COUNT() answers a number alone, and a semi-join reads ids from another object', async () => {
  const { org, query } = await startBench();
  org.createContact({ LastName: 'Ann' });
  const bob = org.createContact({ LastName: 'Bob' });
  org.addMember(org.createCampaign(), bob);
  expect((await query('SELECT COUNT() FROM Contact')).body).toEqual({ totalSize: 2, done: true, records: [] });
  const members = 'SELECT ContactId FROM CampaignMember';
  expect(namesIn(await query(`SELECT Name FROM Contact WHERE Id IN (${members})`))).toEqual(['Bob']);
  expect(namesIn(await query(`SELECT Name FROM Contact WHERE Id NOT IN (${members}) AND Id != '${bob}'`))).toEqual([
    'Ann',
  ]);
});

test('pages have the size asked for, follow one another, and are given up when too many are open', async () => {
  const { org, query, api } = await startBench();
  org.addMany({ count: 450 });
  const soql = 'SELECT Id FROM Contact ORDER BY Id';
  const headers = { 'sforce-query-options': 'batchSize=200' };
  const first = await query(soql, { headers });
  expect(first.body).toMatchObject({ totalSize: 450, done: false });
  expect(first.body.records).toHaveLength(200);
  const second = await api('GET', first.body.nextRecordsUrl, { headers });
  const third = await api('GET', second.body.nextRecordsUrl, { headers });
  expect([third.body.done, third.body.nextRecordsUrl]).toEqual([true, undefined]);
  const ids = [first, second, third].flatMap(({ body }) => body.records.map(({ Id }: { Id: string }) => Id));
  expect(ids).toEqual(org.ids('Contact'));
  expect((await query(soql)).body.done).toBe(true);
  expect((await query(soql, { headers: { 'sforce-query-options': 'batchSize=100' } })).status).toBe(400);
  for (let more = 0; more < 10; more += 1) await query(soql, { headers });
  const gone = await api('GET', first.body.nextRecordsUrl, { headers });
  expect([gone.status, gone.body[0].errorCode]).toEqual([400, 'INVALID_QUERY_LOCATOR']);
});

test('rows in the bin are for queryAll only, and a parent in the bin has no name', async () => {
  const { org, query, queryAll } = await startBench();
  const spring = org.createCampaign({ Name: 'Spring' });
  org.createOpportunity({ Name: 'Deal', CampaignId: spring });
  const ann = org.createContact({ LastName: 'Ann' });
  org.delete(ann);
  org.delete(spring);
  const deals = await query('SELECT CampaignId, Campaign.Name FROM Opportunity');
  expect(deals.body.records).toMatchObject([{ CampaignId: spring, Campaign: null }]);
  expect((await query("SELECT Id FROM Opportunity WHERE Campaign.Name = 'Spring'")).body.totalSize).toBe(0);
  expect((await query('SELECT Id FROM Contact')).body.totalSize).toBe(0);
  const all = await queryAll('SELECT Id, IsDeleted FROM Contact');
  expect(all.body.records).toMatchObject([{ Id: ann, IsDeleted: true }]);
});

test('a line longer than 16 KB is not read', async () => {
  const { query } = await startBench();
  const emails = Array.from({ length: 400 }, (_, index) => `'somebody.with.a.long.name.${index}@example.com'`).join(
    ',',
  );
  expect((await query(`SELECT Id FROM Contact WHERE Email IN (${emails})`)).status).toBe(414);
});

test('external ids are compared letter by letter, e-mail addresses are not', async () => {
  const { org, query } = await startBench();
  org.createContact({ LastName: 'Ann', Email: 'Ann@Example.com', Referral_Id__c: 'ref_A' });
  const count = async (where: string) => (await query(`SELECT COUNT() FROM Contact WHERE ${where}`)).body.totalSize;
  expect(await count("Email = 'ann@example.COM'")).toBe(1);
  expect(await count("Referral_Id__c = 'ref_a'")).toBe(0);
  expect(await count("Referral_Id__c IN ('ref_A')")).toBe(1);
});

test('what the connected user may not see is not there', async () => {
  const { org, query } = await startBench();
  org.createContact({ LastName: 'Ann', Email: 'ann@example.com' });
  org.setFieldAccess('Contact', 'Email', 'hidden');
  expect((await query('SELECT Email FROM Contact')).body[0].errorCode).toBe('INVALID_FIELD');
  expect((await query("SELECT Id FROM Contact WHERE Email = 'ann@example.com'")).status).toBe(400);
  org.setObjectAccess('Contact', { read: false });
  expect((await query('SELECT Id FROM Contact')).body[0].errorCode).toBe('INVALID_TYPE');
});
