import type { ContactDraft, CrmAccount, WriteOutcome } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import { duplicateRuleHeader, writeCollection, type CollectionResult } from './collection.ts';
import { findExistingPeople, type ExistingPeople } from './existing-people.ts';
import { creationKind, newPerson, type CreationKind, type NewPerson } from './new-person.ts';
import type { OrgAccess } from './org-access.ts';

/**
 * Creates contacts and leads, at most 200, one outcome each in their order. Salesforce lets many records have one address,
 * so we look first: whoever is there is named with `record_exists`, whether the address, the referral of an earlier try
 * or a duplicate rule of the org says so. A referral's id is unique in Salesforce: of two tries at once one makes it.
 */
export async function createContacts(
  org: OrgAccess,
  account: CrmAccount,
  drafts: readonly ContactDraft[],
): Promise<readonly WriteOutcome[]> {
  if (drafts.length === 0) return [];
  const { first, twins } = splitTwins(drafts);
  const outcomes = new Map((await createOnce(org, account, first)).map((outcome) => [outcome.key, outcome]));
  for (const outcome of await createContacts(org, account, twins)) outcomes.set(outcome.key, outcome);
  return drafts.flatMap(({ key }) => outcomes.get(key) ?? []);
}

/** Of drafts for one person in one call only the first can be made; the others shall find it. */
function splitTwins(drafts: readonly ContactDraft[]) {
  const seen = new Set<string>();
  const [first, twins]: [ContactDraft[], ContactDraft[]] = [[], []];
  for (const draft of drafts) {
    const marks = marksOf(draft);
    (marks.some((mark) => seen.has(mark)) ? twins : first).push(draft);
    for (const mark of marks) seen.add(mark);
  }
  return { first, twins };
}

function marksOf(draft: ContactDraft): readonly string[] {
  const { email, referralId } = wantedBy(draft);
  return [...(email === null ? [] : [`email ${email}`]), ...(referralId === null ? [] : [`referral ${referralId}`])];
}

/** Where a second record with the address is wanted, only the referral tells who is there. */
function wantedBy({ email, referralId, allowDuplicate }: ContactDraft) {
  const wanted = allowDuplicate === true ? '' : email.trim().toLowerCase();
  return { email: wanted === '' ? null : wanted, referralId: referralId ?? null };
}

async function createOnce(
  org: OrgAccess,
  account: CrmAccount,
  drafts: readonly ContactDraft[],
): Promise<readonly WriteOutcome[]> {
  const existing = await findExistingPeople(org, account, drafts.map(wantedBy));
  const outcomes: WriteOutcome[] = [];
  const groups = new Map<string, { readonly kind: CreationKind; readonly people: NewPerson[] }>();
  for (const draft of drafts) {
    const recordId = existingFor(existing, draft);
    if (recordId !== undefined) {
      outcomes.push(exists(draft, recordId));
      continue;
    }
    const kind = await creationKind(org, account, draft);
    const group = groups.get(JSON.stringify(kind)) ?? { kind, people: [] };
    groups.set(JSON.stringify(kind), group);
    group.people.push(newPerson(draft, kind));
  }
  for (const { kind, people } of groups.values()) outcomes.push(...(await createGroup(org, account, { kind, people })));
  return outcomes;
}

function existingFor(existing: ExistingPeople, draft: ContactDraft): string | undefined {
  const { email, referralId } = wantedBy(draft);
  const known = referralId === null ? undefined : existing.withReferral(referralId);
  return known ?? (email === null ? undefined : existing.withEmail(email));
}

type Group = { readonly kind: CreationKind; readonly people: readonly NewPerson[] };

async function createGroup(org: OrgAccess, account: CrmAccount, { kind, people }: Group): Promise<WriteOutcome[]> {
  const { sobject, externalId } = kind;
  const results = await writeCollection(org, account, {
    method: externalId === null ? 'POST' : 'PATCH',
    path: externalId === null ? REST_PATHS.collection : REST_PATHS.collectionUpsert(sobject, externalId),
    headers: headersOf(kind),
    as: 'createable',
    items: people,
  });
  const drafts = new Map(people.map(({ key, draft }) => [key, draft]));
  const outcomes = results.flatMap((result) => {
    const draft = drafts.get(result.key);
    return draft === undefined ? [] : toOutcome(result, draft);
  });
  return nameExisting(org, account, { outcomes, drafts });
}

/** The org's own rules about duplicates and about who gets a lead hold for us as for anybody (RL-05). */
function headersOf({ sobject, assign, allowDuplicate }: CreationKind): Readonly<Record<string, string>> {
  const ofLeads = { 'sforce-auto-assign': assign ? 'TRUE' : 'FALSE' };
  return { ...duplicateRuleHeader(allowDuplicate), ...(sobject === 'Lead' ? ofLeads : {}) };
}

function toOutcome(result: CollectionResult, draft: ContactDraft): WriteOutcome {
  const { key } = result;
  if (!result.ok) return { key, ok: false, refusal: result.refusal };
  if (!result.created) return exists(draft, result.id);
  return { key, ok: true, recordId: result.id, values: draft.values, modifiedAt: result.writtenAt };
}

function exists({ key }: ContactDraft, existingRecordId: string): WriteOutcome {
  const message = `A person with this address or referral already exists. Existing ID: ${existingRecordId}`;
  return { key, ok: false, refusal: { code: 'record_exists', message, fields: ['Email'], existingRecordId } };
}

type Created = { readonly outcomes: readonly WriteOutcome[]; readonly drafts: ReadonlyMap<string, ContactDraft> };

/**
 * A rule of the org may find a duplicate and not say which, or name several in an order of its own; or another try may have
 * been faster. Then we look once, and choose as we always do.
 */
async function nameExisting(
  org: OrgAccess,
  account: CrmAccount,
  { outcomes, drafts }: Created,
): Promise<WriteOutcome[]> {
  const open = outcomes.flatMap((outcome) => {
    const draft = drafts.get(outcome.key);
    return draft !== undefined && isUnsure(outcome, draft) ? [draft] : [];
  });
  if (open.length === 0) return [...outcomes];
  const wanted = open.map(({ email, referralId }) => ({
    email: email.trim().toLowerCase(),
    referralId: referralId ?? null,
  }));
  const existing = await findExistingPeople(org, account, wanted);
  return outcomes.map((outcome) => {
    const draft = drafts.get(outcome.key);
    if (draft === undefined || !isUnsure(outcome, draft)) return outcome;
    const { email, referralId } = draft;
    const ofReferral = referralId === undefined ? undefined : existing.withReferral(referralId);
    const recordId = ofReferral ?? existing.withEmail(email);
    if (recordId === undefined) return outcome;
    return { ...outcome, refusal: { ...outcome.refusal, existingRecordId: recordId } };
  });
}

/** Where a second record was wanted nobody has looked for the first before. */
function isUnsure(outcome: WriteOutcome, { allowDuplicate }: ContactDraft): outcome is WriteOutcome & { ok: false } {
  if (outcome.ok || outcome.refusal.code !== 'record_exists') return false;
  return allowDuplicate === true || outcome.refusal.existingRecordId === undefined;
}
