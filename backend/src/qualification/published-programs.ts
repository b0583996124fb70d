import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { TenantTransaction } from '../db/database.ts';

export type ProgramVersion = { readonly version: number; readonly definition: ProgramDefinition };

export type PublishedProgram = {
  readonly id: string;
  /** Part of the names of the CRM fields a program has of its own. */
  readonly key: string;
  /** The current version, by which new referrals are decided. */
  readonly version: number;
  readonly definition: ProgramDefinition;
  /** Those that some referral is still decided by (E29), and the current one. */
  readonly versions: readonly ProgramVersion[];
  /** Which versions have each reward rule. */
  readonly rewardRuleVersions: ReadonlyMap<string, readonly number[]>;
};

type Row = {
  id: string;
  key: string;
  published_version: number;
  versions: number[];
  reward_rules: Record<string, number[]> | null;
};

/** Versions never change, so one read serves the life of the process. Bounded: old entries leave first. */
const definitions = new Map<string, ProgramDefinition>();
const MAX_CACHED = 1_000;

/** The workspace's published programs; the primary one, which was published first of all, leads. */
export async function publishedPrograms(tx: TenantTransaction, workspaceId: string): Promise<PublishedProgram[]> {
  const answer = await tx.raw<{ rows: Row[] }>(
    `select p.id, p.key, p.published_version,
            array(select v.version from program_versions v
                   where v.program_id = p.id
                     and (v.version = p.published_version
                       or exists (select 1 from referrals r where r.program_id = p.id and r.rules_version = v.version))
                   order by v.version) as versions,
            (select json_object_agg(w.reward_rule_id, w.versions)
               from (select reward_rule_id, json_agg(version) as versions from reward_rule_versions
                      where program_id = p.id group by reward_rule_id) w) as reward_rules
       from programs p join program_versions first on first.program_id = p.id and first.version = 1
      where p.workspace_id = ? and p.published_version is not null
      order by first.published_at, p.id`,
    [workspaceId],
  );
  const found = await readDefinitions(
    tx,
    answer.rows.flatMap(({ id, versions }) => versions.map((version) => ({ id, version }))),
  );
  return answer.rows.map((row): PublishedProgram => {
    const versions = row.versions.map((version) => ({ version, definition: definitionIn(found, row.id, version) }));
    return {
      id: row.id,
      key: row.key,
      version: row.published_version,
      definition: definitionIn(found, row.id, row.published_version),
      versions,
      rewardRuleVersions: new Map(Object.entries(row.reward_rules ?? {})),
    };
  });
}

/** The definition a referral is decided by. */
export function definitionOf(program: PublishedProgram, version: number): ProgramDefinition {
  return program.versions.find((one) => one.version === version)?.definition ?? program.definition;
}

/** Everything that decides something in these programs. */
export function decidingDefinitions(programs: readonly PublishedProgram[]): ProgramDefinition[] {
  return programs.flatMap(({ versions }) => versions.map(({ definition }) => definition));
}

type Key = { readonly id: string; readonly version: number };

async function readDefinitions(tx: TenantTransaction, keys: readonly Key[]): Promise<Map<string, ProgramDefinition>> {
  const missing = keys.filter((key) => !definitions.has(cacheKey(key)));
  const found = new Map(keys.flatMap((key) => toEntry(key, definitions.get(cacheKey(key)))));
  if (missing.length === 0) return found;
  const rows = await tx<{ program_id: string; version: number; definition: ProgramDefinition }>('program_versions')
    .whereIn(
      ['program_id', 'version'],
      missing.map((key) => [key.id, key.version]),
    )
    .select('program_id', 'version', 'definition');
  for (const row of rows) {
    const key = cacheKey({ id: row.program_id, version: row.version });
    if (definitions.size >= MAX_CACHED) definitions.delete(definitions.keys().next().value ?? '');
    definitions.set(key, row.definition);
    found.set(key, row.definition);
  }
  return found;
}

function toEntry(key: Key, definition: ProgramDefinition | undefined): [string, ProgramDefinition][] {
  return definition === undefined ? [] : [[cacheKey(key), definition]];
}

function definitionIn(found: ReadonlyMap<string, ProgramDefinition>, id: string, version: number): ProgramDefinition {
  const definition = found.get(cacheKey({ id, version }));
  if (!definition) throw new Error(`Version ${version} of program ${id} is not there.`);
  return definition;
}

function cacheKey({ id, version }: Key): string {
  return `${id}:${version}`;
}
