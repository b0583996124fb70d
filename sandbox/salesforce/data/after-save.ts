import { RecordRefusal } from '../errors.ts';
import { liveRow, liveRows } from '../state/find-row.ts';
import type { Row } from '../state/table.ts';
import type { Writer } from './writer.ts';
import { stampOf } from './writer.ts';

export interface SavedInput {
  object: string;
  row: Row;
  before: Row | null;
}

/** What Salesforce writes beside a record. None of it moves the modification times of the record's parents. */
export function afterSave(writer: Writer, input: SavedInput): void {
  if (input.object === 'Opportunity') afterOpportunity(writer, input);
  if (input.object === 'OpportunityContactRole') afterRole(writer, input);
  if (input.object === 'CampaignMember') afterMember(writer, input);
}

const WATCHED = ['StageName', 'Amount', 'Probability', 'CloseDate'] as const;

function afterOpportunity(writer: Writer, { row, before }: SavedInput): void {
  if (!before || WATCHED.some((name) => before[name] !== row[name])) addHistory(writer, row);
  if (!before && typeof row['ContactId'] === 'string')
    addRow(writer, 'OpportunityContactRole', {
      OpportunityId: row['Id'] ?? null,
      ContactId: row['ContactId'],
      Role: null,
      IsPrimary: true,
    });
}

function addHistory(writer: Writer, row: Row): void {
  const copied = ['StageName', 'Amount', 'ExpectedRevenue', 'CloseDate', 'Probability', 'CurrencyIsoCode'];
  const values = Object.fromEntries(copied.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
  addRow(writer, 'OpportunityHistory', { OpportunityId: row['Id'] ?? null, ...values });
}

/** A row of the platform's own making, with its stamps and nothing checked. */
export function addRow(writer: Writer, object: string, values: Row): string {
  const { org, userId } = writer;
  const type = org.schema.get(object.toLowerCase());
  const Id = org.tables.nextId(type?.keyPrefix ?? '000');
  const stamp = stampOf(writer);
  const by = { CreatedById: userId, LastModifiedById: userId };
  const at = { CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp };
  org.tables.put(object, { ...values, Id, IsDeleted: false, ...by, ...at });
  return Id;
}

/** One primary contact per opportunity: a new one takes the place of the old. */
function afterRole(writer: Writer, { row }: SavedInput): void {
  const opportunityId = row['OpportunityId'] as string;
  const stamp = stampOf(writer);
  if (row['IsPrimary'] === true)
    for (const other of liveRows(writer.org, 'OpportunityContactRole', ['OpportunityId', opportunityId]))
      if (other['Id'] !== row['Id'] && other['IsPrimary'] === true)
        writer.org.tables.put('OpportunityContactRole', { ...other, IsPrimary: false, SystemModstamp: stamp });
  followPrimary(writer, opportunityId);
}

export function followPrimary({ org }: Writer, opportunityId: string): void {
  const opportunity = liveRow(org, opportunityId);
  if (!opportunity) return;
  const roles = liveRows(org, 'OpportunityContactRole', ['OpportunityId', opportunityId]);
  const primary = roles.find((role) => role['IsPrimary'] === true);
  org.tables.put('Opportunity', { ...opportunity, ContactId: primary?.['ContactId'] ?? null });
}

function afterMember(writer: Writer, { row, before }: SavedInput): void {
  const { org } = writer;
  const person = row['ContactId'] ?? row['LeadId'] ?? null;
  if (person === null)
    throw new RecordRefusal('FIELD_INTEGRITY_EXCEPTION', 'Either Lead or Contact must be specified', { fields: [] });
  const members = liveRows(org, 'CampaignMember', ['CampaignId', row['CampaignId'] as string]);
  if (!before && members.some((each) => each['Id'] !== row['Id'] && (each['ContactId'] ?? each['LeadId']) === person))
    throw new RecordRefusal('DUPLICATE_VALUE', 'Already a campaign member.');
  countMembers(writer, row['CampaignId'] as string);
}

export function countMembers({ org }: Writer, campaignId: string): void {
  const campaign = liveRow(org, campaignId);
  if (!campaign) return;
  const members = liveRows(org, 'CampaignMember', ['CampaignId', campaignId]);
  const NumberOfContacts = members.filter((each) => (each['ContactId'] ?? null) !== null).length;
  org.tables.put('Campaign', { ...campaign, NumberOfContacts, NumberOfLeads: members.length - NumberOfContacts });
}
