import type { ProgramReport } from '../../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import { sortKey } from '../db/sort-key.ts';
import { ProgramChanged, programNotFound } from './program-errors.ts';
import { alarmsJson } from './rule-alarms-store.ts';

type Row = {
  id: string;
  key: string;
  form_key: string;
  draft: ProgramDefinition;
  row_version: number;
  created_at: Date;
  updated_at: Date;
  version: number | null;
  definition: ProgramDefinition | null;
  published_by: string | null;
  published_at: Date | null;
  is_primary: boolean;
  alarms: ProgramReport['alarms'] | null;
  sort_at: string;
};

/** Programs are few, and so are versions; still every look-up is by key. */
function select(tx: TenantTransaction, workspaceId: string) {
  return tx('programs as p')
    .leftJoin('program_versions as v', (join) =>
      join.on('v.program_id', 'p.id').andOn('v.version', 'p.published_version'),
    )
    .where('p.workspace_id', workspaceId)
    .select(
      'p.id',
      'p.key',
      'p.form_key',
      'p.draft',
      'p.row_version',
      'p.created_at',
      'p.updated_at',
      'v.version',
      'v.definition',
      'v.published_by',
      'v.published_at',
      tx.raw(
        `coalesce(p.id = (select f.program_id from program_versions f where f.workspace_id = ? and f.version = 1
                           order by f.published_at, f.program_id limit 1), false) as is_primary`,
        [workspaceId],
      ),
      tx.raw(`(${alarmsJson('a.program_id = p.id')}) as alarms`),
      tx.raw(`${sortKey('p.created_at')} as sort_at`),
    );
}

export function listPrograms(database: Database, workspaceId: string, page: PageInput): Promise<Page<ProgramReport>> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = select(tx, workspaceId);
    if (page.after) void query.whereRaw('(p.created_at, p.id) < (?::timestamptz, ?)', [...page.after]);
    const rows = (await query.orderByRaw('p.created_at desc, p.id desc').limit(page.limit + 1)) as Row[];
    return toPage(rows, page.limit, { item: fromRow, key: (row) => [row.sort_at, row.id] });
  });
}

export function findProgram(database: Database, workspaceId: string, programId: string): Promise<ProgramReport | null> {
  return database.inWorkspace(workspaceId, (tx) => readProgram(tx, workspaceId, programId));
}

async function readProgram(
  tx: TenantTransaction,
  workspaceId: string,
  programId: string,
): Promise<ProgramReport | null> {
  const row = (await select(tx, workspaceId).where('p.id', programId).first()) as Row | undefined;
  return row ? fromRow(row) : null;
}

async function requireProgram(tx: TenantTransaction, workspaceId: string, programId: string): Promise<ProgramReport> {
  const program = await readProgram(tx, workspaceId, programId);
  if (!program) throw programNotFound(programId);
  return program;
}

export type Change = { readonly programId: string; readonly actor: string; readonly now: Date };

/**
 * Inserts a draft under the first free key: the constraint decides, so two at once never share one. A program that has the
 * id already was made by the same request before: it is answered as it is now.
 */
export function insertProgram(
  database: Database,
  workspaceId: string,
  input: Change & { readonly draft: ProgramDefinition; readonly formKey: string; readonly keys: Iterable<string> },
): Promise<ProgramReport> {
  const { programId, draft, now } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    for (const key of input.keys) {
      const inserted = await tx('programs')
        .insert({
          id: programId,
          workspace_id: workspaceId,
          key,
          draft: JSON.stringify(draft),
          form_key: input.formKey,
          created_at: now,
          updated_at: now,
        })
        .onConflict()
        .ignore()
        .returning('id');
      if (inserted.length === 0) {
        if (await tx('programs').where({ id: programId }).first('id')) break;
        continue;
      }
      await audit(tx, workspaceId, { ...input, action: 'program.created', detail: {} });
      break;
    }
    return requireProgram(tx, workspaceId, programId);
  });
}

/** Replaces the draft; `rowVersion` null means whatever it is now. */
export function updateDraft(
  database: Database,
  workspaceId: string,
  input: Change & { readonly draft: ProgramDefinition; readonly rowVersion: number | null },
): Promise<ProgramReport> {
  const { programId, draft, rowVersion, now } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = tx('programs').where({ workspace_id: workspaceId, id: programId });
    if (rowVersion !== null) void query.where({ row_version: rowVersion });
    const changed = await query.update({
      draft: JSON.stringify(draft),
      row_version: tx.raw('row_version + 1'),
      updated_at: now,
    });
    const program = await requireProgram(tx, workspaceId, programId);
    if (changed === 0) throw new ProgramChanged(program.rowVersion);
    await audit(tx, workspaceId, { ...input, action: 'program.saved', detail: { rowVersion: program.rowVersion } });
    return program;
  });
}

/**
 * Makes `definition`, the draft as it was checked, the next version, alone in the workspace, so that no decision is taken
 * half by the old one. One that is already published changes nothing. Refused when the draft was saved again meanwhile.
 */
export function insertVersion(
  database: Database,
  workspaceId: string,
  input: Change & { readonly rowVersion: number; readonly definition: ProgramDefinition },
): Promise<ProgramReport> {
  const { programId, actor, now } = input;
  const definition = JSON.stringify(input.definition);
  return database.aloneInWorkspace(workspaceId, async (tx) => {
    await tx('programs').where({ workspace_id: workspaceId, id: programId }).forUpdate().first('id');
    const program = await requireProgram(tx, workspaceId, programId);
    if (program.rowVersion !== input.rowVersion) throw new ProgramChanged(program.rowVersion);
    const inserted = await tx.raw<{ rows: { version: number }[] }>(
      `insert into program_versions (workspace_id, program_id, version, definition, published_by, published_at)
       select p.workspace_id, p.id, coalesce(p.published_version, 0) + 1, ?::jsonb, ?, ?
         from programs p left join program_versions v on v.program_id = p.id and v.version = p.published_version
        where p.id = ? and v.definition is distinct from ?::jsonb
       returning version`,
      [definition, actor, now, programId, definition],
    );
    const version = inserted.rows[0]?.version;
    if (version === undefined) return program;
    // What somebody reads as the draft is what was published: the service may have learnt the order of a pipeline since.
    await tx('programs')
      .where({ id: programId })
      .update({ published_version: version, draft: definition, updated_at: now });
    // The rules may name fields whose labels were never read.
    await tx('connections').where({ workspace_id: workspaceId, status: 'connected' }).update({ provision_due_at: now });
    await keepRewardRules(tx, workspaceId, {
      programId,
      version,
      ids: program.draft.rewardRules.flatMap(({ id }) => id ?? []),
    });
    await audit(tx, workspaceId, { ...input, action: 'program.published', detail: { version } });
    return requireProgram(tx, workspaceId, programId);
  });
}

async function keepRewardRules(
  tx: TenantTransaction,
  workspaceId: string,
  input: { readonly programId: string; readonly version: number; readonly ids: readonly string[] },
): Promise<void> {
  const { programId, version, ids } = input;
  if (ids.length === 0) return;
  await tx.raw(
    `with given as (select unnest(?::text[]) as id),
     known as (
       insert into reward_rules (workspace_id, program_id, id, first_version)
       select ?, ?, id, ? from given on conflict (program_id, id) do nothing)
     insert into reward_rule_versions (workspace_id, program_id, reward_rule_id, version)
     select ?, ?, id, ? from given`,
    [[...ids], workspaceId, programId, version, workspaceId, programId, version],
  );
}

async function audit(
  tx: TenantTransaction,
  workspaceId: string,
  input: Change & { readonly action: string; readonly detail: object },
): Promise<void> {
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: input.now,
    actor: input.actor,
    action: input.action,
    subject: input.programId,
    detail: JSON.stringify(input.detail),
  });
}

function fromRow(row: Row): ProgramReport {
  const { version, definition, published_by: publishedBy, published_at: publishedAt } = row;
  const isPublished = version !== null && definition !== null && publishedBy !== null && publishedAt !== null;
  return {
    id: row.id,
    key: row.key,
    formKey: row.form_key,
    primary: row.is_primary,
    alarms: row.alarms ?? [],
    rowVersion: row.row_version,
    draft: toDraft(row.draft),
    published: isPublished
      ? { version, definition: toDraft(definition), publishedBy, publishedAt: publishedAt.toISOString() }
      : null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The same words as a contract's: only its lists may be changed by whoever holds it. */
function toDraft(definition: ProgramDefinition): ProgramReport['draft'] {
  return structuredClone(definition) as ProgramReport['draft'];
}

/** ISO 4217: what the workspace's amounts are in. */
export function findCurrency(database: Database, workspaceId: string): Promise<string> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = await tx<{ id: string; currency: string }>('workspaces').where({ id: workspaceId }).first('currency');
    return row?.currency ?? 'USD';
  });
}
