import type { MemberHolds } from '../../../shared/matching-settings.ts';
import { compareSeen, compareText, toSeen } from './friend-of.ts';
import type { MemberClaim } from './match-claims.ts';
import { lookUpKey, type FoundAdvocate, type LookUps } from './match-look-ups.ts';
import type { ContactToMatch, MemberMatch } from './match.ts';

/**
 * The advocates a record names, one answer per program in which it names any (RR-36). A friend has one advocate in a
 * program, and nobody is their own.
 * @param personId whose contact it is; null: nobody's we know.
 */
export function membersOf({ claims }: ContactToMatch, personId: string | null, found: LookUps): MemberMatch[] {
  const named = claims.filter((claim) => claim.route === 'member').flatMap((claim) => namedBy(claim, found));
  const programs = [...Map.groupBy(named, ({ advocate }) => advocate.programId)];
  return programs.sort(([a], [b]) => compareText(a, b)).flatMap(([, hits]) => memberOf(hits, personId, found) ?? []);
}

type Named = { readonly claim: MemberClaim; readonly advocate: FoundAdvocate };

function namedBy(claim: MemberClaim, found: LookUps): Named[] {
  if (claim.key === null) return [];
  const key = lookUpKey(storedAs(claim.holds), claim.programId, claim.key);
  return (found.advocates.get(key) ?? []).map((advocate) => ({ claim, advocate }));
}

/** A link is its code. */
export function storedAs(holds: MemberHolds): MemberHolds {
  return holds === 'advocate_link' ? 'advocate_code' : holds;
}

function memberOf(all: readonly Named[], personId: string | null, found: LookUps): MemberMatch | null {
  // A company is heard only where the record itself is silent: which of its people was referred, it does not say.
  const near = all.filter(({ claim }) => claim.object !== 'company');
  const hits = near.length > 0 ? near : all;
  const [first] = [...hits].sort(compareNamed);
  if (!first) return null;
  const { advocateId, code, programId } = first.advocate;
  const base = { programId, seen: toSeen(first.claim) };
  if (hits.some(({ advocate }) => advocate.advocateId !== advocateId)) {
    return { ...base, outcome: 'several', kind: 'unsure', advocateId: null, code: null, referralId: null };
  }
  const kind = near.length === 0 ? 'unsure' : isMeant(first.claim) ? 'direct' : 'fuzzy';
  const known = personId === null ? [] : (found.referralsOf.get(personId) ?? []);
  const referral = known.find((one) => one.programId === programId);
  const one = { ...base, kind, advocateId, code, referralId: referral?.referralId ?? null } as const;
  if (first.advocate.personId === personId) return { ...one, outcome: 'self' };
  if (!referral) return { ...one, outcome: 'add' };
  return { ...one, outcome: referral.advocateId === advocateId ? 'same_advocate' : 'other_advocate' };
}

function isMeant({ holds }: MemberClaim): boolean {
  return holds !== 'advocate_email';
}

function compareNamed(a: Named, b: Named): number {
  return Number(isMeant(b.claim)) - Number(isMeant(a.claim)) || compareSeen(a.claim, b.claim);
}
