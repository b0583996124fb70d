import type { TenantTransaction } from '../db/database.ts';
import { contactsOfPeople } from '../capture/capture-store.ts';
import { matchRecord } from '../matching/match-record.ts';
import type { Claim, MatchingProgram } from '../matching/match-claims.ts';
import {
  advocatesByCode,
  advocatesByEmail,
  advocatesByExternalId,
  referralsByExternalId,
  referralsByFriendEmail,
  referralsByFriendPhone,
  referralsById,
  referralsOfPeople,
  waitingFriends,
  type AskedKey,
} from '../matching/match-look-ups-store.ts';
import {
  ANY_PROGRAM,
  lookUpKey,
  type FoundAdvocate,
  type FoundReferral,
  type LookUps,
} from '../matching/match-look-ups.ts';
import type { ContactToMatch, Match } from '../matching/match.ts';
import { storedAs } from '../matching/members-of.ts';
import { isSharedMailbox } from '../matching/shared-mailbox.ts';
import { knownContacts, peopleByEmail } from '../referrals/people-store.ts';

export type FindMatchesInput = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly programs: readonly MatchingProgram[];
  readonly contacts: readonly ContactToMatch[];
};

/**
 * Matches a batch of contacts: one query per kind of thing they say, none for what nobody says. Where programs match by
 * link, referral id and address only, that is at most three for the whole batch.
 * @returns one match per contact, in their order.
 */
export async function findMatches(tx: TenantTransaction, input: FindMatchesInput): Promise<Match[]> {
  const { programs, contacts } = input;
  const found = await lookUp(tx, input);
  const matches = contacts.map((contact) => matchRecord(contact, { programs, found }));
  const byName = programs.filter(({ matching }) => matching.names.enabled).map(({ id }) => id);
  const nameless = matches.every(({ route }, index) => route !== 'none' || contacts[index]?.name === '');
  if (byName.length === 0 || nameless) return matches;
  const names = await waitingFriends(tx, { ...input, programIds: byName });
  const context = { programs, found: { ...found, names } };
  return matches.map((match, index) => {
    const contact = contacts[index];
    return match.route === 'none' && contact ? matchRecord(contact, context) : match;
  });
}

async function lookUp(tx: TenantTransaction, input: FindMatchesInput): Promise<LookUps> {
  const { workspaceId, connectionId, contacts } = input;
  const ids = contacts.map(({ recordId }) => recordId);
  const linked = new Map<string, string>();
  for (const [recordId, { personId }] of await knownContacts(tx, connectionId, ids)) {
    if (personId !== null) linked.set(recordId, personId);
  }
  const open = contacts.filter(({ recordId }) => !linked.has(recordId));
  const referrals = await findReferrals(tx, workspaceId, open);
  const emails = open.flatMap(({ email, otherEmails }) => [email, ...otherEmails].flatMap((seen) => seen?.key ?? []));
  const people = await peopleByEmail(tx, workspaceId, [...new Set(emails)]);
  const claiming = contacts.flatMap(({ claims }) => claims);
  const advocates = await findAdvocates(tx, workspaceId, claiming);
  const referralsOf = await referralsOfPeople(tx, peopleToKnow(input, { linked, people, referrals }));
  const contactsOf = await contactsOfPeople(tx, {
    connectionId,
    personIds: peopleToDoubt(open, { people, referrals }),
  });
  return { linked, referrals, advocates, people, referralsOf, contactsOf, names: [] };
}

async function findReferrals(
  tx: TenantTransaction,
  workspaceId: string,
  contacts: readonly ContactToMatch[],
): Promise<Map<string, FoundReferral[]>> {
  const claims = contacts.flatMap((contact) => contact.claims);
  const own = contacts.flatMap(({ referralId }) => referralId?.value.trim() ?? []);
  const claimed = keysOf(claims, 'referral_id');
  const byId = await referralsById(tx, [...own, ...claimed.map(({ key }) => key)]);
  const found = new Map([...byId].map(([id, list]) => [lookUpKey('referral_id', ANY_PROGRAM, id), list]));
  for (const { programId, key } of claimed) {
    const inProgram = (byId.get(key) ?? []).filter((referral) => referral.programId === programId);
    if (inProgram.length > 0) found.set(lookUpKey('referral_id', programId, key), inProgram);
  }
  for (const more of [
    await referralsByExternalId(tx, workspaceId, keysOf(claims, 'external_id')),
    await referralsByFriendEmail(tx, workspaceId, keysOf(claims, 'friend_email')),
    await referralsByFriendPhone(tx, workspaceId, keysOf(claims, 'friend_phone')),
  ]) {
    for (const [key, list] of more) found.set(key, list);
  }
  return found;
}

async function findAdvocates(
  tx: TenantTransaction,
  workspaceId: string,
  claims: readonly Claim[],
): Promise<Map<string, FoundAdvocate[]>> {
  return new Map([
    ...(await advocatesByCode(tx, keysOf(claims, 'advocate_code'))),
    ...(await advocatesByEmail(tx, workspaceId, keysOf(claims, 'advocate_email'))),
    ...(await advocatesByExternalId(tx, workspaceId, keysOf(claims, 'advocate_external_id'))),
  ]);
}

function keysOf(claims: readonly Claim[], holds: Claim['holds']): AskedKey[] {
  const asked = claims.flatMap((claim): AskedKey[] => {
    const stored = claim.route === 'member' ? storedAs(claim.holds) : claim.holds;
    return stored === holds && claim.key !== null ? [{ programId: claim.programId, key: claim.key }] : [];
  });
  return [...new Map(asked.map((one) => [`${one.programId} ${one.key}`, one])).values()];
}

type Known = {
  readonly linked?: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, string>;
  readonly referrals: ReadonlyMap<string, readonly FoundReferral[]>;
};

/** Whose referrals matter: of those about whom a record says more, and of all whose address is not taken at its word. */
function peopleToKnow({ programs, contacts }: FindMatchesInput, { linked, people, referrals }: Known): string[] {
  const plain = programs.every(({ matching }) => matching.email && matching.fuzzyMatches === 'process');
  const saying = contacts.filter(({ claims }) => claims.length > 0);
  const asked = plain ? saying : contacts;
  const addressed = asked.flatMap(({ email, otherEmails }) =>
    [email, ...otherEmails].flatMap((seen) => people.get(seen?.key ?? '') ?? []),
  );
  const named = saying.length === 0 ? [] : [...referrals.values()].flat().map(({ personId }) => personId);
  return [...addressed, ...named, ...saying.flatMap(({ recordId }) => linked?.get(recordId) ?? [])];
}

/** Who may have a contact already, where an address or a company leads to more people than one. */
function peopleToDoubt(contacts: readonly ContactToMatch[], { people, referrals }: Known): string[] {
  return contacts.flatMap(({ email, otherEmails, claims }) => {
    const shared = [email].filter((seen) => isSharedMailbox(seen?.key ?? ''));
    const doubtful = [...shared, ...otherEmails].flatMap((seen) => people.get(seen?.key ?? '') ?? []);
    const ofCompany = claims.filter(({ object, key }) => object === 'company' && key !== null);
    const named = ofCompany.flatMap(({ holds, programId, key }) =>
      (referrals.get(lookUpKey(holds, programId, key ?? '')) ?? []).map(({ personId }) => personId),
    );
    return [...doubtful, ...named];
  });
}
