import { RecordRefusal } from '../errors.ts';
import { rowOf, typeOfId } from '../state/find-row.ts';
import type { Row } from '../state/table.ts';
import { bin } from './delete-record.ts';
import { stampOf } from './writer.ts';
import type { Writer } from './writer.ts';

/** The losers go to the bin pointing at the master; what hung on them hangs on it. */
export function mergeRecords(writer: Writer, masterId: string, loserIds: readonly string[]): void {
  const { org } = writer;
  const type = typeOfId(org, masterId);
  if (!type || !type.fields.has('masterrecordid'))
    throw new RecordRefusal('INVALID_OPERATION', 'Only accounts, contacts and leads are merged');
  if (loserIds.length < 1 || loserIds.length > 2)
    throw new RecordRefusal('INVALID_OPERATION', 'One or two records are merged into another');
  org.tables.transaction(() => {
    const master = live(writer, masterId);
    for (const loserId of loserIds) {
      const loser = live(writer, loserId);
      if (typeOfId(org, loserId) !== type || loserId === masterId)
        throw new RecordRefusal('INVALID_OPERATION', 'Only records of one object are merged');
      reparent(writer, loserId, masterId);
      bin(writer, { type, row: loser }, { MasterRecordId: masterId });
    }
    const stamp = stampOf(writer);
    const stamps = { LastModifiedDate: stamp, LastModifiedById: writer.userId, SystemModstamp: stamp };
    org.tables.put(type.name, { ...(rowOf(org, masterId) ?? master), ...stamps });
  });
}

function live({ org }: Writer, id: string): Row {
  const row = rowOf(org, id);
  if (!row || row['IsDeleted'] === true) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
  return row;
}

/** Every lookup to the loser; a person who would be on the same deal or campaign twice is there once. */
function reparent(writer: Writer, loserId: string, masterId: string): void {
  const { org } = writer;
  const stamp = stampOf(writer);
  for (const type of org.schema.values())
    for (const field of type.fields.values()) {
      if (field.type !== 'reference' || field.name === 'MasterRecordId') continue;
      for (const row of org.tables.of(type.name).having(field.name, [loserId])) {
        if (row['IsDeleted'] === true) continue;
        // An opportunity's contact only mirrors its primary role: nobody wrote the opportunity.
        const mirrors = type.name === 'Opportunity' && field.name === 'ContactId';
        const moved = { ...row, [field.name]: masterId, ...(!mirrors && { SystemModstamp: stamp }) };
        if (isSecond(writer, type.name, moved)) bin(writer, { type, row }, {});
        else org.tables.put(type.name, moved);
      }
    }
}

function isSecond({ org }: Writer, object: string, row: Row): boolean {
  const parent = { OpportunityContactRole: 'OpportunityId', CampaignMember: 'CampaignId' }[object];
  if (parent === undefined) return false;
  const person = (each: Row) => each['ContactId'] ?? each['LeadId'];
  return org.tables
    .of(object)
    .having(parent, [row[parent] ?? null])
    .some((each) => each['Id'] !== row['Id'] && each['IsDeleted'] === false && person(each) === person(row));
}
