import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { Database } from '../db/database.ts';

export type FoundLink = {
  readonly workspaceId: string;
  readonly programId: string;
  /** The survivor, when the code's own advocate was merged away. */
  readonly advocateId: string;
  /** The link rests: nobody who opens it now counts. */
  readonly paused: boolean;
  readonly definition: ProgramDefinition;
};

type LinkRow = {
  workspace_id: string;
  program_id: string;
  advocate_id: string;
  paused: boolean;
  definition: ProgramDefinition;
};

/** Whose code this is and what its program says; null for codes that are unknown, closed or never published. The one look-up here that knows no workspace: a link is opened by strangers. */
export async function findLink(database: Database, code: string): Promise<FoundLink | null> {
  const answer = await database.system.raw<{ rows: LinkRow[] }>('select * from find_link(?)', [code]);
  const row = answer.rows[0];
  if (!row) return null;
  const { workspace_id: workspaceId, program_id: programId, advocate_id: advocateId, paused, definition } = row;
  return { workspaceId, programId, advocateId, paused, definition };
}

export type PublicProgram = Pick<FoundLink, 'workspaceId' | 'programId' | 'definition'>;

/** A published program by its id or its form key, for pages and forms that strangers use. */
export async function findPublicProgram(database: Database, idOrFormKey: string): Promise<PublicProgram | null> {
  const answer = await database.system.raw<{ rows: Omit<LinkRow, 'advocate_id' | 'paused'>[] }>(
    'select * from find_public_program(?)',
    [idOrFormKey],
  );
  const row = answer.rows[0];
  return row ? { workspaceId: row.workspace_id, programId: row.program_id, definition: row.definition } : null;
}
