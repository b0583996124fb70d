import { createProgram } from '../../../../shared/contracts/programs.ts';
import * as programs from '../../qualification/save-program.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';

export function createProgramRoute(deps: programs.ProgramDeps): ApiRoute {
  return apiRoute(createProgram, async ({ workspaceId, actor, body: draft, requestKey }) => {
    return { status: 201, body: await programs.createProgram(deps, workspaceId, { actor, draft, requestKey }) };
  });
}
