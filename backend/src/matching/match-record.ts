import { alikeNames } from './alike-names.ts';
import { friendOf } from './friend-of.ts';
import type { Claim } from './match-claims.ts';
import { lookUpKey, type LookUps } from './match-look-ups.ts';
import type { ContactToMatch, FriendMatch, Match, MatchContext, MemberMatch } from './match.ts';
import { membersOf } from './members-of.ts';

/**
 * Whose contact is this, and under whom does it belong? Pure. The first route that leads somewhere decides: the link we
 * have, our referral id, the target fields, the e-mail address, the additional fields, the advocate the record names, and
 * names last, which only ever propose. The order of fields, records and programs says nothing; what leads to several
 * people leads to nobody.
 */
export function matchRecord(contact: ContactToMatch, context: MatchContext): Match {
  const friend = friendOf(contact, context);
  // Nobody is added under an advocate while it is open who they are.
  const members = friend?.kind === 'unsure' ? [] : membersOf(contact, friend?.personId ?? null, context.found);
  const unknown = friend?.kind === 'unsure' ? [] : unknownOf(contact, { friend, members, context });
  if (friend) return { ...pick(friend), friend, members, unknown };
  const [named] = members;
  if (named) return { route: 'member', kind: named.kind, reason: 'advocate_named', friend: null, members, unknown };
  const alike = alikeNames(contact, context);
  if (alike) return { ...pick(alike), friend: alike, members: [], unknown };
  const silent = unknown.length === 0;
  return {
    route: 'none',
    kind: silent ? 'none' : 'unmatched',
    reason: silent ? 'nothing_said' : 'unknown_to_us',
    friend: null,
    members: [],
    unknown,
  };
}

function pick({ route, kind, reason }: FriendMatch): Pick<Match, 'route' | 'kind' | 'reason'> {
  return { route, kind, reason };
}

/**
 * What leads nowhere. In a program where the record has its referral, or names an advocate we know, what else it says is
 * no riddle.
 */
function unknownOf(
  { claims }: ContactToMatch,
  {
    friend,
    members,
    context,
  }: {
    readonly friend: FriendMatch | null;
    readonly members: readonly MemberMatch[];
    readonly context: MatchContext;
  },
): Claim[] {
  const referred = friend?.personId ? (context.found.referralsOf.get(friend.personId) ?? []) : [];
  const settled = new Set([...referred, ...members].map(({ programId }) => programId));
  return claims.filter((claim) => !settled.has(claim.programId) && !leadsSomewhere(claim, context.found));
}

function leadsSomewhere({ holds, programId, key }: Claim, { referrals, advocates }: LookUps): boolean {
  if (key === null) return false;
  const asked = lookUpKey(holds === 'advocate_link' ? 'advocate_code' : holds, programId, key);
  return referrals.has(asked) || advocates.has(asked);
}
