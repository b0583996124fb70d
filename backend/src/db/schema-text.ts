import pg from 'pg';
import * as catalogue from './schema-catalogue.ts';

type Line = { owner: string; text: string };

const heading = `-- The schema as the migrations leave it. Written by \`npm run schema\`, checked by test/db/schema-text.test.ts.
-- It is for reading and for reviewing changes: the migrations make the schema, not this file.
`;

/** The whole schema of one database as text, sorted, and the same for the same schema on PostgreSQL 15 and 18. */
export async function readSchemaText(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // With nothing in the search path PostgreSQL writes every name with its schema, whatever the role's settings are.
    await client.query(`set search_path = ''`);
    const read = async (sql: string): Promise<Line[]> => (await client.query<Line>(sql)).rows;
    const parts = [...(await readOthers(read)), ...(await readFunctions(read)), ...(await readTables(read))];
    return `${heading}\n${parts.join('\n')}`;
  } finally {
    await client.end();
  }
}

type Read = (sql: string) => Promise<Line[]>;

async function readOthers(read: Read): Promise<string[]> {
  const lines = sortLines(await read(catalogue.otherThings));
  return lines.length > 0 ? [statements(lines)] : [];
}

async function readFunctions(read: Read): Promise<string[]> {
  const bodies = sortLines(await read(catalogue.functions));
  const grants = byOwner(sortLines(await read(catalogue.functionGrants)));
  return bodies.map((body) => statements([body, ...(grants.get(body.owner) ?? [])]));
}

async function readTables(read: Read): Promise<string[]> {
  const columns = byOwner(await read(catalogue.columns));
  const constraints = byOwner(await read(catalogue.constraints));
  const followers: Map<string, Line[]>[] = [];
  for (const sql of [
    catalogue.indexes,
    catalogue.rowSecurity,
    catalogue.policies,
    catalogue.triggers,
    catalogue.tableGrants,
  ]) {
    followers.push(byOwner(sortLines(await read(sql))));
  }
  return sortLines(await read(catalogue.tables)).map(({ owner, text }) => {
    const rows = [...(columns.get(owner) ?? []), ...(constraints.get(owner) ?? [])].map((line) => `  ${line.text}`);
    const table = { owner, text: `create table ${owner} (\n${rows.join(',\n')}\n)${text}` };
    return statements([table, ...followers.flatMap((lines) => lines.get(owner) ?? [])]);
  });
}

function byOwner(lines: Line[]): Map<string, Line[]> {
  return Map.groupBy(lines, (line) => line.owner);
}

function statements(lines: Line[]): string {
  return lines.map((line) => `${line.text.replace(/;\s*$/, '')};\n`).join('');
}

/** By code unit: a database's or a machine's language must not change the order. */
function sortLines(lines: Line[]): Line[] {
  const key = (line: Line): string => `${line.owner}\n${line.text}`;
  return lines.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
