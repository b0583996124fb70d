import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { TenantTransaction } from '../db/database.ts';

export type PublishedProgram = {
  readonly id: string;
  /** Part of the names of the CRM fields a program has of its own. */
  readonly key: string;
  readonly version: number;
  readonly definition: ProgramDefinition;
};

type Version = { id: string; key: string; published_version: number };

/** Versions never change, so one read serves the life of the process. Bounded: old entries leave first. */
const definitions = new Map<string, ProgramDefinition>();
const MAX_CACHED = 1_000;

/** The workspace's published programs; the primary one, which was published first of all, leads. */
export async function publishedPrograms(tx: TenantTransaction, workspaceId: string): Promise<PublishedProgram[]> {
  const answer = await tx.raw<{ rows: Version[] }>(
    `select p.id, p.key, p.published_version
       from programs p join program_versions first on first.program_id = p.id and first.version = 1
      where p.workspace_id = ? and p.published_version is not null
      order by first.published_at, p.id`,
    [workspaceId],
  );
  const { rows } = answer;
  const missing = rows.filter((row) => !definitions.has(cacheKey(row)));
  if (missing.length > 0) await readDefinitions(tx, missing);
  return rows.flatMap((row) => {
    const definition = definitions.get(cacheKey(row));
    return definition ? [{ id: row.id, key: row.key, version: row.published_version, definition }] : [];
  });
}

async function readDefinitions(tx: TenantTransaction, rows: readonly Version[]): Promise<void> {
  const versions = await tx<{ program_id: string; version: number; definition: ProgramDefinition }>('program_versions')
    .whereIn(
      ['program_id', 'version'],
      rows.map((row) => [row.id, row.published_version]),
    )
    .select('program_id', 'version', 'definition');
  for (const row of versions) {
    if (definitions.size >= MAX_CACHED) definitions.delete(definitions.keys().next().value ?? '');
    definitions.set(`${row.program_id}:${row.version}`, row.definition);
  }
}

function cacheKey(row: Pick<Version, 'id' | 'published_version'>): string {
  return `${row.id}:${row.published_version}`;
}
