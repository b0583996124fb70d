import { createEvent } from '../../../../shared/contracts/events.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';

export function createEventRoute(useCases: Pick<ReferralUseCases, 'recordEvent'>): ApiRoute {
  return apiRoute(createEvent, async ({ workspaceId, actor, body }) => {
    const { entryId, state, referralId, created } = await useCases.recordEvent(workspaceId, actor, body);
    return { status: created ? 201 : 200, body: { entryId, state, referralId } };
  });
}
