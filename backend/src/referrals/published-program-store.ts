import type { TenantTransaction } from '../db/database.ts';
import { publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import { ProgramNotFound, ProgramNotPublished } from './referral-errors.ts';

/** The program as published. Throws `ProgramNotPublished` for a draft, `ProgramNotFound` for one of somebody else. */
export async function requirePublishedProgram(
  tx: TenantTransaction,
  workspaceId: string,
  programId: string,
): Promise<PublishedProgram> {
  const program = (await publishedPrograms(tx, workspaceId)).find(({ id }) => id === programId);
  if (program) return program;
  const draft: unknown = await tx('programs').where({ id: programId, workspace_id: workspaceId }).first('id');
  if (draft) throw new ProgramNotPublished('The program is a draft.');
  throw new ProgramNotFound(`There is no program ${programId} in this workspace.`);
}
