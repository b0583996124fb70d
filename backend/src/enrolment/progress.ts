/** How far an enrolment was at a moment. */
export type Mark = { readonly atMs: number; readonly seen: number };

/** Marks older than this say nothing about the present rate. */
const LOOK_BACK_MS = 30_000;
const MAX_MARKS = 30;
/** Closer marks add nothing. */
const APART_MS = 1_000;

/** The marks with a new one, oldest first, bounded. */
export function addMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const recent = marks.filter(({ atMs }) => mark.atMs - atMs <= LOOK_BACK_MS && atMs <= mark.atMs);
  const before = recent.at(-2);
  // The newest mark is replaced while it stands close to the one before it.
  const kept = before && mark.atMs - before.atMs < APART_MS ? recent.slice(0, -1) : recent;
  return [...kept, mark].slice(-MAX_MARKS);
}

export type Pace = {
  /** Contacts per second over the last half minute; null while nothing can be said. */
  readonly perSecond: number | null;
  readonly secondsLeft: number | null;
};

/** How fast it goes and when it ends, if it goes on like this. */
export function paceOf(marks: readonly Mark[], remaining: number | null): Pace {
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || !last || last.atMs <= first.atMs || last.seen <= first.seen)
    return { perSecond: null, secondsLeft: null };
  const perSecond = ((last.seen - first.seen) * 1000) / (last.atMs - first.atMs);
  return {
    perSecond: Math.round(perSecond * 10) / 10,
    secondsLeft: remaining === null ? null : Math.ceil(remaining / perSecond),
  };
}
