import { expect, test } from 'vitest';

import { startBench } from './harness.ts';

const texts = (rows: Record<string, unknown>[], column: string): string[] => rows.map((row) => String(row[column]));

test('a believable org holds people at accounts, leads, and opportunities with somebody on each', async () => {
  const { org } = await startBench({ seed: 'believable', namespace: 'passalong' });
  const objects = ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityContactRole'];
  expect(objects.map((object) => org.ids(object).length)).toEqual([36, 96, 30, 45, 45]);
  const deals = org.query('SELECT StageName, IsWon, Account.Name, CreatedDate, SystemModstamp FROM Opportunity');
  expect(deals.filter((deal) => deal['IsWon'] === true).length).toBeGreaterThan(5);
  expect(deals.filter((deal) => deal['IsWon'] === false).length).toBeGreaterThan(5);
  expect(deals.every((deal) => deal['Account'] !== null)).toBe(true);
  const people = org.query('SELECT Email, AccountId, Name FROM Contact');
  expect(new Set(texts(people, 'Email')).size).toBe(96);
  expect(texts(people, 'Email').every((email) => email.endsWith('.example.com'))).toBe(true);
  expect(texts(people, 'AccountId').every((id) => id.startsWith('001'))).toBe(true);
});

test('nothing in a believable org looks changed today, and nothing lies ahead of its time', async () => {
  const { org, clock } = await startBench({ seed: 'believable' });
  const yesterday = new Date(clock.now() - 86_400_000).toISOString();
  for (const object of ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityContactRole']) {
    const rows = org.query(`SELECT CreatedDate, SystemModstamp FROM ${object}`);
    expect(rows.every((row) => String(row['SystemModstamp']) < yesterday)).toBe(true);
    expect(rows.every((row) => String(row['CreatedDate']) <= String(row['SystemModstamp']))).toBe(true);
  }
});

test('a believable org is the same every time, with a campaign of customers to enrol', async () => {
  const members = async () => {
    const { org } = await startBench({ seed: 'believable' });
    expect(texts(org.query('SELECT Name FROM Campaign'), 'Name')).toEqual(['Customer council']);
    return org.query('SELECT Contact.Email, Contact.Account.Type FROM CampaignMember ORDER BY Id');
  };
  const [first, second] = [await members(), await members()];
  expect(first).toEqual(second);
  expect(first).toHaveLength(18);
  expect(first.every((row: any) => row.Contact.Account.Type === 'Customer - Direct')).toBe(true);
});
