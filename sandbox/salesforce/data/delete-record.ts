import { RecordRefusal } from '../errors.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { objectAccess } from '../state/access.ts';
import { liveRows, rowOf, typeOfId } from '../state/find-row.ts';
import type { Row, Value } from '../state/table.ts';
import { countMembers, followPrimary } from './after-save.ts';
import { stampOf } from './writer.ts';
import type { Writer } from './writer.ts';

/** What goes to the bin together with a record, by the child's lookup. */
const CASCADES: Readonly<Record<string, readonly (readonly [object: string, lookup: string])[]>> = {
  Account: [
    ['Contact', 'AccountId'],
    ['Opportunity', 'AccountId'],
  ],
  Contact: [
    ['OpportunityContactRole', 'ContactId'],
    ['CampaignMember', 'ContactId'],
  ],
  Lead: [['CampaignMember', 'LeadId']],
  Opportunity: [
    ['OpportunityContactRole', 'OpportunityId'],
    ['OpportunityHistory', 'OpportunityId'],
  ],
  Campaign: [['CampaignMember', 'CampaignId']],
};

/** Moves a record to the recycle bin, with what hangs on it. */
export function deleteRecord(writer: Writer, id: string): void {
  const { org } = writer;
  const type = typeOfId(org, id);
  const row = rowOf(org, id);
  if (!type || !row) throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (row['IsDeleted'] === true) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
  if (!type.deletable || (writer.via === 'api' && !objectAccess(org, type).delete))
    throw new RecordRefusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  org.tables.transaction(() => bin(writer, { type, row }, {}));
}

/** `more` is what the row says beside being deleted: where it was merged into. */
export function bin(writer: Writer, { type, row }: { type: ObjectType; row: Row }, more: Record<string, Value>): void {
  const { org } = writer;
  const id = row['Id'] as string;
  for (const [object, lookup] of CASCADES[type.name] ?? [])
    for (const child of liveRows(org, object, [lookup, id])) {
      const childType = org.schema.get(object.toLowerCase());
      if (childType) bin(writer, { type: childType, row: child }, {});
    }
  org.tables.put(type.name, { ...row, IsDeleted: true, SystemModstamp: stampOf(writer), ...more });
  settle(writer, type.name, row);
}

/** Brings a record back out of the bin, with what went there in the same second. */
export function undeleteRecord(writer: Writer, id: string): void {
  const { org } = writer;
  const type = typeOfId(org, id);
  const row = rowOf(org, id);
  if (!type || row?.['IsDeleted'] !== true)
    throw new RecordRefusal('UNDELETE_FAILED', 'Entity is not in the recycle bin');
  const stamp = stampOf(writer);
  org.tables.transaction(() => {
    org.tables.put(type.name, { ...row, IsDeleted: false, SystemModstamp: stamp });
    for (const [object, lookup] of CASCADES[type.name] ?? [])
      for (const child of org.tables.of(object).having(lookup, [id]))
        if (child['IsDeleted'] === true && child['SystemModstamp'] === row['SystemModstamp'])
          undeleteRecord(writer, child['Id'] as string);
    settle(writer, type.name, row);
  });
}

function settle(writer: Writer, object: string, row: Row): void {
  if (object === 'OpportunityContactRole') followPrimary(writer, row['OpportunityId'] as string);
  if (object === 'CampaignMember') countMembers(writer, row['CampaignId'] as string);
}
