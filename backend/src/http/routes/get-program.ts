import { getProgram } from '../../../../shared/contracts/programs.ts';
import type { Database } from '../../db/database.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findProgram } from '../../qualification/programs-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';

export function getProgramRoute(database: Database): ApiRoute {
  return apiRoute(getProgram, async ({ workspaceId, params: { programId } }) => {
    const program = await findProgram(database, workspaceId, programId);
    if (!program) throw programNotFound(programId);
    return { status: 200, body: program };
  });
}
