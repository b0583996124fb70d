import type { MatchingProgram, ReferralClaim, SeenField } from './match-claims.ts';
import { ANY_PROGRAM, lookUpKey, type FoundReferral, type LookUps } from './match-look-ups.ts';
import type { AddressSeen, ContactToMatch, FriendMatch, MatchCandidate, MatchContext } from './match.ts';
import { isSharedMailbox } from './shared-mailbox.ts';

/** Whose contact this is by everything but names: the first route that leads to somebody, or null. */
export function friendOf(contact: ContactToMatch, context: MatchContext): FriendMatch | null {
  return (
    byLink(contact, context.found) ??
    byReferralId(contact, context.found) ??
    byClaims('target', contact, context.found) ??
    byEmail(contact, context) ??
    byClaims('additional', contact, context.found) ??
    byUnsureClaims(contact, context.found)
  );
}

function byLink({ recordId }: ContactToMatch, found: LookUps): FriendMatch | null {
  const personId = found.linked.get(recordId);
  if (personId === undefined) return null;
  const candidates = [{ personId, referral: null, score: null }];
  const nothing = { referralId: null, programId: null, seen: null };
  return { route: 'link', kind: 'direct', reason: 'known', personId, ...nothing, candidates };
}

function byReferralId({ referralId: seen }: ContactToMatch, found: LookUps): FriendMatch | null {
  if (seen === null) return null;
  const key = lookUpKey('referral_id', ANY_PROGRAM, seen.value.trim());
  const hits = (found.referrals.get(key) ?? []).map((referral): Hit => ({ seen, referral, direct: true }));
  return toMatch('referral_id', hits);
}

/** Ids are meant; addresses and numbers are alike by chance, too. */
function byClaims(route: ReferralClaim['route'], contact: ContactToMatch, found: LookUps): FriendMatch | null {
  return toMatch(
    route,
    hitsOf(route, contact, found).filter(({ referral }) => !referral.unsure),
  );
}

/** A number that may as well be another one's only proposes somebody, and only where nothing else leads to anybody. */
function byUnsureClaims(contact: ContactToMatch, found: LookUps): FriendMatch | null {
  for (const route of ['target', 'additional'] as const) {
    const unsure = hitsOf(route, contact, found).filter(({ referral }) => referral.unsure);
    const match = toMatch(route, unsure);
    if (match?.personId === null) return match;
    if (match) return { ...match, kind: 'unsure', reason: 'phone_alike', personId: null };
  }
  return null;
}

function hitsOf(route: ReferralClaim['route'], { claims }: ContactToMatch, found: LookUps): Hit[] {
  return claims.flatMap((claim): Hit[] => {
    if (claim.route !== route || claim.key === null) return [];
    const direct = claim.holds === 'referral_id' || claim.holds === 'external_id';
    const referrals = found.referrals.get(lookUpKey(claim.holds, claim.programId, claim.key)) ?? [];
    // Of the many people at a company one is meant, and when that one is known it is nobody else.
    const open = referrals.filter(({ personId }) => claim.object !== 'company' || !found.contactsOf.has(personId));
    return open.map((referral) => ({ seen: toSeen(claim), referral, direct }));
  });
}

/** A field that leads to a referral. */
type Hit = { readonly seen: SeenField; readonly referral: FoundReferral; readonly direct: boolean };

/** What leads to several people leads to nobody. A company is heard only where the record itself is silent. */
function toMatch(route: FriendMatch['route'], all: readonly Hit[]): FriendMatch | null {
  const near = all.filter(({ seen }) => seen.object !== 'company');
  const hits = near.length > 0 ? near : all;
  const sorted = [...hits].sort(compareHits);
  const [first] = sorted;
  if (!first) return null;
  const { personId, referralId, programId } = first.referral;
  const base = { route, programId, seen: first.seen };
  const people = new Map(sorted.toReversed().map(({ referral }) => [referral.personId, referral]));
  if (people.size > 1) {
    const referrals = [...people.values()].sort((a, b) => compareText(a.referralId, b.referralId));
    const candidates = referrals.map((referral) => ({ personId: referral.personId, referral, score: null }));
    return { ...base, kind: 'unsure', reason: 'several_people', personId: null, referralId: null, candidates };
  }
  const candidates = [{ personId, referral: first.referral, score: null }];
  if (near.length === 0) {
    return { ...base, kind: 'unsure', reason: 'company_says', personId: null, referralId, candidates };
  }
  const kind = first.direct ? 'direct' : 'fuzzy';
  return { ...base, kind, reason: 'one_person', personId, referralId, candidates };
}

/**
 * The address a contact goes by decides; its other ones are looked at when that one leads to nobody. Both exactly: an
 * alias is another address, and one mailbox of a team is not one person (E15).
 */
function byEmail(contact: ContactToMatch, context: MatchContext): FriendMatch | null {
  const primary = contact.email === null ? [] : addressHits([contact.email], context);
  const hits = primary.length > 0 ? primary : addressHits(contact.otherEmails, context);
  const [first] = hits;
  if (!first) return null;
  const candidates = hits.map(({ personId }) => candidate(personId, context.found));
  const referral = candidates[0]?.referral ?? null;
  const base = { route: 'email', seen: toSeen(first.address), programId: first.programId } as const;
  const unsure = { ...base, kind: 'unsure', personId: null, referralId: null, candidates } as const;
  if (hits.length > 1) return { ...unsure, reason: 'several_people' };
  const taken = (context.found.contactsOf.get(first.personId) ?? []).some((id) => id !== contact.recordId);
  const doubtful = primary.length === 0 || isSharedMailbox(first.address.key ?? '');
  if (taken && doubtful) return { ...unsure, reason: 'shared_mailbox' };
  const { personId } = first;
  return {
    ...base,
    kind: 'fuzzy',
    reason: 'one_person',
    personId,
    referralId: referral?.referralId ?? null,
    candidates,
  };
}

type AddressHit = { readonly address: AddressSeen; readonly personId: string; readonly programId: string | null };

/** One per person, in an order that does not depend on that of the addresses. */
function addressHits(addresses: readonly AddressSeen[], context: MatchContext): AddressHit[] {
  const hits = new Map<string, AddressHit>();
  for (const address of [...addresses].sort((a, b) => compareText(a.key ?? '', b.key ?? ''))) {
    const personId = address.key === null ? undefined : context.found.people.get(address.key);
    if (personId === undefined || hits.has(personId)) continue;
    const programId = programOfAddress(personId, context);
    if (programId !== 'none') hits.set(personId, { address, personId, programId });
  }
  return [...hits.values()].sort((a, b) => compareText(a.personId, b.personId));
}

/**
 * The program under whose rule b a match by address falls: of those the person was referred in, one that wants a person
 * to look first. Null for somebody who was never referred; `none` where no program matches by address.
 */
function programOfAddress(personId: string, { programs, found }: MatchContext): string | null {
  if (programs.length > 0 && !programs.some(({ matching }) => matching.email)) return 'none';
  const theirs = (found.referralsOf.get(personId) ?? []).map(({ programId }) => programId);
  if (theirs.length === 0) return null;
  const usable = programs.filter(({ id, matching }) => theirs.includes(id) && matching.email).sort(strictFirst);
  return usable[0]?.id ?? 'none';
}

function strictFirst(a: MatchingProgram, b: MatchingProgram): number {
  const rank = ({ matching }: MatchingProgram): number => (matching.fuzzyMatches === 'review' ? 0 : 1);
  return rank(a) - rank(b) || compareText(a.id, b.id);
}

function candidate(personId: string, found: LookUps): MatchCandidate {
  const referrals = [...(found.referralsOf.get(personId) ?? [])];
  const [referral] = referrals.sort((a, b) => compareText(a.referralId, b.referralId));
  return { personId, referral: referral ?? null, score: null };
}

/** Ids before addresses; the rest only so that the order of fields and records says nothing. */
function compareHits(a: Hit, b: Hit): number {
  if (a.direct !== b.direct) return a.direct ? -1 : 1;
  return compareSeen(a.seen, b.seen) || compareText(a.referral.referralId, b.referral.referralId);
}

export function compareSeen(a: SeenField, b: SeenField): number {
  return (
    compareText(a.object, b.object) ||
    compareText(a.field, b.field) ||
    compareText(a.recordId, b.recordId) ||
    compareText(a.value, b.value)
  );
}

export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function toSeen({ object, recordId, field, value, at }: SeenField): SeenField {
  return { object, recordId, field, value, at };
}
