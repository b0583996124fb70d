import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let owner: pg.Pool;
let pool: Database;

/** The owner is not bound by the policies, so it can put rows of both workspaces everywhere. */
const WORKSPACES = `
  insert into workspaces (id, name, created_at) select w, w, now() from unnest(array['ws_a', 'ws_b']) w;`;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  pool = openPool({ url: database.appUrl });
  await owner.query(WORKSPACES);
  // The weeks of the inbox are tables of their own, made while the service runs.
  await pool.system.raw('select keep_inbox_partitions(?::date, ?)', ['2026-11-02', 1]);
  for (const table of await tenantTables()) if (table !== 'workspaces') await seedRow(table);
});

afterAll(async () => {
  await pool.close();
  await owner.end();
  await database.drop();
});

async function tenantTables(): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  return rows.map((row) => row.name);
}

type Column = { column_name: string; data_type: string; udt_name: string };

/** The columns of a table that a row must give a value for. */
async function neededColumns(table: string): Promise<Column[]> {
  const { rows } = await owner.query<Column>(
    `select column_name, data_type, udt_name from information_schema.columns
      where table_schema = 'public' and table_name = $1 and is_nullable = 'NO' and column_default is null
        and is_identity = 'NO' and is_generated = 'NEVER'`,
    [table],
  );
  return rows;
}

/** One row per workspace with a value of the right type in every column that must have one. */
async function seedRow(table: string): Promise<void> {
  const columns = await neededColumns(table);
  const { rows: foreign } = await owner.query<{ name: string }>(
    `select conname as name from pg_constraint where conrelid = $1::regclass and contype in ('f', 'c')`,
    [table],
  );
  for (const { name } of foreign) await owner.query(`alter table ${table} drop constraint "${name}"`);
  for (const workspace of ['ws_a', 'ws_b']) {
    const values = columns.map((column) => valueFor(column, workspace));
    const names = columns.map((column) => `"${column.column_name}"`).join(', ');
    await owner.query(
      `insert into ${table} (${names}) values (${values.map((_, index) => `$${index + 1}`).join(', ')})`,
      values,
    );
  }
}

function valueFor(column: Column, workspace: string): unknown {
  if (column.column_name === 'workspace_id') return workspace;
  if (column.udt_name === 'uuid') return '00000000-0000-4000-8000-000000000001';
  if (/^(int|numeric)/.test(column.udt_name)) return 1;
  if (column.udt_name === 'bool') return false;
  if (/^(timestamptz|date)$/.test(column.udt_name)) return '2026-11-02';
  if (/^jsonb?$/.test(column.udt_name)) return '{}';
  return column.udt_name.startsWith('_') ? [] : `${column.column_name}_${workspace}`;
}

test('a query that forgets its filter shows one workspace’s rows and nobody else’s, in every tenant table', async () => {
  const tables = await tenantTables();
  expect(tables.length).toBeGreaterThan(25);
  for (const table of tables) {
    const seen = await pool.inWorkspace('ws_a', async (tx) => {
      const answer = await tx.raw<{ rows: { workspace_id: string }[] }>(`select workspace_id from ${table}`);
      return answer.rows.map((row) => row.workspace_id);
    });
    expect(new Set(seen), table).toEqual(new Set(['ws_a']));
    const { rows } = await owner.query<{ n: number }>(`select count(distinct workspace_id)::int as n from ${table}`);
    expect(rows[0]?.n, `${table} holds both`).toBe(2);
  }
});

test('outside a workspace nothing is visible at all', async () => {
  for (const table of await tenantTables()) {
    const answer = await pool.system.raw<{ rows: unknown[] }>(`select 1 from ${table}`);
    expect(answer.rows, table).toEqual([]);
  }
});

test('every tenant table, and every partition of one, is under row-level security by the catalogue', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity`,
  );
  expect(rows).toEqual([]);
});

test('no tenant table takes a row for another workspace, nor lets one of ours be moved there', async () => {
  let took = 0;
  for (const table of await tenantTables()) {
    const columns = await neededColumns(table);
    const rowFor = (workspace: string) =>
      Object.fromEntries(columns.map((column) => [column.column_name, valueFor(column, workspace)]));
    const add = (row: object) => pool.inWorkspace('ws_c', (tx) => tx(table).insert(row));
    // A stranger's workspace is its id: the column itself is generated.
    const [own, foreign] =
      table === 'workspaces'
        ? [
            { ...rowFor('ws_c'), id: 'ws_c' },
            { ...rowFor('ws_d'), id: 'ws_d' },
          ]
        : [rowFor('ws_c'), rowFor('ws_d')];
    await expect(add(foreign), table).rejects.toThrow(/row-level security|permission denied/);
    // The same row is taken where it belongs: nothing but the workspace was wrong with it.
    await add(own);
    took += 1;
    if (table === 'workspaces') continue;
    await expect(
      pool.inWorkspace('ws_c', (tx) => tx(table).update({ workspace_id: 'ws_d' })),
      table,
    ).rejects.toThrow(/row-level security|permission denied/);
  }
  expect(took).toBeGreaterThan(25);
});

test('a row for another workspace cannot be written, moved or removed', async () => {
  await expect(
    pool.inWorkspace('ws_a', (tx) =>
      tx('audit_log').insert({ workspace_id: 'ws_b', at: new Date(0), actor: 'x', action: 'x' }),
    ),
  ).rejects.toThrow(/row-level security/);
  const touched = await pool.inWorkspace('ws_a', (tx) =>
    tx('programs').where({ workspace_id: 'ws_b' }).update({ key: 'stolen' }),
  );
  expect(touched).toBe(0);
  await expect(pool.inWorkspace('ws_a', (tx) => tx('programs').update({ workspace_id: 'ws_b' }))).rejects.toThrow(
    /row-level security/,
  );
});

test('history cannot be rewritten: the application role may add to it and nothing else', async () => {
  for (const table of [
    'referral_events',
    'reward_events',
    'audit_log',
    'program_versions',
    'reward_rules',
    'reward_rule_versions',
  ]) {
    await expect(
      pool.inWorkspace('ws_a', (tx) => tx(table).delete()),
      `delete ${table}`,
    ).rejects.toThrow(/permission denied/);
    await expect(
      pool.inWorkspace('ws_a', (tx) => tx(table).update({ workspace_id: 'ws_a' })),
      `update ${table}`,
    ).rejects.toThrow(/permission denied/);
  }
  await expect(pool.inWorkspace('ws_a', (tx) => tx('rewards').delete())).rejects.toThrow(/permission denied/);
  // Readings may be erased with their person, and never changed.
  await expect(pool.inWorkspace('ws_a', (tx) => tx('snapshots').update({ values: '{}' }))).rejects.toThrow(
    /permission denied/,
  );
});

test('partitions of the inbox give nothing away when they are asked directly', async () => {
  for (const partition of ['inbox_default', 'inbox_20261102']) {
    await expect(
      pool.inWorkspace('ws_a', (tx) => tx.raw(`select * from ${partition}`)),
      partition,
    ).rejects.toThrow(/permission denied/);
  }
});

test('the application role calls the listed system functions of the owner and no others', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select proname as name from pg_proc
      where pronamespace = 'public'::regnamespace and prosecdef and has_function_privilege('passalong_app', oid, 'execute')
      order by 1`,
  );
  expect(rows.map((row) => row.name)).toEqual([
    'accept_signals',
    'count_visits',
    'drop_old_messages',
    'due_connections',
    'due_reviews',
    'find_api_key',
    'find_connection',
    'find_link',
    'find_public_program',
    'find_record_page',
    'keep_inbox_partitions',
  ]);
});
