import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSalesforceSite, SAID_SO, WON_RULE } from './salesforce-site.ts';
import { openStage, type Stage } from './stage.ts';

const FRIEND = 'finn@example.org';

let stage: Stage;
let owner: pg.Client;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
  owner = new pg.Client({ connectionString: stage.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await stage.close();
});

test('a value that goes back while somebody still holds the reading of another one is found (E2)', async () => {
  const site = await openSalesforceSite(stage, { rules: [WON_RULE, SAID_SO] });
  await site.refer(FRIEND);
  const friendId = site.one('Contact', FRIEND).Id;
  // Approved already: what is read of the contact changes no status, so no write of ours brings it up again.
  site.org.createOpportunity({ Name: 'Won', StageName: 'Closed Won', Amount: 10 }, [friendId]);
  await site.settle();
  await site.settle();
  const lookNow = async () => {
    await stage.rows('update poll_cursors set due_at = $1 where connection_id = $2', [
      new Date(stage.clock.now()),
      site.tenant.connectionId,
    ]);
    return { working: stage.service.process(site.tenant) };
  };
  const waiting = async () => {
    const [row] = await stage.rows<{ n: number }>(
      `select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
        where l.locktype = 'advisory' and not l.granted`,
    );
    return row?.n ?? 0;
  };
  site.org.set(friendId, { LeadSource: 'Partner Referral' });
  stage.clock.advance(5_000);
  await owner.query('begin');
  await owner.query('select pg_advisory_xact_lock(7, hashtext($1))', [site.tenant.workspaceId]);
  const first = await lookNow();
  await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 20_000 });
  site.org.set(friendId, { LeadSource: null });
  stage.clock.advance(10_000);
  const { working: second } = await lookNow();
  let isOver = false;
  const ended = second.then(() => (isOver = true));
  await vi.waitFor(async () => expect(isOver || (await waiting()) > 1).toBe(true), { timeout: 20_000 });
  await owner.query('commit');
  await Promise.all([first.working, ended]);
  await site.settle();
  await site.settle();
  const [snapshot] = await stage.rows(
    `select "values" ->> 'LeadSource' as held from snapshots where record_id = $1 order by modified_at desc, id desc limit 1`,
    [friendId],
  );
  expect(snapshot).toEqual({ held: null });
});
