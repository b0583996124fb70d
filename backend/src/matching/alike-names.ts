import { compareText } from './friend-of.ts';
import type { MatchCandidate, ContactToMatch, FriendMatch, MatchContext } from './match.ts';
import { nameScore } from './name-score.ts';

/** More people than this in one question are no help to whoever answers it. */
const MAX_CANDIDATES = 5;

/**
 * Friends without a contact whose names are like this contact's. One that is ahead of the rest by the margin is proposed;
 * of several nobody is. Never more than a question (E16).
 */
export function alikeNames({ name }: Pick<ContactToMatch, 'name'>, context: MatchContext): FriendMatch | null {
  if (name.trim() === '') return null;
  const settings = new Map(context.programs.map(({ id, matching }) => [id, matching.names]));
  const alike = context.found.names.flatMap((candidate): Scored[] => {
    const names = settings.get(candidate.referral.programId);
    if (!names?.enabled) return [];
    const score = nameScore(name, candidate.name);
    // A likeness of nothing is none, whatever the threshold.
    return score > 0 && score >= names.threshold
      ? [{ personId: candidate.referral.personId, referral: candidate.referral, score, margin: names.margin }]
      : [];
  });
  const candidates = onePerPerson(alike);
  const [best, next] = candidates;
  if (!best) return null;
  const clear = !next || best.score - next.score >= best.margin;
  return {
    route: 'names',
    kind: 'unsure',
    reason: clear ? 'alike' : 'several_alike',
    personId: null,
    referralId: clear ? best.referral.referralId : null,
    programId: best.referral.programId,
    seen: null,
    candidates: candidates
      .slice(0, clear ? 1 : MAX_CANDIDATES)
      .map(({ personId, referral, score }) => ({ personId, referral, score })),
  };
}

type Scored = MatchCandidate & {
  readonly score: number;
  readonly margin: number;
  readonly referral: NonNullable<MatchCandidate['referral']>;
};

/** The most alike first. */
function onePerPerson(alike: readonly Scored[]): Scored[] {
  const sorted = [...alike].sort(
    (a, b) => b.score - a.score || compareText(a.referral.referralId, b.referral.referralId),
  );
  return [...Map.groupBy(sorted, ({ personId }) => personId).values()].flatMap(([first]) => first ?? []);
}
