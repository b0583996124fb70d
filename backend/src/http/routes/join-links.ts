import { createJoinLink } from '../../../../shared/contracts/connections.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ConnectionUseCases } from '../api.ts';

export function createJoinLinkRoute(useCases: Pick<ConnectionUseCases, 'makeJoinLink'>): ApiRoute {
  return apiRoute(createJoinLink, async ({ workspaceId, actor, body: { crm } }) => {
    const { url, expiresAt } = await useCases.makeJoinLink(workspaceId, actor, crm);
    return { status: 201, body: { url, expiresAt: expiresAt.toISOString() } };
  });
}
