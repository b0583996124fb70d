import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeSignal } from '../../backend/src/crm/port.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { createSignalIntake, type InsertSignals, type SignalIntake } from '../../backend/src/ingest/accept-signals.ts';
import { insertSignals, type AcceptedSignals } from '../../backend/src/ingest/inbox-store.ts';
import { saveConnection } from '../../backend/src/workspaces/install-store.ts';
import { createWorkspace } from '../../backend/src/workspaces/workspaces-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const NOW_MS = Date.parse('2026-11-02T09:00:00.000Z');
const WORKSPACE = 'ws_acme';
const PORTAL = '801';
/** A record the database refuses, standing for anything that cannot be stored. */
const POISON = '666';

let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Pool;
let stored: AcceptedSignals[];
/** Signals of each transaction that was tried. */
let tried: number[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openPool({ url: testDatabase.appUrl });
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 1 });
  const now = new Date(NOW_MS);
  await database.inWorkspace(WORKSPACE, async (tx) => {
    await createWorkspace(tx, { id: WORKSPACE, name: 'Acme', currency: 'EUR', now });
    await saveConnection(tx, {
      workspaceId: WORKSPACE,
      connectionId: 'con_acme',
      crm: 'hubspot',
      externalAccountId: PORTAL,
      sealedTokens: 'x',
      obtainedAt: now,
      expiresAt: now,
      scopes: [],
      now,
    });
  });
  await owner.query(`
    create function refuse_poison() returns trigger language plpgsql as $$
      begin raise exception 'poison'; end $$;
    create trigger refuse_poison before insert on inbox for each row when (new.record_id = '${POISON}')
      execute function refuse_poison()`);
});

afterAll(async () => {
  await database.close();
  await owner.end();
  await testDatabase.drop();
});

beforeEach(async () => {
  await owner.query('truncate inbox, dirty_records');
  stored = [];
  tried = [];
});

let messages = 0;

function signal(recordId: string, change: Partial<ChangeSignal> = {}): ChangeSignal {
  messages += 1;
  return {
    externalAccountId: PORTAL,
    sourceKey: messages.toString(16).padStart(32, '0'),
    kind: 'changed',
    records: [{ objectType: 'deal', recordId }],
    occurredAtMs: NOW_MS,
    field: 'dealstage',
    raw: { objectId: Number(recordId) },
    ...change,
  };
}

const insert: InsertSignals = (input) => {
  tried.push(input.signals.length);
  return insertSignals(database, { ...input, nowMs: NOW_MS });
};

function intake(change: { insert?: InsertSignals; lanes?: number; maxBatch?: number } = {}): SignalIntake {
  return createSignalIntake({ crm: 'hubspot', insert, onStored: (answer) => stored.push(answer), ...change });
}

/** An intake whose one lane is busy until `open` is called, so that what is accepted meanwhile shares what comes next. */
function busyIntake(maxBatch?: number): { intake: SignalIntake; open: () => void; first: Promise<void> } {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const gated: InsertSignals = async (input) => {
    await gate;
    return insert(input);
  };
  const busy = intake({ insert: gated, lanes: 1, ...(maxBatch === undefined ? {} : { maxBatch }) });
  return { intake: busy, open, first: busy.accept([signal('1')]) };
}

async function inboxIds(): Promise<string[]> {
  const { rows } = await owner.query<{ record_id: string }>('select record_id from inbox order by record_id::int');
  return rows.map((row) => row.record_id);
}

async function hints(): Promise<{ record: string; generation: number }[]> {
  const { rows } = await owner.query<{ record: string; generation: number }>(
    'select record_id as record, generation::int from dirty_records order by record_id::int',
  );
  return rows;
}

describe('taking deliveries in', () => {
  it('says yes only when the delivery is committed: while the commit waits there is no answer, after it the row is there', async () => {
    const other = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await other.connect();
    try {
      // A decision of the workspace is being committed; intake waits for it.
      await other.query('begin');
      await other.query('select pg_advisory_xact_lock(7, hashtext($1))', [WORKSPACE]);
      let answered = false;
      const accepted = intake()
        .accept([signal('11')])
        .then(() => (answered = true));
      await untilSomebodyWaits();
      expect([answered, await inboxIds()]).toEqual([false, []]);
      await other.query('commit');
      await accepted;
      expect(await inboxIds()).toEqual(['11']);
      expect(stored).toMatchObject([{ accepted: 1, connections: [{ workspaceId: WORKSPACE }] }]);
    } finally {
      await other.end();
    }
  });

  it('stores what arrives during a transaction in the next one together, and splits no delivery', async () => {
    const { intake: busy, open, first } = busyIntake(4);
    const deliveries = [['11', '12', '13'], ['14'], ['15', '16', '17', '18', '19'], ['20']];
    const accepted = deliveries.map((ids) => busy.accept(ids.map((id) => signal(id))));
    open();
    await Promise.all([first, ...accepted]);
    expect(tried).toEqual([1, 4, 5, 1]);
    expect(await inboxIds()).toEqual(['1', ...deliveries.flat()]);
  });

  it('never has more transactions under way than it has lanes', async () => {
    let underWay = 0;
    let most = 0;
    const counted: InsertSignals = async (input) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const answer = await insert(input);
      underWay -= 1;
      return answer;
    };
    const busy = intake({ insert: counted, lanes: 2, maxBatch: 1 });
    await Promise.all(Array.from({ length: 20 }, (_, index) => busy.accept([signal(String(index + 11))])));
    expect(most).toBe(2);
    expect(await inboxIds()).toHaveLength(20);
  });

  it('a delivery that cannot be stored fails alone: its batch-mates are stored once each, and so is what comes after', async () => {
    const { intake: busy, open, first } = busyIntake();
    const before = busy.accept([signal('11')]);
    const poisoned = busy.accept([signal('12'), signal(POISON)]);
    const after = busy.accept([signal('13')]);
    open();
    const outcomes = await Promise.allSettled([first, before, poisoned, after]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(tried).toEqual([1, 4, 1, 2, 1]);
    await busy.accept([signal('14')]);
    expect(await inboxIds()).toEqual(['1', '11', '13', '14']);
    expect(await hints()).toEqual(['1', '11', '13', '14'].map((record) => ({ record, generation: 1 })));
  });

  it('a delivery that failed is taken when it is delivered again and can be stored (SG-15)', async () => {
    const delivery = [signal('12'), signal(POISON)];
    const box = intake();
    await expect(box.accept(delivery)).rejects.toThrow('poison');
    expect(await inboxIds()).toEqual([]);
    await owner.query('alter table inbox disable trigger refuse_poison');
    try {
      await box.accept(delivery);
      expect(await inboxIds()).toEqual(['12', POISON]);
    } finally {
      await owner.query('alter table inbox enable trigger refuse_poison');
    }
  });

  it('the same message twice in one transaction and again in a later one is stored once and marks its record once (E1, SG-09)', async () => {
    const message = signal('11');
    const { intake: busy, open, first } = busyIntake();
    const twice = [busy.accept([message]), busy.accept([message])];
    open();
    await Promise.all([first, ...twice]);
    await busy.accept([message]);
    expect(await inboxIds()).toEqual(['1', '11']);
    expect(await hints()).toEqual([
      { record: '1', generation: 1 },
      { record: '11', generation: 1 },
    ]);
    expect(stored.map(({ accepted, repeated }) => [accepted, repeated])).toEqual([
      [1, 0],
      [1, 1],
      [0, 1],
    ]);
  });

  it('messages of portals nobody connected are counted and dropped, and their batch-mates stored (SG-07)', async () => {
    await intake().accept([signal('11', { externalAccountId: '999' }), signal('12')]);
    expect(await inboxIds()).toEqual(['12']);
    expect(stored).toMatchObject([{ accepted: 1, repeated: 0, unknown: 1 }]);
  });

  it('both ends of an association and every id of a merge are marked, from one stored message', async () => {
    const records = ['21', '22', '23'].map((recordId) => ({ objectType: 'contact' as const, recordId }));
    await intake().accept([signal('21', { kind: 'merged', records })]);
    expect(await inboxIds()).toEqual(['21']);
    expect(await hints()).toEqual(['21', '22', '23'].map((record) => ({ record, generation: 1 })));
  });
});

async function untilSomebodyWaits(): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    const { rows } = await owner.query<{ waiting: boolean }>(
      `select exists (select 1 from pg_locks l join pg_database d on d.oid = l.database
         where d.datname = current_database() and l.locktype = 'advisory' and not l.granted) as waiting`,
    );
    if (rows[0]?.waiting) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('nobody waited for the lock');
}

describe('a new message beside a repeated one of the same record', () => {
  it('marks the record, whichever of the two comes last', async () => {
    for (const order of ['new first', 'repeated first']) {
      await owner.query('truncate inbox, dirty_records');
      const old = signal('11');
      await intake().accept([old]);
      // The first hint was answered meanwhile.
      await owner.query('truncate dirty_records');
      const fresh = signal('11', { occurredAtMs: NOW_MS + 1_000 });
      await intake().accept(order === 'new first' ? [fresh, old] : [old, fresh]);
      expect(await hints(), order).toEqual([{ record: '11', generation: 1 }]);
    }
  });

  it('is not swallowed by a privacy deletion that was delivered again', async () => {
    const erase = signal('11', { kind: 'privacy_deleted' });
    await intake().accept([erase]);
    await owner.query('truncate dirty_records');
    await intake().accept([erase, signal('11', { kind: 'created' })]);
    expect(await hints()).toEqual([{ record: '11', generation: 1 }]);
  });
});
