import { convertLead } from '../data/convert-lead.ts';
import type { ConvertedLead, ConvertLeadInput } from '../data/convert-lead.ts';
import { deleteRecord, undeleteRecord } from '../data/delete-record.ts';
import { mergeRecords } from '../data/merge-records.ts';
import type { Given } from '../data/read-values.ts';
import { insertRecord, updateRecord } from '../data/save-record.ts';
import type { Writer } from '../data/writer.ts';
import { dateText } from '../instant.ts';
import { objectOf } from '../schema/org-schema.ts';
import { liveRows } from '../state/find-row.ts';
import { addMany } from './many-people.ts';
import type { ManyPeople, ManyPeopleInput } from './many-people.ts';
import { named } from './org-view.ts';

/** Somebody on a deal: a contact, or a contact with what it is there. */
export type OnDeal = string | { contactId: string; role?: string; primary?: boolean };

export type CreateOpportunityInput = Given & { StageName?: string; CloseDate?: string; Name?: string };

const FORTNIGHT_MS = 14 * 86_400_000;

/** What people do to records. */
export function recordActions(writerNow: () => Writer) {
  const create = (object: string, values: Given): string => {
    const writer = writerNow();
    return insertRecord(writer, objectOf(writer.org.schema, named(writer.org, object)), values);
  };
  const addRole = (opportunityId: string, person: OnDeal): string => {
    const { contactId, role = null, primary = false } = typeof person === 'string' ? { contactId: person } : person;
    const values = { OpportunityId: opportunityId, ContactId: contactId, Role: role, IsPrimary: primary };
    return create('OpportunityContactRole', values);
  };
  return {
    create,
    createAccount: (values: Given = {}): string => create('Account', { Name: 'Account', ...values }),
    createContact: (values: Given = {}): string => create('Contact', { LastName: 'Contact', ...values }),
    createLead: (values: Given = {}): string => create('Lead', { LastName: 'Lead', Company: 'Company', ...values }),
    /** with whom it is about; the first is the primary contact unless told otherwise */
    createOpportunity(values: CreateOpportunityInput = {}, people: readonly OnDeal[] = []): string {
      const CloseDate = dateText(writerNow().nowMs + FORTNIGHT_MS);
      const id = create('Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate, ...values });
      people.forEach((person, index) => {
        const given = typeof person === 'string' ? { contactId: person } : person;
        addRole(id, { primary: index === 0, ...given });
      });
      return id;
    },
    set: (id: string, values: Given): void => updateRecord(writerNow(), id, values),
    moveOpportunity: (id: string, stageName: string): void => updateRecord(writerNow(), id, { StageName: stageName }),
    addRole,
    /** takes a contact off a deal */
    removeRole(opportunityId: string, contactId: string): void {
      const writer = writerNow();
      for (const row of liveRows(writer.org, 'OpportunityContactRole', ['OpportunityId', opportunityId]))
        if (row['ContactId'] === contactId) deleteRecord(writer, row['Id'] as string);
    },
    createCampaign: (values: Given = {}): string => create('Campaign', { Name: 'Campaign', IsActive: true, ...values }),
    /** a contact or a lead */
    addMember: (campaignId: string, personId: string): string =>
      create('CampaignMember', {
        CampaignId: campaignId,
        [personId.startsWith('003') ? 'ContactId' : 'LeadId']: personId,
      }),
    removeMember(campaignId: string, personId: string): void {
      const writer = writerNow();
      for (const row of liveRows(writer.org, 'CampaignMember', ['CampaignId', campaignId]))
        if (row['ContactId'] === personId || row['LeadId'] === personId) deleteRecord(writer, row['Id'] as string);
    },
    delete: (id: string): void => deleteRecord(writerNow(), id),
    undelete: (id: string): void => undeleteRecord(writerNow(), id),
    merge: (masterId: string, loserIds: readonly string[]): void => mergeRecords(writerNow(), masterId, loserIds),
    convertLead: (leadId: string, input: Omit<ConvertLeadInput, 'leadId'> = {}): ConvertedLead =>
      convertLead(writerNow(), { ...input, leadId }),
    /** thousands at once */
    addMany: (input: ManyPeopleInput): ManyPeople => addMany(writerNow(), input),
  };
}
