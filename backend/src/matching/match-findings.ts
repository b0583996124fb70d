import { createHash } from 'node:crypto';
import type { DecisionSettings } from '../../../shared/decision-settings.ts';
import type { MatchingSettings } from '../../../shared/matching-settings.ts';
import type { Claim } from './match-claims.ts';
import { compareSeen, toSeen } from './friend-of.ts';
import type { ContactToMatch, FriendMatch, Match, MatchReason, MemberMatch } from './match.ts';
import { processMatch, type MatchKind } from './process-match.ts';

/** The settings by which a program deals with what matching found. */
export type FindingProgram = {
  readonly id: string;
  readonly definition: { readonly matching: MatchingSettings; readonly decisions: DecisionSettings };
};

/** What somebody should see, or say, about whose a contact is. */
export type Finding = {
  /** What it is about: at most one is open per record and key. */
  readonly key: string;
  readonly state: 'review' | 'ignored';
  readonly reasonCode: string;
  /** For people; names nobody, because entries outlive the erasure of people. */
  readonly reason: string;
  readonly programId: string | null;
  readonly notify: boolean;
  readonly trace: MatchTrace;
  /** What a person edits before it is run again. */
  readonly code: string | null;
  readonly referralId: string | null;
};

/** A referral to be added under the advocate a record names. */
export type Addition = { readonly member: MemberMatch; readonly code: string };

export type MatchOutcome = { readonly findings: readonly Finding[]; readonly additions: readonly Addition[] };

/** The part of a trace that says how a record came to be whose it is. */
export type MatchTrace = {
  readonly route: Match['route'];
  readonly reason: MatchReason;
  readonly field: string | null;
  readonly object: string | null;
  readonly recordId: string;
  readonly value: string | null;
  /** The CRM's own time of what was seen, ISO 8601. */
  readonly at: string;
  readonly candidates: readonly {
    readonly personId: string;
    readonly referralId: string | null;
    readonly score: number | null;
  }[];
  readonly claims: readonly { readonly object: string; readonly field: string; readonly value: string }[];
};

/** What follows from a match: whom to add, and what to ask or to note. Pure; what it says is the same for the same record. */
export function outcomeOf(
  contact: ContactToMatch,
  match: Match,
  { programs, stands }: { readonly programs: readonly FindingProgram[]; readonly stands: boolean },
): MatchOutcome {
  const { friend } = match;
  if (friend && !stands) return { findings: [questionOf(contact, friend, programs)], additions: [] };
  const additions: Addition[] = [];
  const findings: Finding[] = [];
  for (const member of match.members) {
    const finding = memberFinding(contact, member, programs);
    if (finding) findings.push(finding);
    else if (member.outcome === 'add' && member.code !== null) additions.push({ member, code: member.code });
  }
  const unknown = unknownFinding(contact, match, programs);
  return { findings: unknown ? [...findings, unknown] : findings, additions };
}

/** How a contact came to be whose it is, for the decision that follows. */
export function traceOf(contact: ContactToMatch, match: Match): MatchTrace {
  const [member] = match.members;
  return toTrace(contact, match, { seen: match.friend?.seen ?? member?.seen ?? null, friend: match.friend });
}

const QUESTIONS: Partial<Record<MatchReason, readonly [string, string]>> = {
  several_people: [
    'match_several_people',
    'What this contact says leads to several referrals; retry it with the id of the right one',
  ],
  shared_mailbox: [
    'match_shared_mailbox',
    'This contact shares an address with a friend who has a contact of their own',
  ],
  company_says: [
    'match_by_company',
    'The company of this contact names a referral; a person says whether the contact is the friend',
  ],
  phone_alike: [
    'match_by_phone',
    'A telephone number of this contact ends like that of a friend; a person says whether the contact is the friend',
  ],
  alike: [
    'match_by_name',
    'The name of this contact is like that of a friend; nothing else says that it is the same person',
  ],
  several_alike: [
    'match_several_names',
    'The name of this contact is like those of several friends; retry it with the id of the right referral',
  ],
};

function questionOf(contact: ContactToMatch, friend: FriendMatch, programs: readonly FindingProgram[]): Finding {
  const [first, ...more] = friend.candidates;
  const byRule: readonly [string, string] =
    friend.kind === 'direct'
      ? ['match_by_id', 'This contact carries the id of a referral; a person says whether it is the friend']
      : [
          'match_by_address',
          'An address or number of this contact is that of a friend; a person says whether it is the friend',
        ];
  const [reasonCode, reason] = QUESTIONS[friend.reason] ?? byRule;
  return {
    key: first && more.length === 0 ? `match:${first.personId}` : severalKey(friend),
    state: 'review',
    reasonCode,
    reason,
    programId: friend.programId,
    notify: notifies(programs, friend.programId, 'unsure'),
    trace: toTrace(contact, friend, { seen: friend.seen, friend }),
    code: null,
    referralId: more.length === 0 ? (first?.referral?.referralId ?? null) : null,
  };
}

/** Names those it is about, because a no about some people says nothing about others. */
function severalKey({ candidates }: FriendMatch): string {
  const people = candidates.map(({ personId }) => personId).sort();
  return `match:several:${createHash('sha256').update(people.join(' ')).digest('hex').slice(0, 16)}`;
}

/** How much speaks for a question about two people, by its reason: a no to one is no answer to a stronger one. */
const STRENGTHS: Readonly<Record<string, number>> = {
  match_by_id: 3,
  match_by_address: 2,
  match_by_name: 0,
  match_several_names: 0,
};

export function strengthOf(reasonCode: string): number {
  return STRENGTHS[reasonCode] ?? 1;
}

/** Whether a program's setting may say yes to it when nobody does: never to what is only likely (E16). */
export function mayBeAssumed(reasonCode: string): boolean {
  return reasonCode === 'match_by_id' || reasonCode === 'match_by_address';
}

function memberFinding(
  contact: ContactToMatch,
  member: MemberMatch,
  programs: readonly FindingProgram[],
): Finding | null {
  const { programId, seen, outcome, code } = member;
  const base = { key: `member:${programId}`, programId, code, referralId: null };
  const trace = toTrace(contact, { route: 'member', reason: 'advocate_named' }, { seen, friend: null });
  const ignored = { ...base, state: 'ignored', notify: false, trace } as const;
  const review = { ...base, state: 'review', notify: notifies(programs, programId, 'unsure'), trace } as const;
  switch (outcome) {
    case 'same_advocate':
      return null;
    case 'self':
      return { ...ignored, reasonCode: 'self_referral', reason: 'Advocates cannot refer themselves' };
    case 'other_advocate':
      return {
        ...ignored,
        reasonCode: 'already_referred',
        reason: 'Another advocate referred this person before; the first referral stands',
      };
    case 'several':
      return {
        ...review,
        reasonCode: 'advocate_ambiguous',
        reason: 'The record names several advocates; retry it with the code of the right one',
      };
    case 'add': {
      const settings = programs.find(({ id }) => id === programId)?.definition;
      if (settings && processMatch(member.kind, { ...settings.matching, ...settings.decisions }).action === 'process') {
        return null;
      }
      return {
        ...review,
        reasonCode: 'advocate_to_confirm',
        reason: 'The record names an advocate; a person says whether the referral is to be added',
      };
    }
  }
}

/** One entry for all that leads nowhere: an advocate's code first, because that is what a person can mend. */
function unknownFinding(contact: ContactToMatch, match: Match, programs: readonly FindingProgram[]): Finding | null {
  const rank = ({ route, holds }: Claim): number => (route !== 'member' ? 2 : isCode(holds) ? 0 : 1);
  const [claim] = [...match.unknown].sort((a, b) => rank(a) - rank(b) || compareSeen(a, b));
  if (!claim) return null;
  const settings = programs.find(({ id }) => id === claim.programId)?.definition;
  if (!settings) return null;
  const { action, notify } = processMatch('unmatched', { ...settings.matching, ...settings.decisions });
  return {
    key: 'unmatched',
    state: action === 'ignore' ? 'ignored' : 'review',
    ...unknownReason(claim),
    programId: claim.programId,
    notify,
    trace: {
      ...toTrace(contact, { route: 'none', reason: 'unknown_to_us' }, { seen: toSeen(claim), friend: null }),
      claims: [...match.unknown].sort(compareSeen).map(({ object, field, value }) => ({ object, field, value })),
    },
    code: claim.route === 'member' && isCode(claim.holds) ? (claim.key ?? claim.value.trim()) : null,
    referralId: null,
  };
}

function unknownReason({ route, holds }: Claim): Pick<Finding, 'reasonCode' | 'reason'> {
  if (route !== 'member') {
    return { reasonCode: 'referral_unknown', reason: 'The record names a referral that is not known here' };
  }
  return isCode(holds)
    ? { reasonCode: 'referral_code_unknown', reason: 'No advocate of this program has the code on the record' }
    : { reasonCode: 'advocate_unknown', reason: 'The record names an advocate who is not known here' };
}

function isCode(holds: Claim['holds']): boolean {
  return holds === 'advocate_code' || holds === 'advocate_link';
}

function notifies(programs: readonly FindingProgram[], programId: string | null, kind: MatchKind): boolean {
  const settings = (programs.find(({ id }) => id === programId) ?? programs[0])?.definition;
  return settings ? processMatch(kind, { ...settings.matching, ...settings.decisions }).notify : false;
}

function toTrace(
  contact: ContactToMatch,
  { route, reason }: Pick<Match, 'route' | 'reason'>,
  { seen, friend }: { readonly seen: FriendMatch['seen']; readonly friend: FriendMatch | null },
): MatchTrace {
  return {
    route,
    reason,
    object: seen?.object ?? null,
    field: seen?.field ?? null,
    recordId: seen?.recordId ?? contact.recordId,
    value: seen?.value ?? (route === 'names' ? contact.name : null),
    at: seen?.at ?? contact.at,
    candidates: (friend?.candidates ?? []).map(({ personId, referral, score }) => ({
      personId,
      referralId: referral?.referralId ?? null,
      score,
    })),
    claims: [],
  };
}

/** What a finding rests on: while that is the same, the answer to it is the same. */
export function printOf({ reasonCode, trace }: Finding): string {
  const { route, object, field, value, candidates, claims } = trace;
  const of = candidates.map(({ personId }) => personId).sort();
  const said = claims.map((claim) => [claim.object, claim.field, claim.value.trim()]);
  return JSON.stringify([reasonCode, route, object, field, value?.trim() ?? null, of, said]);
}
