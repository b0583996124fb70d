import { RecordRefusal } from '../errors.ts';
import { dateText } from '../instant.ts';
import { liveRow, liveRows, rowOf } from '../state/find-row.ts';
import type { LeadFieldMapping } from '../state/org.ts';
import type { Row } from '../state/table.ts';
import { insertRecord, updateRecord } from './save-record.ts';
import type { Values } from './read-values.ts';
import { stampOf } from './writer.ts';
import type { Writer } from './writer.ts';

export interface ConvertLeadInput {
  leadId: string;
  /** an existing contact or account; a new one when absent */
  contactId?: string;
  accountId?: string;
  /** default: yes */
  createOpportunity?: boolean;
  opportunityName?: string;
  convertedStatus?: string;
}

export interface ConvertedLead {
  contactId: string;
  accountId: string;
  opportunityId: string | null;
}

/** One transaction: account, contact, opportunity with its role, then the lead that points at them. */
export function convertLead(writer: Writer, input: ConvertLeadInput): ConvertedLead {
  const { org } = writer;
  return org.tables.transaction(() => {
    const lead = liveRow(org, input.leadId);
    if (!lead) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
    if (lead['IsConverted'] === true) throw new RecordRefusal('CANNOT_UPDATE_CONVERTED_LEAD', 'lead already converted');
    const accountId = accountFor(writer, lead, input);
    const contactId = contactFor(writer, lead, { accountId, existing: input.contactId });
    const opportunityId =
      input.createOpportunity === false ? null : opportunityFor(writer, lead, { accountId, contactId, input });
    markConverted(writer, lead, { contactId, accountId, opportunityId, status: input.convertedStatus });
    moveLinks(writer, lead, contactId);
    return { contactId, accountId, opportunityId };
  });
}

function accountFor(writer: Writer, lead: Row, { accountId, contactId }: ConvertLeadInput): string {
  const existing = accountId ?? (contactId && rowOf(writer.org, contactId)?.['AccountId']);
  if (typeof existing === 'string') {
    fillMapped(writer, lead, { object: 'Account', id: existing });
    return existing;
  }
  const values = { Name: lead['Company'], Phone: lead['Phone'], Industry: lead['Industry'], Website: lead['Website'] };
  return insert(writer, 'Account', { ...values, OwnerId: ownerOf(writer, lead), ...mapped(writer, lead, 'Account') });
}

const PERSON = [
  'FirstName',
  'LastName',
  'Salutation',
  'Email',
  'Phone',
  'MobilePhone',
  'Title',
  'LeadSource',
  'Description',
];

function contactFor(
  writer: Writer,
  lead: Row,
  { accountId, existing }: { accountId: string; existing: string | undefined },
): string {
  if (existing !== undefined) {
    const row = liveRow(writer.org, existing);
    if (!row) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
    if (row['AccountId'] === null) updateRecord({ ...writer, via: 'person' }, existing, { AccountId: accountId });
    fillMapped(writer, lead, { object: 'Contact', id: existing });
    return existing;
  }
  const values = Object.fromEntries(PERSON.map((name) => [name, lead[name] ?? null]));
  const OwnerId = ownerOf(writer, lead);
  return insert(writer, 'Contact', { ...values, AccountId: accountId, OwnerId, ...mapped(writer, lead, 'Contact') });
}

interface OpportunityFor {
  accountId: string;
  contactId: string;
  input: ConvertLeadInput;
}

function opportunityFor(writer: Writer, lead: Row, { accountId, contactId, input }: OpportunityFor): string {
  return insert(writer, 'Opportunity', {
    Name: input.opportunityName ?? lead['Company'] ?? null,
    StageName: firstStage(writer),
    CloseDate: quarterEnd(writer.nowMs),
    AccountId: accountId,
    ContactId: contactId,
    LeadSource: lead['LeadSource'] ?? null,
    OwnerId: ownerOf(writer, lead),
    ...mapped(writer, lead, 'Opportunity'),
  });
}

/** What a queue owned goes to the person who converts it. */
const ownerOf = (writer: Writer, lead: Row): string =>
  String(lead['OwnerId']).startsWith('005') ? String(lead['OwnerId']) : writer.userId;

function insert(writer: Writer, object: string, values: Values | Record<string, unknown>): string {
  const type = writer.org.schema.get(object.toLowerCase());
  if (!type) throw new Error(`There is no object ${object}`);
  return insertRecord({ ...writer, via: 'person' }, type, values);
}

/** A lead's own columns go along only where Setup maps them. */
function mapped({ org }: Writer, lead: Row, object: LeadFieldMapping['object']): Values {
  const mappings = org.leadFieldMappings.filter((mapping) => mapping.object === object);
  return Object.fromEntries(mappings.map(({ leadField, field }) => [field, lead[leadField] ?? null]));
}

/** A record that was there before keeps what it says. */
function fillMapped(
  writer: Writer,
  lead: Row,
  { object, id }: { object: LeadFieldMapping['object']; id: string },
): void {
  const row = rowOf(writer.org, id);
  const empty = Object.entries(mapped(writer, lead, object)).filter(
    ([name, value]) => value !== null && (row?.[name] ?? null) === null,
  );
  if (object === 'Contact' && (row?.['LeadSource'] ?? null) === null && lead['LeadSource'])
    empty.push(['LeadSource', lead['LeadSource'] ?? null]);
  // A record that gets nothing is not written: only the lead tells of such a conversion.
  if (empty.length > 0) updateRecord({ ...writer, via: 'person' }, id, Object.fromEntries(empty));
}

function markConverted(
  writer: Writer,
  lead: Row,
  { contactId, accountId, opportunityId, status }: ConvertedLead & { status: string | undefined },
): void {
  const stamp = stampOf(writer);
  writer.org.tables.put('Lead', {
    ...lead,
    Status: status ?? convertedStatus(writer),
    IsConverted: true,
    ConvertedDate: dateText(writer.nowMs),
    ConvertedContactId: contactId,
    ConvertedAccountId: accountId,
    ConvertedOpportunityId: opportunityId,
    LastModifiedDate: stamp,
    LastModifiedById: writer.userId,
    SystemModstamp: stamp,
  });
}

function moveLinks({ org }: Writer, lead: Row, contactId: string): void {
  for (const task of liveRows(org, 'Task', ['WhoId', lead['Id'] as string]))
    org.tables.put('Task', { ...task, WhoId: contactId });
  for (const member of liveRows(org, 'CampaignMember', ['LeadId', lead['Id'] as string]))
    org.tables.put('CampaignMember', { ...member, ContactId: contactId });
}

const firstStage = ({ org }: Writer): string =>
  String([...org.tables.of('OpportunityStage').all()].find((stage) => stage['IsActive'] === true)?.['ApiName']);

const convertedStatus = ({ org }: Writer): string =>
  String([...org.tables.of('LeadStatus').all()].find((each) => each['IsConverted'] === true)?.['ApiName']);

function quarterEnd(atMs: number): string {
  const now = new Date(atMs);
  return dateText(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 + 3, 0));
}
