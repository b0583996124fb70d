import { findRecord } from '../crm/find.ts';
import { OBJECT_TYPES, objectTypeOf } from '../crm/object-types.ts';
import type { ObjectType } from '../crm/object-types.ts';
import { valueOf } from '../state/value-of.ts';
import { associationKey } from '../state/lookup.ts';
import type { CreatedWith, CrmRecord, Portal, Version } from '../state/state.ts';
import type { CrmUser } from './crm-user.ts';

export interface SeenRecord {
  id: string;
  archived: boolean;
  properties: Record<string, string | null>;
  history: Record<string, Version[]>;
  /** plural type name -> ids */
  associations: Record<string, string[]>;
  /** what the call that made it gave: values as stored, and records joined inline */
  createdWith: CreatedWith;
}

/** What people see of an account, without any API call. */
export function accountView({ portal }: CrmUser) {
  return {
    /** null when the id leads nowhere; an archived record is shown as such */
    get(typeName: string, id: string): SeenRecord | null {
      const type = objectTypeOf(typeName);
      const store = portal.objects[type.id];
      const record = findRecord(store, { id }) ?? findRecord(store, { id, archived: true });
      return record ? seen(portal, type, record) : null;
    },
    find(typeName: string, property: string, value: string): SeenRecord[] {
      const type = objectTypeOf(typeName);
      const records = [...portal.objects[type.id].records.values()];
      return records
        .filter((record) => valueOf(record, property) === value)
        .map((record) => seen(portal, type, record));
    },
    /** of the records that are not archived */
    ids(typeName: string): string[] {
      const { records } = portal.objects[objectTypeOf(typeName).id];
      return [...records.values()].filter(({ archivedAtMs }) => archivedAtMs === null).map(({ id }) => id);
    },
    pipelines: () => [...portal.dealPipelines.values()],
    properties: (typeName: string) => [...portal.objects[objectTypeOf(typeName).id].properties.values()],
  };
}

function seen(portal: Portal, type: ObjectType, record: CrmRecord): SeenRecord {
  const names = [...Object.keys(record.values), 'hs_object_id', 'createdate', type.modifiedProperty];
  const linkedTo = (to: ObjectType): string[] => {
    const linked = portal.associations.get(associationKey([type.id, record.id], to.id));
    return linked ? [...linked.keys()] : [];
  };
  return {
    id: record.id,
    archived: record.archivedAtMs !== null,
    properties: Object.fromEntries(names.map((name) => [name, valueOf(record, name)])),
    history: record.history,
    createdWith: record.createdWith,
    associations: Object.fromEntries(Object.values(OBJECT_TYPES).map((to) => [to.plural, linkedTo(to)])),
  };
}
