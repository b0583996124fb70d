import type { CrmRecord } from '../../crm/port.ts';
import type { TenantTransaction } from '../../db/database.ts';
import type { StepCounts } from '../../enrolment/enrolments-store.ts';
import { mapContact } from '../../enrolment/map-contact.ts';
import type { CrmValues } from '../../metrics/crm-values.ts';
import type { PublishedProgram } from '../../qualification/published-programs.ts';
import { ensureAdvocates } from '../../referrals/advocates-store.ts';
import { recordCompanies } from '../../referrals/contact-companies-store.ts';
import { ensurePeopleOfContacts } from '../../referrals/contact-people-store.ts';
import type { ConnectionWork } from '../connection-work.ts';
import { fromCrmFields, writtenFieldNames } from '../own-fields.ts';
import { refreshWriteBacks } from '../write-back-store.ts';

export type EnrolRecordsInput = {
  readonly work: ConnectionWork;
  readonly program: PublishedProgram;
  readonly programs: readonly PublishedProgram[];
  readonly records: readonly CrmRecord[];
  readonly now: Date;
};

/** What has to be read of each contact: what the map takes, its company, and what stands in the fields we write. */
export function fieldsOfEnrolment(
  work: ConnectionWork,
  program: PublishedProgram,
  programs: readonly PublishedProgram[],
): string[] {
  const mapped = program.definition.enrolment.mapIn.map(({ field }) => field);
  return [...new Set([...mapped, work.port.contactFields.company, ...writtenFieldNames(work.port.crm, programs)])];
}

/**
 * Makes advocates of these contacts: people, codes, and what their records should say, in the caller's transaction.
 * Nobody is notified (RF-08). Enrolling somebody again changes nothing.
 */
export async function enrolRecords(tx: TenantTransaction, input: EnrolRecordsInput): Promise<StepCounts> {
  const { work, program, programs, records, now } = input;
  const { workspaceId, connectionId, crm } = work.connection;
  const { mapIn } = program.definition.enrolment;
  const contacts = records.map((record) => mapContact(mapIn, record.id, record.values));
  const people = await ensurePeopleOfContacts(tx, { workspaceId, connectionId, now, contacts });
  await recordCompanies(tx, {
    connectionId,
    field: work.port.contactFields.company,
    contacts: records.filter(({ id }) => people.has(id)),
  });
  const personIds = [...new Set(people.values())];
  const ensured = await ensureAdvocates(tx, { workspaceId, programId: program.id, personIds, now });
  await refreshWriteBacks(tx, {
    workspaceId,
    now,
    programs,
    publicUrl: work.publicUrl,
    workspaceCurrency: work.workspaceCurrency,
    personIds,
    actual: new Map(
      records.map((record): [string, CrmValues] => [
        `${connectionId}:${record.id}`,
        fromCrmFields(crm, record.values, programs),
      ]),
    ),
  });
  return {
    seen: records.length,
    enrolled: ensured.created,
    already: people.size - ensured.created,
    skipped: records.length - people.size,
  };
}
