import { publishProgram } from '../../../../shared/contracts/programs.ts';
import * as publishing from '../../qualification/publish-program.ts';
import type { ProgramDeps } from '../../qualification/save-program.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';

export function publishProgramRoute(deps: ProgramDeps): ApiRoute {
  return apiRoute(publishProgram, async ({ workspaceId, actor, params: { programId } }) => {
    return { status: 200, body: await publishing.publishProgram(deps, workspaceId, { actor, programId }) };
  });
}
