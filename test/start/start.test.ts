import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connectLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { connectLocalSalesforce } from '../../sandbox/salesforce/local-salesforce.ts';
import { openDataDir, start, type Started } from './started.ts';

const PORTAL_ID = 24_680_135;
const ORG_ID = '00DQy0000024680MAA';
const FRIEND = 'nora.lindqvist@lindqvist-studio.example.com';

const data = openDataDir();
const running: Started[] = [];

afterAll(async () => {
  for (const { process: child, end } of running)
    if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
  await data.close();
});

async function startHere(): Promise<Started> {
  const started = await start(data.dataDir);
  running.push(started);
  return started;
}

/** The friend's records and their deals in the local CRMs, whose addresses the welcome names. */
async function inCrms({ lines }: Started): Promise<any> {
  const addressOf = (name: string): string =>
    new RegExp(`Local ${name} +(http://\\S+)`).exec(lines.join('\n'))?.[1] ?? '';
  const portal = connectLocalHubSpot(addressOf('HubSpot')).portal(PORTAL_ID);
  const org = connectLocalSalesforce(addressOf('Salesforce')).org(ORG_ID);
  const contacts = await portal.find('contacts', 'email', FRIEND);
  const people = await org.find('Contact', 'Email', FRIEND);
  const roles = await Promise.all(people.map(({ Id }) => org.find('OpportunityContactRole', 'ContactId', String(Id))));
  return {
    hubspot: contacts.map(({ id, properties, associations }) => [
      id,
      properties['passalong_referral_id'],
      associations['deals'],
    ]),
    salesforce: people.map(({ Id, Referral_Id__c: id }, index) => [
      Id,
      id,
      roles[index]?.map((role) => role['OpportunityId']),
    ]),
    referralRecords: await org.ids('Referral__c'),
    accounts: (await org.ids('Account')).length,
  };
}

/** Ids and amounts as the API tells them, with a key made beside the running service. */
async function ledger(started: Started): Promise<any> {
  const { url } = started;
  const { PATH, HOME } = process.env;
  const printed = execFileSync(process.execPath, ['scripts/api-key.ts', '--org', ORG_ID], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH, HOME, DATA_DIR: data.dataDir },
    encoding: 'utf8',
  });
  const key = printed.trim().split('\n').at(-1) ?? '';
  const read = async (path: string): Promise<any> => {
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status, path).toBe(200);
    return answer.json();
  };
  const [programs, referrals] = [await read('/programs'), await read('/referrals')];
  const connections = await read('/connections');
  return {
    connections: connections.items.map(({ crm, externalAccountId, status, connectedAt }: any) => [
      crm,
      externalAccountId,
      status,
      connectedAt,
    ]),
    programs: programs.items.map(({ id, published }: any) => [id, published.version]),
    referrals: referrals.items.map(({ id, status }: any) => [id, status]),
    inCrms: await inCrms(started),
  };
}

/** Processes whose command line or environment names this data directory. */
function alive(): string[] {
  const found = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return found.filter((line) => line.includes(data.dataDir) && !line.includes('server-guard'));
}

test('prints its addresses and then the ready line, both CRMs filled; stops cleanly and goes on where it stopped', async () => {
  const first = await startHere();
  expect(first.lines.at(-1)).toBe(`passalong ready ${first.url}`);
  expect(first.lines.join('\n')).toContain(`${first.url}/openapi.json`);
  expect((await fetch(`${first.url}/ready`)).status).toBe(200);
  const page = await (await fetch(first.url)).text();
  expect(page).toContain('Customer referrals');
  // The record of the referral follows the friend.
  await expect.poll(async () => (await inCrms(first)).referralRecords.length).toBe(1);
  const before = await ledger(first);
  const [[referralId]] = before.referrals;
  expect(before).toMatchObject({
    connections: [
      ['salesforce', ORG_ID, 'connected', expect.any(String)],
      ['hubspot', String(PORTAL_ID), 'connected', expect.any(String)],
    ],
    programs: [[expect.any(String), 1]],
    referrals: [[referralId, 'pending']],
    inCrms: {
      hubspot: [[expect.any(String), referralId, [expect.any(String)]]],
      salesforce: [[expect.any(String), referralId, [expect.any(String)]]],
      referralRecords: [expect.any(String)],
    },
  });
  expect(await first.end('SIGINT')).toEqual({ code: 0, signal: null });
  await expect.poll(alive).toEqual([]);

  const second = await startHere();
  expect(await ledger(second)).toEqual(before);
  expect(await second.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

  const third = await startHere();
  expect(await ledger(third)).toEqual(before);
  expect(await third.end('SIGTERM')).toEqual({ code: 0, signal: null });
  await expect.poll(alive).toEqual([]);
}, 120_000);

test('says what to do when the port is taken, and ends with 1', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, () => resolve()));
  const { port } = squatter.address() as AddressInfo;
  await expect(start(data.dataDir, { PORT: String(port) })).rejects.toThrow(/ended with 1:[^]*PORT/);
  await new Promise((resolve) => squatter.close(resolve));
}, 60_000);

test('refuses settings it cannot use with all of them named, and ends with 1', async () => {
  await expect(start(data.dataDir, { PORT: 'eighty', PUBLIC_URL: 'nowhere' })).rejects.toThrow(
    /ended with 1:[^]*PORT[^]*PUBLIC_URL/,
  );
}, 60_000);
