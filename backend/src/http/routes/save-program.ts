import { saveProgram } from '../../../../shared/contracts/programs.ts';
import * as programs from '../../qualification/save-program.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';

export function saveProgramRoute(deps: programs.ProgramDeps): ApiRoute {
  return apiRoute(saveProgram, async ({ workspaceId, actor, params: { programId }, body }) => {
    const { rowVersion = null, ...draft } = body;
    const saved = await programs.saveProgram(deps, workspaceId, { actor, programId, draft, rowVersion });
    return { status: 200, body: saved };
  });
}
