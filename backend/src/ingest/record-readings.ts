import type { Database, TenantTransaction } from '../db/database.ts';
import { recountMetrics } from '../metrics/metrics-store.ts';
import type { CrmValues } from '../metrics/crm-values.ts';
import { fieldsToRead } from '../qualification/fields-to-read.ts';
import { labelsOf } from '../qualification/labels.ts';
import { decidingDefinitions, publishedPrograms } from '../qualification/published-programs.ts';
import { peopleOfAdvocates } from '../referrals/advocates-store.ts';
import { recordCompanies } from '../referrals/contact-companies-store.ts';
import { knownContacts, linkRecords } from '../referrals/people-store.ts';
import { friendsOfAdvocates, undecidedFriends } from '../referrals/referrals-store.ts';
import { sharersOf } from '../referrals/sharers-store.ts';
import { fromCrmFields } from '../sync/own-fields.ts';
import { refreshWriteBacks } from '../sync/write-back-store.ts';
import { companiesOfContacts } from './companies-store.ts';
import { companyTriggers, type CompanyChange, type CompanyTriggers } from './company-triggers.ts';
import { keepDigests } from './contact-digests.ts';
import { decideReferrals, type Decided } from './decide-referrals.ts';
import type { DecisionTrigger } from './decision-input.ts';
import { completeDirtyRecords, LOOKED_AT_AGAIN, markDirty, type Hint } from './dirty-store.ts';
import type { EntryState } from './entries-store.ts';
import { recordAbsences } from './record-absences.ts';
import { matchContacts, namingDeals, type MatchedContact } from './match-contacts.ts';
import { traceOf } from '../matching/match-findings.ts';
import { settleMatches } from './settle-matches.ts';
import { schemaOfWorkspace } from '../workspaces/connections-store.ts';
import { settleEffects } from '../sync/settle-effects.ts';
import { followMerges } from './follow-merges.ts';
import { survivors, mergesIn, type PresentReading } from './reading.ts';
import { toSnapshot, toTrigger, type RecordReadingsInput, type Scope } from './readings-scope.ts';
import { followCompanies, recordCompanyReadings } from './record-companies.ts';
import { appendSnapshots, linkedContacts, replaceRecordLinks } from './snapshots-store.ts';

/**
 * The decision transaction: what was read becomes snapshots, referrals are decided, rewards granted, numbers counted and
 * write-backs set, and the hints are answered, all in one commit. Killed before it, nothing happened; after it, nothing
 * is left to do.
 * @returns the state of each decision taken.
 */
export async function recordReadings(database: Database, input: RecordReadingsInput): Promise<readonly EntryState[]> {
  return database.aloneInWorkspace(input.account.workspaceId, async (tx) => {
    const programs = await publishedPrograms(tx, input.account.workspaceId);
    const { crmSchema, timeZone } = await schemaOfWorkspace(tx, input.account.workspaceId);
    const labels = labelsOf(crmSchema, timeZone);
    const scope: Scope = {
      ...input,
      programs,
      labels,
      wanted: fieldsToRead(decidingDefinitions(programs), input.account.crm),
    };
    const absences = await recordAbsences(tx, scope);
    const mergedPeople = await followMerges(tx, { ...input, merges: mergesIn(input.readings) });
    const contacts = await recordContacts(tx, scope);
    const deals = await recordDeals(tx, scope);
    const companies = await lookAtCompanies(tx, scope, [...contacts.changes, ...deals.changes]);
    const triggers = new Map([
      // First, because it may concern some programs only, and whatever else happened concerns all.
      ...companies.triggers,
      ...absences,
      ...(await sharerTriggers(tx, scope, contacts)),
      ...deals.triggers,
      ...contacts.triggers,
      ...mergedPeople.triggers,
    ]);
    const decided = await decideInPages(tx, scope, triggers);
    await recountMetrics(tx, {
      workspaceId: input.account.workspaceId,
      now: input.now,
      advocateIds: [...new Set([...decided.advocateIds, ...mergedPeople.advocateIds])],
    });
    const linkedPersonIds = [...contacts.linkedPersonIds, ...mergedPeople.personIds];
    const decidedPersonIds = [...decided.friendIds, ...decided.advocatePersonIds, ...mergedPeople.personIds];
    await refreshWriteBacks(tx, {
      ...scope,
      workspaceId: input.account.workspaceId,
      actual: contacts.actual,
      linkedPersonIds,
      // Reading somebody's contact tells nothing new about their referrals and deals.
      ownRecordsOf: [
        ...new Set([...decidedPersonIds, ...linkedPersonIds, ...contacts.askedPersonIds, ...deals.triggers.keys()]),
      ],
      dealsOf: [
        ...new Set([
          ...linkedPersonIds,
          ...contacts.askedPersonIds,
          ...deals.moved,
          ...absences.keys(),
          ...decided.turned,
          ...(await friendsOfAdvocates(tx, mergedPeople.advocateIds)),
        ]),
      ],
      personIds: [
        ...new Set([
          ...decidedPersonIds,
          ...contacts.personIds,
          ...(await peopleOfAdvocates(tx, mergedPeople.advocateIds)),
        ]),
      ],
    });
    await completeDirtyRecords(tx, {
      connectionId: input.account.connectionId,
      records: input.readings.flatMap(({ dirty, unhinted }) => (unhinted ? [] : [dirty])),
    });
    return [...decided.states, ...Array.from({ length: companies.tooMany }, () => 'review' as const)];
  });
}

/** Friends decided in one go: a company may bring more of them than there were readings. */
const FRIENDS_AT_ONCE = 500;

async function decideInPages(
  tx: TenantTransaction,
  scope: Scope,
  triggers: ReadonlyMap<string, DecisionTrigger>,
): Promise<Decided> {
  const all = [...triggers];
  const pages: Decided[] = [];
  for (let start = 0; start < all.length; start += FRIENDS_AT_ONCE) {
    const page = new Map(all.slice(start, start + FRIENDS_AT_ONCE));
    pages.push(await decideReferrals(tx, { ...scope, workspaceId: scope.account.workspaceId, triggers: page }));
  }
  return {
    states: pages.flatMap(({ states }) => states),
    friendIds: pages.flatMap(({ friendIds }) => friendIds),
    advocateIds: pages.flatMap(({ advocateIds }) => advocateIds),
    advocatePersonIds: pages.flatMap(({ advocatePersonIds }) => advocatePersonIds),
    turned: pages.flatMap(({ turned }) => turned),
  };
}

/** A contact or a deal that changed, and the contacts it concerns. */
type ChangedRecord = { readonly contactIds: readonly string[]; readonly trigger: DecisionTrigger };

async function lookAtCompanies(
  tx: TenantTransaction,
  scope: Scope,
  related: readonly ChangedRecord[],
): Promise<CompanyTriggers> {
  const { workspaceId, connectionId } = scope.account;
  const own = await recordCompanyReadings(tx, scope);
  const asked = scope.programs.some(({ definition }) => definition.matching.contacts === 'company_contacts');
  const companies = await companiesOfContacts(
    tx,
    connectionId,
    asked ? related.flatMap(({ contactIds }) => contactIds) : [],
  );
  const theirs = related.flatMap(({ contactIds, trigger }): CompanyChange[] =>
    contactIds.flatMap((contactId) => {
      const companyId = companies.get(contactId);
      return companyId === undefined ? [] : [{ companyId, because: 'related_record', trigger }];
    }),
  );
  const changes = [...theirs, ...own];
  return companyTriggers(tx, { workspaceId, connectionId, now: scope.now, programs: scope.programs, changes });
}

type RecordedContacts = {
  readonly triggers: Map<string, DecisionTrigger>;
  readonly changes: readonly ChangedRecord[];
  /** Contacts of friends who are known now and were not before: others on their deals are concerned. */
  readonly newcomers: readonly string[];
  /** People whose own contact was read: their write-backs are compared with what stands there. */
  readonly personIds: readonly string[];
  /** Those of them who are looked at again, changed or not. */
  readonly askedPersonIds: readonly string[];
  /** Those of them whose record is new to us. */
  readonly linkedPersonIds: readonly string[];
  readonly actual: Map<string, CrmValues>;
};

async function recordContacts(tx: TenantTransaction, scope: Scope): Promise<RecordedContacts> {
  const { workspaceId, connectionId, crm } = scope.account;
  const contacts = survivors(scope.readings, 'contact').filter((reading) => !reading.dirty.privacyDeletion);
  const found = await matchContacts(tx, { ...scope, workspaceId, connectionId, contacts });
  const deps = { publicUrl: scope.publicUrl, settle: settleEffects };
  const settled = await settleMatches(tx, { ...scope, deps, workspaceId, connectionId }, found);
  const matched = settled.filter(
    (contact): contact is MatchedContact & { personId: string } => contact.personId !== null,
  );
  const personIds = matched.map(({ personId }) => personId);
  const fresh = await linkRecords(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    links: matched.map(({ reading, personId }) => ({ objectType: 'contact', recordId: reading.record.id, personId })),
  });
  await keepDigests(tx, connectionId, matched);
  await recordCompanies(tx, {
    connectionId,
    field: scope.fields.company,
    contacts: matched.map(({ reading }) => reading.record),
  });
  const changed = await appendSnapshots(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    snapshots: matched.map(({ reading }) => toSnapshot(reading, scope)),
  });
  const undecided = await undecidedFriends(tx, personIds);
  const triggers = new Map<string, DecisionTrigger>();
  const changes: ChangedRecord[] = [];
  const newcomers: string[] = [];
  const askedPersonIds: string[] = [];
  for (const { reading, personId, linkedNow, contact, match } of matched) {
    const key = `contact:${reading.record.id}`;
    const isNews = fresh.has(key) || changed.has(key);
    const trigger = { ...toTrigger(reading, connectionId), ...(linkedNow && { match: traceOf(contact, match) }) };
    const isAsked = LOOKED_AT_AGAIN.has(reading.dirty.lastKind);
    if (isNews || isAsked || undecided.has(personId)) triggers.set(personId, trigger);
    if (isAsked) askedPersonIds.push(personId);
    if (fresh.has(key) || undecided.has(personId)) newcomers.push(reading.record.id);
    if (isNews) changes.push({ contactIds: [reading.record.id], trigger });
  }
  await followCompanies(tx, scope, personIds);
  await markDirty(tx, {
    workspaceId,
    connectionId,
    kind: 'linked',
    now: scope.now,
    hints: await unseenDeals(tx, connectionId, matched),
  });
  return {
    triggers,
    changes,
    newcomers,
    personIds,
    askedPersonIds,
    linkedPersonIds: matched
      .filter(({ reading }) => fresh.has(`contact:${reading.record.id}`))
      .map(({ personId }) => personId),
    actual: new Map(
      matched.map(({ reading }) => [
        `${connectionId}:${reading.record.id}`,
        fromCrmFields(crm, reading.record.values, scope.programs),
      ]),
    ),
  };
}

/** Somebody who comes into view may be the second one on a deal that counted for another already (E3). */
async function sharerTriggers(
  tx: TenantTransaction,
  { account: { connectionId } }: Scope,
  { newcomers, triggers }: RecordedContacts,
): Promise<Map<string, DecisionTrigger>> {
  const [trigger] = triggers.values();
  if (!trigger) return new Map();
  const people = await sharersOf(tx, { connectionId, contactIds: newcomers });
  return new Map(people.map((personId) => [personId, trigger]));
}

type RecordedDeals = Pick<RecordedContacts, 'triggers' | 'changes'> & {
  /** People on a deal that is new to us, came back, or has other contacts than before. */
  readonly moved: readonly string[];
};

async function recordDeals(tx: TenantTransaction, scope: Scope): Promise<RecordedDeals> {
  const { workspaceId, connectionId } = scope.account;
  const deals = survivors(scope.readings, 'deal');
  if (deals.length === 0) return { triggers: new Map(), changes: [], moved: [] };
  const before = await linkedContacts(
    tx,
    connectionId,
    deals.map(({ record }) => record.id),
  );
  const involved = (deal: PresentReading): string[] => [...(before.get(deal.record.id) ?? []), ...deal.contactIds];
  const known = await knownContacts(tx, connectionId, [...new Set(deals.flatMap(involved))]);
  // A deal none of whose contacts concerns anybody, and that names nobody either, is looked at and forgotten.
  const naming = namingDeals(deals, scope.programs);
  const relevant = deals.filter(
    (deal) => naming.includes(deal) || involved(deal).some((contactId) => known.get(contactId)?.personId),
  );
  const fresh = await linkRecords(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    links: relevant.map(({ record }) => ({ objectType: 'deal', recordId: record.id, personId: null })),
  });
  await replaceRecordLinks(tx, {
    workspaceId,
    connectionId,
    deals: relevant.map(({ record, contactIds }) => ({
      dealId: record.id,
      contactIds,
      modifiedAt: record.modifiedAt,
    })),
  });
  const changed = await appendSnapshots(tx, {
    workspaceId,
    connectionId,
    now: scope.now,
    snapshots: relevant.map((deal) => toSnapshot(deal, scope)),
  });
  const triggers = new Map<string, DecisionTrigger>();
  const changes: ChangedRecord[] = [];
  const moved = relevant.filter(
    ({ record, contactIds }) => fresh.has(`deal:${record.id}`) || !sameIds(before.get(record.id) ?? [], contactIds),
  );
  const isNews = ({ record }: PresentReading): boolean =>
    fresh.has(`deal:${record.id}`) || changed.has(`deal:${record.id}`);
  // Whose deal it is says the contact on it, which is matched by what the deal holds, too.
  const hints = naming.filter(isNews).flatMap(({ contactIds }) => contactIds.map(contactHint));
  await markDirty(tx, { workspaceId, connectionId, kind: 'linked', now: scope.now, hints });
  for (const deal of relevant.filter(isNews)) {
    const trigger = toTrigger(deal, connectionId);
    changes.push({ contactIds: involved(deal), trigger });
    for (const contactId of involved(deal)) {
      const personId = known.get(contactId)?.personId;
      if (personId) triggers.set(personId, trigger);
    }
  }
  const movedPeople = moved.flatMap(involved).flatMap((contactId) => known.get(contactId)?.personId ?? []);
  return { triggers, changes, moved: movedPeople };
}

function sameIds(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}

function contactHint(recordId: string): Hint {
  return { objectType: 'contact', recordId };
}

/** Deals the CRM shows on a friend's contact that we have not looked at yet. */
async function unseenDeals(
  tx: TenantTransaction,
  connectionId: string,
  contacts: readonly MatchedContact[],
): Promise<Hint[]> {
  const dealIds = [...new Set(contacts.flatMap(({ reading }) => reading.dealIds))];
  const linked = await linkedContacts(tx, connectionId, dealIds);
  const isLinked = (dealId: string, contactId: string): boolean => linked.get(dealId)?.includes(contactId) ?? false;
  return contacts.flatMap(({ reading }) =>
    reading.dealIds
      .filter((dealId) => !isLinked(dealId, reading.record.id))
      .map((dealId): Hint => ({ objectType: 'deal', recordId: dealId })),
  );
}
