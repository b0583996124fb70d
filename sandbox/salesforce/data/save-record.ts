import { RecordRefusal } from '../errors.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { objectAccess } from '../state/access.ts';
import { liveRows, rowOf } from '../state/find-row.ts';
import type { Row, Value } from '../state/table.ts';
import { afterSave } from './after-save.ts';
import { allHold } from './conditions.ts';
import { checkRules } from './check-rules.ts';
import { derive } from './derive.ts';
import { checkPushTopic } from './push-topic.ts';
import { readValues } from './read-values.ts';
import type { Given, Values } from './read-values.ts';
import { stampOf } from './writer.ts';
import type { Writer } from './writer.ts';

/** Makes a record and answers its id; everything that came with it is undone when it is refused. */
export function insertRecord(writer: Writer, type: ObjectType, given: Given): string {
  return writer.org.tables.transaction(() => {
    allow(writer, type, 'create');
    const values = readValues(writer, { type, given, inserts: true });
    const Id = writer.org.tables.nextId(type.keyPrefix);
    refuseLocked(writer, values, Id);
    const row = { ...birthValues(writer, type), ...values, Id };
    if (type.name === 'Lead' && writer.options.autoAssign) assign(writer, row);
    derive(writer.org, { object: type.name, row, changed: values, before: null });
    finish(writer, { type, row, before: null });
    return Id;
  });
}

/** Changes a record; its modification times move even when nothing in it is new. */
export function updateRecord(writer: Writer, id: string, given: Given): void {
  writer.org.tables.transaction(() => {
    const { type, before } = updatable(writer, id);
    allow(writer, type, 'edit');
    const changed = readValues(writer, { type, given, inserts: false });
    refuseLocked(writer, before, id);
    const row = { ...before, ...changed };
    derive(writer.org, { object: type.name, row, changed, before });
    finish(writer, { type, row, before });
  });
}

function finish(writer: Writer, { type, row, before }: { type: ObjectType; row: Values; before: Row | null }): void {
  checkRules(writer, { type, row, before });
  if (type.name === 'PushTopic') checkPushTopic(writer.org, row);
  const stamp = stampOf(writer);
  const stamps = { LastModifiedDate: stamp, LastModifiedById: writer.userId, SystemModstamp: stamp };
  const stored = { ...row, ...stamps };
  writer.org.tables.put(type.name, stored);
  afterSave(writer, { object: type.name, row: stored, before });
}

function allow({ org, via }: Writer, type: ObjectType, right: 'create' | 'edit'): void {
  const able = right === 'create' ? type.createable : type.updateable;
  if (!able)
    throw new RecordRefusal(
      'INVALID_TYPE_FOR_OPERATION',
      `entity type ${type.name} does not support ${right === 'create' ? 'create' : 'update'}`,
    );
  if (via === 'api' && !objectAccess(org, type)[right])
    throw new RecordRefusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}

/** The record an update is about: there, not in the bin, and not a lead that became a contact. */
function updatable({ org }: Writer, id: string): { type: ObjectType; before: Row } {
  const before = rowOf(org, id);
  const type = [...org.schema.values()].find(({ keyPrefix }) => keyPrefix === id.slice(0, 3));
  if (!before || !type) throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (before['IsDeleted'] === true) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
  if (before['IsConverted'] === true)
    throw new RecordRefusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  return { type, before };
}

/** A row whose account somebody else is writing cannot be written either. */
function refuseLocked({ world, target }: Writer, values: Row, id: string): void {
  if (!target) return;
  const related = [id, values['AccountId'], values['OpportunityId']].filter((each) => typeof each === 'string');
  if (world.faults.strikeRecord('lockedRows', target, related))
    throw new RecordRefusal(
      'UNABLE_TO_LOCK_ROW',
      'unable to obtain exclusive access to this record or 1 records: ' + id,
    );
  const fault = world.faults.strikeRecord('failRecords', target, [id]);
  if (fault)
    throw new RecordRefusal(fault.errorCode ?? 'UNKNOWN_EXCEPTION', fault.message ?? 'An unexpected error occurred');
}

function birthValues(writer: Writer, type: ObjectType): Values {
  const { org, userId } = writer;
  const stamp = stampOf(writer);
  const defaults = [...type.fields.values()].map((field) => [field.name, defaultOf(writer, type, field)] as const);
  return {
    ...Object.fromEntries(defaults),
    IsDeleted: false,
    CreatedDate: stamp,
    CreatedById: userId,
    ...(type.fields.has('ownerid') && { OwnerId: userId }),
    ...(type.fields.has('recordtypeid') && { RecordTypeId: defaultRecordType(writer, type) }),
    ...(type.fields.has('currencyisocode') && { CurrencyIsoCode: org.currencies[0]?.isoCode ?? null }),
  };
}

/** Of the user's profile: here the first active one. */
function defaultRecordType({ org }: Writer, type: ObjectType): Value {
  const [first] = liveRows(org, 'RecordType', ['SobjectType', type.name]).filter((row) => row['IsActive'] === true);
  return first?.['Id'] ?? null;
}

function defaultOf({ org }: Writer, type: ObjectType, field: Field): Value {
  if (!field.autoNumber) return field.defaultValue;
  return `R-${String(org.tables.nextNumber(`${type.name}.${field.name}`)).padStart(6, '0')}`;
}

/** The org's own rules say who gets a new lead; the first that fits. */
function assign({ org }: Writer, row: Values): void {
  const rule = org.leadAssignmentRules.find(({ when }) => allHold(when, row));
  if (rule) row['OwnerId'] = rule.ownerId;
}
