import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { connectLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { APP_ID, PORTAL_ID, PROJECT_DIR, contacts, request, startReceiver } from './harness.ts';

const MAIN = fileURLToPath(new URL('../../sandbox/hubspot/main.ts', import.meta.url));

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-hubspot-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function launch(dataDir: string): Promise<{ child: ChildProcess; url: string; firstLine: string }> {
  const child = fork(MAIN, ['--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [[chunk], [message]] = await Promise.all([
    once(child.stdout as NodeJS.ReadableStream, 'data'),
    once(child, 'message'),
  ]);
  return { child, url: (message as { url: string }).url, firstLine: String(chunk).trim() };
}

async function connect(url: string, publicUrl: string) {
  const control = connectLocalHubSpot(url);
  await control.uploadApp({
    projectDir: PROJECT_DIR,
    variables: { PUBLIC_URL: publicUrl },
    appId: APP_ID,
    clientId: 'c',
    clientSecrets: ['s'],
  });
  await control.createPortal({ portalId: PORTAL_ID });
  return { control, ...(await control.portal(PORTAL_ID).install(APP_ID)) };
}

describe('a process', () => {
  test('tells its address on one line and by message', async () => {
    const { url, firstLine } = await launch(dataDirectory());
    expect(firstLine).toBe(`local-hubspot ready ${url}`);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('stops cleanly on %s', async (signal) => {
    const { child } = await launch(dataDirectory());
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('leaves when its parent goes', async () => {
    const { child } = await launch(dataDirectory());
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('after being killed', () => {
  test('everything that was answered is there again, and tokens still work', async () => {
    const dataDir = dataDirectory();
    const first = await launch(dataDir);
    const { control, accessToken } = await connect(first.url, 'http://127.0.0.1:9');
    const portal = control.portal(PORTAL_ID);
    const [ann, anna] = [
      await portal.createContact({ email: 'ann@example.com' }),
      await portal.createContact({ email: 'anna@example.com' }),
    ];
    const survivor = await portal.merge('contacts', ann, anna);
    const deal = await portal.createDeal({ dealname: 'A', dealstage: 'closedwon' }, [survivor]);
    // Deliveries flush the journal too; here only the answer itself may have.
    await control.deliveries.hold();
    const made = await request(
      first.url,
      'POST',
      contacts('/batch/create'),
      { inputs: Array.from({ length: 100 }, () => ({ properties: { city: 'Lisbon' }, associations: [] })) },
      accessToken,
    );
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await launch(dataDir);
    const read = (id: string) =>
      request(second.url, 'GET', contacts(`/${id}?properties=city&associations=deals`), undefined, accessToken);
    expect((await read(anna)).body).toMatchObject({
      id: survivor,
      associations: { deals: { results: [{ id: deal }] } },
    });
    for (const { id } of made.body.results.slice(-3)) expect((await read(id)).body.properties.city).toBe('Lisbon');
    const again = connectLocalHubSpot(second.url).portal(PORTAL_ID);
    expect((await again.ids('contacts')).length).toBe(101);
    expect((await again.get('deals', deal))?.properties['hs_is_closed_won']).toBe('true');
  });

  test('lists keep their members, go on following changes, and stay deleted', async () => {
    const dataDir = dataDirectory();
    const first = await launch(dataDir);
    const portal = connectLocalHubSpot(first.url).portal(PORTAL_ID);
    await connectLocalHubSpot(first.url).createPortal({ portalId: PORTAL_ID });
    const filters = [{ propertyName: 'lifecyclestage', operator: 'EQ', value: 'customer' }];
    const [ann, bob] = [await portal.createContact({}), await portal.createContact({ lifecyclestage: 'customer' })];
    await portal.createList({ name: 'Happy customers', recordIds: [ann, bob] });
    await portal.createList({ name: 'All customers', filters });
    await portal.deleteList(await portal.createList({ name: 'Old' }));
    await portal.delete('contacts', bob);
    const lists = await portal.lists();
    expect(lists).toMatchObject([{ recordIds: [ann] }, { recordIds: [] }, { deleted: true }]);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const again = connectLocalHubSpot((await launch(dataDir)).url).portal(PORTAL_ID);
    expect(await again.lists()).toEqual(lists);
    await again.setProperties('contacts', ann, { lifecyclestage: 'customer' });
    expect((await again.lists())[1]?.recordIds).toEqual([ann]);
    expect((await again.get('contacts', bob))?.createdWith.properties).toEqual({ lifecyclestage: 'customer' });
  });

  test('waiting webhook events are still sent, later attempts as such', async () => {
    const receiver = await startReceiver();
    receiver.answer = () => 500;
    const dataDir = dataDirectory();
    const first = await launch(dataDir);
    const { control } = await connect(first.url, receiver.url);
    const id = await control.portal(PORTAL_ID).createContact({ lifecyclestage: 'lead' });
    await control.deliveries.deliverNow();
    await control.deliveries.hold();
    await control.portal(PORTAL_ID).setProperties('contacts', id, { lifecyclestage: 'customer' });
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    receiver.answer = () => 200;
    receiver.deliveries.length = 0;
    const again = connectLocalHubSpot((await launch(dataDir)).url);
    await again.clock.advance(600_000);
    await again.deliveries.idle();
    const came = receiver
      .events()
      .map(({ propertyValue, attemptNumber }) => [propertyValue ?? 'created', attemptNumber]);
    expect(came.sort()).toEqual([
      ['created', 1],
      ['customer', 0],
      ['lead', 1],
    ]);
    expect(await again.deliveries.pending()).toEqual([]);
  });

  test('a torn last line is dropped, and one journal never outlives a run', async () => {
    const dataDir = dataDirectory();
    const first = await launch(dataDir);
    await connect(first.url, 'http://127.0.0.1:9');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    appendFileSync(join(dataDir, 'journal-1.ndjson'), '{"kind":"record.wri');
    const second = await launch(dataDir);
    expect(await connectLocalHubSpot(second.url).portals()).toMatchObject([{ portalId: PORTAL_ID }]);
    expect(readdirSync(dataDir).sort()).toEqual(['journal-2.ndjson', 'snapshot-2.bin']);
  });
});

describe('the control over HTTP', () => {
  test('is reached only by its own names, and refuses in words', async () => {
    const { url } = await launch(dataDirectory());
    const call = (path: string, body: unknown = []) =>
      fetch(`${url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
    expect((await call('constructor')).status).toBe(404);
    expect((await call('faults/toString')).status).toBe(404);
    expect((await call('portal/999/ids', ['contacts'])).status).toBe(404);
    await call('createPortal', { portalId: 101 });
    const refused = await call('portal/101/createContact', [{ nickname: 'Al' }]);
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { error: string }).error).toContain('nickname');
  });
});
