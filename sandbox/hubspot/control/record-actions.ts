import { archiveRecord, eraseRecord, restoreRecord } from '../crm/archive.ts';
import { labelOf, typeIdsBetween } from '../crm/association-types.ts';
import { defaultTypeIds } from '../crm/associations.ts';
import { link, unlink } from '../crm/link.ts';
import type { End } from '../crm/link.ts';
import { mergeRecords } from '../crm/merge.ts';
import { objectTypeOf } from '../crm/object-types.ts';
import { refusalError } from '../crm/problems.ts';
import { validateProperties } from '../crm/validate.ts';
import { writeRecord } from '../crm/write.ts';
import { notFound } from '../errors.ts';
import { addManyContacts } from '../seed/many-contacts.ts';
import type { ManyContacts, ManyContactsInput } from '../seed/many-contacts.ts';
import { existing } from './crm-user.ts';
import type { CrmUser, RecordName } from './crm-user.ts';

/** Values a person types; numbers and booleans are taken as their text. */
export type GivenValues = Record<string, string | number | boolean>;

function write(user: CrmUser, [typeName, id]: readonly [string, string | null], given: GivenValues): string {
  const { world, portal, source } = user;
  const type = objectTypeOf(typeName);
  const record = id === null ? null : existing(user, [typeName, id]).record;
  const texts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  const validated = validateProperties({ portal, type, given: texts, record });
  if ('refusal' in validated) throw refusalError(validated.refusal, { type, portal });
  const { values } = validated;
  return writeRecord(world, { portal, type: type.id, record, values, source, nowMs: world.clock.now() }).id;
}

function one(user: CrmUser, name: RecordName, archived = false) {
  const { type, record } = existing(user, name, archived);
  const { portal, source, world } = user;
  return { portal, type: type.id, record, source, nowMs: world.clock.now() };
}

function bond(user: CrmUser, from: RecordName, to: RecordName) {
  const [one, two] = [existing(user, from), existing(user, to)];
  const { portal, source, world } = user;
  return {
    portal,
    from: [one.type.id, one.record.id] as End,
    to: [two.type.id, two.record.id] as End,
    typeIds: defaultTypeIds({ from: one.type, to: two.type }),
    source,
    nowMs: world.clock.now(),
  };
}

function labelled(user: CrmUser, [from, to]: readonly [RecordName, RecordName], label: string) {
  const named = bond(user, from, to);
  const typeIds = typeIdsBetween(user.portal, named.from[0], named.to[0]).filter(
    (typeId) => labelOf(user.portal, typeId) === label,
  );
  if (typeIds.length === 0) throw notFound(`There is no label ${label} from ${from[0]} to ${to[0]}`);
  return { ...named, typeIds };
}

/** What people do to records. */
export function recordActions(user: CrmUser) {
  const { world, portal } = user;
  return {
    createContact: (values: GivenValues): string => write(user, ['contacts', null], values),
    /** thousands at once, without webhooks */
    addManyContacts: (input: ManyContactsInput): ManyContacts => addManyContacts(world, portal, input),
    createCompany: (values: GivenValues): string => write(user, ['companies', null], values),
    createDeal(values: GivenValues, contactIds: string[] = []): string {
      const dealId = write(user, ['deals', null], values);
      for (const contactId of contactIds) link(world, bond(user, ['deals', dealId], ['contacts', contactId]));
      return dealId;
    },
    createTicket(values: GivenValues, contactIds: string[] = []): string {
      const ticketId = write(user, ['tickets', null], values);
      for (const contactId of contactIds) link(world, bond(user, ['tickets', ticketId], ['contacts', contactId]));
      return ticketId;
    },
    setProperties: (type: string, id: string, values: GivenValues): void => void write(user, [type, id], values),
    /** to a stage of any pipeline; the pipeline follows */
    moveDeal(dealId: string, stageId: string): void {
      const pipeline = [...portal.dealPipelines.values()].find(({ stages }) => stages.some(({ id }) => id === stageId));
      write(user, ['deals', dealId], { dealstage: stageId, ...(pipeline && { pipeline: pipeline.id }) });
    },
    associate: (from: RecordName, to: RecordName): void => link(world, bond(user, from, to)),
    dissociate: (from: RecordName, to: RecordName): void => unlink(world, { ...bond(user, from, to), typeIds: null }),
    /** gives a bond one of its labels, beside those it has; joins the two first where they were not */
    addLabel: (from: RecordName, to: RecordName, label: string): void => link(world, labelled(user, [from, to], label)),
    removeLabel: (from: RecordName, to: RecordName, label: string): void =>
      unlink(world, labelled(user, [from, to], label)),
    /** answers the id of the record that survives */
    merge(type: string, primaryId: string, otherId: string): string {
      const { record: primary, ...shared } = one(user, [type, primaryId]);
      const { record: other } = one(user, [type, otherId]);
      const createsNewId = world.settings.mergeCreatesNewId;
      return mergeRecords(world, { ...shared, primary, other, createsNewId }).id;
    },
    delete: (type: string, id: string): void => archiveRecord(world, one(user, [type, id])),
    restore: (type: string, id: string): void => restoreRecord(world, one(user, [type, id], true)),
    privacyDelete: (contactId: string): void => eraseRecord(world, one(user, ['contacts', contactId])),
  };
}
