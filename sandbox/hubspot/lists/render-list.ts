import { isoInstant } from '../clock.ts';
import type { CrmList } from '../state/crm-list.ts';

/** What both the search and a read by id tell of a list. */
export function renderList(list: CrmList): Record<string, unknown> {
  return {
    listId: list.listId,
    listVersion: 1,
    createdAt: isoInstant(list.createdAtMs),
    updatedAt: isoInstant(list.updatedAtMs),
    ...(list.processingType !== 'MANUAL' && { filtersUpdatedAt: isoInstant(list.filtersUpdatedAtMs) }),
    ...(list.deletedAtMs !== null && { deletedAt: isoInstant(list.deletedAtMs) }),
    processingStatus: 'COMPLETE',
    createdById: list.createdById,
    updatedById: list.createdById,
    processingType: list.processingType,
    objectTypeId: list.objectTypeId,
    name: list.name,
  };
}
