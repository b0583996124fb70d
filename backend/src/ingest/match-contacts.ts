import { fieldOnRecord, isLeadOnly } from '../../../shared/person-fields.ts';
import type { CrmPort } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { dealsOfContacts, readCompanies } from '../matching/claiming-records-store.ts';
import { claimsOf, type ClaimingRecord, type MatchingProgram } from '../matching/match-claims.ts';
import type { AddressSeen, ContactToMatch, Match } from '../matching/match.ts';
import { matchesBy, readsPeople } from '../matching/matching-fields.ts';
import { processMatch } from '../matching/process-match.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { findMatches } from './find-matches.ts';
import type { PresentReading } from './reading.ts';

export type MatchedContact = {
  readonly reading: PresentReading;
  /** Null: this contact concerns nobody we know, or a person has to say so first. */
  readonly personId: string | null;
  /** True when this reading is what tied the contact to the person. */
  readonly linkedNow: boolean;
  readonly contact: ContactToMatch;
  readonly match: Match;
};

/** The CRM's names of the fields that say whose contact it is. */
export type ContactFieldNames = {
  readonly email: string;
  readonly referralId: string;
  readonly company: string;
  readonly otherEmails: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
};

export function contactFieldNames(
  port: Pick<CrmPort, 'contactFields' | 'integrityFields' | 'personFieldNames'>,
): ContactFieldNames {
  return { ...port.contactFields, ...port.personFieldNames, otherEmails: port.integrityFields.otherEmails };
}

/** What has to be read of a contact to say whose it is, beside what rules and maps read. */
export function fieldsOfContacts(
  names: ContactFieldNames,
  programs: readonly Pick<PublishedProgram, 'definition'>[],
): string[] {
  const definitions = programs.map(({ definition }) => definition);
  const people = readsPeople(definitions) ? [names.firstName, names.lastName, names.phone] : [];
  return [names.email, names.referralId, names.company, ...(names.otherEmails ?? []), ...people].flat();
}

export type MatchContactsInput = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly contacts: readonly PresentReading[];
  readonly fields: ContactFieldNames;
  /** By their current versions: matching is about records that come now. */
  readonly programs: readonly PublishedProgram[];
};

/**
 * Whose contact is this? By the link we already have, our referral id on the record, the fields revops chose, the exact
 * e-mail. An e-mail never overrules a link: people change addresses, and an address can move to somebody else.
 */
export async function matchContacts(tx: TenantTransaction, input: MatchContactsInput): Promise<MatchedContact[]> {
  if (input.contacts.length === 0) return [];
  const programs = input.programs.map(({ id, definition }) => ({ id, matching: definition.matching }));
  const around = await recordsAround(tx, input);
  const contacts = input.contacts.map((reading) =>
    toContact(reading, { fields: input.fields, programs, around: around(reading) }),
  );
  const matches = await findMatches(tx, { ...input, programs, contacts });
  return input.contacts.flatMap((reading, index) => {
    const [contact, match] = [contacts[index], matches[index]];
    if (!contact || !match) return [];
    const personId = standing(match, input.programs);
    return [{ reading, contact, match, personId, linkedNow: personId !== null && match.route !== 'link' }];
  });
}

/** The deals that, by the settings of some program, name a referral or an advocate and have one contact to be it (RR-60). */
export function namingDeals(
  deals: readonly PresentReading[],
  published: readonly PublishedProgram[],
): PresentReading[] {
  const programs = published.map(({ id, definition }) => ({ id, matching: definition.matching }));
  if (!programs.some(({ matching }) => matchesBy([{ matching }], 'deal'))) return [];
  return deals.filter(({ record, contactIds }) => {
    const { id: recordId, values, modifiedAt } = record;
    const itself = { object: 'deal', recordId, values, at: modifiedAt.toISOString() } as const;
    return contactIds.length === 1 && claimsOf(programs, [itself]).length > 0;
  });
}

/** The person a match leads to, where it stands without anybody's word. */
function standing({ friend }: Match, programs: readonly PublishedProgram[]): string | null {
  if (!friend || friend.personId === null || friend.programId === null) return friend?.personId ?? null;
  const definition = programs.find(({ id }) => id === friend.programId)?.definition;
  if (!definition) return friend.personId;
  const { action } = processMatch(friend.kind, { ...definition.matching, ...definition.decisions });
  return action === 'process' ? friend.personId : null;
}

type Around = (reading: PresentReading) => readonly ClaimingRecord[];

/** Companies and deals are looked at where a program reads whose they are from them. */
async function recordsAround(tx: TenantTransaction, input: MatchContactsInput): Promise<Around> {
  const definitions = input.programs.map(({ definition }) => definition);
  const companyOf = ({ record }: PresentReading): string => record.values[input.fields.company] ?? '';
  const companies = matchesBy(definitions, 'company')
    ? await readCompanies(
        tx,
        input.connectionId,
        input.contacts.map(companyOf).filter((id) => id !== ''),
      )
    : new Map<string, ClaimingRecord[]>();
  const contactIds = input.contacts.map(({ record }) => record.id);
  const deals = matchesBy(definitions, 'deal')
    ? await dealsOfContacts(tx, input.connectionId, contactIds)
    : new Map<string, ClaimingRecord[]>();
  return (reading) => [...(companies.get(companyOf(reading)) ?? []), ...(deals.get(reading.record.id) ?? [])];
}

const LEAD_FIELD = fieldOnRecord({ object: 'lead', field: '' });

type Frame = {
  readonly fields: ContactFieldNames;
  readonly programs: readonly MatchingProgram[];
  readonly around: readonly ClaimingRecord[];
};

/** A person's record as settings speak of it: as the contact it is, as the lead it is or was, or as both. */
function sidesOf({ id: recordId, values, modifiedAt }: PresentReading['record']): ClaimingRecord[] {
  const at = modifiedAt.toISOString();
  const asLead = Object.entries(values).flatMap(([field, value]) =>
    field.startsWith(LEAD_FIELD) ? [[field.slice(LEAD_FIELD.length), value] as const] : [],
  );
  return [
    ...(isLeadOnly(values) ? [] : [{ object: 'contact', recordId, values, at } as const]),
    ...(asLead.length === 0 ? [] : [{ object: 'lead', recordId, values: Object.fromEntries(asLead), at } as const]),
  ];
}

function toContact({ record }: PresentReading, { fields, programs, around }: Frame): ContactToMatch {
  const { values, id: recordId } = record;
  const at = record.modifiedAt.toISOString();
  const seen = (field: string, value: string) => ({ object: 'contact' as const, recordId, field, value, at });
  const address = (field: string, value: string): AddressSeen => ({
    ...seen(field, value),
    key: normaliseEmail(value),
  });
  const referralId = values[fields.referralId];
  const email = values[fields.email];
  const { otherEmails } = fields;
  const others = otherEmails === null ? [] : (values[otherEmails] ?? '').split(';').filter((one) => one.trim() !== '');
  const names = [values[fields.firstName], values[fields.lastName]].filter((part) => (part ?? '').trim() !== '');
  return {
    recordId,
    at,
    referralId: referralId ? seen(fields.referralId, referralId) : null,
    email: email ? address(fields.email, email) : null,
    otherEmails: others.map((one) => address(otherEmails ?? '', one)),
    name: names.join(' '),
    claims: claimsOf(programs, [...sidesOf(record), ...around]),
  };
}
