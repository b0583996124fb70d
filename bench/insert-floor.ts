import type { Database } from '../backend/src/db/database.ts';

export type FloorInput = {
  readonly database: Database;
  readonly workspaceId: string;
  readonly connectionId: string;
  /** How long each batch size is measured, ms. */
  readonly durationMs: number;
};

export type Floor = { readonly rowsPerCommit: number; readonly eventsPerSecond: number };

const BATCH_SIZES = [1, 10, 100, 1_000, 5_000] as const;
/** As many callers as keep the pool of ten busy. */
const CALLERS = 20;

const RAW = JSON.stringify({
  eventId: 3816279340,
  subscriptionId: 26,
  portalId: 101,
  appId: 4711,
  occurredAt: 1700000000000,
  subscriptionType: 'object.propertyChange',
  attemptNumber: 0,
  objectId: 1246965,
  objectTypeId: '0-1',
  propertyName: 'lifecyclestage',
  propertyValue: 'customer',
  changeSource: 'CRM_UI',
  sourceId: 'userId:123',
  isSensitive: false,
});

/** What is inserted: only the message as received, or what intake has to store of it, message and dirty mark. */
export type FloorKind = 'bench_insert_message' | 'bench_insert_both';

/**
 * Plain one-row inserts into a narrow table: what the reference figure was taken with, so that a busy or slower machine
 * shows before anything is compared.
 * @returns inserts per second.
 */
export async function measurePlainInserts(input: FloorInput): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + input.durationMs;
  let rows = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      await input.database.system.raw('insert into bench_plain (tenant, body) values (?, ?)', [1, 'an event']);
      rows += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return rows / ((performance.now() - startedAt) / 1000);
}

/**
 * The fastest this database takes the rows of an event at all: made inside the database, one call per commit, through a
 * pool like the service's, with no HTTP, signature, JSON, duplicate check or look-up. Every batch size is run.
 */
export async function measureInsertFloor(input: FloorInput, kind: FloorKind): Promise<readonly Floor[]> {
  const floors: Floor[] = [];
  for (const rowsPerCommit of BATCH_SIZES) floors.push(await measure(input, kind, rowsPerCommit));
  return floors;
}

let nextRecord = 1_000_000_000;

async function measure(input: FloorInput, kind: FloorKind, rowsPerCommit: number): Promise<Floor> {
  const raws = Array.from({ length: rowsPerCommit }, () => RAW);
  const startedAt = performance.now();
  const until = startedAt + input.durationMs;
  let rows = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      const firstRecord = nextRecord;
      nextRecord += rowsPerCommit;
      const values = [input.workspaceId, input.connectionId, raws, firstRecord];
      await input.database.system.raw(`select ${kind}(?, ?, ?, ?)`, values as never);
      rows += rowsPerCommit;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { rowsPerCommit, eventsPerSecond: rows / ((performance.now() - startedAt) / 1000) };
}

const MESSAGE = `
  insert into inbox (workspace_id, connection_id, source_key, occurred_on, occurred_at, received_at, kind, object_type, record_id, raw)
  select p_workspace, p_connection, gen_random_uuid(), current_date, now(), now(), 'changed', 'company', (p_first + n)::text, r
    from unnest(p_raws) with ordinality as u (r, n);`;

const MARK = `
  insert into dirty_records (connection_id, object_type, record_id, workspace_id, last_kind, last_source_key, last_occurred_at, due_at)
  select p_connection, 'company', (p_first + n)::text, p_workspace, 'changed', gen_random_uuid(), now(), now() + interval '1 year'
    from unnest(p_raws) with ordinality as u (r, n);`;

/** One round trip and one commit per call, as intake has it. They live in the benchmark's own database only. */
export const FLOOR_FUNCTIONS = [
  ['bench_insert_message', MESSAGE],
  ['bench_insert_both', MESSAGE + MARK],
]
  .map(
    ([name, body]) => `
create function ${name}(p_workspace text, p_connection text, p_raws text[], p_first bigint) returns void
language sql security definer set search_path = public, pg_temp as $$ ${body} $$;
grant execute on function ${name}(text, text, text[], bigint) to passalong_app;`,
  )
  .concat([
    `create table bench_plain (id bigint generated always as identity primary key, tenant int not null, body text not null);
     grant insert on bench_plain to passalong_app;`,
  ])
  .join('\n');
