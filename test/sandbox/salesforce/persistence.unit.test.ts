import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { connectLocalSalesforce, startLocalSalesforce } from '../../../sandbox/salesforce/local-salesforce.ts';
import type { LocalSalesforce } from '../../../sandbox/salesforce/local-salesforce.ts';
import { CLIENT_ID, DATA, REDIRECT, SECRET, codesIn, recordsOf, refresh, request } from './harness.ts';

const MAIN = fileURLToPath(new URL('../../../sandbox/salesforce/main.ts', import.meta.url));
const APP = { clientId: CLIENT_ID, clientSecret: SECRET, redirectUris: [REDIRECT] };

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-salesforce-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function launch(dataDir: string) {
  const child = fork(MAIN, ['--data-dir', dataDir], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [{ url, sandboxLoginUrl }] = (await once(child, 'message')) as [{ url: string; sandboxLoginUrl: string }];
  return { child, url, sandboxLoginUrl, control: connectLocalSalesforce(url) };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** In this process: started, and closed with the test. */
async function begun(dataDir: string): Promise<LocalSalesforce> {
  const salesforce = await startLocalSalesforce({ dataDir });
  onTestFinished(() => salesforce.close());
  return salesforce;
}

const file = (dataDir: string, generation: number) => join(dataDir, `state-${generation}.ndjson`);

test('after being killed everything that was answered is there again, at the same addresses', async () => {
  const dataDir = dataDirectory();
  const first = await launch(dataDir);
  await first.control.registerApp(APP);
  const { orgId, instanceUrl } = await first.control.createOrg({
    namespace: 'passalong',
    recordTypes: [{ name: 'New' }],
  });
  const org = first.control.org(orgId);
  const { accessToken, refreshToken } = await org.install(CLIENT_ID);
  await org.addField('Contact', { name: 'Plan__c', label: 'Plan', type: 'string' });
  const [ann, bob] = [await org.createContact({ LastName: 'Ann', Plan__c: 'gold' }), await org.createContact()];
  await org.delete(bob);
  const api = (method: string, path: string, body?: unknown) =>
    request(method, instanceUrl + DATA + path, { body, token: accessToken });
  const made = await api('POST', '/composite/sobjects', recordsOf('Contact', { LastName: 'X' }, { LastName: 'Y' }));
  await api('POST', '/sobjects/Lead', { LastName: 'Last', Company: 'Answered' });
  await killed(first.child);

  const second = await launch(dataDir);
  expect([second.url, second.sandboxLoginUrl]).toEqual([first.url, first.sandboxLoginUrl]);
  expect(await second.control.orgs()).toMatchObject([{ orgId, instanceUrl }]);
  const again = second.control.org(orgId);
  const asked = await api(
    'GET',
    `/query?q=${encodeURIComponent('SELECT LastName, Plan__c FROM Contact ORDER BY LastName')}`,
  );
  expect(asked.body.records).toMatchObject([
    { LastName: 'Ann', Plan__c: 'gold' },
    { LastName: 'X' },
    { LastName: 'Y' },
  ]);
  expect(await again.get(bob)).toMatchObject({ IsDeleted: true });
  expect(await again.find('Lead', 'Company', 'Answered')).toHaveLength(1);
  const next = await again.createContact();
  expect([ann, bob, ...made.body.map(({ id }: { id: string }) => id)]).not.toContain(next);
  expect(await again.info()).toMatchObject({ namespace: 'passalong', packageInstalled: true });
  const rotated = await refresh(second.url, refreshToken);
  expect(rotated).toMatchObject({ status: 200, body: { instance_url: instanceUrl } });
  await killed(second.child);

  const third = await launch(dataDir);
  expect(await refresh(third.url, refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await refresh(third.url, rotated.body.refresh_token)).status).toBe(200);
});

test('what was put back when a write failed stays so, and what was revoked stays revoked', async () => {
  const dataDir = dataDirectory();
  const first = await launch(dataDir);
  await first.control.registerApp(APP);
  const { orgId, instanceUrl } = await first.control.createOrg();
  const org = first.control.org(orgId);
  const people = [await org.createContact({ LastName: 'Before' }), await org.createContact({ LastName: 'Too' })];
  const errorWhen = [{ field: 'LastName', value: 'Nobody' }];
  await org.addValidationRule({ object: 'Contact', errorWhen, message: 'Everybody is somebody.' });
  const { refreshToken } = await org.install(CLIENT_ID);
  await org.revokeGrant(CLIENT_ID);
  const { accessToken } = await org.install(CLIENT_ID);
  const records = ['After', 'Nobody'].map((LastName, index) => ({
    attributes: { type: 'Contact' },
    id: people[index],
    LastName,
  }));
  const path = `${instanceUrl}${DATA}/composite/sobjects`;
  const refused = await request('PATCH', path, { body: { allOrNone: true, records }, token: accessToken });
  expect(codesIn(refused)).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'FIELD_CUSTOM_VALIDATION_EXCEPTION']);
  await killed(first.child);

  const second = await launch(dataDir);
  const again = second.control.org(orgId);
  const names = await Promise.all(people.map(async (id) => (await again.get(id))?.['LastName']));
  expect(names).toEqual(['Before', 'Too']);
  await expect(again.set(people[0] ?? '', { LastName: 'Nobody' })).rejects.toThrow('Everybody is somebody.');
  expect((await refresh(second.url, refreshToken)).body).toMatchObject({ error: 'invalid_grant' });
});

test('a torn last line is dropped, and one file never outlives a run', async () => {
  const dataDir = dataDirectory();
  const first = await launch(dataDir);
  const { orgId } = await first.control.createOrg({ name: 'Acme' });
  await killed(first.child);
  appendFileSync(file(dataDir, 1), '{"kind":"rows","orgId":"00');
  const second = await launch(dataDir);
  expect(await second.control.org(orgId).info()).toMatchObject({ name: 'Acme' });
  expect(readdirSync(dataDir)).toEqual(['state-2.ndjson']);
});

test('an org whose address somebody else has now gets another one, and tells it with each token', async () => {
  const dataDir = dataDirectory();
  const first = await startLocalSalesforce({ dataDir });
  first.control.registerApp(APP);
  const { orgId, instanceUrl } = await first.control.createOrg();
  const { refreshToken } = first.control.org(orgId).install(CLIENT_ID);
  await first.close();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(Number(new URL(instanceUrl).port), '127.0.0.1', resolve));
  onTestFinished(() => void squatter.close());
  const second = await begun(dataDir);
  const [now] = second.control.orgs();
  expect(now?.instanceUrl).not.toBe(instanceUrl);
  expect((await refresh(second.url, refreshToken)).body).toMatchObject({ instance_url: now?.instanceUrl });
});

test('what an older version did not know is added, what somebody took away is not', async () => {
  const dataDir = dataDirectory();
  const first = await startLocalSalesforce({ dataDir });
  const { orgId } = await first.control.createOrg();
  first.control.org(orgId).removeField('Contact', 'Birthdate');
  first.control.org(orgId).addValidationRule({ object: 'Lead', errorWhen: [() => true], message: 'Of this run' });
  await first.close();
  const older = readFileSync(file(dataDir, 1), 'utf8').replaceAll('"Referral_Link__c"', '"Unheard_Of__c"');
  writeFileSync(file(dataDir, 1), older.replaceAll('referral_link__c', 'unheard_of__c'));
  const org = (await begun(dataDir)).control.org(orgId);
  const id = org.createContact({ Referral_Link__c: 'https://example.com' });
  expect(org.get(id)).toMatchObject({ Referral_Link__c: 'https://example.com' });
  expect(() => org.createContact({ Birthdate: '2000-01-01' })).toThrow('Birthdate');
  expect(org.createLead()).toMatch(/^00Q/);
});

test('a refreshed sandbox is still the new one, and nothing of the old one comes back', async () => {
  const dataDir = dataDirectory();
  const first = await startLocalSalesforce({ dataDir });
  const old = await first.control.createOrg({ isSandbox: true });
  first.control.org(old.orgId).createContact();
  const { orgId } = await first.control.refreshSandbox(old.orgId);
  await first.close();
  const { control } = await begun(dataDir);
  expect(control.orgs().map((each) => [each.orgId, each.instanceUrl])).toEqual([[orgId, old.instanceUrl]]);
  expect(control.org(orgId).ids('Contact')).toEqual([]);
});
