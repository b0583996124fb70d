import { isoInstant } from '../clock.ts';
import type { CrmRecord } from './state.ts';

/** The value as text; null when it was never set or was cleared. */
export function valueOf(record: CrmRecord, name: string): string | null {
  switch (name) {
    case 'hs_object_id':
      return record.id;
    case 'createdate':
      return isoInstant(record.createdAtMs);
    case 'lastmodifieddate':
    case 'hs_lastmodifieddate':
      return isoInstant(record.updatedAtMs);
    default:
      return record.values[name] || null;
  }
}
